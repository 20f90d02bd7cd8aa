"""Terms, months and years in every zone, whatever its clocks do (B5)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.calendar import Month, add, start_of_year, year_of
from policies.model import Term, Unit
from tests.unit.policies.test_calendar import MILLISECOND, ZONES

zones = st.sampled_from(ZONES)

instants = st.datetimes(datetime(1975, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001

elapsing = st.sampled_from((Unit.SECONDS, Unit.MINUTES, Unit.HOURS))

counts = st.integers(1, 400)

quickly = settings(max_examples=40, deadline=None)


@quickly
@given(instants, elapsing, counts, zones)
def test_seconds_minutes_and_hours_elapse_in_every_zone(start, unit, count, zone):
    assert add(start, Term(count, unit), zone) - start == timedelta(**{unit.value: count})


@quickly
@given(instants, st.sampled_from((Unit.DAYS, Unit.MONTHS, Unit.YEARS)), st.integers(1, 40), zones)
def test_a_longer_term_never_ends_before_a_shorter_one(start, unit, count, zone):
    shorter, longer = add(start, Term(count, unit), zone), add(start, Term(count + 1, unit), zone)
    assert start < shorter <= longer


@quickly
@given(instants, counts, zones)
def test_days_later_the_clocks_show_the_same_time_or_have_just_skipped_it(start, count, zone):
    wanted = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(days=count)
    end = add(start, Term(count, Unit.DAYS), zone).astimezone(ZoneInfo(zone))
    just_before = (end.astimezone(UTC) - MILLISECOND).astimezone(ZoneInfo(zone))
    assert end.replace(tzinfo=None) == wanted or just_before.replace(tzinfo=None) < wanted < end.replace(tzinfo=None)


@quickly
@given(instants, zones)
def test_b5_each_instant_lies_in_exactly_one_month_and_one_year(instant, zone):
    month = Month.of(instant, zone)
    assert month.start(zone) <= instant < month.next().start(zone)
    year = year_of(instant, zone)
    assert start_of_year(year, zone) <= instant < start_of_year(year + 1, zone)


@quickly
@given(st.builds(Month, st.integers(1975, 2060), st.integers(1, 12)), zones)
def test_b5_months_follow_one_another_without_gap_or_overlap(month, zone):
    start = month.next().start(zone)
    assert month < month.next()
    assert Month.of(start, zone) == month.next()
    assert Month.of(start - MILLISECOND, zone) == month
