"""B5, B7 and promise B: a shop's counts equal its distinct failed appeals of the period, whatever races and retries."""

import pytest

from chalicelib.domain.model import Failure
from chalicelib.domain.parties import By, Role
from chalicelib.domain.ports import Booking, QuotaRaced, Store, VersionRaced
from chalicelib.domain.quota import Failures, Pending, QuotaChange, QuotaCheck
from tests.contract.build import BY, HOUR, POLICY, SHOP, START, Scribe, a_failure

MONTHLY = QuotaCheck(month=11, per_month=3, per_year=10)
PENDING = Pending("D1", "A1")


def change(**parts: object) -> QuotaChange:
    return QuotaChange(POLICY, SHOP, 2026, **parts)  # type: ignore[arg-type]


def failures_of(store: Store, *years: int) -> Failures:
    return store.facts("", [], policy=POLICY, respondent=SHOP, years=years or [2026])[1]


def a_shop(store: Store, *, failed: int, month: int = 11) -> Scribe:
    scribe = Scribe(store).open()
    for number in range(failed):
        scribe.write(quota=[change(add=a_failure(f"{month}-{number}", month=month))])
    return scribe


@pytest.mark.parametrize("failed", [0, 2, 3])
def test_b5_up_to_the_monthly_limit_an_appeal_can_be_filed(store, failed):
    a_shop(store, failed=failed).write(quota=[change(check=MONTHLY, pend=PENDING)])
    assert failures_of(store).pending == (PENDING,)


def test_b5_the_fourth_failure_blocks_the_month(store):
    scribe = a_shop(store, failed=4)
    with pytest.raises(QuotaRaced):
        scribe.write(quota=[change(check=MONTHLY, pend=PENDING)])
    assert failures_of(store).pending == ()
    assert store.load(scribe.id).dispute == scribe.dispute


def test_b5_failures_of_another_month_dont_block_this_one(store):
    a_shop(store, failed=4, month=10).write(quota=[change(check=MONTHLY)])


def test_b5_the_eleventh_failure_blocks_the_year_and_the_tenth_does_not(store):
    scribe = Scribe(store).open()
    for number in range(10):
        scribe.write(quota=[change(add=a_failure(f"A{number}", month=number + 1))])
    scribe.write(quota=[change(check=MONTHLY)])
    scribe.write(quota=[change(add=a_failure("A10", month=12))])
    with pytest.raises(QuotaRaced):
        scribe.write(quota=[change(check=MONTHLY)])


def test_b5_a_new_year_begins_with_nothing(store):
    scribe = Scribe(store).open()
    for number in range(11):
        scribe.write(quota=[change(add=a_failure(f"A{number}", month=number + 1))])
    scribe.write(quota=[QuotaChange(POLICY, SHOP, 2027, check=QuotaCheck(1, 3, 10), pend=PENDING)])
    both = failures_of(store, 2026, 2027)
    assert (both.in_year(2026), both.in_year(2027)) == (11, 0)
    assert both.pending == (PENDING,)


def test_b5_counts_are_one_shops_under_one_policy(store):
    a_shop(store, failed=4)
    other = Scribe(store).open()
    other.write(quota=[QuotaChange(POLICY, "shop:S2", 2026, check=MONTHLY)])
    other.write(quota=[QuotaChange("another", SHOP, 2026, check=MONTHLY)])


def test_b6_filed_and_dismissed_at_once_is_checked_and_counted_in_one_operation(store):
    scribe = a_shop(store, failed=3)
    scribe.write(quota=[change(check=MONTHLY, pend=PENDING, settle=PENDING, add=a_failure("A1"))])
    assert (failures_of(store).in_year(2026), failures_of(store).pending) == (4, ())
    with pytest.raises(QuotaRaced):
        scribe.write(quota=[change(check=MONTHLY, pend=PENDING, settle=PENDING, add=a_failure("A2"))])
    assert failures_of(store).in_year(2026) == 4


