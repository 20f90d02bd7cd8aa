"""Kinds of documents, told apart by what is written on them (A8, A11).

Each kind has titles, which are its own, and marks, which several may bear. Nothing is certain by one of them alone, nor
where a title or the like of another kind is seen as well.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evidence.fields.model import FieldName
from evidence.fields.names import is_addressed
from evidence.fields.pairs import Page
from evidence.fields.waybills import waybill_of
from evidence.fields.weights import displays_in, limit_of
from evidence.fields.words import plain, squeezed
from evidence.kind_marks import (
    BODY,
    COVER,
    DOUBTS,
    FEE,
    MARKS,
    MEASURED,
    MONEY,
    NEEDS,
    RESULT,
    TITLES,
    VERDICT,
    Patterns,
)
from evidence.text import Barcode, Line
from policies.model import DocumentKind


class ReportPart(StrEnum):
    COVER = "cover"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a picture is taken for."""

    kind: DocumentKind | None
    sure: bool
    """Certain enough to say not_met of an excluded kind, or met of an accepted one."""
    parts: frozenset[ReportPart]
    """Of a test report: what was seen for certain. None where the kind isn't."""
    marks: tuple[Line, ...]
    """The lines that told, the most telling first."""


_FEWEST_OF_BODY = 3
_FEWEST_OF_COVER = 2
_FEWEST_MEASURED = 2
_TITLE_WEIGHT = 3
_LONGEST_TITLE = 24

_SURE_FROM: Mapping[DocumentKind, int] = {
    DocumentKind.WAYBILL: 7,
    DocumentKind.DELIVERY_PROOF: 5,
    DocumentKind.FREIGHT_RECEIPT: 5,
    DocumentKind.CHAT_TRANSFER: 6,
    DocumentKind.TEST_REPORT: 4,
    DocumentKind.AUTHORISATION: 4,
    DocumentKind.INVOICE: 6,
    DocumentKind.SCALE: 5,
}
"""Points from which a kind is certain: three for a title, one for each other mark."""
_MORE_ON_SCREEN = 2
"""Points: a shop's page on a phone has words of many documents."""
_ON_SCREEN = (DocumentKind.CHAT_TRANSFER, DocumentKind.WAYBILL)
_LIKELY_FROM = 3
_SURE_WITHOUT_TITLE = 4
"""Marks that aren't words, or are a report's table, from which a document needs no title."""
_ROUTE = re.compile(r"\d{3}[- ]\d{0,2}[A-Z]\d{2}(?:[- ]\d{2,3})?(?![A-Z\d])")
"""The sorting code that carriers print in large type."""
_WELL_READ = 0.85


@dataclass(frozen=True, slots=True)
class _Seen:
    """What speaks for one kind."""

    kind: DocumentKind
    titles: tuple[Line, ...] = ()
    marks: tuple[Line, ...] = ()
    others: int = 0
    """Marks that aren't lines: barcodes, addresses, a display, that it is a screenshot."""

    @property
    def points(self) -> int:
        return _TITLE_WEIGHT * min(len(self.titles), 2) + len(self.marks) + self.others


type _Texts = Sequence[tuple[str, Line]]
"""Lines, with their texts without spaces and in capitals."""


def recognise(lines: Sequence[Line], barcodes: Sequence[Barcode] = (), *, screenshot: bool = False) -> Recognised:
    """What kind of document it is. A parcel on a scale is a scale; `screenshot`: a phone made the picture."""
    read = [each for each in lines if each.confidence >= _WELL_READ]
    texts = [(squeezed(each.text), each) for each in read]
    others = _others(Page(read), texts, barcodes, screenshot=screenshot)
    seen = {kind: _seen(kind, texts, others.get(kind, 0)) for kind in DocumentKind}
    first = _first(seen)
    if first.points < _LIKELY_FROM:
        return Recognised(None, sure=False, parts=frozenset(), marks=())
    needed = _SURE_FROM[first.kind] + (_MORE_ON_SCREEN if screenshot and first.kind not in _ON_SCREEN else 0)
    sure = first.points >= needed and _is_alone(first, seen) and not _is_doubtful(first.kind, texts, Page(lines))
    report = texts if first.kind is DocumentKind.TEST_REPORT else ()
    marks = (*first.titles, *first.marks, *_matched(BODY, report))
    parts = frozenset(_parts(report, lines)) if sure else frozenset[ReportPart]()
    return Recognised(first.kind, sure, parts, marks)


