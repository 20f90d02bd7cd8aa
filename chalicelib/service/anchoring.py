"""Anchors the chains' ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from chalicelib.domain.anchors import BEFORE_THE_FIRST, Anchor, AnchorBook, Anchored, AnchorTaken, Growth, Head
from chalicelib.domain.ports import Clock
from chalicelib.domain.signing import Signer

_PAGE = 1000
_PAGES = 10
"""One anchor holds the heads of as many events at most as this many pages of the feed have."""

SETTLED_AFTER = timedelta(minutes=15)
"""The feed is an index, and a commit shows in it late: what is younger is left to the next anchor."""


@dataclass(frozen=True, slots=True)
class Anchorer:
    """Each anchor says how far it goes, so that the next one, whoever makes it, goes on from there."""

    growth: Growth
    book: AnchorBook
    signer: Signer
    clock: Clock

    def anchor(self) -> Anchor | None:
        """The next anchor; None where nothing has happened since the last, or somebody else is making it."""
        last = self._last()
        before = anchor_in(last) if last else None
        heads, upto = self._heads(before.upto if before else None, self.clock() - SETTLED_AFTER)
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
            page = self.growth.heads(limit=_PAGE, after=upto, until=until)
            heads |= {each.aggregate: each for each in page.items}
            upto = page.next
            if not page.items:
                break
        return heads, upto or ""


def digest_of(anchored: Anchored) -> str:
    """What the next anchor says of it."""
    return sha256(anchored.text.encode()).hexdigest()


def anchor_in(anchored: Anchored) -> Anchor:
    return msgspec.json.decode(anchored.text, type=Anchor)
