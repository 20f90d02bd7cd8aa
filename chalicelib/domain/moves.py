"""The table of legal moves: which command is possible in which state, for whom, and by which deadline.

The same table guards the commands and fills `allowed_actions`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain import commands as c
from chalicelib.domain.case import governing_deadline, side_served
from chalicelib.domain.deadline import Deadline, DeadlineKind
from chalicelib.domain.errors import NotFound, NotPermitted, WrongState
from chalicelib.domain.model import DEFAULT_BASES, Appeal, Dispute, SetAsideTarget, Stage, Status
from chalicelib.domain.parties import Actor, Role, Side
from chalicelib.domain.setting_aside import found
from policies.model import AppealAfterDefault, Policy, Reappeal

_PARTIES = frozenset({Role.MERCHANT, Role.BUYER, Role.PLATFORM})
_STAFF = frozenset({Role.PLATFORM, Role.REVIEWER, Role.APPEAL_REVIEWER})
_OPEN = frozenset({Status.AWAITING_RESPONSE, Status.UNDER_REVIEW})


def _always(_dispute: Dispute) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table."""

    name: str
    states: frozenset[Status]
    roles: frozenset[Role]
    side: Side | None = None
    """The side that the actor must act for."""
    deadline: DeadlineKind | None = None
    """The deadline that this answers: late, it is refused."""
    when: Callable[[Dispute], bool] = field(default=_always)
    """What else must be so in this state."""


@dataclass(frozen=True, slots=True)
class AllowedAction:
    name: str
    by: datetime | None
    """The deadline for it, if there is one."""


def _settlement_pending(dispute: Dispute) -> bool:
    return dispute.settlement_pending


def _response_wanted(dispute: Dispute) -> bool:
    return dispute.deadline(DeadlineKind.RESPONSE) is not None


def _may_settle(dispute: Dispute) -> bool:
    return _may_answer(dispute) and not dispute.settlement_pending and dispute.claim is None


def _may_answer(dispute: Dispute) -> bool:
    """Who is in default has answered by silence: what follows carries that mark (A4)."""
    return not dispute.in_default


def _request_open(dispute: Dispute) -> bool:
    return any(each.open for each in dispute.requests)


def _reviewable(dispute: Dispute) -> bool:
    return not _request_open(dispute)


def _appeal_open(dispute: Dispute) -> bool:
    return dispute.open_appeal is not None


def _set_aside_asked(dispute: Dispute) -> bool:
    return dispute.set_aside is not None


def _nothing_asked(dispute: Dispute) -> bool:
    return dispute.set_aside is None


def _evidence_possible(dispute: Dispute) -> bool:
    return bool(open_stages(dispute, Side.RESPONDENT) or open_stages(dispute, Side.COMPLAINANT))


def _unsealed(dispute: Dispute) -> bool:
    return any(not each.sealed for each in dispute.pieces)


def _something_left(dispute: Dispute) -> bool:
    return dispute.images_erased_at is None or dispute.texts_erased_at is None


def _holdable(dispute: Dispute) -> bool:
    return dispute.hold is None and _something_left(dispute)


_REVIEWED = frozenset({Status.UNDER_REVIEW, Status.RULED})
_BOTH_REVIEWERS = frozenset({Role.REVIEWER, Role.APPEAL_REVIEWER})
_MERCHANT = frozenset({Role.MERCHANT})
_KEEPERS = frozenset({Role.PLATFORM, Role.OPERATOR})
_CLOCKWORK = frozenset({Role.SYSTEM})
_ENDED = frozenset({Status.FINAL, Status.CLOSED, Status.WITHDRAWN})

