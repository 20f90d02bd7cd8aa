"""What the READMEs and the guides name is there: files, make targets, routes, problem codes, the policy's numbers."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from chalicelib.domain.deadline import DeadlineKind
from chalicelib.http.access import ACCESS
from chalicelib.http.problems import every_refusal, status_of
from policies.book import PolicyBook
from policies.model import Policy, Unit

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
GUIDES = ("docs/api.md", "docs/reviewing.md")
OF_THE_API = (ENGLISH, CHINESE, *GUIDES)
LINKING = (*OF_THE_API, "CONTRIBUTING.md", "SECURITY.md", *(f"docs/{each.name}" for each in ROOT.glob("docs/*.md")))

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_ROUTE = re.compile(r"\b(GET|POST|DELETE) ((?:…/|…(?=`)|/)[^\s`?]*)")
_CALLED = re.compile(r"^\s*(?:\w+=\$\()?(get|post) \$\w+ (/\S+)", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{\w+\}|\$\w+")
_ROW = re.compile(r"^\| `(\w+)` \| (\d\d\d|\dxx) \|", re.MULTILINE)


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str) -> list[str]:
    return [found.group() for found in _BLOCK.finditer(text(name))]


def prose(name: str) -> str:
    return _BLOCK.sub("", text(name))


def headings(name: str) -> list[str]:
    return re.findall(r"^#+ .*$", prose(name), re.MULTILINE)


# The two READMEs are one


def test_both_readmes_have_the_same_headings():
    levels = [[len(each.split()[0]) for each in headings(name)] for name in (ENGLISH, CHINESE)]
    assert levels[0] == levels[1]


def test_both_readmes_have_the_same_blocks():
    """Commands, what they print, and the states: these are in no language."""
    assert blocks(ENGLISH) == blocks(CHINESE)


def test_both_readmes_have_the_same_tables():
    assert _tables(ENGLISH) == _tables(CHINESE)


def _tables(name: str) -> list[tuple[int, list[str]]]:
    """Of each row, how many columns it has, and what stands in it in backticks."""
    rows = re.findall(r"^\|.*\|$", prose(name), re.MULTILINE)
    return [(row.count("|"), _CODE.findall(row)) for row in rows]


def test_both_readmes_name_the_same_things():
    named = [sorted(set(_CODE.findall(prose(name)))) for name in (ENGLISH, CHINESE)]
    assert named[0] == named[1]


def test_both_readmes_link_the_same_pages():
    linked = [[each for each in _LINK.findall(text(name)) if "README" not in each] for name in (ENGLISH, CHINESE)]
    assert linked[0] == linked[1]


# What they name is there


@pytest.mark.parametrize("name", LINKING)
def test_what_is_linked_is_there(name):
    for target in _LINK.findall(text(name)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        page = (ROOT / name).parent / path if path else ROOT / name
        assert page.exists(), target
        assert not anchor or anchor in map(_anchor, headings(str(page.resolve().relative_to(ROOT)))), target


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lstrip("# ").lower()).replace(" ", "-")


@pytest.mark.parametrize("name", LINKING)
def test_every_make_target_that_is_named_exists(name):
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    given = (*_CODE.findall(prose(name)), *"\n".join(blocks(name)).splitlines())
    named = [each.split()[1:] for each in given if each.startswith("make ")]
    assert {word for words in named for word in words if "=" not in word} <= targets


@pytest.mark.parametrize("name", LINKING)
def test_every_file_of_the_tree_that_is_named_exists(name):
    for named in _paths(name):
        assert (ROOT / named).exists(), named


def _paths(name: str) -> Iterator[str]:
    """What begins with something at the root of the tree; what is made by running it isn't in the tree."""
    roots = {each.name for each in ROOT.iterdir()} - {".run", ".venv", ".venv-engine", "build"}
    for named in (*_CODE.findall(prose(name)), *re.findall(r"@(\S+)", "\n".join(blocks(name)))):
        first = named.partition("/")[0]
        if first in roots and re.fullmatch(r"[\w./-]+", named):
            yield named


@pytest.mark.parametrize("name", OF_THE_API)
def test_every_route_that_is_named_exists(name):
    routes = {(method, _shape(path)) for method, path in ACCESS}
    named = {(method, _shape(path)) for method, path in _routes(text(name))}
    assert named
    assert named <= routes


