"""Promise H: events three times, in reverse, seven days late, for what is gone, and no events at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.model import Status
from chalicelib.domain.piece import PieceStatus
from tests.chaos.deliveries import SEVEN_DAYS, Day, after_any_order, for_what_is_gone, nonsense


@pytest.fixture(scope="module")
def day() -> Day:
    return Day.made(pictures=True)


@pytest.fixture(scope="module")
def short_day() -> Day:
    """A day that takes no time."""
    return Day.made(pictures=False)


def test_h_three_times_and_in_reverse_come_to_what_once_comes_to(day, short_day):
    for each in (day, short_day):
        for _, _, wrong in after_any_order(each, []):
            assert wrong == []


def test_a_day_has_work_of_every_kind(day):
    (silent, late, answered), wrong = day.after(day.deliveries)
    assert wrong == []
    assert [silent[1], late[1], answered[1]] == [Status.RULED, Status.UNDER_REVIEW, Status.AWAITING_RESPONSE]
    assert {each.kind for each in day.deliveries} == {"upload", "unread", "due", "stream", "schedule"}
    assert [each.status for each in day.town.store.pieces(day.disputes[2])] == [PieceStatus.UNUSABLE] * 2


def test_h_seven_days_late_too(short_day):
    for _, _, wrong in after_any_order(short_day, [], hours=SEVEN_DAYS):
        assert wrong == []


@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_h_any_order_with_any_repeats_comes_to_the_same(short_day, seed):
    for _, _, wrong in after_any_order(short_day, [seed]):
        assert wrong == []


def test_h_what_comes_for_a_dispute_that_is_gone_is_done_with_and_changes_nothing(short_day):
    for _, _, wrong in for_what_is_gone(short_day):
        assert wrong == []


def test_h_what_is_no_message_is_handed_back_and_changes_nothing(short_day):
    for _, _, wrong in nonsense(short_day):
        assert wrong == []