MOVES: Mapping[type, Move] = {
    c.RegisterPiece: Move("register_evidence", _OPEN | {Status.RULED}, _PARTIES, when=_evidence_possible),
    c.WithdrawPiece: Move("withdraw_evidence", _OPEN | {Status.RULED}, _PARTIES, when=_unsealed),
    c.Accept: Move("accept", _OPEN, _MERCHANT, Side.RESPONDENT, DeadlineKind.RESPONSE, when=_may_answer),
    c.ReportSettlement: Move(
        "report_settlement", _OPEN, _MERCHANT, Side.RESPONDENT, DeadlineKind.RESPONSE, when=_may_settle
    ),
    c.AnswerSettlement: Move(
        "answer_settlement",
        _OPEN,
        frozenset({Role.BUYER, Role.PLATFORM}),
        Side.COMPLAINANT,
        DeadlineKind.SETTLEMENT_CONFIRMATION,
        when=_settlement_pending,
    ),
    c.Contest: Move(
        "contest",
        frozenset({Status.AWAITING_RESPONSE}),
        _MERCHANT,
        Side.RESPONDENT,
        DeadlineKind.RESPONSE,
        when=_response_wanted,
    ),
    c.RequestEvidence: Move("request_evidence", frozenset({Status.UNDER_REVIEW}), frozenset({Role.REVIEWER})),
    c.SupplyEvidence: Move(
        "supply_evidence",
        frozenset({Status.UNDER_REVIEW}),
        _PARTIES,
        deadline=DeadlineKind.SUPPLEMENT,
        when=_request_open,
    ),
    c.ClaimReview: Move("claim_review", _REVIEWED, _BOTH_REVIEWERS, when=_reviewable),
    c.ReleaseReview: Move("release_review", _REVIEWED, _BOTH_REVIEWERS, when=lambda it: it.claim is not None),
    c.Rule: Move("rule", frozenset({Status.UNDER_REVIEW}), frozenset({Role.REVIEWER}), when=_reviewable),
    c.ExtendDeadline: Move(
        "extend_deadline",
        _OPEN | {Status.RULED},
        frozenset({Role.PLATFORM, Role.REVIEWER, Role.APPEAL_REVIEWER, Role.OPERATOR}),
        when=lambda it: bool(it.deadlines),
    ),
    c.FileAppeal: Move("file_appeal", frozenset(Status), _MERCHANT, Side.RESPONDENT),
    c.WithdrawAppeal: Move("withdraw_appeal", frozenset({Status.RULED}), _MERCHANT, Side.RESPONDENT, when=_appeal_open),
    c.DecideAppeal: Move(
        "decide_appeal", frozenset({Status.RULED}), frozenset({Role.APPEAL_REVIEWER}), when=_appeal_open
    ),
    c.AskSetAside: Move("ask_set_aside", frozenset(Status), _STAFF, when=_nothing_asked),
    c.AnswerSetAside: Move("answer_set_aside", frozenset(Status), _STAFF, when=_set_aside_asked),
    c.WithdrawDispute: Move("withdraw", _OPEN, frozenset({Role.BUYER, Role.PLATFORM}), Side.COMPLAINANT),
    c.Close: Move("close", frozenset({Status.FINAL}), frozenset({Role.PLATFORM})),
    c.Lapse: Move("lapse", frozenset(Status), _CLOCKWORK),
    c.AllowForOutage: Move("allow_for_outage", frozenset(Status), _CLOCKWORK),
    c.PlaceHold: Move("place_hold", frozenset(Status), _KEEPERS, when=_holdable),
    c.LiftHold: Move("lift_hold", frozenset(Status), _KEEPERS, when=lambda it: it.hold is not None),
    c.Erase: Move("erase", _ENDED, _KEEPERS, when=_something_left),
    c.EraseDue: Move("erase_due", frozenset(Status), _CLOCKWORK),
}


def check(dispute: Dispute, command: c.Command, actor: Actor) -> None:
    """Raises NotFound to a stranger, NotPermitted to the wrong role, WrongState where the state doesn't allow it."""
    move = MOVES[type(command)]
    _check_who(dispute, move, actor)
    if dispute.status not in move.states or not move.when(dispute):
        raise WrongState(action=move.name, status=dispute.status)


