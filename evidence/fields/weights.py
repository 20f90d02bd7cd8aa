"""Weights: what a scale shows, and what is written behind a label."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evidence.fields.model import WELL_READ, Field, FieldName
from evidence.fields.pairs import Page, Where
from evidence.fields.words import plain
from evidence.text import Box, Line

_UNITS = {
    "kg": ("kg", "k9", "kq", "k g", "千克", "公斤", "㎏", "kgs"),
    "g": ("g", "克", "公克"),
    "斤": ("斤", "市斤"),
    "lb": ("lb", "lbs", "磅"),
}
_UNIT_OF = {form: unit for unit, forms in _UNITS.items() for form in forms}
_UNIT = "|".join(sorted(_UNIT_OF, key=len, reverse=True))
_NUMBER = r"(?<![\d.,])(\d{1,6})(?:\s?([.,·:])\s?(\d{1,3}))?"
_WITH_UNIT = re.compile(rf"{_NUMBER}\s?({_UNIT})(?![a-zA-Z/])", re.IGNORECASE)
_ALONE = re.compile(rf"{_NUMBER}\s?(?:({_UNIT}))?", re.IGNORECASE)
_UNIT_ALONE = re.compile(rf"(?:重量|净重|NET|WEIGHT)?\s?[\[(]?({_UNIT})[\])]?", re.IGNORECASE)
_LIMIT = re.compile(rf"(?:max|最大(?:称量|秤量)?|称量)\s?[:=]?\s?(\d{{1,6}})\s?({_UNIT})", re.IGNORECASE)
_OF_SOMETHING_ELSE = re.compile(
    r"max|min|最大|最小|称量|[edn]\s?=|分度|净含量|规格|承重|限重|首重|续重|/\s?kg|/\s?公斤", re.IGNORECASE
)
_UNIT_IN_HEAD = re.compile(rf"[(（]({_UNIT})[)）]", re.IGNORECASE)
_GRAMS = {"kg": Decimal(1000), "g": Decimal(1), "斤": Decimal(500), "lb": Decimal("453.6")}
_UNLABELLED = 1000
"""Rank of what stands behind no label."""
_NEAR = 2.0
"""Heights of the display within which its unit stands."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that a scale can weigh."""

    number: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Read:
    number: str
    unit: str
    text: str
    line: Line
    confidence: float
    rank: int
    certain: bool


def weights_in(page: Page) -> Iterator[Field]:
    """What a scale shows; or what a label says where there is no scale, since that is what the carrier charges for."""
    displayed = tuple(_displayed(page))
    weighed = bool(displayed) or limit_of(page.lines) is not None
    read = displayed if weighed else (*_labelled(page), *_unlabelled(page))
    for each in sorted(read, key=lambda one: one.rank):
        value = f"{each.number} {each.unit}"
        sure = each.certain and each.confidence >= WELL_READ and Decimal(each.number) > 0
        yield Field(FieldName.WEIGHT, value, each.text, each.line.box, each.confidence, sure, None)


def displays_in(page: Page) -> tuple[Line, ...]:
    """The lines that look like the display of a scale: a lone number with a unit in it or beside it."""
    return tuple(each.line for each in _displayed(page))


def _displayed(page: Page) -> Iterator[_Read]:
    limit = limit_of(page.lines)
    units = [(each, match) for each in page.lines if (match := _UNIT_ALONE.fullmatch(plain(each.text)))]
    for line in page.lines:
        match = _ALONE.fullmatch(plain(line.text))
        if match is None:
            continue
        near = match.group(4) or next((unit.group(1) for each, unit in units if _beside(line.box, each.box)), None)
        # Where the unit can't be seen, it is that of the scale's limit: of grams, or of a number with a point.
        told = limit.unit if limit and (match.group(2) or limit.unit == "g") else None
        unit = _UNIT_OF[near.lower()] if near else told
        number = _number(match)
        if unit and (limit is None or _grams(number, unit) <= _grams(limit.number, limit.unit)):
            # Thin points and ones are easily lost: a number that still has its point is likely whole.
            certain = near is not None and match.group(2) == "."
            yield _Read(number, unit, line.text, line, line.confidence, -round(line.box.height * 1000), certain)


def _labelled(page: Page) -> Iterator[_Read]:
    for rank, pair in page.of(FieldName.WEIGHT):
        for value in pair.values:
            weight = _weight_in(value.text) or _weight_under(pair.line.text, value.text)
            if weight and value.where is not Where.COLUMN:
                confidence, certain = pair.confidence(value), pair.tells(value)
                yield _Read(*weight, value.text, value.line, confidence, rank, certain)
                break


def _unlabelled(page: Page) -> Iterator[_Read]:
    for line in page.free:
        text = plain(line.text)
        if (weight := _weight_in(text)) and not _OF_SOMETHING_ELSE.search(text):
            yield _Read(*weight, line.text, line, line.confidence, _UNLABELLED, certain=False)


def _weight_in(text: str) -> tuple[str, str] | None:
    """The first number with a unit behind it."""
    match = _WITH_UNIT.search(text)
    return (_number(match), _UNIT_OF[match.group(4).lower()]) if match else None


def _weight_under(label: str, text: str) -> tuple[str, str] | None:
    """A number whose unit is in its label, as in 重量(kg)."""
    head, alone = _UNIT_IN_HEAD.search(plain(label)), _ALONE.fullmatch(text)
    return (_number(alone), _UNIT_OF[head.group(1).lower()]) if head and alone and not alone.group(4) else None


def _number(match: re.Match[str]) -> str:
    whole, part = match.group(1), match.group(3)
    return f"{int(whole)}.{part}" if part else str(int(whole))


def _grams(number: str, unit: str) -> Decimal:
    return Decimal(number) * _GRAMS[unit]


def limit_of(lines: Sequence[Line]) -> Limit | None:
    """What a scale says that it can weigh at most."""
    found = (_LIMIT.search(plain(each.text)) for each in lines)
    return next((Limit(each.group(1), _UNIT_OF[each.group(2).lower()]) for each in found if each), None)


def _beside(display: Box, unit: Box) -> bool:
    """Whether a unit stands to the right of a display, or close above or below."""
    if display.page != unit.page:
        return False
    down = max(display.top - unit.bottom, unit.top - display.bottom)
    across = max(unit.left - display.right, display.left - unit.right)
    return down < display.height * _NEAR / 2 and across < max(display.width, display.height) * _NEAR
