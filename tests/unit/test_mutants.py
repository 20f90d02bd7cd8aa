"""The mutants that are planted by hand still fit the code (`make mutants-by-hand` runs them)."""

from pathlib import Path

import pytest

from tests.mutants.by_hand import MUTANTS
from tests.mutants.share import noticed

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name)
def test_a_mutant_fits_one_place_of_the_code_and_names_tests_that_exist(mutant):
    assert (ROOT / mutant.file).read_text("utf-8").count(mutant.old) == 1
    assert all((ROOT / each).is_file() for each in mutant.tests)


def test_the_share_that_is_noticed_counts_what_no_test_runs_through_as_missed():
    stats = dict.fromkeys(("survived", "skipped", "suspicious", "segfault", "check_was_interrupted_by_user"), 0)
    assert noticed({**stats, "total": 10, "killed": 7, "timeout": 1, "no_tests": 2}) == 0.8
    with pytest.raises(ValueError, match="nothing"):
        noticed({**stats, "total": 0, "killed": 0, "timeout": 0, "no_tests": 0})
