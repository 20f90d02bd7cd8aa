"""What the parties do before a ruling: submit evidence, accept, settle, contest, withdraw (A1 to A3, A14)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import commands as c
from chalicelib.domain import piece as pieces
from chalicelib.domain.case import Case, governing_deadline, side_served
from chalicelib.domain.claim import Text
from chalicelib.domain.deadline import DeadlineKind, Falls
from chalicelib.domain.errors import (
    EvidenceDoubtful,
    EvidenceIncomplete,
    MeaninglessStatement,
    NotFound,
    PieceIsSealed,
    PiecesNotArrived,
    TooManyPieces,
    UnknownPieces,
    UnknownReason,
    UnknownRequirement,
    WrongCurrency,
    WrongMedium,
    WrongParty,
    WrongState,
)
from chalicelib.domain.events import (
    Cleared,
    DisputeOpened,
    DisputeWithdrawn,
    EvidenceRegistered,
    EvidenceSupplied,
    EvidenceWithdrawn,
    Responded,
    SettlementAnswered,
    SettlementReported,
)
from chalicelib.domain.keeping import Particulars
from chalicelib.domain.model import Basis, Outcome, PieceRef, Response, ResponseKind, Stage
from chalicelib.domain.moves import open_stages
from chalicelib.domain.parties import COMPLAINANT, Side
from chalicelib.domain.rulings import conclude, fall, to_review_if_waiting
from evidence.model import Readiness
from policies.calendar import add
from policies.model import EvidenceRule, InvalidResponse, Medium

MOST_OF_A_DISPUTE = 90
"""All pieces of a dispute fit into one BatchGetItem (100 keys) beside the quota items."""

MOST_UNSENT = 38
"""All that isn't sent off yet can be sealed in one transaction (100 items, two a piece) beside everything else."""


def open_(case: Case, command: c.Open) -> None:
    reason = case.policy.reasons.get(command.reason)
    if reason is None:
        raise UnknownReason(reason=command.reason, known=tuple(case.policy.reasons))
    for party, kind in ((command.respondent, case.policy.respondent), (command.complainant, case.policy.complainant)):
        if party.partition(":")[0] != kind:
            raise WrongParty(party=party, kind=kind)
    currency = command.requested_remedy.money.currency
    if currency != case.policy.currency:
        raise WrongCurrency(currency=currency, expected=case.policy.currency)
    apart = command.particulars is not None
    case.record(
        DisputeOpened(
            id=case.facts.new_id(),
            external_id=command.external_id,
            policy=command.policy,
            respondent=command.respondent,
            complainant=COMPLAINANT if apart else command.complainant,
            order=replace(command.order, items=(), shipments=()) if apart else command.order,
            reason=command.reason,
            requested_remedy=command.requested_remedy,
            on_lapse=reason.on_lapse,
            statement=command.statement,
            particulars=command.particulars,
            confidential=command.confidential,
        )
    )
    case.disclose(Particulars(command.complainant, command.order.items, command.order.shipments))
    case.set_deadline(DeadlineKind.RESPONSE, command.respondent, reason.respond_within, Falls.DEFAULT)


def wanted(case: Case, stage: Stage, request: str | None) -> EvidenceRule:
    """Which requirements this occasion asks for."""
    match stage:
        case Stage.CLAIM:
            return case.reason.complainant
        case Stage.RESPONSE:
            return case.reason.respondent
        case Stage.APPEAL:
            return case.policy.appeal.key_evidence
        case Stage.SUPPLEMENT:
            asked = case.dispute.request(request) if request else None
            if asked is None:
                raise NotFound
            return EvidenceRule(all_of=asked.requirements)


def register_piece(case: Case, command: c.RegisterPiece) -> None:
    dispute, side = case.dispute, side_served(case.dispute, case.facts.actor)
    if side is None:
        raise NotFound
    if (command.stage, command.request) not in open_stages(dispute, side):
        raise WrongState(action="register_evidence", status=dispute.status)
    _check_wanted(case, command)
    _check_room(case, dispute.pieces_of(command.stage, command.request, side=side))
    if command.inspection and command.inspection.defect:
        raise MeaninglessStatement(defect=command.inspection.defect.code)
    _register(case, command, side)