def check_who(dispute: Dispute, command: c.Command, actor: Actor) -> None:
    _check_who(dispute, MOVES[type(command)], actor)


def require_sight(dispute: Dispute, actor: Actor) -> None:
    """Raises NotFound to a party that it isn't of: what is another's can't be told from what is absent (promise E)."""
    wanted = {Role.MERCHANT: Side.RESPONDENT, Role.BUYER: Side.COMPLAINANT}.get(actor.role)
    if wanted and dispute.party_of(wanted) not in actor.parties:
        raise NotFound


def _check_who(dispute: Dispute, move: Move, actor: Actor) -> None:
    require_sight(dispute, actor)
    if not _may(dispute, move, actor):
        raise NotPermitted(action=move.name)


def _may(dispute: Dispute, move: Move, actor: Actor) -> bool:
    return actor.role in move.roles and (move.side is None or move.side is side_served(dispute, actor))


def allowed_actions(dispute: Dispute, actor: Actor, policy: Policy, now: datetime) -> tuple[AllowedAction, ...]:
    """What the actor may ask for now, by the policy that the dispute pins.

    A deadline that has passed allows no more, swept or not (A5). Nothing is allowed while what has passed changes
    everything and isn't carried out yet: a minute or two.
    """
    if any(each.passed(now) and _turns(dispute, each) for each in dispute.deadlines):
        return ()
    allowed = []
    claim = dispute.deadline(DeadlineKind.REVIEW_CLAIM)
    if claim and claim.passed(now):
        dispute = replace(dispute, claim=None)
    for command, move in MOVES.items():
        if dispute.status not in move.states or Role.SYSTEM in move.roles or not _may(dispute, move, actor):
            continue
        deadline = _deadline_of(dispute, command, move, actor, now)
        late = deadline is not None and deadline.passed(now)
        if move.when(dispute) and not late and _fits(dispute, command, actor, policy):
            allowed.append(AllowedAction(move.name, deadline.due if deadline else None))
    return tuple(allowed)


def _deadline_of(dispute: Dispute, command: type, move: Move, actor: Actor, now: datetime) -> Deadline | None:
    if command is c.FileAppeal:
        return dispute.deadline(DeadlineKind.APPEAL_WINDOW)
    if command is c.RegisterPiece:
        return _submission_deadline(dispute, side_served(dispute, actor), now)
    if move.deadline is DeadlineKind.SUPPLEMENT:
        side = side_served(dispute, actor)
        asked = [each.id for each in dispute.requests if each.open and each.side is side]
        return next((each for each in dispute.deadlines if each.request in asked), None)
    return dispute.deadline(move.deadline) if move.deadline else None


def _submission_deadline(dispute: Dispute, side: Side | None, now: datetime) -> Deadline | None:
    """The next one by which the side's evidence must be there; None where an occasion has none."""
    stages = open_stages(dispute, side) if side else ()
    mending = dispute.open_appeal is not None
    running = [
        None if mending and stage is Stage.APPEAL else governing_deadline(dispute, stage, request)
        for stage, request in stages
    ]
    known = [each for each in running if each]
    if len(known) < len(running):
        return None
    return min([each for each in known if not each.passed(now)] or known, key=lambda each: each.due, default=None)


def appeal_used(dispute: Dispute, policy: Policy) -> Appeal | None:
    """B2: the one appeal, whatever rulings follow; one that was set aside never was."""
    again = policy.appeal.reappeal_after_failure is Reappeal.ALLOW
    used = (each for each in reversed(dispute.appeals) if each.set_aside_at is None and not (again and each.failed))
    return next(used, None)


def _fits(dispute: Dispute, command: type, actor: Actor, policy: Policy) -> bool:
    if command is c.FileAppeal:
        return _can_appeal(dispute, policy)
    fits = _FITS.get(command)
    return fits is None or fits(dispute, actor)


