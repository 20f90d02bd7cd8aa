"""Outages of two hours, and what they take of a dispute."""

from datetime import datetime, timedelta

from chalicelib.domain import commands as c
from chalicelib.domain.outage import Declaration, Outage, Scope, answer, declare
from chalicelib.domain.parties import Actor, Role
from tests.build import CLOCKWORK, NOON, Docket

HOUR = timedelta(hours=1)
DUE = NOON + 24 * HOUR
OPERATOR, SECOND = Actor("operator-1", Role.OPERATOR), Actor("operator-2", Role.OPERATOR)


def declared(around: datetime = DUE, *, now: datetime | None = None, extra: timedelta | None = None, **scope) -> Outage:
    """Of two hours around the instant."""
    asked = Declaration(Scope(around - HOUR, around + HOUR, **scope), extra, "The API was down.", None)
    return declare(asked, "outage-1", OPERATOR, now or around)


def agreed(around: datetime = DUE, *, now: datetime | None = None, **more) -> Outage:
    return answer(declared(around, now=now, **more), SECOND, now or around, agreed=True)


def allow(docket: Docket, outage: Outage, at: datetime) -> list[str]:
    """The events that it takes."""
    return [type(each.event).__name__ for each in docket.do(c.AllowForOutage(outage), by=CLOCKWORK, at=at).events]
