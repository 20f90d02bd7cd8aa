"""The sweep: finds what is due, what got lost and what is stuck, and queues it. It decides nothing (promises G, H)."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.ports import Clock, EvidenceBucket, Queues, Store
from chalicelib.service.publishing import Publisher

_PAGE = 100

_IN_FLIGHT = timedelta(seconds=20)
"""A command received in time may still be under way so long (the API's time-out): the sweep doesn't overtake it."""

_EVENT_LOST_AFTER = timedelta(minutes=2)
_UPLOADS_SINCE = timedelta(hours=1)
_STUCK_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Swept:
    """How much one sweep found."""

    due: int
    lost_uploads: int
    republished: int


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Runs every minute. Twice, late, or in two places at once changes nothing."""

    store: Store
    bucket: EvidenceBucket
    queues: Queues
    publisher: Publisher
    clock: Clock

    def sweep(self) -> Swept:
        return Swept(self._due(), self._lost_uploads(), self._stuck())

    def _due(self) -> int:
        count, after, until = 0, None, self.clock() - _IN_FLIGHT
        while True:
            page = self.store.due(until, limit=_PAGE, after=after)
            disputes = tuple(dict.fromkeys(each.dispute for each in page.items))
            if disputes:
                self.queues.lapse(disputes)
            count += len(page.items)
            if page.next is None:
                return count
            after = page.next

    def _lost_uploads(self) -> int:
        """Uploads that arrived, but whose event never came."""
        count, after, now = 0, None, self.clock()
        while True:
            page = self.store.awaited(now - _UPLOADS_SINCE, now - _EVENT_LOST_AFTER, limit=_PAGE, after=after)
            keys = [each.key for each in page.items if each.key and (each.arrival or self.bucket.find(each.key))]
            if keys:
                self.queues.inspect(keys)
            count += len(keys)
            if page.next is None:
                return count
            after = page.next

    def _stuck(self) -> int:
        stuck = self.store.outbox(self.clock() - _STUCK_AFTER, limit=_PAGE)
        for each in stuck:
            self.publisher.publish(each)
        return len(stuck)
