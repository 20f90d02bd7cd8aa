"""Tells parties what concerns them: from each event once it is on the bus, and before their deadlines end (C6).

Nothing is taken from a message but where to look: event and dispute are read afresh, and what no longer holds is not
told. A notice is named by its cause, so events may come twice, out of order, or late.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.events import Recorded
from chalicelib.domain.message_ports import MessageCentre
from chalicelib.domain.model import Dispute
from chalicelib.domain.notices import Notice, of_event, of_piece, of_quota, quota_touched, reminders
from chalicelib.domain.ports import Clock, Store
from policies.book import PolicyBook
from policies.calendar import year_of


@dataclass(frozen=True, slots=True)
class Notifier:
    store: Store
    centre: MessageCentre
    book: PolicyBook
    clock: Clock

    def happened(self, dispute_id: str, aggregate: str, seq: int) -> int:
        """How many notices are new. None follow from an event, or of a dispute, that isn't there."""
        now, found = self.clock(), self.centre.happened(dispute_id, aggregate, seq)
        if found.dispute is None or found.event is None:
            return 0
        if not isinstance(found.event, Recorded):
            return self.centre.tell(of_piece(found.event, aggregate, found.dispute, now))
        told = of_event(found.event, found.dispute, now)
        return self.centre.tell((*told, *self._quota(found.event, found.dispute, now)))

    def near(self, dispute_id: str) -> int:
        """Reminds of what is near by the policy in force, whatever the sweep has seen."""
        now, dispute = self.clock(), self.store.load(dispute_id).dispute
        if dispute is None:
            return 0
        policy = self.book.in_force(dispute.policy.id, now)
        return self.centre.tell(reminders(dispute, policy.reminders, now))

    def _quota(self, recorded: Recorded, dispute: Dispute, now: datetime) -> tuple[Notice, ...]:
        """One more read, of events that have counted a failure or taken one back."""
        failure, pin = quota_touched(recorded.event), dispute.policy
        if failure is None:
            return ()
        years = (failure.year, year_of(now, pin.zone))
        _, failures = self.store.facts(dispute.id, (), policy=pin.id, respondent=dispute.respondent, years=years)
        limits = self.book.in_force(pin.id, now).appeal.quota
        return of_quota(recorded, dispute, failures, limits, now)
