"""Labels and what stands behind them: in the same line, to the right of it, or below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from evidence.fields.labels import LABELS, NUMBERS, OTHER
from evidence.fields.model import FieldName
from evidence.fields.rows import Rows
from evidence.fields.words import CJK, distance, plain
from evidence.text import Line


class Where(StrEnum):
    """Where a value stands, as seen from its label."""

    BEHIND = "behind"
    RIGHT = "right"
    BELOW = "below"
    COLUMN = "column"
    """Below it, and the label is one of a row."""
    NEXT = "next"
    """In the next row, although something else is beside the label."""


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
    before: str
    """What its line says before it, back to the value or the label before: 声明价值 of 声明价值金额."""

    def rank(self, name: FieldName) -> int | None:
        """How telling the label is of that field: 0 is the most; None if it is of another one."""
        return _RANKS.get(name, {}).get(self.label)

    def tells(self, value: Value) -> bool:
        """Whether it is certain that the label is one, and the value is its own."""
        return self.exact and value.where is not Where.NEXT

    def confidence(self, value: Value) -> float:
        return min(self.line.confidence, value.line.confidence)


class Page:
    """The lines of one picture, with its labels found."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(each for each in lines if plain(each.text))
        self._rows = Rows(self.lines)
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
        """The lines that neither hold a label nor stand beside or below one as its value."""
        return self._but_values(self.pairs)

    @cached_property
    def unnumbered(self) -> tuple[tuple[str, Line], ...]:
        """The texts that aren't labelled as another thing's number: lines, and what stands before their labels."""
        whole = self._but_values([each for each in self.pairs if each.label in _NUMBERS])
        begun = [(each, self._found[id(each)]) for each in self.lines if self._found[id(each)]]
        return (
            *((plain(each.text), each) for each in whole),
            *((plain(each.text)[: found[0][0]], each) for each, found in begun if found[0][0]),
        )

    def _but_values(self, pairs: Sequence[Pair]) -> tuple[Line, ...]:
        firsts = [each.values[0] for each in pairs if each.values]
        taken = {id(each.line) for each in firsts if each.where in (Where.RIGHT, Where.BELOW)}
        return tuple(each for each in self.lines if not self._found[id(each)] and id(each) not in taken)

    def _pairs_of(self, line: Line) -> Iterator[Pair]:
        text, found = plain(line.text), self._found[id(line)]
        for at, (begin, end, label, exact) in enumerate(found):
            last = at + 1 == len(found)
            behind = text[end : len(text) if last else found[at + 1][0]].strip(" :;,.。、·|_-")
            before = _BREAK.split(text[found[at - 1][1] if at else 0 : begin])[-1]
            yield Pair(label, line, exact, tuple(self._values(line, behind, last=last)), before)

    def _values(self, label: Line, behind: str, *, last: bool) -> Iterator[Value]:
        """What is behind a label in its line, also with what was torn off it; or else what is beside and below it."""
        right = self._rows.right_of(label) if last else None
        if not behind:
            yield from self._elsewhere(label, right) if last else ()
            return
        yield Value(behind, label, Where.BEHIND)
        if right and not self._found[id(right)] and right.box.left - label.box.right < label.box.height:
            yield Value(f"{behind}{plain(right.text)}", label, Where.BEHIND)

    def _elsewhere(self, label: Line, right: Line | None) -> Iterator[Value]:
        heads = right is not None and bool(self._found[id(right)])
        if right and not heads:
            yield Value(plain(right.text), right, Where.RIGHT)
        first = self._rows.is_first(label)
        if right or not first:
            yield from self._unless_label(self._rows.below(label, anywhere=False), Where.COLUMN)
        if first and not heads:
            # On a slip from a till, the value is at the right end of the next line, and the paper may lean.
            yield from self._unless_label(self._rows.below(label, anywhere=True), Where.NEXT if right else Where.BELOW)

    def _unless_label(self, line: Line | None, where: Where) -> Iterator[Value]:
        if line and not self._found[id(line)]:
            yield Value(plain(line.text), line, where)


