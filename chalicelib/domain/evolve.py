"""The dispute after an event. The state is always the fold of its events; nothing here refuses anything."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypedDict, assert_never

from chalicelib.domain.claim import Order
from chalicelib.domain.deadline import Deadline, DeadlineKind
from chalicelib.domain.events import (
    AppealDecided,
    AppealFiled,
    AppealSetAside,
    AppealWithdrawn,
    DeadlineCleared,
    DeadlineExtended,
    DeadlineSet,
    Defaulted,
    DefaultSetAside,
    DisputeClosed,
    DisputeOpened,
    DisputeWithdrawn,
    Erased,
    EvidenceRegistered,
    EvidenceRequested,
    EvidenceRequestLapsed,
    EvidenceSealed,
    EvidenceSupplied,
    EvidenceWithdrawn,
    Finalised,
    HoldLifted,
    HoldPlaced,
    OutageAllowed,
    Recorded,
    Responded,
    ReviewClaimed,
    ReviewEscalated,
    ReviewReleased,
    Ruled,
    SentToReview,
    SetAsideAsked,
    SetAsideDeclined,
    SettlementAnswered,
    SettlementReported,
)
from chalicelib.domain.keeping import Erasable, Hold, TakenBack
from chalicelib.domain.model import (
    Appeal,
    AppealStatus,
    Claim,
    Closure,
    Dispute,
    EvidenceRequest,
    PieceRef,
    Response,
    Ruling,
    SetAsideRequest,
    Settlement,
    Status,
)


class _Changes(TypedDict, total=False):
    """What an event changes of a dispute, beside its number and its instant: all in one go."""

    complainant: str
    order: Order
    status: Status
    in_default: bool
    escalations: int
    deadlines: tuple[Deadline, ...]
    requests: tuple[EvidenceRequest, ...]
    pieces: tuple[PieceRef, ...]
    response: Response | None
    settlement: Settlement | None
    claim: Claim | None
    rulings: tuple[Ruling, ...]
    appeals: tuple[Appeal, ...]
    set_aside: SetAsideRequest | None
    closure: Closure | None
    response_until: datetime | None
    appeal_window_until: datetime | None
    outages: tuple[str, ...]
    taken_back: tuple[TakenBack, ...]
    ended_at: datetime | None
    hold: Hold | None
    images_erased_at: datetime | None
    texts_erased_at: datetime | None


def evolve(dispute: Dispute | None, recorded: Recorded) -> Dispute:
    """The dispute after the event; None before the first one, which opens it."""
    event = recorded.event
    if isinstance(event, DisputeOpened):
        return _opened(event, recorded)
    if dispute is None:
        raise ValueError(f"a dispute begins with its opening, not with {type(event).__name__}")
    return replace(dispute, seq=recorded.seq, updated_at=recorded.at, **_changes(dispute, recorded))


def fold(recorded: Iterable[Recorded]) -> Dispute | None:
    dispute: Dispute | None = None
    for each in recorded:
        dispute = evolve(dispute, each)
    return dispute


def _opened(event: DisputeOpened, recorded: Recorded) -> Dispute:
    return Dispute(
        id=event.id,
        seq=recorded.seq,
        external_id=event.external_id,
        policy=event.policy,
        status=Status.AWAITING_RESPONSE,
        respondent=event.respondent,
        complainant=event.complainant,
        order=event.order,
        reason=event.reason,
        requested_remedy=event.requested_remedy,
        on_lapse=event.on_lapse,
        statement=event.statement,
        particulars=event.particulars,
        confidential=event.confidential,
        opened_at=recorded.at,
        updated_at=recorded.at,
    )


def _changes(dispute: Dispute, recorded: Recorded) -> _Changes:  # noqa: C901, PLR0911, PLR0912 - one line an event
    event = recorded.event
    match event:
        case DisputeOpened():
            raise ValueError("a dispute is opened once")
        case DeadlineSet(deadline):
            return _bounded(dispute, (*dispute.deadlines, deadline))
        case DeadlineCleared():
            return _Changes(deadlines=tuple(each for each in dispute.deadlines if each.id != event.deadline))
        case DeadlineExtended():
            return _bounded(dispute, tuple(_extended(each, event) for each in dispute.deadlines))
        case EvidenceRegistered(piece):
            return _Changes(pieces=(*dispute.pieces, piece))
        case EvidenceWithdrawn(piece_id):
            left = tuple(each for each in dispute.pieces if each.id != piece_id)
            return _Changes(pieces=left, taken_back=(*dispute.taken_back, TakenBack(piece_id, recorded.at)))
        case EvidenceSealed(ids):
            sealed = tuple(replace(each, sealed=each.sealed or each.id in ids) for each in dispute.pieces)
            return _Changes(pieces=sealed)
        case Responded(response):
            return _Changes(response=response)
        case SettlementReported(statement):
            return _Changes(settlement=Settlement(recorded.at, statement))
        case SettlementAnswered():
            settlement = dispute.settlement and replace(dispute.settlement, confirmed=event.confirmed)
            return _Changes(settlement=settlement)
        case Defaulted():
            return _Changes(in_default=True)
        case SentToReview():
            return _Changes(status=Status.UNDER_REVIEW)
        case EvidenceRequested(request):
            return _Changes(requests=(*dispute.requests, request))
        case EvidenceSupplied() | EvidenceRequestLapsed():
            return _Changes(requests=tuple(_answered(each, recorded) for each in dispute.requests))
        case ReviewClaimed(claim):
            return _Changes(claim=claim)
        case ReviewReleased():
            return _Changes(claim=None)
        case ReviewEscalated():
            return _Changes(escalations=dispute.escalations + 1)
        case Ruled(ruling):
            return _Changes(status=Status.RULED, rulings=(*dispute.rulings, ruling), claim=None, escalations=0)
        case AppealFiled(appeal):
            return _Changes(appeals=(*dispute.appeals, appeal))
        case AppealWithdrawn() | AppealDecided() | AppealSetAside():
            appeals = tuple(_appeal_after(each, recorded) for each in dispute.appeals)
            ended = not isinstance(event, AppealSetAside)
            return _Changes(
                appeals=appeals,
                claim=None if ended else dispute.claim,
                escalations=0 if ended else dispute.escalations,
                set_aside=dispute.set_aside if ended else None,
            )
        case SetAsideAsked(asked):
            return _Changes(set_aside=asked)
        case SetAsideDeclined():
            return _Changes(set_aside=None)
        case DefaultSetAside():
            return _default_set_aside(dispute, recorded)
        case OutageAllowed(outage):
            return _Changes(outages=(*dispute.outages, outage))
        case DisputeWithdrawn():
            return _Changes(status=Status.WITHDRAWN, claim=None, set_aside=None, ended_at=recorded.at)
        case Finalised():
            return _Changes(status=Status.FINAL, claim=None, set_aside=None, ended_at=recorded.at)
        case DisputeClosed(closure):
            return _Changes(status=Status.CLOSED, closure=closure)
        case HoldPlaced(hold):
            return _Changes(hold=hold)
        case HoldLifted():
            return _Changes(hold=None)
        case Erased():
            return _erased(dispute, event, recorded)
        case _:
            assert_never(event)


def _bounded(dispute: Dispute, deadlines: tuple[Deadline, ...]) -> _Changes:
    """Remembers how long each submission had: what came in time did so for good, whatever becomes of the deadline."""
    due = {(each.kind, each.request): each.due for each in reversed(deadlines)}
    requests = tuple(
        replace(each, until=due.get((DeadlineKind.SUPPLEMENT, each.id), each.until)) for each in dispute.requests
    )
    return _Changes(
        deadlines=deadlines,
        response_until=due.get((DeadlineKind.RESPONSE, None), dispute.response_until),
        appeal_window_until=due.get((DeadlineKind.APPEAL_WINDOW, None), dispute.appeal_window_until),
        requests=requests,
    )


def _extended(deadline: Deadline, event: DeadlineExtended) -> Deadline:
    if deadline.id != event.deadline:
        return deadline
    extension = event.extension
    return replace(deadline, due=extension.due_after, extensions=(*deadline.extensions, extension))


def _answered(request: EvidenceRequest, recorded: Recorded) -> EvidenceRequest:
    match recorded.event:
        case EvidenceSupplied(request.id, pieces, statement):
            return replace(request, answered_at=recorded.at, pieces=pieces, statement=statement)
        case EvidenceRequestLapsed(request.id):
            return replace(request, lapsed=True)
        case _:
            return request


def _appeal_after(appeal: Appeal, recorded: Recorded) -> Appeal:
    match recorded.event:
        case AppealWithdrawn(appeal.id):
            return replace(appeal, status=AppealStatus.WITHDRAWN, decided_at=recorded.at, decided_by=recorded.by)
        case AppealDecided(appeal.id, status, rationale, checklist, invalid_pieces, counted):
            return replace(
                appeal,
                status=status,
                decided_at=recorded.at,
                decided_by=recorded.by,
                rationale=rationale,
                checklist=checklist,
                invalid_pieces=invalid_pieces,
                counted=counted,
            )
        case AppealSetAside(_, appeal.id, _):
            return replace(appeal, set_aside_at=recorded.at, counted=None)
        case _:
            return appeal


def _erased(dispute: Dispute, event: Erased, recorded: Recorded) -> _Changes:
    images, texts = Erasable.IMAGES in event.what, Erasable.TEXTS in event.what
    told = dispute.without_particulars() if texts else dispute
    return _Changes(
        complainant=told.complainant,
        order=told.order,
        images_erased_at=recorded.at if images else dispute.images_erased_at,
        texts_erased_at=recorded.at if texts else dispute.texts_erased_at,
        taken_back=tuple(each for each in dispute.taken_back if each.piece not in event.pieces),
    )


def _default_set_aside(dispute: Dispute, recorded: Recorded) -> _Changes:
    """B11: back to awaiting the response, as if the deadline hadn't lapsed; the record of it stays."""
    rulings = tuple(
        replace(each, set_aside_at=recorded.at) if each is dispute.ruling else each for each in dispute.rulings
    )
    return _Changes(
        status=Status.AWAITING_RESPONSE,
        in_default=False,
        response=None,
        settlement=None,
        claim=None,
        rulings=rulings,
        appeal_window_until=None,
        set_aside=None,
    )
