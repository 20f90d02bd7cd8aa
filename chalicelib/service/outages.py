"""Outages as operators see them: declared by one, looked at beforehand, agreed to by another (B11)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.allowing import allowance, extended_until, unmended
from chalicelib.domain.errors import IdempotencyKeyReused, NotFound, TooBusy
from chalicelib.domain.outage import Declaration, Outage, Pass, Unmended, answer, declare
from chalicelib.domain.outage_ports import Given, Met, OutageRegister
from chalicelib.domain.ports import NewId, Page, Raced
from chalicelib.service.commands import Request

_TRIES = 5
_AT_ONCE = 100


class Would(StrEnum):
    EXTEND = "extend"
    SET_ASIDE = "set_aside"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Prospect:
    """What would become of one deadline that fell in the outage."""

    met: Met
    would: Would
    due_after: datetime | None = None
    """Of one that is extended."""
    why: Unmended | None = None
    """Of one that is left."""


@dataclass(frozen=True, slots=True)
class Totals:
    extended: int = 0
    set_aside: int = 0
    final: int = 0
    withdrawn: int = 0
    no_default: int = 0
    complete: bool = True
    """False where there are more deadlines than were counted."""

    def and_one(self, prospect: Prospect) -> "Totals":
        name = prospect.why or {Would.EXTEND: "extended", Would.SET_ASIDE: "set_aside"}[prospect.would]
        return replace(self, **{name: getattr(self, name) + 1})


@dataclass(frozen=True, slots=True)
class Reported:
    outage: Outage
    given: Given = field(default_factory=Given)


@dataclass(frozen=True, slots=True)
class Outages:
    register: OutageRegister
    new_id: NewId
    counts_at_most: int = 1000
    """Deadlines that run, and as many that lapsed: counting more would take longer than a request may."""

    def declare(self, asked: Declaration, request: Request) -> Reported:
        """Raises InvalidOutage, ConflictOfInterest, IdempotencyKeyReused, TooBusy."""
        return self._changed(request, lambda: declare(asked, self.new_id(), request.actor, request.at))

    def answer(self, outage_id: str, request: Request, *, agreed: bool) -> Reported:
        """Raises NotFound, OutageAnswered, SecondPersonNeeded, and what `declare` raises."""
        return self._changed(
            request, lambda: answer(self.read(outage_id).outage, request.actor, request.at, agreed=agreed)
        )

    def read(self, outage_id: str) -> Reported:
        found = self.register.outage(outage_id)
        if found is None:
            raise NotFound
        return Reported(*found)

    def listed(self, *, limit: int, after: str | None) -> Page[Reported]:
        page = self.register.outages(limit=limit, after=after)
        return Page(tuple(Reported(*each) for each in page.items), page.next)

    def preview(self, outage: Outage, now: datetime, *, limit: int, after: str | None) -> Page[Prospect]:
        """What the work would do if it were done now. A page may be empty although others follow."""
        name, _, place = after.partition(":") if after else (Pass.RUNNING, "", "")
        part = Pass(name)
        page = self._part(part, outage, now, limit=limit, after=place or None)
        if page.next:
            return Page(page.items, f"{part}:{page.next}")
        return Page(page.items, f"{Pass.LAPSED}:" if part is Pass.RUNNING else None)

    def totals(self, outage: Outage, now: datetime) -> Totals:
        totals = Totals()
        for part in Pass:
            totals = self._counted(totals, part, outage, now)
        return totals

    def _counted(self, totals: Totals, part: Pass, outage: Outage, now: datetime) -> Totals:
        after, at_once = None, min(_AT_ONCE, self.counts_at_most)
        for _ in range(self.counts_at_most // at_once):
            page = self._part(part, outage, now, limit=at_once, after=after)
            for each in page.items:
                totals = totals.and_one(each)
            after = page.next
            if after is None:
                return totals
        return replace(totals, complete=False)

    def _part(self, part: Pass, outage: Outage, now: datetime, *, limit: int, after: str | None) -> Page[Prospect]:
        page = self.register.met(part, outage.scope, limit=limit, after=after)
        return Page(tuple(_prospects(part, page, outage, now)), page.next)

    def _changed(self, request: Request, change: Callable[[], Outage]) -> Reported:
        for _ in range(_TRIES):
            before = self._replayed(request)
            if before:
                return before
            outage = change()
            try:
                self.register.keep(outage, commit=self.new_id(), key=request.key)
            except Raced:
                continue
            return Reported(outage)
        raise TooBusy

    def _replayed(self, request: Request) -> Reported | None:
        """The outage as the same request left it then."""
        answered = self.register.answered(request.key) if request.key else None
        if request.key is None or answered is None or answered.expired(request.at):
            return None
        if answered.fingerprint != request.key.fingerprint:
            raise IdempotencyKeyReused
        return Reported(self.read(answered.dispute).outage.as_of(answered.seq))


def _prospects(part: Pass, page: Page[Met], outage: Outage, now: datetime) -> Iterator[Prospect]:
    for met in page.items:
        found = _running(met, outage, now) if part is Pass.RUNNING else _lapsed(met, outage)
        if found:
            yield found


def _running(met: Met, outage: Outage, now: datetime) -> Prospect | None:
    extended = next((each for each in allowance(met.dispute, outage).extended if each.id == met.deadline), None)
    return Prospect(met, Would.EXTEND, due_after=extended_until(extended, outage, now)) if extended else None


def _lapsed(met: Met, outage: Outage) -> Prospect | None:
    if not concerned(met, outage):
        return None
    aside = allowance(met.dispute, outage).set_aside
    if aside and (aside.kind, aside.due) == (met.kind, met.due):
        return Prospect(met, Would.SET_ASIDE)
    why = unmended(met.dispute, outage)
    return Prospect(met, Would.LEAVE, why=why) if why else None


def concerned(met: Met, outage: Outage) -> bool:
    """Whether a deadline that lapsed is one that the outage is about."""
    return outage.scope.concerns(met.dispute) and met.kind is not None and outage.scope.covers(met.kind, met.due)
