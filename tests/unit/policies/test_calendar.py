"""Terms and calendar periods: A1 and B1 count elapsed hours, B5 counts in the policy zone's months and years."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from policies.calendar import Month, add, elapsed, start_of_year, year_of
from policies.model import Term, Unit

SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"
MILLISECOND = timedelta(milliseconds=1)

# Among them: no DST, DST in both hemispheres, half-hour DST, midnight skipped or shown twice, the clocks put back over
# midnight on the 1st (St John's, 2009), a whole day skipped (Apia, 2011), no midnight at a new year (Kathmandu, 1986).
ZONES = (
    SHANGHAI,
    NEW_YORK,
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "America/Asuncion",
    "America/Havana",
    "America/St_Johns",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Africa/Cairo",
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "term", "zone", "end"),
    [
        pytest.param(
            "2026-11-23T10:00:00.001+08:00",
            Term(48, Unit.HOURS),
            SHANGHAI,
            "2026-11-25T10:00:00.001+08:00",
            id="A1: 48 hours for product documents, to the millisecond",
        ),
        pytest.param(
            "2026-03-07T12:00:00-05:00",
            Term(24, Unit.HOURS),
            NEW_YORK,
            "2026-03-08T13:00:00-04:00",
            id="A1: 24 hours elapse although the clocks are put forward meanwhile",
        ),
        pytest.param(
            "2026-10-30T12:00:00-04:00",
            Term(168, Unit.HOURS),
            NEW_YORK,
            "2026-11-06T11:00:00-05:00",
            id="B1: 7 x 24 hours elapse although the clocks are put back meanwhile",
        ),
        pytest.param(
            "2026-03-07T12:00:00-05:00",
            Term(1, Unit.DAYS),
            NEW_YORK,
            "2026-03-08T12:00:00-04:00",
            id="a day later the clocks show the same time",
        ),
        pytest.param(
            "2026-03-07T02:30:00-05:00",
            Term(1, Unit.DAYS),
            NEW_YORK,
            "2026-03-08T03:00:00-04:00",
            id="a skipped time means the first instant after the gap",
        ),
        pytest.param(
            "2026-10-31T01:30:00-04:00",
            Term(1, Unit.DAYS),
            NEW_YORK,
            "2026-11-01T01:30:00-04:00",
            id="a time shown twice means the first",
        ),
        pytest.param(
            "2011-12-29T10:00:00-10:00",
            Term(1, Unit.DAYS),
            "Pacific/Apia",
            "2011-12-31T00:00:00+14:00",
            id="a skipped day means the first instant after it",
        ),
        pytest.param(
            "2026-01-31T23:59:59.999+08:00",
            Term(1, Unit.MONTHS),
            SHANGHAI,
            "2026-02-28T23:59:59.999+08:00",
            id="a month without that day takes its last one",
        ),
        pytest.param(
            "2026-12-15T00:00:00+08:00",
            Term(13, Unit.MONTHS),
            SHANGHAI,
            "2028-01-15T00:00:00+08:00",
            id="months go over the end of the year",
        ),
        pytest.param(
            "2028-02-29T12:00:00+08:00",
            Term(1, Unit.YEARS),
            SHANGHAI,
            "2029-02-28T12:00:00+08:00",
            id="29 February has its anniversary on the 28th",
        ),
        pytest.param(
            "2028-02-29T12:00:00+08:00",
            Term(4, Unit.YEARS),
            SHANGHAI,
            "2032-02-29T12:00:00+08:00",
            id="29 February is kept where the year has one",
        ),
        pytest.param(
            "2026-12-31T20:00:00+00:00",
            Term(1, Unit.MONTHS),
            SHANGHAI,
            "2027-02-01T04:00:00+08:00",
            id="the day is the zone's, not that of UTC",
        ),
    ],
)
def test_a_term_ends(start, term, zone, end):
    over = add(at(start), term, zone)
    assert over == at(end)
    assert over.tzinfo is UTC


@pytest.mark.parametrize("unit", list(Unit))
def test_a_term_starts_at_an_instant_and_so_never_at_a_naive_time(unit):
    with pytest.raises(ValueError, match="names no instant"):
        add(datetime(2026, 11, 23), Term(1, unit), SHANGHAI)  # noqa: DTZ001


def test_b5_the_31st_of_a_month_ends_at_midnight_in_shanghai():
    last, first = at("2026-10-31T23:59:59.999+08:00"), at("2026-11-01T00:00:00.000+08:00")
    assert (Month.of(last, SHANGHAI), Month.of(first, SHANGHAI)) == (Month(2026, 10), Month(2026, 11))
    assert Month(2026, 11).start(SHANGHAI) == first


def test_b5_a_year_ends_at_midnight_in_the_zone():
    last, first = at("2026-12-31T23:59:59.999+08:00"), at("2027-01-01T00:00:00.000+08:00")
    assert (year_of(last, SHANGHAI), year_of(first, SHANGHAI)) == (2026, 2027)
    assert start_of_year(2027, SHANGHAI) == first
    assert year_of(first, "UTC") == 2026


def test_b5_a_month_in_which_the_clocks_change_starts_and_ends_at_the_zones_midnight():
    assert Month(2026, 11).start(NEW_YORK) == at("2026-11-01T00:00:00-04:00")
    assert Month(2026, 12).start(NEW_YORK) == at("2026-12-01T00:00:00-05:00")


@pytest.mark.parametrize(
    ("month", "zone", "first"),
    [
        pytest.param(Month(2017, 10), "America/Asuncion", "2017-10-01T01:00:00-03:00", id="midnight skipped"),
        pytest.param(Month(1986, 1), "Asia/Kathmandu", "1986-01-01T00:15:00+05:45", id="new year's midnight skipped"),
        pytest.param(Month(2026, 11), "America/Havana", "2026-11-01T00:00:00-04:00", id="midnight shown twice"),
        pytest.param(Month(2009, 11), "America/St_Johns", "2009-11-01T00:00:00-02:30", id="put back over midnight"),
    ],
)
def test_b5_a_month_starts_at_the_first_instant_of_its_first_day(month, zone, first):
    assert month.start(zone) == at(first)
    assert Month.of(at(first), zone) == month
    assert Month.of(at(first) - MILLISECOND, zone).next() == month


def test_b5_a_month_that_has_begun_isnt_ended_by_clocks_put_back_over_midnight():
    second_half_past_eleven = datetime(2009, 10, 31, 23, 30, tzinfo=ZoneInfo("America/St_Johns"), fold=1)
    assert Month.of(second_half_past_eleven, "America/St_Johns") == Month(2009, 11)


def test_a_month_is_written_as_iso_8601():
    assert str(Month(2026, 3)) == "2026-03"


@pytest.mark.parametrize("ask", [lambda naive: Month.of(naive, SHANGHAI), lambda naive: year_of(naive, SHANGHAI)])
def test_a_naive_time_lies_in_no_month_and_no_year(ask):
    with pytest.raises(ValueError, match="names no instant"):
        ask(datetime(2026, 11, 23))  # noqa: DTZ001


def test_a_term_of_hours_has_a_length_and_one_of_days_depends_on_the_calendar():
    assert elapsed(Term(36, Unit.HOURS)) == timedelta(hours=36)
    with pytest.raises(ValueError, match="days have no length of their own"):
        elapsed(Term(1, Unit.DAYS))