def _check_room(case: Case, of_submission: tuple[PieceRef, ...]) -> None:
    everything, limit = case.dispute.pieces, case.policy.files.max_pieces
    held: tuple[tuple[Sequence[object], int, str], ...] = (
        ([each for each in of_submission if not each.sealed], limit, "a_submission"),
        ([each for each in everything if not each.sealed], MOST_UNSENT, "unsent"),
        ((*everything, *case.dispute.taken_back), MOST_OF_A_DISPUTE, "a_dispute"),
    )
    for refs, most, of in held:
        if len(refs) >= most:
            raise TooManyPieces(limit=most, of=of)


def _check_wanted(case: Case, command: c.RegisterPiece) -> None:
    ids = wanted(case, command.stage, command.request).ids
    if command.requirement not in ids:
        raise UnknownRequirement(requirement=command.requirement, wanted=ids)
    media = case.policy.requirements[command.requirement].media
    if command.medium not in media:
        raise WrongMedium(requirement=command.requirement, medium=command.medium, accepted=tuple(media))


def _register(case: Case, command: c.RegisterPiece, side: Side) -> None:
    dispute, piece_id = case.dispute, case.facts.new_id()
    party = dispute.named(side)
    case.track(
        None,
        pieces.PieceRegistered(
            id=piece_id,
            dispute=dispute.id,
            party=party,
            side=side,
            requirement=command.requirement,
            stage=command.stage,
            request=command.request,
            arrive_by=_arrive_by(case, command),
            key=None
            if command.medium is Medium.STATEMENT
            else f"uploads/{dispute.id}/{piece_id}/{case.facts.new_id()}",
            statement=command.statement,
            inspection=command.inspection,
        ),
    )
    ref = PieceRef(piece_id, party, side, command.requirement, command.stage, command.request, case.now)
    case.record(EvidenceRegistered(ref))


def _arrive_by(case: Case, command: c.RegisterPiece) -> datetime:
    """A5. Where no deadline binds (a claim's evidence, an appeal's while it is mended): as long as a supplement has."""
    running = governing_deadline(case.dispute, command.stage, command.request)
    free = add(case.at, case.policy.supplement.within, case.policy.zone)
    if running is None:
        return free
    due = running.due + case.grace
    return max(due, free) if command.stage is Stage.APPEAL and case.dispute.open_appeal else due


def withdraw_piece(case: Case, command: c.WithdrawPiece) -> None:
    ref = case.dispute.piece(command.piece)
    if ref is None or ref.side is not side_served(case.dispute, case.facts.actor):
        raise NotFound
    if ref.sealed:
        raise PieceIsSealed(piece=ref.id)
    piece = case.pieces[ref.id].now
    case.track(piece, pieces.withdraw(piece))
    case.record(EvidenceWithdrawn(ref.id))


def accept(case: Case, command: c.Accept) -> None:
    """The respondent agrees with the claim: the requested remedy, at its cost, at once final."""
    case.record(Responded(Response(ResponseKind.ACCEPTED, case.at, command.statement)))
    remedy = case.dispute.requested_remedy
    conclude(case, Outcome.FOR_COMPLAINANT, Basis.ACCEPTED, remedy)


def report_settlement(case: Case, command: c.ReportSettlement) -> None:
    _require_meaning(case)
    case.record(SettlementReported(command.statement))
    case.clear(Cleared.KEPT, DeadlineKind.RESPONSE)
    case.set_deadline(
        DeadlineKind.SETTLEMENT_CONFIRMATION,
        case.dispute.named(Side.COMPLAINANT),
        case.policy.settlement.confirm_within,
        Falls.REVIEW,
    )


def answer_settlement(case: Case, command: c.AnswerSettlement) -> None:
    """Confirmed, it ends the dispute and nobody is at fault; denied, a reviewer looks at it."""
    case.record(SettlementAnswered(command.confirmed))
    case.clear(Cleared.KEPT, DeadlineKind.SETTLEMENT_CONFIRMATION)
    if command.confirmed:
        conclude(case, Outcome.NOBODY_AT_FAULT, Basis.SETTLED, None)
    else:
        to_review_if_waiting(case)


