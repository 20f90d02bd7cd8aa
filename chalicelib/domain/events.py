"""What happened to a dispute. Events never change and hold no personal data: private texts stand in them by digest."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.claim import Order, Remedy, Text
from chalicelib.domain.deadline import Deadline, DeadlineKind, Extension
from chalicelib.domain.keeping import Erasable, ErasureCause, Hold
from chalicelib.domain.model import (
    Answer,
    Appeal,
    AppealStatus,
    Claim,
    Closure,
    EvidenceRequest,
    Failure,
    PieceRef,
    PolicyRef,
    Response,
    Ruling,
    SetAsideRequest,
)
from chalicelib.domain.parties import By
from policies.model import OnLapse


@dataclass(frozen=True, slots=True)
class DisputeOpened:
    id: str
    external_id: str
    policy: PolicyRef
    respondent: str
    complainant: str
    order: Order
    reason: str
    requested_remedy: Remedy
    on_lapse: OnLapse
    statement: Text | None
    particulars: Text | None = None
    """Who complains, what was bought and how it was sent, by digest; None where it stands in the event itself."""
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class DeadlineSet:
    deadline: Deadline


class Cleared(StrEnum):
    """Why a deadline stopped running."""

    KEPT = "kept"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class DeadlineCleared:
    deadline: str
    kind: DeadlineKind
    due: datetime
    why: Cleared


@dataclass(frozen=True, slots=True)
class DeadlineExtended:
    deadline: str
    extension: Extension


@dataclass(frozen=True, slots=True)
class EvidenceRegistered:
    piece: PieceRef


@dataclass(frozen=True, slots=True)
class EvidenceWithdrawn:
    piece: str


@dataclass(frozen=True, slots=True)
class EvidenceSealed:
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Responded:
    response: Response


@dataclass(frozen=True, slots=True)
class SettlementReported:
    statement: Text


@dataclass(frozen=True, slots=True)
class SettlementAnswered:
    confirmed: bool
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Defaulted:
    """A2: the respondent is taken to agree."""


@dataclass(frozen=True, slots=True)
class SentToReview:
    """A reviewer is wanted."""


@dataclass(frozen=True, slots=True)
class EvidenceRequested:
    request: EvidenceRequest


@dataclass(frozen=True, slots=True)
class EvidenceSupplied:
    request: str
    pieces: tuple[str, ...]
    statement: Text | None


@dataclass(frozen=True, slots=True)
class EvidenceRequestLapsed:
    request: str


@dataclass(frozen=True, slots=True)
class ReviewClaimed:
    claim: Claim


@dataclass(frozen=True, slots=True)
class ReviewReleased:
    reviewer: str
    expired: bool


@dataclass(frozen=True, slots=True)
class ReviewEscalated:
    kind: DeadlineKind


@dataclass(frozen=True, slots=True)
class Ruled:
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class AppealFiled:
    appeal: Appeal


@dataclass(frozen=True, slots=True)
class AppealWithdrawn:
    appeal: str


@dataclass(frozen=True, slots=True)
class AppealDecided:
    appeal: str
    status: AppealStatus
    rationale: Text | None
    checklist: tuple[Answer, ...]
    invalid_pieces: tuple[str, ...]
    counted: Failure | None


@dataclass(frozen=True, slots=True)
class SetAsideAsked:
    request: SetAsideRequest


@dataclass(frozen=True, slots=True)
class SetAsideDeclined:
    request: str


@dataclass(frozen=True, slots=True)
class DefaultSetAside:
    request: str
    """The request that was agreed to, or the outage."""


@dataclass(frozen=True, slots=True)
class AppealSetAside:
    request: str
    """The request that was agreed to, or the outage."""
    appeal: str
    taken_back: Failure | None


@dataclass(frozen=True, slots=True)
class OutageAllowed:
    """B11: time is given back for an outage, on two people's word. What exactly, the events after it say."""

    outage: str
    asked: By
    agreed: By


@dataclass(frozen=True, slots=True)
class DisputeWithdrawn:
    note: Text | None


@dataclass(frozen=True, slots=True)
class Finalised:
    """The ruling in force never changes from here on (promise A)."""


@dataclass(frozen=True, slots=True)
class DisputeClosed:
    closure: Closure


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    hold: Hold


@dataclass(frozen=True, slots=True)
class HoldLifted:
    """From here on, what is due to be erased is."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Decided: nobody is shown it any more, and it is removed; each file's own event says when."""

    what: tuple[Erasable, ...]
    cause: ErasureCause
    pieces: tuple[str, ...] = ()
    """Those that were taken back."""


type Event = (
    DisputeOpened
    | DeadlineSet
    | DeadlineCleared
    | DeadlineExtended
    | EvidenceRegistered
    | EvidenceWithdrawn
    | EvidenceSealed
    | Responded
    | SettlementReported
    | SettlementAnswered
    | Defaulted
    | SentToReview
    | EvidenceRequested
    | EvidenceSupplied
    | EvidenceRequestLapsed
    | ReviewClaimed
    | ReviewReleased
    | ReviewEscalated
    | Ruled
    | AppealFiled
    | AppealWithdrawn
    | AppealDecided
    | SetAsideAsked
    | SetAsideDeclined
    | DefaultSetAside
    | AppealSetAside
    | OutageAllowed
    | DisputeWithdrawn
    | Finalised
    | DisputeClosed
    | HoldPlaced
    | HoldLifted
    | Erased
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with its number in the dispute, its instant and who caused it. It is never back-dated."""

    seq: int
    at: datetime
    by: By
    event: Event