def _seen(kind: DocumentKind, texts: _Texts, others: int) -> _Seen:
    short = [each for each in texts if len(each[0]) <= _LONGEST_TITLE]
    titles = _matched(TITLES[kind], short, first=False)
    return _Seen(kind, titles, tuple(each for each in _matched(MARKS[kind], texts) if each not in titles), others)


def _matched(patterns: Patterns, texts: _Texts, *, first: bool = True) -> tuple[Line, ...]:
    """The lines that match a pattern, or for each pattern the first one that does; each of them once."""
    found = []
    for pattern in patterns:
        matching = [line for text, line in texts if pattern.search(text)]
        found += matching[:1] if first else matching
    return tuple(dict.fromkeys(found))


def _others(page: Page, texts: _Texts, barcodes: Sequence[Barcode], *, screenshot: bool) -> Mapping[DocumentKind, int]:
    """Points for what isn't words: barcodes, addresses, displays, a table, a screen."""
    coded = any(waybill_of(each) for each in barcodes)
    routed = any(_ROUTE.match(plain(each.text)) for each in page.lines)
    addressed = sum(is_addressed(each.text) for each in page.lines)
    paid = _matched(MARKS[DocumentKind.CHAT_TRANSFER], texts)
    return {
        DocumentKind.WAYBILL: 2 * coded + 2 * routed + min(addressed, 2),
        DocumentKind.SCALE: bool(displays_in(page)) + 2 * (limit_of(page.lines) is not None),
        DocumentKind.CHAT_TRANSFER: 2 * (screenshot and bool(paid)),
        DocumentKind.TEST_REPORT: len(_matched(BODY, texts)),
    }


def _first(seen: Mapping[DocumentKind, _Seen]) -> _Seen:
    """What calls itself so, and most speaks for; of a scale with a parcel on it, the label has more to say."""
    scale = seen[DocumentKind.SCALE]
    if scale.titles and scale.others:
        return scale
    return max(seen.values(), key=lambda each: (_has_its_own(each), each.points))


def _has_its_own(seen: _Seen) -> bool:
    return bool(seen.titles) or seen.others >= _SURE_WITHOUT_TITLE


def _is_alone(first: _Seen, seen: Mapping[DocumentKind, _Seen]) -> bool:
    """Whether something that is the kind's own was seen, and nothing that is another's."""
    together = {first.kind} | ({DocumentKind.WAYBILL} if first.kind is DocumentKind.SCALE else set())
    foreign = any(set(each.titles) - set(first.titles) for each in seen.values() if each.kind not in together)
    return _has_its_own(first) and not foreign


def _is_doubtful(kind: DocumentKind, texts: _Texts, page: Page) -> bool:
    """Whether something speaks against it, however badly read, or what it can't do without is missing."""
    doubts, needs = DOUBTS.get(kind), NEEDS.get(kind)
    doubted = doubts is not None and any(doubts.search(squeezed(each.text)) for each in page.lines)
    if kind is DocumentKind.WAYBILL and _states_a_fee(page):
        return True
    return doubted or (needs is not None and not any(needs.search(text) for text, _ in texts))


def _states_a_fee(page: Page) -> bool:
    """Whether it says what was paid: in a line, in two cells, or anywhere below a word for it."""
    if any(re.search(r"\d", value.text) for _, pair in page.of(FieldName.AMOUNT) for value in pair.values[:1]):
        return True
    texts = [squeezed(each.text) for each in page.lines]
    return any(map(FEE.search, texts)) and any(map(MONEY.search, texts))


def _parts(texts: _Texts, lines: Sequence[Line]) -> Iterator[ReportPart]:
    """Of a report; none of what is none. A body holds results below its heads; a cover none at all."""
    heads = _matched(BODY, texts)
    if len(heads) >= _FEWEST_OF_BODY and _has_results(texts, heads):
        yield ReportPart.BODY
    if not heads and len(_matched(COVER, texts)) >= _FEWEST_OF_COVER and not any(map(_may_be_result, lines)):
        yield ReportPart.COVER


def _has_results(texts: _Texts, heads: Sequence[Line]) -> bool:
    if any(VERDICT.search(text) for text, _ in texts):
        return True
    top = min(each.box.top for each in heads)
    measured = [line for text, line in texts if line.box.top > top and MEASURED.search(text)]
    return len(measured) >= _FEWEST_MEASURED


def _may_be_result(line: Line) -> bool:
    """Also with the spaces that part English words."""
    return RESULT.search(squeezed(line.text)) is not None or RESULT.search(plain(line.text).upper()) is not None