def contest(case: Case, command: c.Contest) -> None:
    """A3, A14: only what is missing, unusable or meaningless blocks; what is doubtful can be sent all the same."""
    refs = named(case, command.pieces, Stage.RESPONSE, None)
    standing = case.standing(case.reason.respondent, refs)
    at_once = case.policy.response.invalid_response is InvalidResponse.DECIDE_AT_ONCE
    if at_once and (case.facts.statement_defect or not standing.complete):
        require_here(case, refs)
        _invalid(case, command)
        return
    _require_meaning(case)
    require_ready(standing, submit_anyway=command.submit_anyway)
    require_here(case, refs)
    contested(case, command.pieces, command.statement, submit_anyway=command.submit_anyway)


def contested(
    case: Case, ids: tuple[str, ...], statement: Text | None, *, submit_anyway: bool = False, automatic: bool = False
) -> None:
    response = Response(ResponseKind.CONTESTED, case.at, statement, ids, automatic, submit_anyway)
    case.record(Responded(response))
    case.seal(ids)
    case.clear(Cleared.LAPSED if automatic else Cleared.KEPT, DeadlineKind.RESPONSE)
    to_review_if_waiting(case)


def _invalid(case: Case, command: c.Contest) -> None:
    case.record(Responded(Response(ResponseKind.INVALID, case.at, command.statement, command.pieces)))
    case.seal(command.pieces)
    case.clear(Cleared.KEPT, DeadlineKind.RESPONSE)
    fall(case, Basis.INVALID_EVIDENCE)


def named(case: Case, ids: tuple[str, ...], stage: Stage, request: str | None) -> tuple[PieceRef, ...]:
    """The pieces of this occasion that the caller names; raises UnknownPieces for any other."""
    side = side_served(case.dispute, case.facts.actor)
    own = {each.id: each for each in case.dispute.pieces_of(stage, request, side=side)}
    unknown = tuple(each for each in ids if each not in own)
    if unknown or len(set(ids)) < len(ids):
        raise UnknownPieces(pieces=unknown or ids)
    return tuple(own[each] for each in ids)


def require_ready(standing: Readiness, *, submit_anyway: bool) -> None:
    if not standing.complete:
        raise EvidenceIncomplete(blocking=tuple(each.requirement for each in standing.blocking))
    if standing.doubtful and not submit_anyway:
        raise EvidenceDoubtful(doubtful=tuple(each.requirement for each in standing.doubtful))


def require_here(case: Case, refs: tuple[PieceRef, ...]) -> None:
    """What is sent off is here: nothing that counts arrives afterwards (promise D)."""
    here = case.in_time(refs)
    if len(here) < len(refs):
        raise PiecesNotArrived(pieces=tuple(each.id for each in refs if each not in here))


def _require_meaning(case: Case) -> None:
    if case.facts.statement_defect:
        raise MeaninglessStatement(defect=case.facts.statement_defect.code)


def supply_evidence(case: Case, command: c.SupplyEvidence) -> None:
    """A15: a side sends what the platform asked for in addition."""
    asked = case.dispute.request(command.request)
    if asked is None or asked.side is not side_served(case.dispute, case.facts.actor):
        raise NotFound
    if not asked.open:
        raise WrongState(action="supply_evidence", status=case.dispute.status)
    refs = named(case, command.pieces, Stage.SUPPLEMENT, asked.id)
    _require_meaning(case)
    standing = case.standing(EvidenceRule(all_of=asked.requirements), refs)
    require_ready(standing, submit_anyway=command.submit_anyway)
    require_here(case, refs)
    supplied(case, asked.id, command.pieces, command.statement)


def supplied(
    case: Case, request: str, ids: tuple[str, ...], statement: Text | None, *, why: Cleared = Cleared.KEPT
) -> None:
    case.record(EvidenceSupplied(request, ids, statement))
    case.seal(ids)
    case.clear(why, DeadlineKind.SUPPLEMENT, request=request)
    to_review_if_waiting(case)


def withdraw_dispute(case: Case, command: c.WithdrawDispute) -> None:
    case.record(DisputeWithdrawn(command.note))
    case.clear_all()
