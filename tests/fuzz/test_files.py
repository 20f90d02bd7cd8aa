"""A13: 2,000 damaged files and more, the same every time: none makes the inspector fall over, stop, or fill up."""

import sys
import time

import pytest

from tests.fuzz.damage import damaged
from tests.fuzz.looking import MOST_MEMORY, MOST_SECONDS, answered
from tests.fuzz.seeds import SEEDS, made
from tests.fuzz.structure import pieces
from tests.fuzz.workers import try_all


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    return tuple(try_all(2_000, 1, tmp_path_factory.mktemp("fuzz"), workers=2))


def test_each_is_taken_or_refused_and_nothing_of_it_is_left_in_a_copy(tried):
    assert sum(each.files for each in tried) >= 2_000
    assert not [violation for each in tried for violation in each.violations]


def test_the_damage_is_neither_so_slight_nor_so_great_that_it_would_try_nothing(tried):
    outcomes = sum((each.outcomes for each in tried), start=type(tried[0].outcomes)())
    assert outcomes["taken"] > 200
    assert {"file_corrupt", "file_truncated", "picture_too_large", "pdf_broken", "pdf_encrypted"} <= set(outcomes)


def test_each_takes_less_than_ten_seconds(tried):
    assert max(each.slowest for each in tried) < MOST_SECONDS


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of one process is read from /proc")
def test_none_takes_400_mb(tried):
    assert 0 < max(each.peak for each in tried) < MOST_MEMORY


@pytest.mark.parametrize("name", SEEDS)
def test_a_sound_file_is_answered_alike_by_both_looks_and_is_its_pieces_again(name):
    outcome, violations = answered(SEEDS[name], 0)
    assert outcome == {"webp_animated": "picture_animated", "pdf_locked": "pdf_encrypted"}.get(name, "taken")
    assert not violations
    assert b"".join(pieces(SEEDS[name])) == SEEDS[name]


def test_nothing_in_the_seed_files_is_left_to_chance_or_tells_the_time():
    earlier = dict(SEEDS)
    time.sleep(1.1)  # what tells the time tells seconds
    assert made() == earlier


def test_a_file_is_made_again_by_its_name_number_and_seed():
    assert damaged("png", 7, 1) == damaged("png", 7, 1)
    assert damaged("png", 7, 1) != damaged("png", 7, 2)
