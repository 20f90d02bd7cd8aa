"""A5, A14, promise D: whatever becomes of an upload."""

import pytest

from tests.chaos.uploads import CASES


@pytest.mark.parametrize("case", CASES)
def test_d_of_an_upload(case):
    CASES[case]()
