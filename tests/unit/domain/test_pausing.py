"""B12, `pause_window_while_blocked`: time in which the quota blocks the shop doesn't count against its window."""

from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind, ExtensionReason
from chalicelib.domain.errors import ExtensionRefused
from chalicelib.domain.model import Status
from chalicelib.domain.needs import needs
from policies.model import Ground
from tests.build import MILLISECOND, NOON, Docket, a_policy, at, failed, text

DAY = timedelta(days=1)
WEEK = 7 * DAY
DECEMBER = at("2026-12-01T00:00:00+08:00")
NEW_YEAR = at("2027-01-01T00:00:00+08:00")


def pausing(**more):
    return a_policy(appeal={"pause_window_while_blocked": True}, **more)


def blocked(*, since=NOON + 3 * DAY, **more) -> Docket:
    """Ruled at noon of the 2nd; blocked for the rest of November from then on."""
    docket = Docket(pausing(), **more).ruled(NOON)
    docket.failures = failed(instants=[since] * 4)
    return docket


def window(docket: Docket):
    deadline = docket.dispute.deadline(DeadlineKind.APPEAL_WINDOW)
    assert deadline is not None
    return deadline


def swept(docket: Docket) -> Docket:
    docket.sweep(window(docket).due + MILLISECOND)
    return docket


def test_b12_a_block_that_was_there_before_the_window_takes_only_what_is_of_the_window():
    docket = swept(blocked(since=NOON - DAY))
    assert window(docket).due == DECEMBER + WEEK


def test_b12_the_years_block_pauses_too():
    docket = Docket(pausing()).ruled(NOON)
    docket.failures = failed(instants=[at(f"2026-{1 + number % 10:02}-15T12:00:00+08:00") for number in range(11)])
    assert window(swept(docket)).due == NEW_YEAR + WEEK


def test_b12_a_pause_goes_on_over_new_year_where_the_next_year_is_blocked_as_well():
    start = at("2026-12-28T12:00:00+08:00")
    docket = Docket(pausing()).ruled(start)
    docket.failures = failed(instants=[start + DAY] * 4)
    assert window(swept(docket)).due == NEW_YEAR + 6 * DAY
    docket.failures = failed(instants=[start + DAY] * 4 + [NEW_YEAR + 2 * DAY] * 4)
    assert window(swept(docket)).due == at("2027-02-01T00:00:00+08:00") + 4 * DAY


def test_b12_what_a_pause_over_new_year_depends_on_is_read_of_both_years():
    start = at("2026-12-28T12:00:00+08:00")
    docket = Docket(pausing()).ruled(start)
    due = window(docket).due
    assert needs(docket.dispute, c.Lapse(), docket.policy, due).years == ()
    assert needs(docket.dispute, c.Lapse(), docket.policy, due + MILLISECOND).years == (2026, 2027)
    plain = Docket().ruled(start)
    assert needs(plain.dispute, c.Lapse(), plain.policy, due + MILLISECOND).years == ()


def test_b5_filing_depends_on_this_year_and_on_what_is_pending_from_the_last():
    docket = Docket().ruled(NEW_YEAR - MILLISECOND)
    command = c.FileAppeal((Ground.AMOUNT,), text(), ())
    for instant, years in ((NEW_YEAR - MILLISECOND, (2025, 2026)), (NEW_YEAR, (2026, 2027))):
        assert needs(docket.dispute, command, docket.policy, instant).years == years


def test_b12_a_window_doesnt_pause_for_whoever_has_appealed():
    docket = Docket(pausing()).ruled(NOON)
    docket.appeal(NOON)
    docket.decide_appeal(NOON)
    docket.failures = failed(instants=[NOON + 3 * DAY] * 4)
    assert swept(docket).dispute.status is Status.FINAL


def test_b12_whether_a_shop_was_blocked_the_limits_in_force_say():
    docket = Docket(pausing(), in_force=pausing(quota={"per_month": 0})).ruled(NOON)
    docket.failures = failed(instants=[NOON + 3 * DAY])
    assert window(swept(docket)).due == DECEMBER + 4 * DAY

    docket = Docket(pausing(quota={"per_month": 0}), in_force=pausing()).ruled(NOON)
    docket.failures = failed(instants=[NOON + 3 * DAY])
    assert swept(docket).dispute.status is Status.FINAL


def test_b12_time_is_given_back_once_however_often_it_is_swept():
    docket = swept(blocked())
    due = window(docket).due
    assert due == DECEMBER + 4 * DAY
    assert docket.sweep(due - WEEK).events == ()
    assert docket.sweep(due).events == ()
    docket.sweep(due + MILLISECOND)
    assert docket.dispute.status is Status.FINAL


def test_b12_an_extension_by_hand_and_a_pause_add_up():
    before = blocked()
    before.extend(window(before).id, window(before).due + DAY)
    assert window(swept(before)).due == DECEMBER + 5 * DAY

    after = swept(blocked())
    after.extend(window(after).id, window(after).due + DAY, at=after.dispute.updated_at)
    assert window(after).due == DECEMBER + 5 * DAY
    after.sweep(window(after).due + MILLISECOND)
    assert after.dispute.status is Status.FINAL


def test_b12_a_pause_uses_up_none_of_the_extensions():
    docket = swept(blocked())
    now = docket.dispute.updated_at
    for _ in range(docket.policy.extension.max_times):
        docket.extend(window(docket).id, window(docket).due + DAY, at=now)
    with pytest.raises(ExtensionRefused) as refusal:
        docket.extend(window(docket).id, window(docket).due + MILLISECOND, at=now)
    assert refusal.value.problem == "too_often"
    reasons = [each.reason for each in window(docket).extensions]
    assert reasons == [ExtensionReason.QUOTA_BLOCK, *[ExtensionReason.CARRIER_DELAY] * 2]


def test_b12_until_when_is_told_with_the_pause_that_is_coming():
    docket = blocked()
    assert docket.may_appeal(NOON + 4 * DAY).window_until == DECEMBER + 4 * DAY
