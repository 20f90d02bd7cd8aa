"""decide(dispute, command, facts, now) -> what happens. Pure: every rule is behind this one function.

A deadline binds by the clock. The late party's command is refused although nothing has been swept; anybody else's is
decided with the passed deadlines carried out first, in the same commit (A5).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain import appeals, quota, responses, retention, reviews, rulings, setting_aside
from chalicelib.domain import commands as c
from chalicelib.domain.allowing import allow
from chalicelib.domain.appeals import Eligibility
from chalicelib.domain.case import Case, Facts, PieceTrack
from chalicelib.domain.deadline import Deadline, DeadlineKind
from chalicelib.domain.errors import DeadlinePassed
from chalicelib.domain.events import Recorded
from chalicelib.domain.lapses import lapse_passed
from chalicelib.domain.model import Dispute, Stage
from chalicelib.domain.moves import MOVES, check, check_who
from chalicelib.domain.quota import QuotaChange


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command comes to: the dispute after it, and everything that one commit has to write."""

    dispute: Dispute
    events: tuple[Recorded, ...]
    pieces: tuple[PieceTrack, ...]
    quota: tuple[QuotaChange, ...]


def decide(dispute: Dispute | None, command: c.Command, facts: Facts, now: datetime) -> Decision:
    """Raises a Refusal (domain.errors) where the rules don't allow it. No events: there was nothing to do."""
    case = Case(dispute, facts, now)
    if isinstance(command, c.Open):
        responses.open_(case, command)
    elif isinstance(command, c.Lapse | c.AllowForOutage | c.EraseDue):
        check_who(case.dispute, command, facts.actor)
        _BY_THE_CLOCK[type(command)](case, command)
    else:
        check_who(case.dispute, command, facts.actor)
        _refuse_late(case, command)
        lapse_passed(case)
        check(case.dispute, command, facts.actor)
        _DECIDE[type(command)](case, command)
    touched = tuple(each for each in case.pieces.values() if each.events)
    events = tuple(case.events)
    return Decision(case.dispute, events, touched, quota.changes(case.dispute, events, facts.in_force))


def may_appeal(dispute: Dispute, facts: Facts, now: datetime) -> Eligibility:
    """B12: the answer that filing would get now, asked beforehand, with all the key evidence that is there."""
    case = Case(dispute, facts, now)
    lapse_passed(case)
    refs = case.in_time(case.dispute.pieces_of(Stage.APPEAL))
    return appeals.eligibility(case, refs, accept_dismissal=False, submit_anyway=False)


def _refuse_late(case: Case, command: c.Command) -> None:
    for deadline in _answered_by(case.dispute, command):
        if deadline.passed(case.now):
            raise DeadlinePassed(kind=deadline.kind, due=deadline.due, now=case.now)


def _answered_by(dispute: Dispute, command: c.Command) -> tuple[Deadline, ...]:
    """The running deadlines that this command would have to keep."""
    match command:
        case c.RegisterPiece(stage=Stage.RESPONSE):
            kind, request = DeadlineKind.RESPONSE, None
        case c.RegisterPiece(stage=Stage.SUPPLEMENT, request=request) | c.SupplyEvidence(request=request):
            kind = DeadlineKind.SUPPLEMENT
        case c.RegisterPiece() | c.WithdrawPiece() | c.Open():
            return ()
        case _:
            declared = MOVES[type(command)].deadline
            if declared is None:
                return ()
            kind, request = declared, None
    return tuple(each for each in dispute.deadlines if each.kind is kind and each.request == request)


_DECIDE: Mapping[type, Callable[[Case, Any], None]] = {
    c.RegisterPiece: responses.register_piece,
    c.WithdrawPiece: responses.withdraw_piece,
    c.Accept: responses.accept,
    c.ReportSettlement: responses.report_settlement,
    c.AnswerSettlement: responses.answer_settlement,
    c.Contest: responses.contest,
    c.SupplyEvidence: responses.supply_evidence,
    c.WithdrawDispute: responses.withdraw_dispute,
    c.RequestEvidence: reviews.request_evidence,
    c.ClaimReview: reviews.claim_review,
    c.ReleaseReview: reviews.release_review,
    c.ExtendDeadline: reviews.extend_deadline,
    c.Close: reviews.close,
    c.Rule: rulings.rule,
    c.FileAppeal: appeals.file_appeal,
    c.WithdrawAppeal: appeals.withdraw_appeal,
    c.DecideAppeal: appeals.decide_appeal,
    c.AskSetAside: setting_aside.ask,
    c.AnswerSetAside: setting_aside.answer,
    c.PlaceHold: retention.place_hold,
    c.LiftHold: retention.lift_hold,
    c.Erase: retention.erase,
}

_BY_THE_CLOCK: Mapping[type, Callable[[Case, Any], None]] = {
    c.Lapse: lambda case, _command: lapse_passed(case),
    c.AllowForOutage: lambda case, command: allow(case, command.outage),
    c.EraseDue: retention.erase_due,
}
