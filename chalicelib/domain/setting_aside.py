"""Setting aside a default or a failed appeal, for cause: one person asks, another agrees (B7, B11)."""

from chalicelib.domain import commands as c
from chalicelib.domain.case import Case
from chalicelib.domain.deadline import DeadlineKind, Falls
from chalicelib.domain.errors import NothingToSetAside, SecondPersonNeeded, WrongState
from chalicelib.domain.events import (
    AppealSetAside,
    DefaultSetAside,
    EvidenceRequestLapsed,
    SetAsideAsked,
    SetAsideDeclined,
)
from chalicelib.domain.model import (
    Appeal,
    Basis,
    Dispute,
    ResponseKind,
    SetAsideRequest,
    SetAsideTarget,
    Status,
)
from chalicelib.domain.rulings import require_impartial


def ask(case: Case, command: c.AskSetAside) -> None:
    require_impartial(case)
    of = found(case.dispute, command.target)
    if of is None:
        raise NothingToSetAside(target=command.target)
    request = SetAsideRequest(case.facts.new_id(), command.target, of, command.cause, command.note, case.by, case.at)
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
    if found(case.dispute, asked.target) != asked.of:
        raise NothingToSetAside(target=asked.target)
    if asked.target is SetAsideTarget.DEFAULT:
        set_default_aside(case, asked.id)
    else:
        _set_appeal_aside(case, asked)


def found(dispute: Dispute, target: SetAsideTarget) -> str | None:
    """What there is of the kind to set aside: the default's version, or the failed appeal."""
    if target is SetAsideTarget.DEFAULT:
        return default_of(dispute)
    appeal = failed_appeal_of(dispute)
    return appeal.id if appeal else None


def default_of(dispute: Dispute) -> str | None:
    """The version of the default that can be set aside: it fell by itself, and isn't final. 0: it isn't ruled yet."""
    ruling = dispute.ruling
    if dispute.status is Status.UNDER_REVIEW and dispute.in_default:
        return "0"
    if dispute.status is not Status.RULED or ruling is None:
        return None
    invalid = dispute.response is not None and dispute.response.kind is ResponseKind.INVALID
    fell = ruling.basis is Basis.DEFAULT or (ruling.basis is Basis.INVALID_EVIDENCE and invalid)
    return str(ruling.version) if fell else None


def failed_appeal_of(dispute: Dispute) -> Appeal | None:
    return next((each for each in reversed(dispute.appeals) if each.failed), None)


def set_default_aside(case: Case, on_word_of: str) -> None:
    """On the word of a request that was agreed to, or of an outage.

    The failure of an appeal against the default goes with it: what it failed by isn't there any more (B6, B7).
    """
    appeal, ruling = failed_appeal_of(case.dispute), case.dispute.ruling
    if appeal and ruling and appeal.against == ruling.version:
        case.record(AppealSetAside(on_word_of, appeal.id, appeal.counted))
    _await_anew(case, on_word_of)


def _await_anew(case: Case, on_word_of: str) -> None:
    for each in case.dispute.requests:
        if each.open:
            case.record(EvidenceRequestLapsed(each.id))
    case.clear_all()
    case.record(DefaultSetAside(on_word_of))
    respondent = case.dispute.respondent
    case.set_deadline(DeadlineKind.RESPONSE, respondent, case.reason.respond_within, Falls.DEFAULT)


def _set_appeal_aside(case: Case, asked: SetAsideRequest) -> None:
    appeal = failed_appeal_of(case.dispute)
    if appeal is None:
        raise NothingToSetAside(target=asked.target)
    case.record(AppealSetAside(asked.id, appeal.id, appeal.counted))
