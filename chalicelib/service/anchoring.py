"""Anchors the chains' ends, and checks the table against what was anchored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import batched

import msgspec

from chalicelib.domain.anchors import BEFORE_THE_FIRST, Anchor, AnchorBook, Anchored, AnchorTaken, Head
from chalicelib.domain.ports import Clock, Store, StoredEvent
from chalicelib.domain.records import Records, Violation, What
from chalicelib.domain.signing import Checker, Signer

_PAGE = 1000
_PAGES = 10
"""One anchor holds the heads of as many events at most as this many pages of the feed have."""

_SETTLED_AFTER = timedelta(minutes=15)
"""The feed is an index, and a commit shows in it late: what is younger is left to the next anchor."""

_READ_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Anchorer:
    """Each anchor says how far it goes, so that the next one, whoever makes it, goes on from there."""

    store: Store
    book: AnchorBook
    signer: Signer
    clock: Clock

    def anchor(self) -> Anchor | None:
        """The next anchor; None where nothing has happened since the last, or somebody else is making it."""
        last = self._last()
        before = _anchor(last) if last else None
        heads, upto = self._heads(before.upto if before else None, self.clock() - _SETTLED_AFTER)
        if not heads:
            return None
        number = before.number + 1 if before else 1
        previous = digest_of(last) if last else BEFORE_THE_FIRST
        made = Anchor(number, self.clock(), previous, upto, tuple(heads.values()))
        text = msgspec.json.encode(made)
        try:
            self.book.put(number, msgspec.json.encode(Anchored(text.decode(), self.signer.sign(text))))
        except AnchorTaken:
            return None
        return made

    def _last(self) -> Anchored | None:
        numbers = self.book.numbers()
        if not numbers:
            return None
        last = max(numbers)
        return msgspec.json.decode(self.book.read(last, numbers[last]), type=Anchored)

    def _heads(self, after: str | None, until: datetime) -> tuple[Mapping[str, Head], str]:
        heads: dict[str, Head] = {}
        upto = after
        for _ in range(_PAGES):
            page = self.store.feed(limit=_PAGE, after=upto, until=until)
            heads |= {each.aggregate: _head(each) for each in page.items}
            upto = page.next
            if not page.items:
                break
        return heads, upto or ""


@dataclass(frozen=True, slots=True)
class AnchorVerifier:
    """Checks the table against the anchors, one anchor at a time."""

    records: Records
    book: AnchorBook
    checker: Checker

    def whole(self) -> Iterator[Violation]:
        for number in range(1, self.last() + 1):
            yield from self.anchor(number)

    def last(self) -> int:
        return max(self.book.numbers(), default=0)

    def anchor(self, number: int) -> Iterator[Violation]:
        """What is wrong with the anchor of this number, and with the chains that it holds the heads of."""
        numbers = self.book.numbers()
        if number not in numbers:
            yield _wrong(number, "is gone")
            return
        anchored = _read(self.book.read(number, numbers[number]))
        before = _read(self.book.read(number - 1, numbers[number - 1])) if number - 1 in numbers else None
        if anchored is None or not self.checker.holds(anchored.text.encode(), anchored.signature):
            yield _wrong(number, "isn't signed by us")
            return
        anchor = _anchor(anchored)
        follows = digest_of(before) if before else BEFORE_THE_FIRST
        if anchor.number != number or (anchor.previous != follows and (before or number == 1)):
            yield _wrong(number, "doesn't follow the one before")
        yield from self._of_heads(anchor)

    def _of_heads(self, anchor: Anchor) -> Iterator[Violation]:
        for some in batched(anchor.heads, _READ_AT_ONCE, strict=False):
            found = self.records.events([each.place for each in some])
            for head in some:
                event = found.get(head.place)
                if event is None or event.hash != head.hash:
                    detail = f"event {head.seq} of {head.aggregate} isn't the one of anchor {anchor.number}"
                    yield Violation(head.dispute, What.ANCHOR, detail)


def digest_of(anchored: Anchored) -> str:
    """What the next anchor says of it."""
    return sha256(anchored.text.encode()).hexdigest()


def _read(content: bytes) -> Anchored | None:
    try:
        return msgspec.json.decode(content, type=Anchored)
    except msgspec.MsgspecError:
        return None


def _anchor(anchored: Anchored) -> Anchor:
    return msgspec.json.decode(anchored.text, type=Anchor)


def _head(event: StoredEvent) -> Head:
    return Head(event.dispute, event.aggregate, event.seq, event.hash)


def _wrong(number: int, what: str) -> Violation:
    return Violation(f"anchor {number}", What.ANCHOR, f"it {what}")
