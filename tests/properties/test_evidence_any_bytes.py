"""A13: as tests/unit/evidence/test_any_bytes.py, with very many more files."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.evidence.test_any_bytes import WHOLE, assert_answered, mutated, repaired


@pytest.mark.slow
@pytest.mark.parametrize("kind", WHOLE)
def test_very_many_damaged_files_are_taken_or_refused(kind):
    chance = random.Random(f"{kind} 3")  # noqa: S311 (the same damage every time)
    for _ in range(1000):
        damaged = mutated(WHOLE[kind], chance)
        assert_answered(damaged)
        assert_answered(repaired(damaged))


@given(
    st.sampled_from([b"", *(each[:size] for each in WHOLE.values() for size in (3, 12, 40))]), st.binary(max_size=300)
)
@settings(max_examples=100, deadline=None)
def test_any_bytes_after_any_beginning_are_taken_or_refused(beginning, rest):
    assert_answered(beginning + rest)
