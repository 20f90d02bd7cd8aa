"""What staff do with a case beside ruling on it: claim, release, ask for more, extend, close (A15)."""

from chalicelib.domain import commands as c
from chalicelib.domain.case import Case
from chalicelib.domain.deadline import DeadlineKind, Extension, ExtensionReason, Falls
from chalicelib.domain.errors import (
    ClosureMismatch,
    ConflictOfInterest,
    ExtensionRefused,
    NoSuchDeadline,
    NotPermitted,
    NotYourReview,
    RequestLimitReached,
    ReviewTaken,
    UnknownRequirement,
    WrongState,
)
from chalicelib.domain.events import (
    Cleared,
    DeadlineExtended,
    DisputeClosed,
    EvidenceRequested,
    ReviewClaimed,
    ReviewReleased,
)
from chalicelib.domain.model import Claim, EvidenceRequest, PieceRef, Stage, Status
from chalicelib.domain.parties import Role, Side
from chalicelib.domain.rulings import REVIEWER, require_holder, require_impartial
from policies.calendar import add
from policies.model import SupplementLapsed

APPEAL_REVIEWER = "appeal_reviewer"


def claim_review(case: Case, _command: c.ClaimReview) -> None:
    """Take the review, or that of the open appeal. What is submitted so far is sealed by it."""
    dispute, actor = case.dispute, case.facts.actor
    on_appeal = dispute.status is Status.RULED
    if on_appeal and dispute.open_appeal is None:
        raise WrongState(action="claim_review", status=dispute.status)
    if actor.role is not (Role.APPEAL_REVIEWER if on_appeal else Role.REVIEWER):
        raise NotPermitted(action="claim_review")
    require_impartial(case)
    if on_appeal:
        require_second_eye(case)
    if dispute.claim and dispute.claim.reviewer != actor.id:
        raise ReviewTaken(expires=dispute.claim.expires)
    _hold(case)


def _hold(case: Case) -> None:
    on_appeal = case.dispute.open_appeal is not None
    term = case.policy.appeal.decide.claim_for if on_appeal else case.policy.review.claim_for
    case.seal(tuple(each.id for each in case.in_time(_unsealed(case, on_appeal=on_appeal))))
    case.record(ReviewClaimed(Claim(case.by.id, case.at, add(case.at, term, case.policy.zone))))
    case.clear(Cleared.SUPERSEDED, DeadlineKind.REVIEW_CLAIM)
    party = APPEAL_REVIEWER if on_appeal else REVIEWER
    case.set_deadline(DeadlineKind.REVIEW_CLAIM, party, term, Falls.CLAIM_EXPIRES)


def _unsealed(case: Case, *, on_appeal: bool) -> tuple[PieceRef, ...]:
    return tuple(each for each in case.dispute.pieces if not each.sealed and (each.stage is Stage.APPEAL) == on_appeal)


def require_second_eye(case: Case) -> None:
    """Whoever decides an appeal hasn't ruled on the dispute."""
    if any(each.by.id == case.facts.actor.id for each in case.dispute.rulings):
        raise ConflictOfInterest(why="ruled_before")


def release_review(case: Case, _command: c.ReleaseReview) -> None:
    claim = case.dispute.claim
    if claim is None or claim.reviewer != case.facts.actor.id:
        raise NotYourReview
    release(case, Cleared.SUPERSEDED)


def release(case: Case, why: Cleared) -> None:
    claim = case.dispute.claim
    if claim:
        case.record(ReviewReleased(claim.reviewer, expired=why is Cleared.LAPSED))
    case.clear(why, DeadlineKind.REVIEW_CLAIM)


def request_evidence(case: Case, command: c.RequestEvidence) -> None:
    """A15: at most so many times a side. The review waits meanwhile, and is free for anybody afterwards."""
    require_holder(case)
    known = tuple(case.policy.requirements)
    for requirement in command.requirements:
        if requirement not in known:
            raise UnknownRequirement(requirement=requirement, wanted=known)
    for side in command.sides:
        _ask(case, command, side)
    case.clear(Cleared.SUPERSEDED, DeadlineKind.REVIEW)
    release(case, Cleared.SUPERSEDED)


def _ask(case: Case, command: c.RequestEvidence, side: Side) -> None:
    policy, asked = case.policy.supplement, [each for each in case.dispute.requests if each.side is side]
    if len(asked) >= policy.max_per_side:
        raise RequestLimitReached(side=side, limit=policy.max_per_side)
    request = EvidenceRequest(case.facts.new_id(), side, command.requirements, command.note, case.at, case.by)
    case.record(EvidenceRequested(request))
    defaults = side is Side.RESPONDENT and policy.supplement_lapsed is SupplementLapsed.DEFAULT
    falls = Falls.DEFAULT if defaults else Falls.REVIEW
    party = case.dispute.named(side)
    case.set_deadline(DeadlineKind.SUPPLEMENT, party, policy.within, falls, request=request.id)


def extend_deadline(case: Case, command: c.ExtendDeadline) -> None:
    """With a reason, and within the policy's bound. A deadline that has passed can't be extended: it has lapsed."""
    require_impartial(case)
    deadline = next((each for each in case.dispute.deadlines if each.id == command.deadline), None)
    if deadline is None or deadline.passed(case.now) or deadline.kind is DeadlineKind.REVIEW_CLAIM:
        raise NoSuchDeadline(deadline=command.deadline)
    bound = case.policy.extension
    at_most = add(deadline.first_due, bound.at_most, case.policy.zone) + deadline.paused + deadline.made_up
    ordinary = [
        each for each in deadline.extensions if each.reason is not ExtensionReason.QUOTA_BLOCK and not each.outage
    ]
    for holds, problem in (
        (command.due > deadline.due, "not_later"),
        (command.due <= at_most, "too_late"),
        (len(ordinary) < bound.max_times, "too_often"),
    ):
        if not holds:
            raise ExtensionRefused(problem=problem, at_most=at_most, max_times=bound.max_times)
    extension = Extension(case.at, case.by, deadline.due, command.due, command.reason, command.note)
    case.record(DeadlineExtended(deadline.id, extension))


def close(case: Case, command: c.Close) -> None:
    """The remedy was carried out as it was awarded."""
    require_impartial(case)
    ruling = case.dispute.ruling
    awarded = ruling.remedy if ruling else None
    if command.closure.remedy != awarded:
        raise ClosureMismatch(problem="not_as_awarded")
    if command.closure.carried_out_at > case.now:
        raise ClosureMismatch(problem="in_the_future")
    if command.closure.carried_out_at < case.dispute.opened_at:
        raise ClosureMismatch(problem="before_the_dispute")
    case.record(DisputeClosed(command.closure))
