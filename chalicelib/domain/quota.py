"""May this shop appeal now, and why not; what counts (B5, B6, B7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import AppealQuotaExceeded
from chalicelib.domain.events import AppealDecided, AppealFiled, AppealSetAside, AppealWithdrawn, Recorded
from chalicelib.domain.model import Dispute, Failure
from policies.calendar import Month, start_of_year
from policies.model import Policy, QuotaPolicy


@dataclass(frozen=True, slots=True)
class Pending:
    """An appeal that was filed and isn't decided yet."""

    dispute: str
    appeal: str


@dataclass(frozen=True, slots=True)
class QuotaYear:
    """One respondent's quota item of one policy and calendar year."""

    year: int
    failed: int = 0
    by_month: Mapping[int, int] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    pending: tuple[Pending, ...] = ()


@dataclass(frozen=True, slots=True)
class Failures:
    """What counts against a respondent, in the years that matter now."""

    years: tuple[QuotaYear, ...] = ()

    def year(self, year: int) -> QuotaYear:
        return next((each for each in self.years if each.year == year), QuotaYear(year))

    def in_year(self, year: int) -> int:
        return self.year(year).failed

    def in_month(self, month: Month) -> int:
        return self.year(month.year).by_month.get(month.month, 0)

    @property
    def pending(self) -> tuple[Pending, ...]:
        return tuple(each for year in self.years for each in year.pending)


@dataclass(frozen=True, slots=True)
class QuotaCheck:
    """The condition that filing holds in its transaction: neither count is over its limit."""

    month: int
    per_month: int
    per_year: int


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """All that one commit does to the quota item of one year: ONE operation in the transaction."""

    policy: str
    respondent: str
    year: int
    check: QuotaCheck | None = None
    add: Failure | None = None
    take_back: Failure | None = None
    pend: Pending | None = None
    settle: Pending | None = None
    """No longer pending."""


def refusal(failures: Failures, limits: QuotaPolicy, zone: str, now: datetime) -> AppealQuotaExceeded | None:
    """Why the quota forbids an appeal now (B5); None where it doesn't. Strictly more than the limit blocks."""
    month = Month.of(now, zone)
    in_year, in_month = failures.in_year(month.year), failures.in_month(month)
    if in_year > limits.per_year:
        reopens = start_of_year(month.year + 1, zone)
        return AppealQuotaExceeded(period=str(month.year), used=in_year, limit=limits.per_year, reopens=reopens)
    if in_month > limits.per_month:
        reopens = month.next().start(zone)
        return AppealQuotaExceeded(period=str(month), used=in_month, limit=limits.per_month, reopens=reopens)
    return None


def all_fail(failures: Failures, month: Month) -> Failures:
    """What would count if everything that is pending failed in this month (B12)."""
    year, more = failures.year(month.year), len(failures.pending)
    by_month = {**year.by_month, month.month: failures.in_month(month) + more}
    return Failures((replace(year, failed=year.failed + more, by_month=by_month),))


def paused_until(failures: Failures, limits: QuotaPolicy, zone: str, start: datetime, due: datetime) -> datetime:
    """When a window that began at `start` and was to end at `due` ends, if blocked time doesn't count (B12)."""
    until = due
    while (later := due + _blocked(failures, limits, zone, start, until)) > until:
        until = later
    return until


def _blocked(failures: Failures, limits: QuotaPolicy, zone: str, start: datetime, end: datetime) -> timedelta:
    """How much of start..end the quota blocks, as far as the failures so far go."""
    total, at = timedelta(), start
    while at < end:
        month_end = Month.of(at, zone).next().start(zone)
        since = _block_start(failures, limits, Month.of(at, zone))
        upto = min(month_end, end)
        if since is not None and since < upto:
            total += upto - max(at, since)
        at = month_end
    return total


def _block_start(failures: Failures, limits: QuotaPolicy, month: Month) -> datetime | None:
    """From when this month is blocked, by its own count or by its year's."""
    of_year = sorted(failures.year(month.year).failures, key=lambda each: each.at)
    of_month = [each for each in of_year if each.month == month.month]
    counts = ((of_year, limits.per_year), (of_month, limits.per_month))
    return min((counted[limit].at for counted, limit in counts if len(counted) > limit), default=None)


def changes(dispute: Dispute, events: Sequence[Recorded], in_force: Policy) -> tuple[QuotaChange, ...]:
    """What the events of one commit do to the respondent's quota items, merged into one change a year."""
    by_year: dict[int, QuotaChange] = {}
    for recorded in events:
        for effect in _effects(dispute, recorded, in_force):
            so_far = by_year.get(effect.year)
            by_year[effect.year] = _merged(so_far, effect) if so_far else effect
    return tuple(_net(each) for each in by_year.values())


def _effects(dispute: Dispute, recorded: Recorded, in_force: Policy) -> Iterator[QuotaChange]:
    zone, event = dispute.policy.zone, recorded.event
    blank = QuotaChange(dispute.policy.id, dispute.respondent, year=0)
    match event:
        case AppealFiled(appeal):
            month, limits = Month.of(appeal.filed_at, zone), in_force.appeal.quota
            check = QuotaCheck(month.month, limits.per_month, limits.per_year)
            yield replace(blank, year=month.year, check=check, pend=Pending(dispute.id, appeal.id))
        case AppealWithdrawn(appeal_id) | AppealDecided(appeal_id):
            filed = next(each.filed_at for each in dispute.appeals if each.id == appeal_id)
            yield replace(blank, year=Month.of(filed, zone).year, settle=Pending(dispute.id, appeal_id))
            if isinstance(event, AppealDecided) and event.counted:
                yield replace(blank, year=event.counted.year, add=event.counted)
        case AppealSetAside(taken_back=Failure() as failure):
            yield replace(blank, year=failure.year, take_back=failure)
        case _:
            return


def _merged(one: QuotaChange, other: QuotaChange) -> QuotaChange:
    return replace(
        one,
        check=one.check or other.check,
        add=one.add or other.add,
        take_back=one.take_back or other.take_back,
        pend=one.pend or other.pend,
        settle=one.settle or other.settle,
    )


def _net(change: QuotaChange) -> QuotaChange:
    """Filed and dismissed at once: it never was pending."""
    return replace(change, pend=None, settle=None) if change.pend and change.pend == change.settle else change