def _can_register(dispute: Dispute, actor: Actor) -> bool:
    side = side_served(dispute, actor)
    return side is not None and bool(open_stages(dispute, side))


def _can_withdraw(dispute: Dispute, actor: Actor) -> bool:
    return any(not each.sealed and each.side is side_served(dispute, actor) for each in dispute.pieces)


def _is_asked(dispute: Dispute, actor: Actor) -> bool:
    return any(each.open and each.side is side_served(dispute, actor) for each in dispute.requests)


def _can_appeal(dispute: Dispute, policy: Policy) -> bool:
    """B2, and B6 where the policy refuses it after a default. Whether the quota blocks it, is asked apart (B12)."""
    refused = on_default(dispute) and policy.appeal.appeal_after_default is AppealAfterDefault.REFUSE
    running = dispute.deadline(DeadlineKind.APPEAL_WINDOW) is not None
    return running and not refused and appeal_used(dispute, policy) is None


def on_default(dispute: Dispute) -> bool:
    """Whether the ruling carries the mark of a default (A4)."""
    return dispute.ruling is not None and dispute.ruling.basis in DEFAULT_BASES


def _can_set_aside(dispute: Dispute, _actor: Actor) -> bool:
    return any(found(dispute, each) for each in SetAsideTarget)


def _can_extend(dispute: Dispute, _actor: Actor) -> bool:
    return any(each.kind is not DeadlineKind.REVIEW_CLAIM for each in dispute.deadlines)


def _turns(dispute: Dispute, deadline: Deadline) -> bool:
    """Whether the dispute is another one once this has lapsed."""
    if deadline.kind is DeadlineKind.APPEAL_WINDOW:
        return dispute.open_appeal is None
    return deadline.kind in (DeadlineKind.RESPONSE, DeadlineKind.SETTLEMENT_CONFIRMATION)


def _holds(dispute: Dispute, actor: Actor) -> bool:
    return dispute.claim is not None and dispute.claim.reviewer == actor.id


def _claimable(dispute: Dispute, actor: Actor) -> bool:
    free = dispute.claim is None or dispute.claim.reviewer == actor.id
    if dispute.status is Status.RULED:
        return free and actor.role is Role.APPEAL_REVIEWER and dispute.open_appeal is not None
    return free and actor.role is Role.REVIEWER


_FITS: Mapping[type, Callable[[Dispute, Actor], bool]] = {
    c.RegisterPiece: _can_register,
    c.WithdrawPiece: _can_withdraw,
    c.SupplyEvidence: _is_asked,
    c.ClaimReview: _claimable,
    c.ReleaseReview: _holds,
    c.RequestEvidence: _holds,
    c.Rule: _holds,
    c.DecideAppeal: _holds,
    c.AskSetAside: _can_set_aside,
    c.ExtendDeadline: _can_extend,
}
"""What the table can't say, for it depends on who asks; the commands refuse it each in its own words."""


def open_stages(dispute: Dispute, side: Side) -> tuple[tuple[Stage, str | None], ...]:
    """On which occasions this side may submit evidence now: (stage, evidence request)."""
    stages: list[tuple[Stage, str | None]] = []
    if side is Side.COMPLAINANT and dispute.status in _OPEN:
        stages.append((Stage.CLAIM, None))
    if side is Side.RESPONDENT and dispute.deadline(DeadlineKind.RESPONSE):
        stages.append((Stage.RESPONSE, None))
    stages.extend((Stage.SUPPLEMENT, each.id) for each in dispute.requests if each.open and each.side is side)
    if side is Side.RESPONDENT and _appeal_evidence_possible(dispute):
        stages.append((Stage.APPEAL, None))
    return tuple(stages)


def _appeal_evidence_possible(dispute: Dispute) -> bool:
    """B3: before filing, and then until a reviewer takes the appeal."""
    if dispute.open_appeal is not None:
        return dispute.claim is None
    return dispute.deadline(DeadlineKind.APPEAL_WINDOW) is not None