def _spaced(label: str) -> str:
    """A pattern for a label: whole words if it is English; the letters of a Chinese one may all be set apart."""
    if label.isascii():
        end = "(?![A-Za-z0-9])" if label[-1].isalnum() else ""
        return rf"(?<![A-Za-z0-9]){re.escape(label)}{end}".replace(r"\ ", r"\s?")
    return f"{re.escape(label)}|{' '.join(map(re.escape, label))}"


_RANKS = {name: {label: at for at, label in reversed(list(enumerate(labels)))} for name, labels in LABELS.items()}
_NUMBERS = frozenset((*NUMBERS, *LABELS[FieldName.ORDER_NUMBER]))
_IN_ORDER = tuple(dict.fromkeys((*(label for labels in LABELS.values() for label in labels), *OTHER)))
_ALL = sorted(_IN_ORDER, key=len, reverse=True)
_KNOWN = {label.replace(" ", ""): label for label in _ALL}
_LABEL = re.compile("|".join(map(_spaced, _ALL)), re.IGNORECASE)
_COLON = re.compile(r"\s?(?:\([^()]{1,8}\)|/[^\s:]{2,16})?\s?:")
_UNIT = re.compile(r"\s?\((?:KG|G|元|¥|公斤|千克|克)\)", re.IGNORECASE)
_BREAK = re.compile(r"[:,.。、|\d]")
"""What ends a value, so that what follows it is of the next label."""
_HEAD = re.compile(rf"([{CJK}]{{3,8}})\s?:")
_ADDRESSED = re.compile(rf"[{CJK}]{{2,4}} ?1\d\d[*\d]")
"""A name and a mobile, as behind 收 and 寄 on a waybill."""
_HEADING = re.compile("信息|资料|详情|明细|说明|情况|须知|签收|签字|签名|确认|留存|联|栏|资訊|資料|已|的")
"""What makes a heading, or a sentence, of a label."""
_SHORTEST_TO_GUESS = 4

type _Found = tuple[int, int, str, bool]
"""Begin and end in the text, the label, and whether it was read letter by letter."""


def _labels_in(text: str) -> Iterator[_Found]:
    found, ended = False, -1
    for match in _LABEL.finditer(text):
        label = _KNOWN[match.group().replace(" ", "").upper()]
        colon = _COLON.match(text, match.end()) or _UNIT.match(text, match.end())
        told = colon and (len(label) > 1 or match.start() == 0)
        joined = found and len(label) > 1 and not text[ended : match.start()].strip()
        if told or joined or _stands_alone(text, match.start(), match.end(), label):
            found, ended = True, match.end()
            yield match.start(), colon.end() if colon else match.end(), label, True
    if not found and (head := _HEAD.match(text)) and (guess := _guess(head.group(1))):
        yield 0, head.end(), guess, False


def _stands_alone(text: str, start: int, end: int, label: str) -> bool:
    """Whether a label without a colon is one, and no part of a word or a sentence."""
    before, after = text[:start], text[end:]
    if before and (label.isascii() or not before.endswith(" ")):
        return False
    if not after or after.startswith(" ") or (not label.isascii() and after[0] in ",.|¥0123456789"):
        return True
    if len(label) == 1:
        return _ADDRESSED.match(after) is not None
    return not before and not label.isascii() and len(label) > 2 and not _HEADING.match(after)  # noqa: PLR2004 (shorter ones begin other words)


def _guess(read: str) -> str | None:
    """The label that is meant by one with a letter missing or misread."""
    near = (
        each
        for each in _IN_ORDER
        if min(len(each), len(read) + 1) >= _SHORTEST_TO_GUESS and distance(each, read, 1) == 1 and not each.isascii()
    )
    return next(near, None)
