"""B5 at the end of months and years, in zones without a midnight, and while policies change; and what has expired."""

import pytest

from tests.chaos.periods import CASES, disagreement, months_of, without_a_midnight
from tests.unit.policies.test_calendar import ZONES


@pytest.mark.parametrize("case", CASES)
def test_b5_around_the_end_of_a_period(case):
    CASES[case]()


def test_b5_a_shop_is_free_again_at_the_first_instant_of_a_month_that_has_no_midnight():
    found = list(without_a_midnight(("Asia/Beirut", "Africa/Cairo", "America/Asuncion"), range(1970, 2038)))
    assert len(found) >= 30
    assert [wrong for each in found for wrong in disagreement(*each)] == []


def test_b5_and_of_every_other_month():
    assert [wrong for each in months_of(ZONES, range(2026, 2028)) for wrong in disagreement(*each)] == []
