"""Promises A5, C, F and G while clocks differ; docs/operations.md says what each clock decides."""

import pytest

from tests.chaos.clocks import CASES


@pytest.mark.parametrize("case", CASES)
def test_while_clocks_differ(case):
    CASES[case]()
