"""The dispute after an event. The state is always the fold of its events; nothing here refuses anything."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

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
from chalicelib.domain.keeping import Erasable, TakenBack
from chalicelib.domain.model import Appeal, AppealStatus, Dispute, EvidenceRequest, Settlement, Status


def evolve(dispute: Dispute | None, recorded: Recorded) -> Dispute:
    """The dispute after the event; None before the first one, which opens it."""
    event = recorded.event
    if isinstance(event, DisputeOpened):
        return _opened(event, recorded)
    if dispute is None:
        raise ValueError(f"a dispute begins with its opening, not with {type(event).__name__}")
    return _after(replace(dispute, seq=recorded.seq, updated_at=recorded.at), recorded)


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


def _after(dispute: Dispute, recorded: Recorded) -> Dispute:  # noqa: C901, PLR0911, PLR0912 - one line an event
    event = recorded.event
    match event:
        case DisputeOpened():
            raise ValueError("a dispute is opened once")
        case DeadlineSet(deadline):
            return _bounded(replace(dispute, deadlines=(*dispute.deadlines, deadline)))
        case DeadlineCleared():
            return replace(dispute, deadlines=tuple(each for each in dispute.deadlines if each.id != event.deadline))
        case DeadlineExtended():
            return _bounded(replace(dispute, deadlines=tuple(_extended(each, event) for each in dispute.deadlines)))
        case EvidenceRegistered(piece):
            return replace(dispute, pieces=(*dispute.pieces, piece))
        case EvidenceWithdrawn(piece_id):
            left = tuple(each for each in dispute.pieces if each.id != piece_id)
            return replace(dispute, pieces=left, taken_back=(*dispute.taken_back, TakenBack(piece_id, recorded.at)))
        case EvidenceSealed(ids):
            sealed = tuple(replace(each, sealed=each.sealed or each.id in ids) for each in dispute.pieces)
            return replace(dispute, pieces=sealed)
        case Responded(response):
            return replace(dispute, response=response)
        case SettlementReported(statement):
            return replace(dispute, settlement=Settlement(recorded.at, statement))
        case SettlementAnswered():
            settlement = dispute.settlement and replace(dispute.settlement, confirmed=event.confirmed)
            return replace(dispute, settlement=settlement)
        case Defaulted():
            return replace(dispute, in_default=True)
        case SentToReview():
            return replace(dispute, status=Status.UNDER_REVIEW)
        case EvidenceRequested(request):
            return replace(dispute, requests=(*dispute.requests, request))
        case EvidenceSupplied() | EvidenceRequestLapsed():
            return replace(dispute, requests=tuple(_answered(each, recorded) for each in dispute.requests))
        case ReviewClaimed(claim):
            return replace(dispute, claim=claim)
        case ReviewReleased():
            return replace(dispute, claim=None)
        case ReviewEscalated():
            return replace(dispute, escalations=dispute.escalations + 1)
        case Ruled(ruling):
            return replace(dispute, status=Status.RULED, rulings=(*dispute.rulings, ruling), claim=None, escalations=0)
        case AppealFiled(appeal):
            return replace(dispute, appeals=(*dispute.appeals, appeal))
        case AppealWithdrawn() | AppealDecided() | AppealSetAside():
            appeals = tuple(_appeal_after(each, recorded) for each in dispute.appeals)
            ended = not isinstance(event, AppealSetAside)
            return replace(
                dispute,
                appeals=appeals,
                claim=None if ended else dispute.claim,
                escalations=0 if ended else dispute.escalations,
                set_aside=dispute.set_aside if ended else None,
            )
        case SetAsideAsked(asked):
            return replace(dispute, set_aside=asked)
        case SetAsideDeclined():
            return replace(dispute, set_aside=None)
        case DefaultSetAside():
            return _default_set_aside(dispute, recorded)
        case OutageAllowed(outage):
            return replace(dispute, outages=(*dispute.outages, outage))
        case DisputeWithdrawn():
            return replace(dispute, status=Status.WITHDRAWN, claim=None, set_aside=None, ended_at=recorded.at)
        case Finalised():
            return replace(dispute, status=Status.FINAL, claim=None, set_aside=None, ended_at=recorded.at)
        case DisputeClosed(closure):
            return replace(dispute, status=Status.CLOSED, closure=closure)
        case HoldPlaced(hold):
            return replace(dispute, hold=hold)
        case HoldLifted():
            return replace(dispute, hold=None)
        case Erased():
            return _erased(dispute, event, recorded)
        case _:
            assert_never(event)


def _bounded(dispute: Dispute) -> Dispute:
    """Remembers how long each submission had: what came in time did so for good, whatever becomes of the deadline."""
    response, window = dispute.deadline(DeadlineKind.RESPONSE), dispute.deadline(DeadlineKind.APPEAL_WINDOW)
    due = {each.request: each.due for each in dispute.deadlines if each.kind is DeadlineKind.SUPPLEMENT}
    return replace(
        dispute,
        response_until=response.due if response else dispute.response_until,
        appeal_window_until=window.due if window else dispute.appeal_window_until,
        requests=tuple(replace(each, until=due.get(each.id, each.until)) for each in dispute.requests),
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


def _erased(dispute: Dispute, event: Erased, recorded: Recorded) -> Dispute:
    images, texts = Erasable.IMAGES in event.what, Erasable.TEXTS in event.what
    return replace(
        dispute.without_particulars() if texts else dispute,
        images_erased_at=recorded.at if images else dispute.images_erased_at,
        texts_erased_at=recorded.at if texts else dispute.texts_erased_at,
        taken_back=tuple(each for each in dispute.taken_back if each.piece not in event.pieces),
    )


def _default_set_aside(dispute: Dispute, recorded: Recorded) -> Dispute:
    """B11: back to awaiting the response, as if the deadline hadn't lapsed; the record of it stays."""
    rulings = tuple(
        replace(each, set_aside_at=recorded.at) if each is dispute.ruling else each for each in dispute.rulings
    )
    return replace(
        dispute,
        status=Status.AWAITING_RESPONSE,
        in_default=False,
        response=None,
        settlement=None,
        claim=None,
        rulings=rulings,
        appeal_window_until=None,
        set_aside=None,
    )
