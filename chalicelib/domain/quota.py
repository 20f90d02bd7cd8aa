"""May this shop appeal now, and why not; what counts (B5, B6, B7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.errors import AppealQuotaExceeded
from chalicelib.domain.model import Failure
from policies.calendar import Month, start_of_year
from policies.model import QuotaPolicy


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


def blocked_since(failures: Failures, limits: QuotaPolicy, zone: str, now: datetime) -> datetime | None:
    """When the count went over the limit that blocks at `now`; None where nothing blocks."""
    why = refusal(failures, limits, zone, now)
    if why is None:
        return None
    month = Month.of(now, zone)
    of_year = sorted(failures.year(month.year).failures, key=lambda each: each.at)
    counted = of_year if why.period == str(month.year) else [each for each in of_year if each.month == month.month]
    over = counted[why.limit :]
    return max(over[0].at, month.start(zone)) if over and why.period == str(month) else over[0].at if over else now
