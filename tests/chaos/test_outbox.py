"""Promise C while the publisher dies and the bus is away."""

import pytest

from tests.chaos.outbox import CASES


@pytest.mark.parametrize("case", CASES)
def test_c_the_outbox(case):
    CASES[case]()
