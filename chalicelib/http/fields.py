"""What is wrong with a field, in both languages."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from policies.model import Bilingual


@dataclass(frozen=True, slots=True)
class FieldProblem:
    field: str
    """Where, e.g. order.items[0].quantity; empty for the whole."""
    code: str
    messages: Bilingual


_CHOICE: Final = re.compile(r"'[^']*'")

_OTHER: Final = Bilingual("It isn't what is asked for here.", "内容不符合要求。")

SAYS: Final[Mapping[str, tuple[str, Bilingual]]] = {
    "missing": ("missing", Bilingual("It is missing.", "缺少该字段。")),
    "extra_forbidden": ("unknown_field", Bilingual("There is no such field here.", "没有这个字段。")),
    "string_type": ("not_text", Bilingual("It must be text.", "应为文本。")),
    "string_too_short": ("too_short", Bilingual("At least {min_length} characters.", "至少 {min_length} 个字符。")),
    "string_too_long": ("too_long", Bilingual("At most {max_length} characters.", "最多 {max_length} 个字符。")),
    "string_pattern_mismatch": ("wrong_form", Bilingual("It must match {pattern}.", "格式应为 {pattern}。")),
    "int_type": ("not_an_integer", Bilingual("It must be a whole number.", "应为整数。")),
    "int_parsing": ("not_an_integer", Bilingual("It must be a whole number.", "应为整数。")),
    "int_parsing_size": ("not_an_integer", Bilingual("It must be a whole number.", "应为整数。")),
    "bool_type": ("not_a_boolean", Bilingual("It must be true or false.", "应为 true 或 false。")),
    "bool_parsing": ("not_a_boolean", Bilingual("It must be true or false.", "应为 true 或 false。")),
    "greater_than_equal": ("too_small", Bilingual("At least {ge}.", "不得小于 {ge}。")),
    "less_than_equal": ("too_large", Bilingual("At most {le}.", "不得大于 {le}。")),
    "enum": ("not_a_choice", Bilingual("It must be one of {expected}.", "应为以下之一：{expected}。")),
    "literal_error": ("not_a_choice", Bilingual("It must be one of {expected}.", "应为以下之一：{expected}。")),
    "too_long": ("too_many", Bilingual("At most {max_length}.", "最多 {max_length} 项。")),
    "too_short": ("too_few", Bilingual("At least {min_length}.", "至少 {min_length} 项。")),
    "datetime_type": (
        "not_an_instant",
        Bilingual("Write it as 2026-01-01T00:00:00.000Z.", "格式如 2026-01-01T00:00:00.000Z。"),
    ),
    "datetime_parsing": (
        "not_an_instant",
        Bilingual("Write it as 2026-01-01T00:00:00.000Z.", "格式如 2026-01-01T00:00:00.000Z。"),
    ),
    "datetime_from_date_parsing": (
        "not_an_instant",
        Bilingual("Write it as 2026-01-01T00:00:00.000Z.", "格式如 2026-01-01T00:00:00.000Z。"),
    ),
    "timezone_aware": ("no_zone", Bilingual("It needs an offset from UTC, e.g. Z.", "须带时区偏移，例如 Z。")),
    "model_type": ("not_an_object", Bilingual("It must be an object.", "应为对象。")),
    "tuple_type": ("not_a_list", Bilingual("It must be a list.", "应为列表。")),
    "one_of_two": ("one_of_two", Bilingual("Give exactly one of {fields}.", "以下字段须且只能提供一个：{fields}。")),
    "instant_out_of_range": (
        "not_an_instant",
        Bilingual("It must be in the years 2000 to 2199.", "年份应在 2000 至 2199 之间。"),
    ),
    "instant_too_fine": ("too_fine", Bilingual("Milliseconds are as fine as it goes.", "最多精确到毫秒。")),
    "repeated_parameter": ("repeated", Bilingual("Give it once.", "只能提供一次。")),
}


def problems(error: ValidationError) -> tuple[FieldProblem, ...]:
    return tuple(map(_problem, error.errors(include_url=False, include_input=False)))


def problem(field: str, kind: str) -> FieldProblem:
    code, sentence = SAYS[kind]
    return FieldProblem(field, code, sentence)


def malformed(error: ValidationError) -> bool:
    return any(each["type"] == "json_invalid" for each in error.errors(include_url=False))


def _problem(details: ErrorDetails) -> FieldProblem:
    code, sentence = SAYS.get(details["type"], ("invalid", _OTHER))
    facts = details.get("ctx", {})
    messages = Bilingual(sentence.en.format(**facts), sentence.zh.format(**{**facts, **_joined_in_chinese(facts)}))
    return FieldProblem(_dotted(details["loc"]), code, messages)


def _joined_in_chinese(facts: Mapping[str, object]) -> Mapping[str, str]:
    """The choices: Pydantic puts an English "or" before the last of them."""
    choices = _CHOICE.findall(str(facts.get("expected", "")))
    return {"expected": "、".join(choices)} if choices else {}


def _dotted(place: Iterable[str | int]) -> str:
    return "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place).removeprefix(".")
