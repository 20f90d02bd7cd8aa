"""The mutants that are planted by hand still fit the code (`make mutants-by-hand` runs them)."""

from pathlib import Path

import pytest

from tests.mutants.by_hand import MUTANTS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name)
def test_a_mutant_fits_one_place_of_the_code_and_names_tests_that_exist(mutant):
    assert (ROOT / mutant.file).read_text("utf-8").count(mutant.old) == 1
    assert all((ROOT / each).is_file() for each in mutant.tests)