def test_a_failure_is_found_in_the_count_of_its_month_and_year_and_named(store):
    scribe = Scribe(store).open()
    early, late = a_failure("A1", month=10, at=START - 300 * HOUR), a_failure("A2")
    scribe.write(quota=[change(add=late)])
    scribe.write(quota=[change(add=early)])
    year = failures_of(store).year(2026)
    assert (year.failed, dict(year.by_month)) == (2, {10: 1, 11: 1})
    assert year.failures == (early, late)


def test_b7_what_is_pending_is_settled_by_name(store):
    scribe = Scribe(store).open()
    other = Pending("D2", "A2")
    scribe.write(quota=[change(check=MONTHLY, pend=PENDING)])
    scribe.write(quota=[change(check=MONTHLY, pend=other)])
    assert failures_of(store).pending == (PENDING, other)
    scribe.write(quota=[change(settle=PENDING, add=a_failure("A1"))])
    assert failures_of(store).pending == (other,)
    scribe.write(quota=[change(settle=other)])
    assert (failures_of(store).pending, failures_of(store).in_year(2026)) == ((), 1)


def test_b7_a_failure_is_taken_back_from_where_it_was_counted_and_the_shop_can_appeal_again(store):
    scribe = a_shop(store, failed=4)
    scribe.write(quota=[change(take_back=a_failure("11-0"))])
    year = failures_of(store).year(2026)
    assert (year.failed, dict(year.by_month)) == (3, {11: 3})
    assert "11-0" not in {each.appeal for each in year.failures}
    scribe.write(quota=[change(check=MONTHLY)])


def test_promise_b_an_appeal_is_counted_once_and_taken_back_once(store):
    scribe = Scribe(store).open()
    scribe.write(quota=[change(add=a_failure("A1"))])
    with pytest.raises(VersionRaced):
        scribe.write(quota=[change(add=a_failure("A1"))])
    scribe.write(quota=[change(take_back=a_failure("A1"))])
    with pytest.raises(VersionRaced):
        scribe.write(quota=[change(take_back=a_failure("A1"))])
    assert failures_of(store).in_year(2026) == 0


def test_the_ledger_says_why_the_counts_are_what_they_are(store):
    scribe = Scribe(store).open()
    scribe.write(at=START + HOUR, quota=[change(add=a_failure("A2"))])
    scribe.write(at=START + 2 * HOUR, quota=[change(add=a_failure("A1"))])
    scribe.write(at=START + 3 * HOUR, quota=[change(take_back=a_failure("A2"))])
    ledger = store.ledger(POLICY, SHOP, 2026)
    assert [(each.booking, each.failure.appeal, each.at) for each in ledger] == [
        (Booking.FAILED, "A2", START + HOUR),
        (Booking.FAILED, "A1", START + 2 * HOUR),
        (Booking.TAKEN_BACK, "A2", START + 3 * HOUR),
    ]
    assert ledger[0].by == BY == By("somebody", Role.PLATFORM)
    assert store.ledger(POLICY, SHOP, 2027) == ()


def test_one_commit_settles_in_the_year_of_filing_and_counts_in_the_year_of_the_decision(store):
    scribe = Scribe(store).open()
    scribe.write(quota=[change(check=MONTHLY, pend=PENDING)])
    counted = Failure(POLICY, SHOP, 2027, 1, START + 1500 * HOUR, "D1", "A1")
    scribe.write(quota=[change(settle=PENDING), QuotaChange(POLICY, SHOP, 2027, add=counted)])
    both = failures_of(store, 2026, 2027)
    assert (both.pending, both.in_year(2026), both.in_year(2027)) == ((), 0, 1)


def test_a_year_that_a_commit_would_change_twice_is_a_mistake_and_not_a_race(store):
    scribe = Scribe(store).open()
    with pytest.raises(ValueError, match="once"):
        scribe.write(quota=[change(pend=PENDING), change(add=a_failure())])


def test_a_change_that_comes_to_nothing_touches_no_counter(store):
    scribe = Scribe(store).open()
    scribe.write(quota=[change(pend=PENDING, settle=PENDING)])
    assert failures_of(store).years == ()
