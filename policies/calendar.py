"""Terms added to instants, and the calendar months and years of a zone.

Seconds, minutes and hours elapse: 24 hours are 24 hours, whatever the clocks do. Days, months and years move the wall
clock of the zone. A month without such a day takes its last one. A wall time that the clocks skip means the first
instant after the gap; one that they show twice means the first of the two.
"""

from bisect import bisect_left
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from policies.model import Term, Unit

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)

ELAPSING = frozenset({Unit.SECONDS, Unit.MINUTES, Unit.HOURS})
"""Units that are as long as they are, whatever the zone's calendar does."""


def add(start: datetime, term: Term, zone: str) -> datetime:
    """Give the instant, in UTC, at which a positive term that began at `start` is over.

    Raises ValueError if `start` is naive or the zone unknown, OverflowError or ValueError beyond the year 9999.
    """
    start = _utc(start)
    match term.unit:
        case Unit.SECONDS:
            return start + timedelta(seconds=term.count)
        case Unit.MINUTES:
            return start + timedelta(minutes=term.count)
        case Unit.HOURS:
            return start + timedelta(hours=term.count)
        case Unit.DAYS:
            return _instant(_wall(start, zone) + timedelta(days=term.count), zone)
        case Unit.MONTHS:
            return _instant(_months_later(_wall(start, zone), term.count), zone)
        case Unit.YEARS:
            return _instant(_months_later(_wall(start, zone), 12 * term.count), zone)
        case _:
            assert_never(term.unit)


def elapsed(term: Term) -> timedelta:
    """Give the length of a term in seconds, minutes or hours. Raises ValueError for the calendar's units."""
    if term.unit not in ELAPSING:
        raise ValueError(f"{term.unit} have no length of their own")
    return timedelta(**{term.unit: term.count})


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month. A zone's months follow one another without gap or overlap, each from its `start`."""

    year: int
    month: int

    def __str__(self) -> str:
        """ISO 8601, e.g. 2026-11."""
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def of(cls, instant: datetime, zone: str) -> "Month":
        """Find the month that the instant is in; ValueError if it is naive."""
        wall = _wall(_utc(instant), zone)
        month = cls(wall.year, wall.month)
        # Clocks put back over midnight show the old month again: what has begun has begun.
        return month.next() if instant >= month.next().start(zone) else month

    def next(self) -> "Month":
        """Give the month after."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def start(self, zone: str) -> datetime:
        """Its first instant, in UTC: midnight in the zone, or the first instant after it where midnight is skipped."""
        return _instant(datetime(self.year, self.month, 1), zone)  # noqa: DTZ001  (a wall time has no zone of its own)


def year_of(instant: datetime, zone: str) -> int:
    """Find the zone's calendar year that the instant is in; ValueError if it is naive."""
    return Month.of(instant, zone).year


def start_of_year(year: int, zone: str) -> datetime:
    """Give the first instant of the year, in UTC, as `Month.start` does."""
    return Month(year, 1).start(zone)


def _utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        message = f"{instant.isoformat()} names no instant: it has no zone"
        raise ValueError(message)
    return instant.astimezone(UTC)


def _wall(instant: datetime, zone: str) -> datetime:
    """Read the clocks of the zone; what they show has no zone."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _months_later(wall: datetime, count: int) -> datetime:
    years, month = divmod(wall.month - 1 + count, 12)
    year, month = wall.year + years, month + 1
    return wall.replace(year=year, month=month, day=min(wall.day, monthrange(year, month)[1]))


def _instant(wall: datetime, zone: str) -> datetime:
    """Find the first instant, in UTC, at which the clocks of the zone show this wall time, or have skipped it."""
    first = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    if _wall(first, zone) == wall:
        return first
    # PEP 495: within a gap, fold=1 gives an instant before the transition and fold=0 one after it.
    before = wall.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    seconds = range((before - _EPOCH) // _SECOND, (first - _EPOCH) // _SECOND + 1)
    after_gap = bisect_left(seconds, wall, key=lambda second: _wall(_EPOCH + second * _SECOND, zone))
    return _EPOCH + seconds[after_gap] * _SECOND
