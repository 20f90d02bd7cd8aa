"""B5 at any instant of a year."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.quota import refusal
from tests.build import MILLISECOND, at, failed
from tests.unit.domain.test_quota import LIMITS, SHANGHAI


@given(
    count=st.integers(0, 12),
    minutes=st.integers(0, 60 * 24 * 364),
)
def test_b5_blocked_is_strictly_more_than_the_limit_at_any_instant(count, minutes):
    when = at("2026-01-01T00:00:00+08:00") + timedelta(minutes=minutes)
    failures = failed(instants=[when] * count)
    why = refusal(failures, LIMITS, SHANGHAI, when)
    assert (why is not None) is (count > 3)
    if why:
        assert refusal(failures, LIMITS, SHANGHAI, why.reopens) is None
        assert refusal(failures, LIMITS, SHANGHAI, why.reopens - MILLISECOND) is not None
