"""The sweep: finds what is due, what got lost and what is stuck, and queues it. It decides nothing (promises G, H)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched

from chalicelib.domain.lapses import falls_by
from chalicelib.domain.measures import Measure, Meter, unmeasured
from chalicelib.domain.outage_ports import OutageRegister
from chalicelib.domain.ports import Clock, Due, OutboxItem, Queues, Store
from chalicelib.service.lost_bundles import LostBundles
from chalicelib.service.lost_uploads import LostUploads
from chalicelib.service.publishing import Publisher
from chalicelib.service.reminding import Reminding
from policies.book import PolicyBook

_LOG = logging.getLogger("recourse.service")

_PAGE = 100

_IN_FLIGHT = timedelta(seconds=20)
"""A command received in time may still be under way so long (the API's time-out): the sweep doesn't overtake it."""

_STUCK_AFTER = timedelta(minutes=1)
_RESTS_BETWEEN_BATCHES = timedelta(minutes=1)
"""An outage's work that rests for longer hasn't begun, or has lost its message."""

_OUTAGES_AT_ONCE = 20

_TIME = timedelta(seconds=25)
"""What is left of the outbox after so long is the next sweep's: the function is stopped at 50 seconds."""

_TIME_FOR_DUE = timedelta(seconds=10)
"""Likewise of what is due, which comes again, and first, until it is carried out."""


class SweepIncomplete(Exception):
    """Some of it failed, as logged; the next sweep finds it again."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How much one sweep found."""

    due: int
    lost_uploads: int
    republished: int
    outages: int
    near: int
    lost_bundles: int


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Runs every minute. Twice, late, or in two places at once changes nothing."""

    store: Store
    queues: Queues
    publisher: Publisher
    clock: Clock
    outages: OutageRegister
    reminding: Reminding
    lost_uploads: LostUploads
    lost_bundles: LostBundles
    book: PolicyBook
    meter: Meter = unmeasured

    def sweep(self) -> Swept:
        """Raises SweepIncomplete once all that could be done is done."""
        swept, failed = Swept(0, 0, 0, 0, 0, 0), False
        stages = {
            "due": self._due,
            "outages": self._outages,
            "republished": self._stuck,
            "near": self.reminding.queue,
            "lost_uploads": self.lost_uploads.queue,
            "lost_bundles": self.lost_bundles.queue,
        }
        for name, stage in stages.items():
            try:
                swept = replace(swept, **{name: stage()})
            except Exception:  # noqa: BLE001  (one stage holds up no other; the job fails all the same, and an alarm says so)
                _LOG.exception("the sweep of %s failed", name)
                failed = True
        if failed:
            raise SweepIncomplete(str(swept))
        return swept

    def _due(self) -> int:
        count, now = 0, self.clock()
        end, oldest = now + _TIME_FOR_DUE, tuple[Due, ...]()
        for some in batched(self.store.due(now - _IN_FLIGHT), _PAGE, strict=False):
            oldest = oldest or some
            self.queues.lapse(tuple(dict.fromkeys(each.dispute for each in some)))
            count += len(some)
            if self.clock() >= end:
                break
        fallen = (self._falls_by(each) for each in oldest)
        self._measure(Measure.SWEEP_LAG, next((each for each in fallen if each < self.clock()), None))
        return count

    def _falls_by(self, due: Due) -> datetime:
        """What waits for an upload is nobody's delay (A5)."""
        dispute = self.store.load(due.dispute).dispute
        running = next((each for each in dispute.deadlines if each.id == due.deadline), None) if dispute else None
        if dispute is None or running is None:
            return due.due
        pinned = dispute.policy
        return falls_by(running, self.book.pinned(pinned.id, pinned.version, pinned.digest))

    def _outages(self) -> int:
        """Those that were agreed to, and those whose work has stopped."""
        resting = self.outages.unfinished(self.clock() - _RESTS_BETWEEN_BATCHES, limit=_OUTAGES_AT_ONCE)
        for each in resting:
            self.queues.allow_for(each)
        return len(resting)

    def _stuck(self) -> int:
        """Oldest first, for as long as there is time. One that can't be published holds up no other."""
        count, failed, end = 0, [], self.clock() + _TIME
        for each in self._outbox():
            try:
                self.publisher.publish(each)
            except Exception as error:  # noqa: BLE001  (whatever it is, it concerns this item; the first is raised at the end)
                failed.append(error)
            count += 1
            if self.clock() >= end:
                break
        if failed:
            raise failed[0]
        return count

    def _outbox(self) -> Iterator[OutboxItem]:
        until = self.clock() - _STUCK_AFTER
        page = self.store.outbox(until, limit=_PAGE)
        self._measure(Measure.OUTBOX_AGE, page[0].at if page else None)
        while page:
            yield from page
            page = self.store.outbox(until, limit=_PAGE, after=page[-1])

    def _measure(self, measure: Measure, since: datetime | None) -> None:
        self.meter(measure, (self.clock() - since).total_seconds() if since else 0)
