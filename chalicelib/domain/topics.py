"""What a notice can be about, as codes and values, and whether it still holds (C6).

A topic is of a dispute, or of a webhook. It holds no words, no names of people and nothing private: sentences are made
when it is shown, and erasure has nothing to find in it. Instants are aware UTC with milliseconds; money is integer
minor units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from chalicelib.domain.claim import Money, Remedy
from chalicelib.domain.deadline import Deadline, DeadlineKind, ExtensionReason
from chalicelib.domain.model import AppealStatus, Basis, Dispute, Outcome, ResponseKind, Status
from chalicelib.domain.moves import open_stages
from chalicelib.domain.webhooks import Disabled, Webhook, Why

_OPEN: Final = frozenset({Status.AWAITING_RESPONSE, Status.UNDER_REVIEW})
_OVER: Final = frozenset({Status.FINAL, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class ActionWanted:
    """A deadline of the party's own has begun: what is wanted, `kind` says, and the dispute."""

    deadline: str
    kind: DeadlineKind
    due: datetime
    request: str | None

    def holds(self, dispute: Dispute, now: datetime) -> bool:
        return _runs(dispute, self.deadline, self.due, now)


@dataclass(frozen=True, slots=True)
class DeadlineNear:
    deadline: str
    kind: DeadlineKind
    due: datetime
    request: str | None

    def holds(self, dispute: Dispute, now: datetime) -> bool:
        return _runs(dispute, self.deadline, self.due, now)


@dataclass(frozen=True, slots=True)
class DeadlineMoved:
    deadline: str
    kind: DeadlineKind
    due: datetime
    request: str | None
    reason: ExtensionReason

    def holds(self, dispute: Dispute, now: datetime) -> bool:
        """Until it is extended again: that has a notice of its own."""
        return _runs(dispute, self.deadline, self.due, now)


@dataclass(frozen=True, slots=True)
class EvidenceLacking:
    """A piece can't be used (`defect`), or doesn't show these points; it can still be replaced."""

    piece: str
    requirement: str
    defect: str | None
    points: tuple[str, ...]

    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        return _replaceable(dispute, self.piece)


@dataclass(frozen=True, slots=True)
class ClaimContested:
    automatic: bool
    """A14: at the deadline, with what had arrived."""

    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        contested = dispute.response is not None and dispute.response.kind is ResponseKind.CONTESTED
        return contested and dispute.status in _OPEN


@dataclass(frozen=True, slots=True)
class SettlementAnswer:
    confirmed: bool
    lapsed: bool

    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        settlement = dispute.settlement
        return settlement is not None and settlement.confirmed == self.confirmed and dispute.status is not Status.CLOSED


@dataclass(frozen=True, slots=True)
class InDefault:
    """A2: the deadline passed, and a reviewer chooses the remedy."""

    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        return dispute.in_default and dispute.ruling is None


@dataclass(frozen=True, slots=True)
class RulingMade:
    version: int
    outcome: Outcome
    basis: Basis
    remedy: Remedy | None
    respondent_bears: Money | None
    """None where it bears nothing."""

    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        """It is the one in force: not set aside, and no later one in its place."""
        return dispute.ruling is not None and dispute.ruling.version == self.version


@dataclass(frozen=True, slots=True)
class RulingFinal:
    version: int

    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        return dispute.status in _OVER


@dataclass(frozen=True, slots=True)
class AppealLodged:
    appeal: str

    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        return dispute.open_appeal is not None and dispute.open_appeal.id == self.appeal


@dataclass(frozen=True, slots=True)
class AppealOutcome:
    appeal: str
    status: AppealStatus

    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        found = next((each for each in dispute.appeals if each.id == self.appeal), None)
        return found is not None and found.status is self.status and found.set_aside_at is None


