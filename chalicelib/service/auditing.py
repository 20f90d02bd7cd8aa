"""The operator's audit: what changed, a part of the table a day, and the anchors; as long as one run may take."""

import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Final, Protocol

from chalicelib.domain.checking import CheckBook, Checked
from chalicelib.domain.measures import Measure, Meter
from chalicelib.domain.records import Part
from chalicelib.service.anchoring import SETTLED_AFTER
from chalicelib.service.checking_anchors import AnchorVerifier, whose_turn
from chalicelib.service.verifying import Verified, Verifier

_LOG = logging.getLogger("recourse.service")

SECONDS: Final = 200.0
"""After which a run goes on in another one: the function has 300."""

TOLD_AFTER: Final = 20.0
"""Seconds after which what was found is told, and then noted how far that is: what is stopped has lost no more."""

type _Steps = Generator[tuple[Verified, Checked], None, Checked]
"""What was found, bit by bit, and how far that is; in the end, how far all of it is."""


class Audit(Protocol):
    """What an audit needs beside the table and the anchors."""

    def go_on(self) -> None:
        """In another run, from what is noted."""
        ...

    def given_up(self) -> frozenset[str]:
        """Disputes whose deadlines are in the dead letters."""
        ...


@dataclass(frozen=True, slots=True)
class Auditor:
    verifier: Verifier
    anchors: AnchorVerifier
    audit: Audit
    book: CheckBook
    days: int
    """In which everything is checked once."""
    seconds: Callable[[], float]
    meter: Meter

    def work(self) -> Verified:
        """What was found in one run. Each violation is logged, and all are counted: an alarm is on the count."""
        end, now = self.seconds() + SECONDS, self.verifier.clock()
        found, noted = Verified(), self._begun(now)
        steps = self._steps(noted, now)
        while True:
            some, at, more = self._some(steps, noted)
            found += some
            self._tell(some, _late(at, now))
            stands = self._noted(at, noted)
            if not more or stands is None:
                return found
            if self.seconds() >= end:
                self.audit.go_on()
                return found
            noted = stands

    def _some(self, steps: _Steps, at: Checked) -> tuple[Verified, Checked, bool]:
        """What is found in a while, how far that is, and whether there may be more."""
        found, end = Verified(), self.seconds() + TOLD_AFTER
        for some, place in steps:
            found, at = found + some, place
            if self.seconds() >= end:
                return found, at, True
        return found, at, False

    def _noted(self, at: Checked, before: Checked) -> Checked | None:
        """None where another run has noted something meanwhile."""
        at = replace(at, seq=before.seq)
        return before if at == before else self.book.note(at)

    def _begun(self, now: datetime) -> Checked:
        """What is noted. At first, after another number of days, and where it tells of days to come: everything."""
        noted, today = self.book.checked(), now.toordinal()
        first = today - self.days + 1
        if noted is None or noted.days != self.days or self._to_come(noted, now):
            return Checked(self.days, first, seq=noted.seq if noted else 0)
        return noted if noted.day >= first else replace(noted, day=first, after=None, anchor=None)

    def _to_come(self, noted: Checked, now: datetime) -> bool:
        changes = noted.changes is not None and self.verifier.records.to_come(noted.changes, now)
        return changes or noted.day > now.toordinal() + 1

    def _steps(self, at: Checked, now: datetime) -> _Steps:
        """Days that were missed are made up for, the first of them first."""
        given_up, today = self.audit.given_up(), now.toordinal()
        at = yield from self._changes(at, _midnight(now - SETTLED_AFTER), given_up)
        while at.day <= today:
            at = yield from self._table(at, given_up)
            at = yield from self._anchors(at, today)
        return at

    def _tell(self, found: Verified, late: float) -> None:
        for each in found.violations:
            _LOG.error("violation", extra={"subject": each.subject, "what": str(each.what), "detail": each.detail})
        self.meter(Measure.VIOLATIONS, len(found.violations))
        self.meter(Measure.CHECK_LAG, late)

    def _changes(self, at: Checked, until: datetime, given_up: frozenset[str]) -> _Steps:
        """Of whole days, so that a dispute in which much happens is checked once for all of it."""
        while True:
            before = at.changes
            for found, following in self.verifier.changes(until, before, given_up):
                if following == before:
                    return at
                at = replace(at, changes=following)
                yield found, at

    def _table(self, at: Checked, given_up: frozenset[str]) -> _Steps:
        part = Part(at.day % self.days, self.days)
        while at.anchor is None:
            for found, following in self.verifier.page(at.after, given_up, part):
                at = replace(at, after=following, anchor=None if following else 0)
                yield found, at
        return at

    def _anchors(self, at: Checked, today: int) -> _Steps:
        """Those whose turn it was on the day; the latest ones, too, when the day is today."""
        known = self.anchors.book.numbers()
        for number in whose_turn(known, at.day, days=self.days, with_latest=at.day == today):
            if number > (at.anchor or 0):
                wrong = tuple(self.anchors.anchor(number, known))
                yield Verified(violations=wrong), replace(at, anchor=number)
        gaps, the_next_day = tuple(self.anchors.gaps(known)), replace(at, day=at.day + 1, after=None, anchor=None)
        yield Verified(violations=gaps), the_next_day
        return the_next_day


def _midnight(instant: datetime) -> datetime:
    """The last one, in UTC."""
    return datetime.combine(instant.astimezone(UTC).date(), time.min, UTC)


def _late(at: Checked, now: datetime) -> float:
    """Seconds since the day began whose part isn't checked to the end; 0 where today's is."""
    return max(0.0, (now - _midnight_of(at.day)).total_seconds())


def _midnight_of(day: int) -> datetime:
    return datetime.combine(date.fromordinal(day), time.min, UTC)
