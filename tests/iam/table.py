"""docs/iam.md: what each role allows, and who asks for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from tests.iam.exempt import EXEMPT
from tests.iam.recorder import Noted
from tests.iam.roles import API, Allowance, Condition, allowances
from tools.paths import ROOT

PAGE: Final = ROOT / "docs" / "iam.md"
_ROUTES_NAMED: Final = 3
"""Where more routes ask for an action, they are not named."""

_HEAD: Final = """\
# What each function may do, and what for

`make iam` writes this page, and a test keeps it true: every action that a role allows, on which resource, and who was
seen asking for it. Everything that the functions do is done once over moto, and a recorder on botocore notes what AWS
would check: each write of a transaction by itself, indexes by name, versions apart from objects, and what a signed
link or an upload form lets its bearer do. In every test that runs a function over moto, a use that its role doesn't
allow fails that test. An allowance that nobody uses fails, too, unless the reason for it stands in its place.

Resources go by their names in the template. *Where* names the condition: `s3:prefix` is what is listed,
`dynamodb:LeadingKeys` the partitions of the table, all of those that a request names. Only functions that carry out
commands may write in any partition, as the rules may: {anywhere}.
"""


def page(noted: Iterable[Noted]) -> str:
    uses = tuple(noted)
    by_function: dict[str, list[Allowance]] = defaultdict(list)
    for each in allowances():
        by_function[each.function].append(each)
    head = _HEAD.format(anywhere=", ".join(f"`{each}`" for each in sorted(_write_anywhere())))
    return "\n".join((head, *(_section(name, allowed, uses) for name, allowed in sorted(by_function.items()))))


def users(allowed: Allowance, noted: Iterable[Noted]) -> Mapping[str, set[str]]:
    """The calls that it is needed for, each with its routes or its job."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in noted:
        if allowed.covers(each.function, each.use):
            found[each.call].add(each.entry)
    return found


def _write_anywhere() -> set[str]:
    return {each.function for each in allowances() if each.action == "dynamodb:PutItem" and not each.conditions}


def _section(function: str, allowed: Iterable[Allowance], noted: tuple[Noted, ...]) -> str:
    rows = (
        f"| {each.action} | {each.resource} | {_where(each.conditions)} | {_used_by(each, users(each, noted))} |"
        for each in allowed
    )
    return "\n".join(
        (f"## {function}\n", "| action | resource | where | used by |", "| --- | --- | --- | --- |", *rows, "")
    )


def _where(conditions: tuple[Condition, ...]) -> str:
    return "; ".join(f"{each.key}: {', '.join(f'`{pattern}`' for pattern in each.patterns)}" for each in conditions)


def _used_by(allowed: Allowance, found: Mapping[str, set[str]]) -> str:
    reasons = [each.why for each in EXEMPT if each.is_about(allowed)]
    routes = sorted(set().union(*found.values())) if allowed.function == API else []
    named = [f"`{each}`" for each in routes] if len(routes) <= _ROUTES_NAMED else ["many routes"]
    return "; ".join((*reasons, *sorted(found), *(named if routes else ())))
