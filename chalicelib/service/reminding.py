"""Which disputes may have a deadline near: found by the index of deadlines; nothing is written beforehand (C6).

Each length of time before a deadline that a policy names is one look into the same index, so much further ahead: a
deadline is met once by each look, in the minute in which its reminder is due.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from chalicelib.domain.message_ports import MessageCentre
from chalicelib.domain.notices import every_lead
from chalicelib.domain.ports import Clock, Queues, Store
from policies.book import PolicyBook

_PAGE = 100
_OVERLAP = timedelta(minutes=1)
"""What was written just before the last look may not have been in the index then; a reminder is written once anyway."""

_AT_FIRST = timedelta(hours=1)
"""How far back the very first look goes."""

_STEP = timedelta(minutes=2)
"""After so much is looked through, it is noted: what then fails, or has no time left, isn't begun anew."""

_TIME = timedelta(seconds=5)
"""What is left after so long is the next sweep's."""


@dataclass(frozen=True, slots=True)
class Reminding:
    store: Store
    centre: MessageCentre
    queues: Queues
    book: PolicyBook
    clock: Clock

    def queue(self) -> int:
        """Goes on where the last look ended, however long ago: what has passed meanwhile is nobody's reminder."""
        now = self.clock()
        end, count = now + _TIME, 0
        leads = every_lead(each.reminders for each in self.book.all_in_force(now))
        until = max(self.centre.reminded_until() or now - _AT_FIRST, now - max(leads, default=timedelta()))
        while until < now:
            since, until = until - _OVERLAP, min(until + _STEP, now)
            count += sum(self._queue(max(since + each, now), until + each) for each in leads)
            self.centre.note_reminded(until)
            if self.clock() >= end:
                break
        return count

    def _queue(self, since: datetime, before: datetime) -> int:
        count = 0
        for some in batched(self.store.due(before, since=since), _PAGE, strict=False):
            self.queues.remind(tuple(dict.fromkeys(each.dispute for each in some)))
            count += len(some)
        return count
