"""Policy documents: read from YAML, checked, digested; and their JSON Schema. YAML and pydantic are known only here."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from policies import checks, published
from policies.errors import Place, PolicyError, Problem
from policies.model import Policy

type _Lines = dict[Place, int]

# The scalars of JSON and no others: `on` and `no` stay words, 1:30 is no number, and dates are left to pydantic.
_LITERAL = re.compile(r"true|false|null|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")

# libyaml is ten times as fast; it is in every wheel, but not in what is built from source without it.
_LOADER = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader

_AN_INSTANT = "Write it as 2026-01-01T00:00:00+08:00"

_FIXES = {
    "missing": "Add it",
    "unexpected_keyword_argument": "Remove it, or mend its spelling: policy.schema.json lists the fields",
    "bool_type": "Write true or false",
    "int_type": "Write a whole number, without quotes",
    "float_type": "Write a number, without quotes",
    "string_type": "Write text; in quotes where it looks like a number",
    "dict_type": "Write fields, one `name: value` a line",
    "dataclass_type": "Write fields, one `name: value` a line",
    "tuple_type": "Write a list, e.g. [image, pdf]",
    "datetime_type": _AN_INSTANT,
    "datetime_parsing": _AN_INSTANT,
    "datetime_from_date_parsing": _AN_INSTANT,
}

_MESSAGES = {"missing": "is missing", "unexpected_keyword_argument": "is no field of a policy"}


def load(path: Path) -> Policy:
    """Read the document `<documents>/<id>/<version>.yaml`. Raises PolicyError, which lists all that is wrong with it.

    `effective_from` comes out in UTC. A version that the record beside <documents> has must be what was published.
    """
    data, lines = _read(path)
    policy = _validated(path, data, lines)
    found = [*checks.problems(policy), *_misplaced(path, policy)]
    if found:
        raise PolicyError(path, [_placed(each, lines) for each in found])
    policy = replace(policy, effective_from=policy.effective_from.astimezone(UTC))
    record = published.read(published.beside(path.absolute().parent.parent))
    if changed := published.changed(record, policy.id, policy.version, digest(policy)):
        raise PolicyError(path, [changed])
    return policy


def digest(policy: Policy) -> str:
    """SHA-256, in hex, of what the policy says: not of its notation, its comments or the order of its keys.

    A field left at its default is not part of it, so that one added to the model later leaves published digests alone.
    """
    said = _adapter().dump_python(policy, mode="json", exclude_defaults=True)
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def json_schema() -> dict[str, object]:
    """Give the JSON Schema of a document, for editors. It knows the form only; `load` checks the sense as well."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | _adapter().json_schema()


@cache
def _adapter() -> TypeAdapter[Policy]:
    return TypeAdapter(Policy)


def _read(path: Path) -> tuple[object, _Lines]:
    """Read YAML as plain data, with the line of each place in it."""
    try:
        root = yaml.compose(path.read_bytes(), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise PolicyError(path, [Problem((), f"is no YAML: {error.problem}", "Mend the syntax", line)]) from error
    except yaml.YAMLError as error:
        raise PolicyError(path, [Problem((), f"is no YAML: {error}", "Save it as UTF-8 text")]) from error
    reader = _Reader()
    data = reader.plain((), root)
    if reader.problems:
        raise PolicyError(path, reader.problems)
    return data, reader.lines


class _Reader:
    """Turns nodes into plain data, and notes lines and what YAML allows but a policy document doesn't."""

    def __init__(self) -> None:
        self.lines: _Lines = {(): 1}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def plain(self, place: Place, node: yaml.Node | None) -> object:
        if node is None:
            return None
        if id(node) in self._seen:
            self._refuse(
                place, node, "repeats another place by an alias", "Write it out: each place says what holds there"
            )
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(place, node)
        return [self._noted((*place, index), each, each) for index, each in enumerate(node.value)]

    def _mapping(self, place: Place, node: yaml.MappingNode) -> dict[str, object]:
        data: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(place, key, "has a key that is no word", "Write keys as plain words")
            elif key.value in data:
                self._refuse((*place, key.value), key, "is there twice", "Keep one of the two")
            else:
                data[key.value] = self._noted((*place, key.value), key, value)
        return data

    def _noted(self, place: Place, start: yaml.Node, value: yaml.Node) -> object:
        self.lines[place] = start.start_mark.line + 1
        return self.plain(place, value)

    def _refuse(self, place: Place, node: yaml.Node, message: str, fix: str) -> None:
        self.problems.append(Problem(place, message, fix, node.start_mark.line + 1))


def _scalar(node: yaml.ScalarNode) -> object:
    is_plain = not node.style  # None, or "" from libyaml
    if is_plain and node.value == "":
        return None
    return json.loads(node.value) if is_plain and _LITERAL.fullmatch(node.value) else node.value


def _validated(path: Path, data: object, lines: _Lines) -> Policy:
    # By way of JSON, since there strict still takes the names of enums, the text of instants, and lists for tuples.
    try:
        return _adapter().validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise PolicyError(path, [_placed(_problem(each), lines) for each in error.errors(include_url=False)]) from None


def _problem(error: ErrorDetails) -> Problem:
    kind, place = error["type"], tuple(error["loc"])
    if kind == "enum":
        return Problem(place, f"{error['input']!r} is not one of its values", f"Write {error['ctx']['expected']}")
    message = _MESSAGES.get(kind) or f"is wrong: {error['msg'][0].lower()}{error['msg'][1:]}"
    return Problem(place, message, _FIXES.get(kind, "See policy.schema.json for what is expected here"))


def _misplaced(path: Path, policy: Policy) -> Iterator[Problem]:
    if path.stem != str(policy.version):
        yield Problem(("version",), f"{policy.version} is in {path.name}", f"Name the file {policy.version}.yaml")
    if path.parent.name != policy.id:
        yield Problem(
            ("id",), f"{policy.id!r} is in the folder {path.parent.name}", f"Put it into a folder {policy.id}"
        )


def _placed(problem: Problem, lines: _Lines) -> Problem:
    """Add the line: of its place, or of the nearest one around it that the document has."""
    around = (problem.place[:length] for length in range(len(problem.place), -1, -1))
    return replace(problem, line=next(lines[each] for each in around if each in lines))
