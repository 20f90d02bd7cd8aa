"""Setting aside a default or a failed appeal, for cause: one person asks, another agrees (B7, B11)."""

from chalicelib.domain import commands as c
from chalicelib.domain.case import Case
from chalicelib.domain.deadline import DeadlineKind, Falls
from chalicelib.domain.errors import NothingToSetAside, SecondPersonNeeded, WrongState
from chalicelib.domain.events import AppealSetAside, DefaultSetAside, SetAsideAsked, SetAsideDeclined
from chalicelib.domain.model import (
    Appeal,
    Basis,
    Dispute,
    ResponseKind,
    Ruling,
    SetAsideRequest,
    SetAsideTarget,
    Status,
)
from chalicelib.domain.rulings import require_impartial


def ask(case: Case, command: c.AskSetAside) -> None:
    require_impartial(case)
    _require_target(case.dispute, command.target)
    request = SetAsideRequest(case.facts.new_id(), command.target, command.cause, command.note, case.by, case.at)
    case.record(SetAsideAsked(request))


def answer(case: Case, command: c.AnswerSetAside) -> None:
    """Agreed by another person than who asked. Declined by anybody who may."""
    require_impartial(case)
    asked = case.dispute.set_aside
    if asked is None:
        raise WrongState(action="answer_set_aside", status=case.dispute.status)
    if not command.agreed:
        case.record(SetAsideDeclined(asked.id))
        return
    if asked.by.id == case.facts.actor.id:
        raise SecondPersonNeeded
    _require_target(case.dispute, asked.target)
    if asked.target is SetAsideTarget.DEFAULT:
        _set_default_aside(case, asked)
    else:
        _set_appeal_aside(case, asked)


def _require_target(dispute: Dispute, target: SetAsideTarget) -> None:
    found = default_of(dispute) if target is SetAsideTarget.DEFAULT else failed_appeal_of(dispute)
    if found is None:
        raise NothingToSetAside(target=target)


def default_of(dispute: Dispute) -> Ruling | None:
    """The default that can still be set aside: one that fell by itself, and isn't final."""
    ruling = dispute.ruling
    if dispute.status is not Status.RULED or ruling is None or dispute.open_appeal is not None:
        return None
    invalid = dispute.response is not None and dispute.response.kind is ResponseKind.INVALID
    fell = ruling.basis is Basis.DEFAULT or (ruling.basis is Basis.INVALID_EVIDENCE and invalid)
    return ruling if fell else None


def failed_appeal_of(dispute: Dispute) -> Appeal | None:
    return next((each for each in reversed(dispute.appeals) if each.failed), None)


def _set_default_aside(case: Case, asked: SetAsideRequest) -> None:
    ruling = default_of(case.dispute)
    if ruling is None:
        raise NothingToSetAside(target=asked.target)
    case.clear_all()
    case.record(DefaultSetAside(asked.id, ruling.version))
    respondent = case.dispute.respondent
    case.set_deadline(DeadlineKind.RESPONSE, respondent, case.reason.respond_within, Falls.DEFAULT)


def _set_appeal_aside(case: Case, asked: SetAsideRequest) -> None:
    appeal = failed_appeal_of(case.dispute)
    if appeal is None:
        raise NothingToSetAside(target=asked.target)
    case.record(AppealSetAside(asked.id, appeal.id, appeal.counted))
