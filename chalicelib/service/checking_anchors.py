"""Checks the table against what was anchored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import batched, pairwise

import msgspec

from chalicelib.domain.anchors import BEFORE_THE_FIRST, Anchor, AnchorBook, Anchored
from chalicelib.domain.records import Records, Violation, What
from chalicelib.domain.signing import Checker
from chalicelib.service.anchoring import anchor_in, digest_of

_READ_AT_ONCE = 100

type Known = Mapping[int, str]
"""The numbers of all anchors, each with the name of its first version."""


def whose_turn(known: Known, day: int, *, days: int, with_latest: bool) -> list[int]:
    """The anchors to be checked on a day: each once in so many days, and the latest of as many days where asked for."""
    latest = max(known, default=0)
    fresh = days if with_latest else 0
    return sorted(each for each in known if latest - each < fresh or each % days == day % days)


@dataclass(frozen=True, slots=True)
class AnchorVerifier:
    """Checks the table against the anchors, one anchor at a time."""

    records: Records
    book: AnchorBook
    checker: Checker

    def whole(self) -> Iterator[Violation]:
        known = self.book.numbers()
        yield from self.gaps(known)
        for number in sorted(known):
            yield from self.anchor(number, known)

    def gaps(self, known: Known) -> Iterator[Violation]:
        """Anchors that are gone; it takes no reading."""
        for before, number in pairwise((0, *sorted(known))):
            if number != before + 1:
                yield _wrong(before + 1, f"and all up to {number - 1} are gone")

    def anchor(self, number: int, known: Known) -> Iterator[Violation]:
        """What is wrong with the anchor of this number, and with the chains that it holds the heads of."""
        anchored = self._read(number, known)
        anchor = _signed(anchored, self.checker) if anchored else None
        if anchored is None or anchor is None:
            yield _wrong(number, "isn't one that was signed by us")
            return
        if anchor.number != number or not self._follows(anchor, known):
            yield _wrong(number, "doesn't follow the one before")
        yield from self._of_heads(anchor)

    def _follows(self, anchor: Anchor, known: Known) -> bool:
        """One after a gap can't tell."""
        if anchor.number == 1:
            return anchor.previous == BEFORE_THE_FIRST
        before = self._read(anchor.number - 1, known)
        return before is None or anchor.previous == digest_of(before)

    def _read(self, number: int, known: Known) -> Anchored | None:
        """None where there is none, or nothing that can be read."""
        if number not in known:
            return None
        try:
            return msgspec.json.decode(self.book.read(number, known[number]), type=Anchored)
        except msgspec.MsgspecError:
            return None

    def _of_heads(self, anchor: Anchor) -> Iterator[Violation]:
        for some in batched(anchor.heads, _READ_AT_ONCE, strict=False):
            found = self.records.events([each.place for each in some])
            for head in some:
                event = found.get(head.place)
                if event is None or event.hash != head.hash:
                    detail = f"event {head.seq} of {head.aggregate} isn't the one of anchor {anchor.number}"
                    yield Violation(head.dispute, What.ANCHOR, detail)


def _signed(anchored: Anchored, checker: Checker) -> Anchor | None:
    """None for what isn't signed by us, and for what is and is no anchor: bundles are signed by the same key."""
    if not checker.holds(anchored.text.encode(), anchored.signature):
        return None
    try:
        return anchor_in(anchored)
    except msgspec.MsgspecError:
        return None


def _wrong(number: int, what: str) -> Violation:
    return Violation(f"anchor {number}", What.ANCHOR, f"it {what}")
