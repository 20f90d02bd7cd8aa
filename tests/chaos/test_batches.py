"""Promise H: a batch of which any part fails reports that part, and has done the rest."""

from itertools import islice

import pytest

from tests.chaos.batches import BATCHES, streamed, subsets, tried
from tests.chaos.town import Town

EVERY_NTH = 32
"""Of the 1,024 subsets, so many are left out between two; `make chaos` leaves out none."""


def test_every_subset_of_ten_is_there_once():
    assert len(set(subsets())) == len(list(subsets())) == 2**10


@pytest.mark.parametrize("job", BATCHES)
def test_h_exactly_what_failed_is_reported_and_the_rest_is_done_once(job):
    batch = BATCHES[job]()
    saved = batch.town.save()
    for failing in islice(subsets(), 0, None, EVERY_NTH):
        assert list(tried(batch, saved, failing)) == []


def test_h_the_stream_comes_again_from_the_first_that_failed():
    town = Town()
    for n in range(10):
        town.opened(external_id=f"EXT-{n}")
    saved = town.save()
    for failing in islice(subsets(), 0, None, EVERY_NTH):
        assert list(streamed(failing, town, saved)) == []