def _routes(said: str) -> Iterator[tuple[str, str]]:
    for method, path in _ROUTE.findall(said):
        yield method, "/v1" + path.replace("…", "/disputes/{dispute_id}", 1)
    for method, path in _CALLED.findall(said):
        yield method.upper(), f"/v1{path}"


def _shape(path: str) -> str:
    return _PLACEHOLDER.sub("{}", path)


@pytest.mark.parametrize("name", OF_THE_API)
def test_every_word_of_the_api_that_is_named_is_in_the_code(name):
    """Codes, fields, states, choices: a slip in one is found here."""
    named = {each for each in _CODE.findall(prose(name)) if re.fullmatch(r"[a-z]+(_[a-z]+)+", each)}
    assert named <= _words_of_the_code()


@cache
def _words_of_the_code() -> set[str]:
    kept = [each for folder in ("chalicelib", "evidence", "policies") for each in (ROOT / folder).rglob("*.*")]
    code = [ROOT / ".chalice/resources.yaml", *(each for each in kept if each.suffix in {".py", ".yaml"})]
    return {word for each in code for word in re.findall(r"\w+", each.read_text(encoding="utf-8"))}


# The API guide's table of problems


def _listed() -> tuple[dict[str, str], dict[str, str]]:
    """Those of the service, and those of the gateway before it, each with its status."""
    section = text("docs/api.md").partition("## Every problem code\n")[2]
    ours, _, gateways = section.partition("The gateway before")
    return dict(_ROW.findall(ours)), dict(_ROW.findall(gateways))


def test_the_guide_lists_every_problem_of_the_service_with_its_status():
    assert _listed()[0] == {each.code: str(int(status_of(each))) for each in every_refusal()}


def test_the_guide_lists_every_problem_of_the_gateway():
    said = set(re.findall(r"urn:recourse:problem:(\w+)", text(".chalice/resources.yaml")))
    ours, gateways = _listed()
    assert set(gateways) == said - set(ours)


# Numbers are the policy's


def marketplace() -> Policy:
    return PolicyBook.from_folder().version("marketplace", 1)


@pytest.mark.parametrize("name", [ENGLISH, CHINESE])
def test_the_deadlines_are_those_of_the_marketplace(name):
    policy = marketplace()
    terms = {
        DeadlineKind.SETTLEMENT_CONFIRMATION: policy.settlement.confirm_within,
        DeadlineKind.SUPPLEMENT: policy.supplement.within,
        DeadlineKind.REVIEW: policy.review.within,
        DeadlineKind.REVIEW_CLAIM: policy.review.claim_for,
        DeadlineKind.APPEAL_WINDOW: policy.appeal.window,
        DeadlineKind.APPEAL_REVIEW: policy.appeal.decide.within,
    }
    respond = {reason: each.respond_within for reason, each in policy.reasons.items()}
    assert {each.unit for each in (*terms.values(), *respond.values())} == {Unit.HOURS}
    assert {kind: _hours(name, kind) for kind in terms} == {kind: [each.count] for kind, each in terms.items()}
    others = {each.count for reason, each in respond.items() if reason != "not_received"}
    assert _hours(name, DeadlineKind.RESPONSE) == [respond["not_received"].count, *others]


def _hours(name: str, kind: DeadlineKind) -> list[int]:
    row = re.search(rf"^\| `{kind}` \|.*$", prose(name), re.MULTILINE)
    assert row
    return [int(each) for each in re.findall(r"(\d+) (?:h\b|小时)", row.group())]


@pytest.mark.parametrize(
    ("name", "month", "year"),
    [
        (ENGLISH, r"More than (\d+) failures in a calendar month", r"more than (\d+) in a year"),
        (CHINESE, r"一个自然月内失败超过 (\d+) 次", r"一个自然年内超过 (\d+) 次"),
        ("docs/api.md", r"More than (\d+) failures in a calendar month", r"more than (\d+) in a year"),
    ],
)
def test_the_quota_is_that_of_the_marketplace(name, month, year):
    quota, said = marketplace().appeal.quota, " ".join(text(name).split())
    assert re.findall(month, said) == [str(quota.per_month)]
    assert re.findall(year, said) == [str(quota.per_year)]
