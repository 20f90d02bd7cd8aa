"""What falls when a deadline passes unmet: the clock has made it true, this carries it out (A2, A14, A15, B1)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.appeals import window_end
from chalicelib.domain.case import Case, grace
from chalicelib.domain.deadline import Deadline, DeadlineKind, Extension, ExtensionReason, Falls
from chalicelib.domain.events import (
    Cleared,
    DeadlineCleared,
    DeadlineExtended,
    EvidenceRequestLapsed,
    Finalised,
    ReviewEscalated,
    Ruled,
    SettlementAnswered,
)
from chalicelib.domain.model import AppealStatus, Basis, Liability, Outcome, PieceRef, Stage
from chalicelib.domain.parties import Side
from chalicelib.domain.responses import contested, supplied
from chalicelib.domain.reviews import release
from chalicelib.domain.rulings import fall, to_review_if_waiting
from policies.model import EvidenceRule, Policy


def lapse_passed(case: Case) -> None:
    """Carries out every deadline that has passed, the earliest first, and whatever passes through that."""
    with case.by_the_clock():
        while passed := _passed(case):
            deadline = min(passed, key=lambda each: (each.due, each.id))
            _CARRY_OUT[deadline.kind](case, deadline)


def _passed(case: Case) -> list[Deadline]:
    return [each for each in case.dispute.deadlines if each.passed(case.now) and not _waits_for_uploads(case, each)]


_EVIDENCE_OF = {DeadlineKind.RESPONSE: Stage.RESPONSE, DeadlineKind.SUPPLEMENT: Stage.SUPPLEMENT}


def falls_by(deadline: Deadline, policy: Policy) -> datetime:
    """Until when it may wait, by the policy that the dispute pins; then it falls, whatever comes."""
    return deadline.due + grace(policy) if deadline.kind in _EVIDENCE_OF else deadline.due


def _waits_for_uploads(case: Case, deadline: Deadline) -> bool:
    """A5: a piece registered in time may still arrive, and the default waits, until deadline + grace."""
    stage = _EVIDENCE_OF.get(deadline.kind)
    if stage is None or case.now > falls_by(deadline, case.policy):
        return False
    refs = case.dispute.pieces_of(stage, deadline.request)
    return any(not case.seen(each).in_time for each in refs)


def _response(case: Case, deadline: Deadline) -> None:
    """A14: what has arrived and would pass is contested as it stands; else A2."""
    here = case.dispute.pieces_of(Stage.RESPONSE, side=Side.RESPONDENT)
    ready = _would_pass(case, case.reason.respondent, here)
    if ready:
        contested(case, ready, None, automatic=True)
    else:
        _lapsed(case, deadline)
        fall(case, Basis.DEFAULT, deadline.due)


def _would_pass(case: Case, rule: EvidenceRule, refs: tuple[PieceRef, ...]) -> tuple[str, ...]:
    """The pieces that have arrived in time, if the policy sends them off by itself and they would pass; else none.

    What a machine doubts passes here: a default on its word would be a ruling on its word (A13).
    """
    here = case.in_time(refs)
    passes = here and case.policy.response.auto_contest and case.standing(rule, here).complete
    return tuple(each.id for each in here) if passes else ()


def _settlement(case: Case, deadline: Deadline) -> None:
    _lapsed(case, deadline)
    case.record(SettlementAnswered(confirmed=False, lapsed=True))
    to_review_if_waiting(case)


def _supplement(case: Case, deadline: Deadline) -> None:
    """A15; and A14: what has arrived and would pass counts as sent off."""
    asked = case.dispute.request(deadline.request) if deadline.request else None
    if asked is None:
        raise ValueError(f"deadline {deadline.id} is of no evidence request")
    refs = case.dispute.pieces_of(Stage.SUPPLEMENT, asked.id)
    ready = _would_pass(case, EvidenceRule(all_of=asked.requirements), refs)
    if ready:
        supplied(case, asked.id, ready, None, why=Cleared.LAPSED)
        return
    case.record(EvidenceRequestLapsed(asked.id))
    _lapsed(case, deadline)
    if deadline.falls is Falls.DEFAULT:
        fall(case, Basis.DEFAULT, deadline.due)
    else:
        to_review_if_waiting(case)


def _review(case: Case, deadline: Deadline) -> None:
    """A late review is escalated: it goes to the front of the queue, and has a new deadline."""
    _lapsed(case, deadline)
    case.record(ReviewEscalated(deadline.kind))
    case.set_deadline(deadline.kind, deadline.party, deadline.term, deadline.falls)


def _review_claim(case: Case, _deadline: Deadline) -> None:
    release(case, Cleared.LAPSED)


def _appeal_window(case: Case, deadline: Deadline) -> None:
    if pause(case, deadline):
        return
    _lapsed(case, deadline)
    if case.dispute.open_appeal is not None:
        return
    appealed = any(
        each.set_aside_at is None and each.status is not AppealStatus.WITHDRAWN for each in case.dispute.appeals
    )
    if deadline.falls is Falls.FULL_LIABILITY and not appealed:
        _full_liability(case, deadline.due)
    case.clear_all()
    case.record(Finalised())


def pause(case: Case, deadline: Deadline) -> bool:
    """B12: gives back the time in which the quota blocked the respondent; False where there is none to give."""
    until = window_end(case, deadline)
    if until <= deadline.due:
        return False
    extension = Extension(case.at, case.by, deadline.due, until, ExtensionReason.QUOTA_BLOCK)
    case.record(DeadlineExtended(deadline.id, extension))
    return True


def _full_liability(case: Case, effective_at: datetime) -> None:
    """B1, `full_liability`: who doesn't appeal bears all that was claimed."""
    ruling, claimed = case.dispute.ruling, case.dispute.requested_remedy
    if ruling is None or ruling.borne_by(case.dispute.respondent) >= claimed.money.amount:
        return
    full = replace(
        ruling,
        version=ruling.version + 1,
        outcome=Outcome.FOR_COMPLAINANT,
        remedy=claimed,
        liabilities=(Liability(case.dispute.respondent, claimed.money),),
        at=case.at,
        effective_at=effective_at,
        by=case.by,
    )
    case.record(Ruled(full))


def _lapsed(case: Case, deadline: Deadline) -> None:
    case.record(DeadlineCleared(deadline.id, deadline.kind, deadline.due, Cleared.LAPSED))


_CARRY_OUT: Mapping[DeadlineKind, Callable[[Case, Deadline], None]] = {
    DeadlineKind.RESPONSE: _response,
    DeadlineKind.SETTLEMENT_CONFIRMATION: _settlement,
    DeadlineKind.SUPPLEMENT: _supplement,
    DeadlineKind.REVIEW: _review,
    DeadlineKind.REVIEW_CLAIM: _review_claim,
    DeadlineKind.APPEAL_WINDOW: _appeal_window,
    DeadlineKind.APPEAL_REVIEW: _review,
}
