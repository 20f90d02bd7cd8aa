"""B5: how many failed appeals block a shop, and until when. Boundaries to the millisecond."""

from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.errors import AppealQuotaExceeded
from chalicelib.domain.model import AppealStatus, Stage
from chalicelib.domain.quota import Failures, refusal
from policies.model import FailureCountedIn, Ground
from tests.build import MERCHANT, NOON, Docket, a_policy, at, contrarian, failed, marketplace, text

SHANGHAI = "Asia/Shanghai"
LIMITS = marketplace().appeal.quota


def ruled(when, policy=None) -> Docket:
    return Docket(policy).ruled(when)


@pytest.mark.parametrize(("failures", "blocked"), [(2, False), (3, False), (4, True), (5, True)])
def test_b5_more_than_three_failures_in_a_month_block_the_rest_of_it(failures, blocked):
    docket = ruled(NOON)
    docket.failures = failed(instants=[NOON] * failures)
    if not blocked:
        docket.appeal(NOON)
        assert docket.dispute.open_appeal
        return
    with pytest.raises(AppealQuotaExceeded) as why:
        docket.appeal(NOON)
    assert (why.value.period, why.value.used, why.value.limit) == ("2026-11", failures, 3)
    assert why.value.reopens == at("2026-12-01T00:00:00+08:00")


@pytest.mark.parametrize(("failures", "blocked"), [(9, False), (10, False), (11, True), (12, True)])
def test_b5_more_than_ten_failures_in_a_year_block_the_rest_of_it(failures, blocked):
    docket = ruled(NOON)
    spread = [at(f"2026-{1 + number % 10:02}-15T12:00:00+08:00") for number in range(failures)]
    docket.failures = failed(instants=spread)
    if not blocked:
        docket.appeal(NOON)
        assert docket.dispute.open_appeal
        return
    with pytest.raises(AppealQuotaExceeded) as why:
        docket.appeal(NOON)
    assert (why.value.period, why.value.used, why.value.limit) == ("2026", failures, 10)
    assert why.value.reopens == at("2027-01-01T00:00:00+08:00")


@pytest.mark.parametrize(
    ("when", "blocked"),
    [("2026-10-31T23:59:59.999+08:00", True), ("2026-11-01T00:00:00.000+08:00", False)],
)
def test_b5_the_block_ends_with_the_month_of_the_policys_zone(when, blocked):
    failures = failed(instants=[at("2026-10-15T12:00:00+08:00")] * 4)
    why = refusal(failures, LIMITS, SHANGHAI, at(when))
    assert (why is not None) is blocked


@pytest.mark.parametrize(
    ("when", "month"),
    [
        ("2026-10-31T23:59:59.999+08:00", (2026, 10)),
        ("2026-11-01T00:00:00.000+08:00", (2026, 11)),
        ("2026-12-31T23:59:59.999+08:00", (2026, 12)),
        ("2027-01-01T00:00:00.000+08:00", (2027, 1)),
    ],
)
def test_b5_a_failure_counts_in_the_month_and_year_of_its_decision(when, month):
    instant = at(when)
    docket = ruled(instant - timedelta(hours=1))
    docket.appeal(instant - timedelta(minutes=1))
    docket.decide_appeal(instant)
    counted = docket.dispute.appeals[0].counted
    assert (counted.year, counted.month) == month


def test_b5_or_of_its_filing_where_the_policy_says_so():
    docket = ruled(at("2026-12-31T20:00:00+08:00"), a_policy(quota={"failure_counted_in": FailureCountedIn.FILED}))
    docket.appeal(at("2026-12-31T23:59:59.999+08:00"))
    decision = docket.decide_appeal(at("2027-01-01T00:00:00+08:00"))
    counted = docket.dispute.appeals[0].counted
    assert (counted.year, counted.month) == (2026, 12)
    assert [(each.year, each.add is not None, each.settle is not None) for each in decision.quota] == [
        (2026, True, True)
    ]


def test_b5_over_new_year_the_failure_counts_in_one_year_and_stops_pending_in_the_other():
    docket = ruled(at("2026-12-31T20:00:00+08:00"))
    docket.appeal(at("2026-12-31T23:59:59.999+08:00"))
    docket.decide_appeal(at("2027-01-01T00:00:00+08:00"))
    assert (docket.failures.in_year(2026), docket.failures.in_year(2027), docket.failures.pending) == (0, 1, ())


@pytest.mark.parametrize(
    ("when", "blocked"),
    [("2026-10-31T23:59:59.999-04:00", True), ("2026-11-01T00:00:00-04:00", False)],
)
def test_b5_months_of_a_zone_with_summer_time_end_by_its_clocks(when, blocked):
    policy = contrarian()
    limit = policy.appeal.quota.per_month
    failures = failed(instants=[at("2026-10-05T12:00:00-04:00")] * (limit + 1), zone=policy.zone)
    why = refusal(failures, policy.appeal.quota, policy.zone, at(when))
    assert (why is not None) is blocked
    if why:
        assert why.reopens == at("2026-11-01T00:00:00-04:00")


def test_b5_the_block_of_a_march_ends_in_summer_time():
    policy = contrarian()
    failures = failed(instants=[at("2026-03-02T12:00:00-05:00")] * 20, zone=policy.zone)
    limits = policy.appeal.quota
    why = refusal(
        Failures((failures.years[0],)),
        type(limits)(limits.per_month, 99, limits.failure_counted_in),
        policy.zone,
        at("2026-03-31T12:00:00-04:00"),
    )
    assert why.reopens == at("2026-04-01T00:00:00-04:00")


def test_b5_the_limits_are_those_in_force_at_filing():
    docket = Docket(in_force=a_policy(quota={"per_month": 0})).ruled(NOON)
    docket.failures = failed(instants=[NOON])
    with pytest.raises(AppealQuotaExceeded) as why:
        docket.appeal(NOON)
    assert why.value.limit == 0


def test_b5_the_filing_carries_its_condition_into_the_transaction():
    docket = ruled(NOON)
    piece = docket.submit("appeal_evidence", stage=Stage.APPEAL)
    decision = _file(docket, piece)
    (change,) = decision.quota
    assert (change.year, change.check.month, change.check.per_month, change.check.per_year) == (2026, 11, 3, 10)
    assert change.add is None


def _file(docket, piece):
    return docket.do(c.FileAppeal((Ground.AMOUNT,), text(), (piece,)), by=MERCHANT, at=NOON)


def test_b7_what_was_granted_doesnt_count():
    docket = ruled(NOON)
    docket.appeal(NOON)
    docket.decide_appeal(NOON, AppealStatus.GRANTED)
    assert docket.failures.in_year(2026) == 0