@dataclass(frozen=True, slots=True)
class QuotaState:
    """B5: how the respondent's quota stood when the notice was written."""

    appeal: str
    """Whose failure was counted, or taken back."""
    counted: bool
    month: str
    """ISO 8601, e.g. 2026-11, in the policy's zone; the year is its first four letters."""
    failed_in_month: int
    per_month: int
    failed_in_year: int
    per_year: int
    reopens: datetime | None
    """When the shop may appeal again; None where it may now."""
    until: datetime
    """When the month is over, exclusive."""

    def holds(self, dispute: Dispute, now: datetime) -> bool:
        """In its month, and while the failure is counted, or taken back, as it says."""
        found = next((each for each in dispute.appeals if each.id == self.appeal), None)
        return found is not None and (found.counted is not None) is self.counted and now < (self.reopens or self.until)


@dataclass(frozen=True, slots=True)
class DefaultUndone:
    """B11: the default was set aside, and the response is awaited again."""

    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        return dispute.ruling is None and not dispute.in_default and dispute.status in _OPEN


@dataclass(frozen=True, slots=True)
class AppealUndone:
    """B11: the failed appeal was set aside, and is as if it had never been filed."""

    appeal: str

    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        found = next((each for each in dispute.appeals if each.id == self.appeal), None)
        return found is not None and found.set_aside_at is not None


@dataclass(frozen=True, slots=True)
class ClaimWithdrawn:
    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        return dispute.status is Status.WITHDRAWN


@dataclass(frozen=True, slots=True)
class CaseClosed:
    remedy: Remedy | None
    """As it was carried out."""

    def holds(self, dispute: Dispute, _now: datetime) -> bool:
        return dispute.status is Status.CLOSED


@dataclass(frozen=True, slots=True)
class WebhookDown:
    """What failed, or was gone, is disabled; its owner's own doing makes no notice."""

    host: str
    """Of the address as it was then, and no more of it: the rest may hold a secret."""
    failing_since: datetime
    disabled_at: datetime
    why: Why

    def holds(self, webhook: Webhook, _now: datetime) -> bool:
        """Until it is enabled again; disabled anew, it has another notice."""
        return webhook.disabled == Disabled(self.disabled_at, self.why)


type OfDispute = (
    ActionWanted
    | DeadlineNear
    | DeadlineMoved
    | EvidenceLacking
    | ClaimContested
    | SettlementAnswer
    | InDefault
    | RulingMade
    | RulingFinal
    | AppealLodged
    | AppealOutcome
    | QuotaState
    | DefaultUndone
    | AppealUndone
    | ClaimWithdrawn
    | CaseClosed
)

type Topic = OfDispute | WebhookDown

TOPICS: Final[Mapping[str, type[Topic]]] = {
    "action_wanted": ActionWanted,
    "deadline_near": DeadlineNear,
    "deadline_extended": DeadlineMoved,
    "evidence_lacking": EvidenceLacking,
    "claim_contested": ClaimContested,
    "settlement_answered": SettlementAnswer,
    "in_default": InDefault,
    "ruling_made": RulingMade,
    "ruling_final": RulingFinal,
    "appeal_filed": AppealLodged,
    "appeal_outcome": AppealOutcome,
    "quota_state": QuotaState,
    "default_set_aside": DefaultUndone,
    "appeal_set_aside": AppealUndone,
    "claim_withdrawn": ClaimWithdrawn,
    "case_closed": CaseClosed,
    "webhook_disabled": WebhookDown,
}
"""By its public code, which never changes."""

_CODES: Final = {kind: code for code, kind in TOPICS.items()}

if set(_CODES) != {*get_args(OfDispute.__value__), WebhookDown}:
    raise TypeError("each topic has one code")


def code_of(topic: Topic) -> str:
    return _CODES[type(topic)]


def _runs(dispute: Dispute, deadline_id: str, due: datetime, now: datetime) -> bool:
    """The deadline still runs, and ends when the notice says."""
    running = running_deadline(dispute, deadline_id)
    return running is not None and running.due == due and not running.passed(now)


def running_deadline(dispute: Dispute, deadline_id: str) -> Deadline | None:
    return next((each for each in dispute.deadlines if each.id == deadline_id), None)


def _replaceable(dispute: Dispute, piece_id: str) -> bool:
    """Neither withdrawn nor sent off, and there is still an occasion to send another."""
    ref = dispute.piece(piece_id)
    return ref is not None and not ref.sealed and (ref.stage, ref.request) in open_stages(dispute, ref.side)
