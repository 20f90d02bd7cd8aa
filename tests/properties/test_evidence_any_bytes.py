"""A13: any bytes at all, where tests/fuzz has files that were sound before they were damaged."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.looking import answered
from tests.fuzz.seeds import SEEDS


@given(
    st.sampled_from([b"", *(each[:size] for each in SEEDS.values() for size in (3, 12, 40))]), st.binary(max_size=300)
)
@settings(max_examples=100, deadline=None)
def test_any_bytes_after_any_beginning_are_taken_or_refused(beginning, rest):
    assert not answered(beginning + rest, 1)[1]
