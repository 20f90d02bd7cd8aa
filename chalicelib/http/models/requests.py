"""What can be asked for, as it comes in; each becomes a command."""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.domain import commands as c
from chalicelib.domain.claim import Direction, Item, Order, Shipment
from chalicelib.domain.deadline import ExtensionReason
from chalicelib.domain.keeping import ErasureCause, HoldCause, Particulars
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
from chalicelib.domain.parties import Side
from chalicelib.domain.ports import Queue
from chalicelib.http.models.common import Amount as AmountIn
from chalicelib.http.models.common import (
    Currency,
    Id,
    In,
    InstantIn,
    Line,
    MoneyIn,
    OutsideId,
    Party,
    PieceIds,
    RemedyIn,
    Slug,
    Writing,
)
from chalicelib.service.texts import TextKeeper
from policies.model import Ground, Medium

type Requirements = Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]
type MediaType = Literal["image/jpeg", "image/png", "image/webp", "application/pdf"]

_CHECKLIST_MAX = 400


class ItemIn(In):
    sku: Line
    title: Line
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    price: MoneyIn


class ShipmentIn(In):
    direction: Direction
    carrier: Line
    waybill_no: Line


class OrderIn(In):
    id: OutsideId
    shop_name: Line
    items: Annotated[tuple[ItemIn, ...], Field(max_length=50)] = ()
    shipments: Annotated[tuple[ShipmentIn, ...], Field(max_length=10)] = ()

    def value(self) -> Order:
        items = tuple(Item(each.sku, each.title, each.quantity, each.price.value()) for each in self.items)
        shipments = tuple(Shipment(each.direction, each.carrier, each.waybill_no) for each in self.shipments)
        return Order(self.id, self.shop_name, items, shipments)


class OpenIn(In):
    external_id: OutsideId
    """Your own id of the claim. It can be used once."""
    respondent: Party
    complainant: Party
    order: OrderIn
    reason: Slug
    """One of the policy's reasons."""
    statement: Writing | None = None
    """What the complainant says."""
    requested_remedy: RemedyIn
    policy: Slug | None = None
    """The id of a policy; without it, the service's default one."""
    confidential: bool = False
    """Who complains, and in which words, is shown to who handles the dispute only, and never to the respondent."""

    def command(self, policy: PolicyRef, texts: TextKeeper) -> c.Open:
        order = self.order.value()
        return c.Open(
            external_id=self.external_id,
            policy=policy,
            respondent=self.respondent,
            complainant=self.complainant,
            order=order,
            reason=self.reason,
            requested_remedy=self.requested_remedy.value(),
            statement=texts.keep_any(self.statement),
            particulars=texts.keep_particulars(Particulars(self.complainant, order.items, order.shipments)),
            confidential=self.confidential,
        )


class RegisterIn(In):
    """A file that will be uploaded (`media_type`), or a statement: one of the two."""

    requirement: Slug
    stage: Stage
    """On which occasion it is submitted; readiness tells which are open."""
    request: Id | None = None
    """The evidence request, where the stage is `supplement`."""
    media_type: MediaType | None = None
    statement: Writing | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "RegisterIn":
        if (self.media_type is None) == (self.statement is None):
            raise PydanticCustomError("one_of_two", "one of two", {"fields": "media_type, statement"})
        return self

    def command(self, texts: TextKeeper) -> c.RegisterPiece:
        return c.RegisterPiece(
            requirement=self.requirement,
            stage=self.stage,
            request=self.request,
            medium=_MEDIA.get(self.media_type, Medium.IMAGE) if self.media_type else Medium.STATEMENT,
            statement=texts.keep_any(self.statement),
        )


_MEDIA = {"application/pdf": Medium.PDF}


class UploadFormIn(In):
    media_type: MediaType


class NothingIn(In):
    """There is nothing to say: send `{}`, or no body."""


class AcceptIn(In):
    statement: Writing | None = None

    def command(self, texts: TextKeeper) -> c.Accept:
        return c.Accept(texts.keep_any(self.statement))


class SettlementIn(In):
    statement: Writing
    """What was agreed with the complainant: when and how you spoke, what was offered and answered."""

    def command(self, texts: TextKeeper) -> c.ReportSettlement:
        return c.ReportSettlement(texts.keep(self.statement))


class SettlementAnswerIn(In):
    confirmed: bool


class ContestIn(In):
    statement: Writing
    pieces: PieceIds
    submit_anyway: bool = False
    """Send it although some point isn't met for certain; a reviewer decides."""

    def command(self, texts: TextKeeper) -> c.Contest:
        return c.Contest(texts.keep(self.statement), self.pieces, self.submit_anyway)


class EvidenceRequestIn(In):
    sides: Annotated[tuple[Side, ...], Field(min_length=1, max_length=2)]
    requirements: Requirements
    note: Writing | None = None

    def command(self, texts: TextKeeper) -> c.RequestEvidence:
        sides = tuple(dict.fromkeys(self.sides))
        return c.RequestEvidence(sides, tuple(dict.fromkeys(self.requirements)), texts.keep_any(self.note))


class SupplyIn(In):
    pieces: PieceIds
    statement: Writing | None = None
    submit_anyway: bool = False

    def command(self, request: str, texts: TextKeeper) -> c.SupplyEvidence:
        return c.SupplyEvidence(request, self.pieces, texts.keep_any(self.statement), self.submit_anyway)


