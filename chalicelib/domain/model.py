"""What a dispute is. Frozen values; instants are aware UTC with milliseconds; money is integer minor units."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.claim import Money, Order, Remedy, Text
from chalicelib.domain.deadline import Deadline, DeadlineKind
from chalicelib.domain.keeping import Hold, Particulars, TakenBack
from chalicelib.domain.parties import COMPLAINANT, Actor, By, Side
from evidence.model import Verdict
from policies.model import Ground, OnLapse


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """The policy version that a dispute was opened under, pinned by its digest."""

    id: str
    version: int
    digest: str
    zone: str
    """A policy id never changes its zone."""


class Status(StrEnum):
    AWAITING_RESPONSE = "awaiting_response"
    UNDER_REVIEW = "under_review"
    RULED = "ruled"
    FINAL = "final"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """On which occasion a piece is submitted."""

    CLAIM = "claim"
    RESPONSE = "response"
    SUPPLEMENT = "supplement"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class PieceRef:
    """What a dispute itself knows of a piece; the rest is the piece's own."""

    id: str
    party: str
    side: Side
    requirement: str
    stage: Stage
    request: str | None
    registered_at: datetime
    sealed: bool = False


class ResponseKind(StrEnum):
    ACCEPTED = "accepted"
    CONTESTED = "contested"
    INVALID = "invalid"
    """A3: an answer that says nothing, under `decide_at_once`."""


@dataclass(frozen=True, slots=True)
class Response:
    kind: ResponseKind
    at: datetime
    statement: Text | None
    pieces: tuple[str, ...] = ()
    automatic: bool = False
    """A14: contested at the deadline with what had arrived."""
    submit_anyway: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the respondent says it has settled with the complainant; it ends the dispute when confirmed."""

    at: datetime
    statement: Text
    confirmed: bool | None = None
    """None while the complainant hasn't answered."""


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """A15: what the platform asks for in addition, of one side."""

    id: str
    side: Side
    requirements: tuple[str, ...]
    note: Text | None
    asked_at: datetime
    by: By
    until: datetime | None = None
    """The end of its time, running or over."""
    answered_at: datetime | None = None
    lapsed: bool = False
    pieces: tuple[str, ...] = ()
    statement: Text | None = None

    @property
    def open(self) -> bool:
        return self.answered_at is None and not self.lapsed


@dataclass(frozen=True, slots=True)
class Claim:
    """A reviewer holds the review until `expires`, inclusive."""

    reviewer: str
    at: datetime
    expires: datetime


class Outcome(StrEnum):
    FOR_COMPLAINANT = "for_complainant"
    FOR_RESPONDENT = "for_respondent"
    SPLIT = "split"
    NOBODY_AT_FAULT = "nobody_at_fault"


class Basis(StrEnum):
    MERITS = "merits"
    INVALID_EVIDENCE = "invalid_evidence"
    DEFAULT = "default"
    ACCEPTED = "accepted"
    SETTLED = "settled"


DEFAULT_BASES = frozenset({Basis.DEFAULT, Basis.INVALID_EVIDENCE})

"""A4: an appeal against a ruling on one of these fails (B6)."""


@dataclass(frozen=True, slots=True)
class Liability:
    party: str
    money: Money


@dataclass(frozen=True, slots=True)
class Answer:
    """The reviewer's word on one open point of the checklist."""

    requirement: str
    point: str
    met: bool
    side: Side = Side.RESPONDENT
    """Whose evidence."""
    machine: Verdict | None = None
    """What the machine said of it then; None in rulings from before it was kept."""


@dataclass(frozen=True, slots=True)
class Ruling:
    version: int
    outcome: Outcome
    basis: Basis
    remedy: Remedy | None
    liabilities: tuple[Liability, ...]
    at: datetime
    effective_at: datetime
    """When it took effect: a default, at its deadline; any other, when it was made."""
    by: By
    checklist: tuple[Answer, ...] = ()
    invalid_pieces: tuple[str, ...] = ()
    rationale: Text | None = None
    appeal: str | None = None
    """The appeal that made it."""
    set_aside_at: datetime | None = None

    def borne_by(self, party: str) -> int:
        """Minor units."""
        return sum(each.money.amount for each in self.liabilities if each.party == party)


class AppealStatus(StrEnum):
    FILED = "filed"
    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    DENIED = "denied"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


FAILED = frozenset({AppealStatus.DENIED, AppealStatus.DISMISSED})


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed appeal in a respondent's count, in the period in which it counts (B5)."""

    policy: str
    respondent: str
    year: int
    month: int
    at: datetime
    dispute: str
    appeal: str


