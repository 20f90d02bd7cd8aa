"""Rulings: how one is made, what makes it consistent, and what follows (A2, A4, B1)."""

from datetime import datetime

from chalicelib.domain import commands as c
from chalicelib.domain.case import Case
from chalicelib.domain.checklist import answered, before_the_reviewer
from chalicelib.domain.claim import Money, Remedy, Text
from chalicelib.domain.deadline import DeadlineKind, Falls
from chalicelib.domain.errors import (
    ConflictOfInterest,
    InvalidRuling,
    NotYourReview,
    UnknownPieces,
)
from chalicelib.domain.events import Defaulted, EvidenceRequestLapsed, Finalised, Ruled, SentToReview
from chalicelib.domain.model import Answer, Basis, Dispute, Liability, Outcome, Ruling, Stage
from chalicelib.domain.parties import PLATFORM, Side
from policies.model import AppealWindowFrom, OnLapse, RemedyKind, WindowLapsed

REVIEWER = "reviewer"
_AGREED = frozenset({Basis.ACCEPTED, Basis.SETTLED})


def to_review_if_waiting(case: Case) -> None:
    """A reviewer is wanted, unless one is already, or evidence still is."""
    if case.dispute.deadline(DeadlineKind.REVIEW) is None and not any(each.open for each in case.dispute.requests):
        case.record(SentToReview())
        case.set_deadline(DeadlineKind.REVIEW, REVIEWER, case.policy.review.within, Falls.ESCALATION)


def fall(case: Case, basis: Basis, effective_at: datetime | None = None) -> None:
    """A2, A3: the respondent is taken to agree; what falls then, the reason's `on_lapse` says."""
    case.record(Defaulted())
    if case.dispute.on_lapse is OnLapse.PLATFORM_INTERVENES:
        to_review_if_waiting(case)
    else:
        remedy = default_remedy(case.dispute)
        conclude(case, Outcome.FOR_COMPLAINANT, basis, remedy, effective_at=effective_at)


def conclude(  # noqa: PLR0913 - a ruling has that many parts
    case: Case,
    outcome: Outcome,
    basis: Basis,
    remedy: Remedy | None,
    liabilities: tuple[Liability, ...] | None = None,
    *,
    effective_at: datetime | None = None,
    checklist: tuple[Answer, ...] = (),
    invalid_pieces: tuple[str, ...] = (),
    rationale: Text | None = None,
) -> None:
    """Rule, and start the appeal window, or make it final at once where there is nothing to appeal."""
    if liabilities is None:
        liabilities = (Liability(case.dispute.respondent, remedy.money),) if remedy else ()
    ruling = Ruling(
        version=len(case.dispute.rulings) + 1,
        outcome=outcome,
        basis=basis,
        remedy=remedy,
        liabilities=liabilities,
        at=case.at,
        effective_at=effective_at or case.at,
        by=case.by,
        checklist=checklist,
        invalid_pieces=invalid_pieces,
        rationale=rationale,
    )
    for each in case.dispute.requests:
        if each.open:
            case.record(EvidenceRequestLapsed(each.id))
    case.record(Ruled(ruling))
    case.clear_all()
    if appealable(ruling):
        _open_window(case, ruling)
    else:
        case.record(Finalised())


def appealable(ruling: Ruling) -> bool:
    """Whether it goes against the respondent otherwise than by its own word."""
    return ruling.basis not in _AGREED and ruling.outcome in (Outcome.FOR_COMPLAINANT, Outcome.SPLIT)


def _open_window(case: Case, ruling: Ruling) -> None:
    appeal = case.policy.appeal
    start = case.at if appeal.appeal_window_from is AppealWindowFrom.NOTIFIED else ruling.effective_at
    falls = Falls.FULL_LIABILITY if appeal.window_lapsed is WindowLapsed.FULL_LIABILITY else Falls.RULING_STANDS
    case.set_deadline(DeadlineKind.APPEAL_WINDOW, case.dispute.respondent, appeal.window, falls, start=start)


