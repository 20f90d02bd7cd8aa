"""What can be asked of a dispute. Parsed and well-formed; whether the rules allow it, `lifecycle` decides."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.claim import Order, Remedy, Text
from chalicelib.domain.deadline import ExtensionReason
from chalicelib.domain.keeping import ErasureCause, HoldCause
from chalicelib.domain.model import (
    Answer,
    AppealStatus,
    Basis,
    Cause,
    Closure,
    Liability,
    Outcome,
    PolicyRef,
    SetAsideTarget,
    Stage,
)
from chalicelib.domain.outage import Outage
from chalicelib.domain.parties import Side
from evidence.model import Inspection
from policies.model import Ground, Medium


@dataclass(frozen=True, slots=True)
class Open:
    external_id: str
    policy: PolicyRef
    respondent: str
    complainant: str
    order: Order
    reason: str
    requested_remedy: Remedy
    statement: Text | None
    particulars: Text | None = None
    """Complainant, items and shipments once more, as a private text: the event then holds only its digest."""
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class RegisterPiece:
    """By either side, for its own submission. A statement brings its inspection along; a file comes later."""

    requirement: str
    stage: Stage
    request: str | None
    medium: Medium
    statement: Text | None = None
    inspection: Inspection | None = None


@dataclass(frozen=True, slots=True)
class WithdrawPiece:
    piece: str


@dataclass(frozen=True, slots=True)
class Accept:
    statement: Text | None


@dataclass(frozen=True, slots=True)
class ReportSettlement:
    statement: Text


@dataclass(frozen=True, slots=True)
class AnswerSettlement:
    """By the complainant or the platform."""

    confirmed: bool


@dataclass(frozen=True, slots=True)
class Contest:
    statement: Text
    pieces: tuple[str, ...]
    submit_anyway: bool = False


@dataclass(frozen=True, slots=True)
class RequestEvidence:
    sides: tuple[Side, ...]
    requirements: tuple[str, ...]
    note: Text | None


@dataclass(frozen=True, slots=True)
class SupplyEvidence:
    """A side's answer to a request for more."""

    request: str
    pieces: tuple[str, ...]
    statement: Text | None
    submit_anyway: bool = False


@dataclass(frozen=True, slots=True)
class ClaimReview:
    """The review of the dispute, or of its open appeal."""


@dataclass(frozen=True, slots=True)
class ReleaseReview:
    pass


@dataclass(frozen=True, slots=True)
class Rule:
    outcome: Outcome
    basis: Basis
    remedy: Remedy | None
    liabilities: tuple[Liability, ...]
    checklist: tuple[Answer, ...]
    invalid_pieces: tuple[str, ...]
    rationale: Text


@dataclass(frozen=True, slots=True)
class ExtendDeadline:
    deadline: str
    due: datetime
    reason: ExtensionReason
    note: Text | None


@dataclass(frozen=True, slots=True)
class FileAppeal:
    grounds: tuple[Ground, ...]
    statement: Text
    pieces: tuple[str, ...]
    accept_dismissal: bool = False
    submit_anyway: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawAppeal:
    appeal: str


@dataclass(frozen=True, slots=True)
class DecideAppeal:
    """`remedy` and `liabilities` are those of the new ruling; none where the appeal is denied."""

    appeal: str
    status: AppealStatus
    outcome: Outcome | None
    remedy: Remedy | None
    liabilities: tuple[Liability, ...]
    checklist: tuple[Answer, ...]
    invalid_pieces: tuple[str, ...]
    rationale: Text


@dataclass(frozen=True, slots=True)
class AskSetAside:
    target: SetAsideTarget
    cause: Cause
    note: Text | None


@dataclass(frozen=True, slots=True)
class AnswerSetAside:
    agreed: bool


@dataclass(frozen=True, slots=True)
class WithdrawDispute:
    note: Text | None


@dataclass(frozen=True, slots=True)
class Close:
    closure: Closure


@dataclass(frozen=True, slots=True)
class Lapse:
    """Carries out what the clock has made true; nothing where nothing is due."""


@dataclass(frozen=True, slots=True)
class AllowForOutage:
    """Gives back the time that an outage took, once a dispute; nothing where it took none."""

    outage: Outage


@dataclass(frozen=True, slots=True)
class PlaceHold:
    cause: HoldCause
    note: Text | None


@dataclass(frozen=True, slots=True)
class LiftHold:
    """By another person than who placed it."""


@dataclass(frozen=True, slots=True)
class Erase:
    """Everything that can be, now."""

    cause: ErasureCause


@dataclass(frozen=True, slots=True)
class EraseDue:
    """What the policy's time is over for, and what was taken back; nothing where nothing is due, or all is held."""


type Command = (
    Open
    | RegisterPiece
    | WithdrawPiece
    | Accept
    | ReportSettlement
    | AnswerSettlement
    | Contest
    | RequestEvidence
    | SupplyEvidence
    | ClaimReview
    | ReleaseReview
    | Rule
    | ExtendDeadline
    | FileAppeal
    | WithdrawAppeal
    | DecideAppeal
    | AskSetAside
    | AnswerSetAside
    | WithdrawDispute
    | Close
    | Lapse
    | AllowForOutage
    | PlaceHold
    | LiftHold
    | Erase
    | EraseDue
)