@dataclass(frozen=True, slots=True)
class Appeal:
    id: str
    party: str
    filed_at: datetime
    filed_by: By
    against: int
    """The version of the ruling."""
    grounds: tuple[Ground, ...]
    statement: Text
    pieces: tuple[str, ...]
    status: AppealStatus = AppealStatus.FILED
    decided_at: datetime | None = None
    decided_by: By | None = None
    rationale: Text | None = None
    checklist: tuple[Answer, ...] = ()
    invalid_pieces: tuple[str, ...] = ()
    counted: Failure | None = None
    set_aside_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.status is AppealStatus.FILED

    @property
    def failed(self) -> bool:
        return self.status in FAILED and self.set_aside_at is None


class SetAsideTarget(StrEnum):
    DEFAULT = "default"
    APPEAL = "appeal"


class Cause(StrEnum):
    """B11: why something is set aside."""

    PLATFORM_FAULT = "platform_fault"
    FORCE_MAJEURE = "force_majeure"
    NEW_FACTS = "new_facts"
    REVIEW_ERROR = "review_error"


@dataclass(frozen=True, slots=True)
class SetAsideRequest:
    """Asked by one person; another one agrees (B11)."""

    id: str
    target: SetAsideTarget
    of: str
    """The version of the ruling, or the appeal."""
    cause: Cause
    note: Text | None
    by: By
    at: datetime


@dataclass(frozen=True, slots=True)
class Closure:
    """The remedy as it was carried out."""

    remedy: Remedy | None
    reference: str
    carried_out_at: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    id: str
    seq: int
    """The number of its latest event; the version that a commit is conditional on."""
    external_id: str
    policy: PolicyRef
    status: Status
    respondent: str
    complainant: str
    order: Order
    reason: str
    requested_remedy: Remedy
    on_lapse: OnLapse
    statement: Text | None
    opened_at: datetime
    updated_at: datetime
    in_default: bool = False
    escalations: int = 0
    deadlines: tuple[Deadline, ...] = ()
    requests: tuple[EvidenceRequest, ...] = ()
    pieces: tuple[PieceRef, ...] = ()
    response: Response | None = None
    settlement: Settlement | None = None
    claim: Claim | None = None
    rulings: tuple[Ruling, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    set_aside: SetAsideRequest | None = None
    closure: Closure | None = None
    response_until: datetime | None = None
    """The end of the latest time to respond, running or over."""
    appeal_window_until: datetime | None = None
    """The end of the latest appeal window, running or over."""
    outages: tuple[str, ...] = ()
    """Those for which it was given time back (B11)."""
    particulars: Text | None = None
    """Where complainant, items and shipments lie apart; None for disputes whose events hold them."""
    confidential: bool = False
    """D2: who complains, only who handles it may know."""
    taken_back: tuple[TakenBack, ...] = ()
    """Withdrawn pieces whose files aren't erased yet."""
    ended_at: datetime | None = None
    """When it became final, or was withdrawn: retention counts from here."""
    hold: Hold | None = None
    images_erased_at: datetime | None = None
    texts_erased_at: datetime | None = None

    @property
    def settlement_pending(self) -> bool:
        return self.settlement is not None and self.settlement.confirmed is None

    @property
    def ruling(self) -> Ruling | None:
        """The one in force, if any (promise A)."""
        last = self.rulings[-1] if self.rulings else None
        return last if last and last.set_aside_at is None else None

    @property
    def open_appeal(self) -> Appeal | None:
        return next((each for each in self.appeals if each.open), None)

    def party_of(self, side: Side) -> str:
        return self.respondent if side is Side.RESPONDENT else self.complainant

    def named(self, side: Side) -> str:
        """What events and deadlines call the party of this side."""
        apart = side is Side.COMPLAINANT and self.particulars is not None
        return COMPLAINANT if apart else self.party_of(side)

    def with_particulars(self, particulars: Particulars) -> "Dispute":
        order = replace(self.order, items=particulars.items, shipments=particulars.shipments)
        return replace(self, complainant=particulars.complainant, order=order)

    @property
    def told(self) -> Particulars:
        """The particulars as far as they are known here: of an erased dispute, nothing."""
        return Particulars(self.complainant, self.order.items, self.order.shipments)

    def without_particulars(self) -> "Dispute":
        """As its events alone tell of it."""
        return self if self.particulars is None else self.with_particulars(Particulars(COMPLAINANT, (), ()))

    def side_of(self, actor: Actor) -> Side | None:
        """The side that the actor belongs to; None for anybody else."""
        if self.respondent in actor.parties:
            return Side.RESPONDENT
        return Side.COMPLAINANT if self.complainant in actor.parties else None

    def deadline(self, kind: DeadlineKind) -> Deadline | None:
        return next((each for each in self.deadlines if each.kind is kind), None)

    def request(self, request_id: str) -> EvidenceRequest | None:
        return next((each for each in self.requests if each.id == request_id), None)

    def piece(self, piece_id: str) -> PieceRef | None:
        return next((each for each in self.pieces if each.id == piece_id), None)

    def pieces_of(self, stage: Stage, request: str | None = None, *, side: Side | None = None) -> tuple[PieceRef, ...]:
        return tuple(
            each
            for each in self.pieces
            if each.stage is stage and each.request == request and side in (None, each.side)
        )