def default_remedy(dispute: Dispute) -> Remedy:
    """A2: what falls to the complainant when the respondent is silent."""
    if dispute.on_lapse is OnLapse.GRANT_REQUESTED_REMEDY:
        return dispute.requested_remedy
    return Remedy(RemedyKind(dispute.on_lapse.value), dispute.requested_remedy.money)


def require_holder(case: Case) -> None:
    """Only the holder of an unexpired claim decides, and nobody on a party that they belong to."""
    require_impartial(case)
    claim = case.dispute.claim
    if claim is None or claim.reviewer != case.facts.actor.id:
        raise NotYourReview


def require_impartial(case: Case) -> None:
    if case.dispute.side_of(case.facts.actor) is not None:
        raise ConflictOfInterest(why="party_to_the_dispute")


def rule(case: Case, command: c.Rule) -> None:
    require_holder(case)
    _check_basis(case, command)
    check_shares(case, command.outcome, command.remedy, command.liabilities)
    check_invalid(case, command.invalid_pieces)
    checklist = answered(case, command.checklist)
    conclude(
        case,
        command.outcome,
        command.basis,
        command.remedy,
        command.liabilities,
        checklist=checklist,
        invalid_pieces=command.invalid_pieces,
        rationale=command.rationale,
    )


def _check_basis(case: Case, command: c.Rule) -> None:
    if case.dispute.in_default != (command.basis is Basis.DEFAULT):
        raise InvalidRuling(problem="not_in_default")
    if command.basis in _AGREED:
        raise InvalidRuling(problem="basis_not_a_reviewers")
    if command.basis is not Basis.MERITS and command.outcome is not Outcome.FOR_COMPLAINANT:
        raise InvalidRuling(problem="basis_for_the_complainant")
    if command.basis is Basis.INVALID_EVIDENCE:
        _check_invalid(case, command)


def _check_invalid(case: Case, command: c.Rule) -> None:
    """A3, A7 to A12: evidence found invalid counts as none, so what is left must be too little."""
    own = tuple(
        each
        for each in case.dispute.pieces
        if each.sealed and each.side is Side.RESPONDENT and each.stage is not Stage.APPEAL
    )
    left = tuple(each for each in own if each.id not in command.invalid_pieces)
    if len(left) == len(own) or case.standing(case.reason.respondent, left).complete:
        raise InvalidRuling(problem="rest_is_complete")


def check_shares(case: Case, outcome: Outcome, remedy: Remedy | None, liabilities: tuple[Liability, ...]) -> None:
    """What the liable parties bear adds up to the awarded remedy, and fits the outcome. Minor units."""
    dispute, currency = case.dispute, case.policy.currency
    awarded = remedy.money if remedy else Money(0, currency)
    shares = {each.party: each.money.amount for each in liabilities}
    total, respondent = sum(shares.values()), shares.get(dispute.respondent, 0)
    claimed = dispute.requested_remedy.money.amount
    rules = (
        (outcome is not Outcome.NOBODY_AT_FAULT, "outcome_not_a_reviewers"),
        (len(shares) == len(liabilities), "liable_twice"),
        (set(shares) <= {dispute.respondent, PLATFORM}, "liable_stranger"),
        (
            {awarded.currency, *(each.money.currency for each in liabilities)} == {currency},
            "other_currency",
        ),
        (min(shares.values(), default=0) >= 0, "negative_amount"),
        (total == awarded.amount, "does_not_add_up"),
        (awarded.amount <= claimed, "more_than_claimed"),
        ((outcome is Outcome.FOR_RESPONDENT) == (remedy is None), "remedy_and_outcome"),
        (
            outcome is not Outcome.FOR_COMPLAINANT or respondent == total,
            "respondent_bears_all",
        ),
        (outcome is not Outcome.SPLIT or 0 < respondent < claimed, "respondent_bears_a_part"),
    )
    for holds, problem in rules:
        if not holds:
            raise InvalidRuling(problem=problem)


def check_invalid(case: Case, ids: tuple[str, ...]) -> None:
    """Only what lies before the reviewer can be found invalid."""
    unknown = tuple(each for each in ids if each not in {ref.id for ref in before_the_reviewer(case)})
    if unknown:
        raise UnknownPieces(pieces=unknown)
