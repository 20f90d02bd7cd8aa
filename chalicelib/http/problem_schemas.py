"""The JSON Schema of every problem, from the refusals themselves."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.errors import Refusal
from chalicelib.http.fields import FieldProblem
from chalicelib.http.problems import every_refusal, member_of, status_of, title_of, type_of

type Json = dict[str, Any]

_BILINGUAL: Final[Json] = {
    "type": "object",
    "properties": {"en": {"type": "string"}, "zh-Hans": {"type": "string"}},
    "required": ["en", "zh-Hans"],
}
_PROBLEM: Final[Json] = {
    "type": "object",
    "description": "An RFC 9457 problem. Branch on `code`; it never changes its meaning.",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string", "description": "In the language of Accept-Language."},
        "messages": _BILINGUAL,
        "fix": _BILINGUAL | {"description": "What to do about it."},
    },
    "required": ["type", "title", "status", "code", "detail", "messages", "fix"],
}
_FIELD_PROBLEM: Final[Json] = {
    "type": "object",
    "properties": {"field": {"type": "string"}, "code": {"type": "string"}, "messages": _BILINGUAL},
    "required": ["field", "code", "messages"],
}
_FACTS: Final[Mapping[object, Json]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    tuple[str, ...]: {"type": "array", "items": {"type": "string"}},
    int | None: {"type": ["integer", "null"]},
    tuple[FieldProblem, ...]: {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}},
}


def schemas() -> Json:
    """By name: the problem as such, and `problem_<code>` for each code."""
    of_codes = {f"problem_{each.code}": _schema(each) for each in every_refusal()}
    return {"Problem": _PROBLEM, "FieldProblem": _FIELD_PROBLEM} | of_codes


def _schema(refusal: type[Refusal]) -> Json:
    facts = {member_of(each.name): _FACTS[each.type] for each in fields(refusal)}
    fixed = {
        "type": {"const": type_of(refusal)},
        "title": {"const": title_of(refusal)},
        "status": {"const": int(status_of(refusal))},
        "code": {"const": refusal.code},
    }
    return {
        "description": f"{refusal.says.en} {refusal.fix.en}",
        "allOf": [{"$ref": "#/components/schemas/Problem"}],
        "type": "object",
        "properties": fixed | facts,
        "required": list(facts),
    }
