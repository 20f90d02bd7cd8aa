"""Labels and what stands behind them: in the same line, to the right of it, or below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from evidence.fields.labels import LABELS, OTHER
from evidence.fields.model import FieldName
from evidence.fields.words import CJK, distance, plain
from evidence.text import Box, Line


class Where(StrEnum):
    """Where a value stands, as seen from its label."""

    BEHIND = "behind"
    RIGHT = "right"
    BELOW = "below"
    COLUMN = "column"
    """Below it, and the label is one of a row of them."""


@dataclass(frozen=True, slots=True)
class Value:
    """What may be the value of a label."""

    text: str
    line: Line
    where: Where


@dataclass(frozen=True, slots=True)
class Pair:
    """A label, and its values as far as their places tell, the likeliest first."""

    label: str
    line: Line
    exact: bool
    """The label was read letter by letter."""
    values: tuple[Value, ...]

    def rank(self, name: FieldName) -> int | None:
        """How telling the label is of that field: 0 is the most; None if it is of another one."""
        return _RANKS.get(name, {}).get(self.label)

    def confidence(self, value: Value) -> float:
        return min(self.line.confidence, value.line.confidence)


class Page:
    """The lines of one picture, with its labels found."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(each for each in lines if plain(each.text))
        self._found = {id(each): tuple(_labels_in(plain(each.text))) for each in self.lines}

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(pair for line in self.lines for pair in self._pairs_of(line))

    def of(self, name: FieldName) -> Iterator[tuple[int, Pair]]:
        """The pairs of a field with the rank of their label, in the order of the page."""
        for pair in self.pairs:
            rank = pair.rank(name)
            if rank is not None:
                yield rank, pair

    @cached_property
    def free(self) -> tuple[Line, ...]:
        """The lines that neither hold a label nor stand right behind one."""
        taken = {
            id(value.line)
            for pair in self.pairs
            for value in pair.values[:1]
            if value.where in (Where.RIGHT, Where.BELOW)
        }
        return tuple(each for each in self.lines if not self._found[id(each)] and id(each) not in taken)

    def _pairs_of(self, line: Line) -> Iterator[Pair]:
        text, found = plain(line.text), self._found[id(line)]
        for at, (start, end, label, exact) in enumerate(found):
            stop = found[at + 1][0] if at + 1 < len(found) else len(text)
            behind = text[end:stop].strip(" :;,.·|_-" if start or end < len(text) else "")
            last = at + 1 == len(found)
            inline = [Value(behind, line, Where.BEHIND)] if behind else []
            yield Pair(label, line, exact, tuple(inline or (self._elsewhere(line) if last else ())))

    def _elsewhere(self, label: Line) -> Iterator[Value]:
        """Of a label that ends its line: the next line in its row, and what is below it."""
        right = self._right_of(label.box)
        if right and not self._found[id(right)]:
            yield Value(plain(right.text), right, Where.RIGHT)
        where = Where.COLUMN if right or self._left_of(label.box) else Where.BELOW
        below = self._below(label.box, anywhere=where is Where.BELOW)
        if below and not self._found[id(below)]:
            yield Value(plain(below.text), below, where)

    def _right_of(self, box: Box) -> Line | None:
        row = [each for each in self.lines if _same_row(box, each.box) and each.box.left > _middle(box)]
        return min(row, key=lambda each: each.box.left, default=None)

    def _left_of(self, box: Box) -> bool:
        return any(_same_row(box, each.box) and each.box.right < _middle(box) for each in self.lines)

    def _below(self, box: Box, *, anywhere: bool) -> Line | None:
        """The nearest line in the column, or anywhere in the next row; None if it is farther than two lines."""
        column = [
            each
            for each in self.lines
            if each.box.page == box.page
            and 0 < _centre(each.box) - _centre(box) < 2.6 * max(box.height, each.box.height)
            and not _same_row(box, each.box)
            and (anywhere or (each.box.left < box.right and each.box.right > box.left))
        ]
        return min(column, key=lambda each: _centre(each.box), default=None)


def _middle(box: Box) -> float:
    return (box.left + box.right) / 2


def _centre(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _same_row(one: Box, other: Box) -> bool:
    """Photographed papers lean a little, so that a row needn't be quite level."""
    level = abs(_centre(one) - _centre(other)) < 0.5 * max(one.height, other.height)
    return level and one.page == other.page and one is not other


def _spaced(label: str) -> str:
    """A pattern for a label that may have been set, or read, with spaces between its letters."""
    if label.isascii():
        return re.escape(label).replace(r"\ ", r"\s?")
    return r"\s?".join(map(re.escape, label))


_RANKS = {name: {label: at for at, label in reversed(list(enumerate(labels)))} for name, labels in LABELS.items()}
_ALL = sorted({*OTHER, *(label for labels in LABELS.values() for label in labels)}, key=len, reverse=True)
_KNOWN = {label.replace(" ", ""): label for label in _ALL}
_LABEL = re.compile("|".join(map(_spaced, _ALL)), re.IGNORECASE)
_COLON = re.compile(
    r"\s?(?:\((?:KG|G|元|¥|公斤|千克|克|签名|签字|盖章|正楷)\)|/[^\s:]{2,6}(?=:))?\s?[:]", re.IGNORECASE
)
_UNIT = re.compile(r"\s?\((?:KG|G|元|¥|公斤|千克|克)\)", re.IGNORECASE)
_HEAD = re.compile(rf"([{CJK}]{{3,8}})\s?:")
_WORD = re.compile(rf"[{CJK}A-Za-z0-9]")
_SHORTEST_TO_GUESS = 4

type _Found = tuple[int, int, str, bool]
"""Begin and end in the text, the label, and whether it was read letter by letter."""


def _labels_in(text: str) -> Iterator[_Found]:
    found = False
    for match in _LABEL.finditer(text):
        label = _KNOWN[match.group().replace(" ", "").upper()]
        colon = _COLON.match(text, match.end()) or _UNIT.match(text, match.end())
        if colon or _stands_alone(text, match.start(), match.end(), label):
            found = True
            yield match.start(), colon.end() if colon else match.end(), label, True
    if not found and (head := _HEAD.match(text)) and (guess := _guess(head.group(1))):
        yield 0, head.end(), guess, False


def _stands_alone(text: str, start: int, end: int, label: str) -> bool:
    """Whether a label without a colon is one, and no part of a word or a sentence."""
    before, after = text[:start], text[end:]
    if before and (_WORD.match(before[-1]) or not before.endswith(" ")):
        return False
    if label.isascii() or len(label) == 1:
        return not after or after.startswith(" ")
    return not after or after[0] in " ,.|" or not before


def _guess(read: str) -> str | None:
    """The label that is meant by one with a letter missing or misread."""
    near = [
        each
        for each in _ALL
        if min(len(each), len(read) + 1) >= _SHORTEST_TO_GUESS and distance(each, read, 1) == 1 and not each.isascii()
    ]
    return near[0] if near else None