class LiabilityIn(In):
    party: Annotated[str, Field(pattern=r"^(platform|[a-z_]{1,32}:[A-Za-z0-9._-]{1,64})$")]
    amount: AmountIn
    """Minor units, e.g. fen or cents."""
    currency: Currency

    def value(self) -> Liability:
        return Liability(self.party, MoneyIn(amount=self.amount, currency=self.currency).value())


class AnswerIn(In):
    side: Side = Side.RESPONDENT
    requirement: Slug
    point: Slug
    met: bool

    def value(self) -> Answer:
        return Answer(self.requirement, self.point, self.met, self.side)


type Liabilities = Annotated[tuple[LiabilityIn, ...], Field(max_length=10)]
type Checklist = Annotated[tuple[AnswerIn, ...], Field(max_length=_CHECKLIST_MAX)]


class RulingIn(In):
    outcome: Outcome
    basis: Basis
    remedy: RemedyIn | None = None
    """What is awarded; none where it is for the respondent."""
    liabilities: Liabilities = ()
    """They add up to the awarded remedy."""
    checklist: Checklist = ()
    """An answer to each point of …/checklist."""
    invalid_pieces: PieceIds = ()
    rationale: Writing

    def command(self, texts: TextKeeper) -> c.Rule:
        return c.Rule(
            outcome=self.outcome,
            basis=self.basis,
            remedy=self.remedy.value() if self.remedy else None,
            liabilities=tuple(each.value() for each in self.liabilities),
            checklist=tuple(each.value() for each in self.checklist),
            invalid_pieces=self.invalid_pieces,
            rationale=texts.keep(self.rationale),
        )


class ExtensionIn(In):
    deadline: Id
    due: InstantIn
    """The new instant; later than now set, and within the policy's bound."""
    reason: Literal[
        ExtensionReason.PLATFORM_FAULT,
        ExtensionReason.CARRIER_DELAY,
        ExtensionReason.FORCE_MAJEURE,
        ExtensionReason.PARTY_REQUEST,
    ]
    note: Writing | None = None

    def command(self, texts: TextKeeper) -> c.ExtendDeadline:
        return c.ExtendDeadline(self.deadline, self.due, self.reason, texts.keep_any(self.note))


class AppealIn(In):
    grounds: Annotated[tuple[Ground, ...], Field(min_length=1, max_length=2)]
    statement: Writing
    pieces: PieceIds
    accept_dismissal: bool = False
    """File it although it will be dismissed at once, and counts."""
    submit_anyway: bool = False

    def command(self, texts: TextKeeper) -> c.FileAppeal:
        return c.FileAppeal(
            grounds=tuple(dict.fromkeys(self.grounds)),
            statement=texts.keep(self.statement),
            pieces=self.pieces,
            accept_dismissal=self.accept_dismissal,
            submit_anyway=self.submit_anyway,
        )


class AppealDecisionIn(In):
    status: Literal[AppealStatus.GRANTED, AppealStatus.PARTLY_GRANTED, AppealStatus.DENIED, AppealStatus.DISMISSED]
    outcome: Outcome | None = None
    """Of the new ruling, where it is granted."""
    remedy: RemedyIn | None = None
    liabilities: Liabilities = ()
    checklist: Checklist = ()
    invalid_pieces: PieceIds = ()
    rationale: Writing

    def command(self, appeal: str, texts: TextKeeper) -> c.DecideAppeal:
        return c.DecideAppeal(
            appeal=appeal,
            status=self.status,
            outcome=self.outcome,
            remedy=self.remedy.value() if self.remedy else None,
            liabilities=tuple(each.value() for each in self.liabilities),
            checklist=tuple(each.value() for each in self.checklist),
            invalid_pieces=self.invalid_pieces,
            rationale=texts.keep(self.rationale),
        )


class SetAsideIn(In):
    target: SetAsideTarget
    cause: Cause
    note: Writing | None = None

    def command(self, texts: TextKeeper) -> c.AskSetAside:
        return c.AskSetAside(self.target, self.cause, texts.keep_any(self.note))


class AgreementIn(In):
    agreed: bool


class WithdrawalIn(In):
    note: Writing | None = None

    def command(self, texts: TextKeeper) -> c.WithdrawDispute:
        return c.WithdrawDispute(texts.keep_any(self.note))


class ClosureIn(In):
    remedy: RemedyIn | None = None
    """As it was carried out; it must be what was awarded."""
    reference: Line
    """Where it can be looked up, e.g. the refund's number."""
    carried_out_at: InstantIn

    def command(self) -> c.Close:
        return c.Close(Closure(self.remedy.value() if self.remedy else None, self.reference, self.carried_out_at))


class HoldIn(In):
    cause: HoldCause
    note: Writing | None = None

    def command(self, texts: TextKeeper) -> c.PlaceHold:
        return c.PlaceHold(self.cause, texts.keep_any(self.note))


class ErasureIn(In):
    cause: Literal[ErasureCause.PERSON_ASKED, ErasureCause.AUTHORITY_ORDERED, ErasureCause.UNLAWFUL_CONTENT]


class ClaimNextIn(In):
    queue: Queue
