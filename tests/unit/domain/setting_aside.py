"""What was defaulted, and those who set it aside."""

from datetime import datetime

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.model import Cause, SetAsideTarget
from chalicelib.domain.parties import Actor
from tests.build import COLLEAGUE, MILLISECOND, PLATFORM, Docket, a_policy


def defaulted(**choices) -> Docket:
    """The deadline of the response has passed unmet; of the default policy, or of one with these choices."""
    docket = Docket(a_policy(**choices) if choices else None).open()
    docket.sweep(docket.due(DeadlineKind.RESPONSE) + MILLISECOND)
    return docket


def ask(docket: Docket, target: SetAsideTarget, *, at: datetime | None = None, by: Actor = PLATFORM) -> None:
    docket.do(c.AskSetAside(target, Cause.PLATFORM_FAULT, None), by=by, at=at or docket.dispute.updated_at)


def agree(docket: Docket, *, at: datetime | None = None, by: Actor = COLLEAGUE, agreed: bool = True) -> None:
    docket.do(c.AnswerSetAside(agreed=agreed), by=by, at=at or docket.dispute.updated_at)


def set_aside(docket: Docket, target: SetAsideTarget) -> None:
    ask(docket, target)
    agree(docket)
