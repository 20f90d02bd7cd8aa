"""A dispute as it is shown. Parties see the role of who acted, staff who it was; `null` where there is nothing."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.claim import Direction
from chalicelib.domain.deadline import DeadlineKind, ExtensionReason, Falls
from chalicelib.domain.keeping import HoldCause
from chalicelib.domain.model import AppealStatus, Basis, Cause, Outcome, ResponseKind, SetAsideTarget, Stage, Status
from chalicelib.domain.parties import Role, Side
from chalicelib.http.models.common import Instant, LocalInstant, MoneyOut, Out, RemedyOut, TextOut, TextRef
from evidence.model import Verdict
from policies.model import Ground, OnLapse, Unit

type Written = TextOut | TextRef


class ByOut(Out):
    role: Role
    id: str | None
    """Shown to staff."""


class ItemOut(Out):
    sku: str
    title: str
    quantity: int
    price: MoneyOut


class ShipmentOut(Out):
    direction: Direction
    carrier: str
    waybill_no: str


class OrderOut(Out):
    id: str
    shop_name: str
    items: tuple[ItemOut, ...]
    shipments: tuple[ShipmentOut, ...]


class PolicyRefOut(Out):
    id: str
    version: int
    digest: str


class TermOut(Out):
    count: int
    unit: Unit


class ExtensionOut(Out):
    at: Instant
    by: ByOut
    due_before: Instant
    due_after: Instant
    reason: ExtensionReason
    note: Written | None
    """Shown to staff."""
    outage: str | None
    """The outage that it makes up for."""


class DeadlineOut(Out):
    """The instant by which a party must act, and why it is that one. At it is in time; a millisecond later is late."""

    id: str
    kind: DeadlineKind
    party: str
    """The respondent, `complainant`, `reviewer` or `appeal_reviewer`."""
    due: Instant
    due_local: LocalInstant
    zone: str
    started_at: Instant
    started_by: str
    """The event that set it off."""
    term: TermOut
    falls: Falls
    """What falls if it lapses."""
    extensions: tuple[ExtensionOut, ...]
    request: str | None
    """The evidence request that it is for."""
    past_due: bool


class PieceRefOut(Out):
    id: str
    side: Side
    requirement: str
    stage: Stage
    request: str | None
    registered_at: Instant
    sealed: bool
    """It was sent off: it counts, and can't be withdrawn."""


class ResponseOut(Out):
    kind: ResponseKind
    at: Instant
    statement: Written | None
    pieces: tuple[str, ...]
    automatic: bool
    """Contested at the deadline with what had arrived."""
    submit_anyway: bool


class SettlementOut(Out):
    at: Instant
    statement: Written
    confirmed: bool | None
    """null while the complainant hasn't answered."""


class EvidenceRequestOut(Out):
    id: str
    side: Side
    requirements: tuple[str, ...]
    note: Written | None
    asked_at: Instant
    until: Instant | None
    """The end of its time, running or over."""
    by: ByOut
    answered_at: Instant | None
    lapsed: bool
    pieces: tuple[str, ...]
    statement: Written | None


class ClaimOut(Out):
    reviewer: str
    at: Instant
    expires: Instant


class LiabilityOut(Out):
    party: str
    amount: int
    """Minor units, e.g. fen or cents."""
    currency: str


class AnswerOut(Out):
    side: Side
    requirement: str
    point: str
    met: bool
    machine: Verdict | None
    """What the machine said of it when the reviewer answered."""


class RulingOut(Out):
    version: int
    outcome: Outcome
    basis: Basis
    remedy: RemedyOut | None
    liabilities: tuple[LiabilityOut, ...]
    at: Instant
    effective_at: Instant
    by: ByOut
    checklist: tuple[AnswerOut, ...]
    invalid_pieces: tuple[str, ...]
    rationale: Written | None
    appeal: str | None
    """The appeal that made it."""
    set_aside_at: Instant | None
    in_force: bool


class AppealOut(Out):
    id: str
    party: str
    filed_at: Instant
    filed_by: ByOut
    against: int
    """The version of the ruling."""
    grounds: tuple[Ground, ...]
    statement: Written | None
    """Not shown to the complainant."""
    pieces: tuple[str, ...]
    status: AppealStatus
    decided_at: Instant | None
    decided_by: ByOut | None
    rationale: Written | None
    checklist: tuple[AnswerOut, ...]
    invalid_pieces: tuple[str, ...]
    counted_in: str | None
    """The month in which it counts as a failure, e.g. 2026-11; not shown to the complainant."""
    set_aside_at: Instant | None


class SetAsideOut(Out):
    id: str
    target: SetAsideTarget
    cause: Cause
    note: Written | None
    by: ByOut
    at: Instant


class HoldOut(Out):
    """Nothing is erased while it stands."""

    cause: HoldCause
    note: Written | None
    by: ByOut
    at: Instant


class ClosureOut(Out):
    remedy: RemedyOut | None
    reference: str
    carried_out_at: Instant


class AllowedActionOut(Out):
    action: str
    by: Instant | None
    """The deadline for it, if there is one."""
    by_local: LocalInstant | None


class DisputeOut(Out):
    id: str
    version: int
    """The number of its latest event; as ETag, "<version>"."""
    external_id: str
    policy: PolicyRefOut
    status: Status
    respondent: str
    complainant: str | None
    """null where the dispute is confidential and you don't handle it, and once it has been erased."""
    confidential: bool
    order: OrderOut
    reason: str
    requested_remedy: RemedyOut
    on_lapse: OnLapse
    statement: Written | None
    opened_at: Instant
    updated_at: Instant
    in_default: bool
    escalations: int
    allowed_actions: tuple[AllowedActionOut, ...]
    """What you may do now."""
    due_at: Instant | None
    """Your next deadline; where you have none, the next one of anybody."""
    due_at_local: LocalInstant | None
    due_party: str | None
    zone: Annotated[str, Field(examples=["Asia/Shanghai"])]
    past_due: bool
    """That deadline has passed; what falls is carried out within two sweeps."""
    server_time: Instant
    deadlines: tuple[DeadlineOut, ...]
    evidence_requests: tuple[EvidenceRequestOut, ...]
    pieces: tuple[PieceRefOut, ...]
    response: ResponseOut | None
    settlement: SettlementOut | None
    claim: ClaimOut | None
    """Shown to staff."""
    rulings: tuple[RulingOut, ...]
    appeals: tuple[AppealOut, ...]
    appeal_window_until: Instant | None
    set_aside: SetAsideOut | None
    """What waits for a second person; shown to staff."""
    closure: ClosureOut | None
    hold: HoldOut | None
    """Shown to staff."""
    images_erased_at: Instant | None
    """Since when the files, and all that was made of them, can't be had any more."""
    texts_erased_at: Instant | None
    """Likewise what was written, who complained, and what of the order is personal."""
