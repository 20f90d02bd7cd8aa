"""Deadlines, which explain themselves. Instants are aware UTC with milliseconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.claim import Text
from chalicelib.domain.parties import By
from policies.model import Term


class DeadlineKind(StrEnum):
    RESPONSE = "response"
    SETTLEMENT_CONFIRMATION = "settlement_confirmation"
    SUPPLEMENT = "supplement"
    REVIEW = "review"
    REVIEW_CLAIM = "review_claim"
    APPEAL_WINDOW = "appeal_window"
    APPEAL_REVIEW = "appeal_review"


class Falls(StrEnum):
    """What falls when a deadline lapses."""

    DEFAULT = "default"
    REVIEW = "review"
    ESCALATION = "escalation"
    CLAIM_EXPIRES = "claim_expires"
    RULING_STANDS = "ruling_stands"
    FULL_LIABILITY = "full_liability"


class ExtensionReason(StrEnum):
    PLATFORM_FAULT = "platform_fault"
    CARRIER_DELAY = "carrier_delay"
    FORCE_MAJEURE = "force_majeure"
    PARTY_REQUEST = "party_request"
    QUOTA_BLOCK = "quota_block"


@dataclass(frozen=True, slots=True)
class Extension:
    at: datetime
    by: By
    due_before: datetime
    due_after: datetime
    reason: ExtensionReason
    note: Text | None = None
    outage: str | None = None
    """The outage that it makes up for (B11)."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The instant by which a party must act, and why it is that one. In time means at an instant <= `due` (A5)."""

    id: str
    kind: DeadlineKind
    party: str
    """A party of the dispute, or `reviewer` / `appeal_reviewer`."""
    due: datetime
    started_at: datetime
    started_by: str
    """The name of the event that set it off."""
    term: Term
    zone: str
    falls: Falls
    extensions: tuple[Extension, ...] = ()
    request: str | None = None
    """The evidence request that it is for."""

    @property
    def first_due(self) -> datetime:
        """Where it first stood; an extension is bounded from here."""
        return self.extensions[0].due_before if self.extensions else self.due

    @property
    def paused(self) -> timedelta:
        """How much of its extensions only gives back what the quota took (B12)."""
        pauses = (each for each in self.extensions if each.reason is ExtensionReason.QUOTA_BLOCK)
        return sum((each.due_after - each.due_before for each in pauses), timedelta())

    @property
    def made_up(self) -> timedelta:
        """How much of its extensions makes up for outages (B11)."""
        return sum((each.due_after - each.due_before for each in self.extensions if each.outage), timedelta())

    def passed(self, now: datetime) -> bool:
        """A5: at the deadline is in time, a millisecond after is late."""
        return now > self.due
