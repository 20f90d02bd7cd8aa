"""Uploads whose event never came, and texts that nobody has read: found by the list of files that wait (promise H).

The list is looked through in rounds, oldest first: those of the last hour again and again, for most are uploaded then,
and all the others twice an hour. A run has so many pages of each, and the next one goes on where it ended: a round that
takes many runs comes to its end, and then begins anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.bookmarks import Bookmarks, Search
from chalicelib.domain.measures import Measure, Meter, unmeasured
from chalicelib.domain.piece import Piece
from chalicelib.domain.ports import Clock, EvidenceBucket, Queues, Store

PAGES_AT_ONCE = 2
"""Of each list in one run."""

_EVENT_LOST_AFTER = timedelta(minutes=2)
_UPLOADS_MOSTLY = timedelta(hours=1)
_UPLOADS_KEPT = timedelta(days=31)
"""What isn't kept by then is cleared away by the bucket."""

_NOW_AND_THEN = 30
"""Minutes between the beginnings of rounds through what is old, and through texts that nobody has read."""


@dataclass(frozen=True, slots=True)
class _Round:
    search: Search
    since: datetime
    until: datetime
    texts: bool
    """Whether texts that aren't read are queued, too."""


@dataclass(frozen=True, slots=True)
class LostUploads:
    store: Store
    bookmarks: Bookmarks
    bucket: EvidenceBucket
    queues: Queues
    clock: Clock
    meter: Meter = unmeasured
    page: int = 100
    """So many questions to the bucket at most, in two or three seconds."""

    def queue(self) -> int:
        """How many were found."""
        now, marks = self.clock(), self.bookmarks.bookmarks()
        arrived, texts = list[datetime](), 0
        for each in _rounds(now, marks):
            for pieces in self._pages(each, marks.get(each.search)):
                arrived += self._arrived(pieces, now)
                texts += self._unread(pieces, now) if each.texts else 0
        self.meter(Measure.UPLOAD_LAG, (now - min(arrived)).total_seconds() if arrived else 0)
        return len(arrived) + texts

    def _pages(self, part: _Round, mark: str | None) -> Iterator[Sequence[Piece]]:
        """Each is noted once it is done: what then fails, or has no time left, isn't begun anew."""
        for _ in range(PAGES_AT_ONCE):
            page = self.store.awaited(part.since, part.until, limit=self.page, after=mark)
            yield page.items
            if page.next != mark:
                self.bookmarks.bookmark(part.search, page.next)
            mark = page.next
            if mark is None:
                return

    def _arrived(self, pieces: Sequence[Piece], now: datetime) -> list[datetime]:
        """Queues those that have arrived and aren't inspected; gives when they did."""
        found = {
            each.key: each.arrival or self.bucket.find(each.key)
            for each in pieces
            if each.key and not each.inspection and (each.arrival or each.sought(now))
        }
        arrived = {key: arrival.at for key, arrival in found.items() if arrival}
        if arrived:
            self.queues.inspect(tuple(arrived))
        return list(arrived.values())

    def _unread(self, pieces: Sequence[Piece], now: datetime) -> int:
        unread = [(each.dispute, each.id) for each in pieces if each.text_pending(now)]
        if unread:
            self.queues.recognise(unread)
        return len(unread)


def _rounds(now: datetime, marks: Mapping[Search, str]) -> Iterator[_Round]:
    hour_ago, at_length = now - _UPLOADS_MOSTLY, now.minute % _NOW_AND_THEN == 0
    yield _Round(Search.RECENT_UPLOADS, hour_ago, now - _EVENT_LOST_AFTER, texts=at_length)
    if at_length or Search.OLD_UPLOADS in marks:
        yield _Round(Search.OLD_UPLOADS, now - _UPLOADS_KEPT, hour_ago, texts=True)
