"""docs/scale.md keeps its word: its tables are what simulation and template say, and no shared key is forgotten."""

import re
from random import Random
from statistics import mean

import pytest

from bench import money, scale, story
from bench.scale import Family, heats
from chalicelib.store import keys
from tests.bench.small import contested
from tools.paths import ROOT

PAGE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
ROWS = [tuple(each.strip() for each in line.strip("|").split("|")) for line in PAGE.splitlines() if line[:3] == "| `"]
HOT = [each for each in ROWS if len(each) == len(scale.HEAD)]


def family(row: tuple[str, ...]) -> Family:
    units, kind = row[2].split()
    return Family(row[1], row[0].strip("`"), "write" if kind == "write" else "read", float(units))


@pytest.fixture(scope="module")
def found():
    return heats([family(each) for each in HOT])


def test_the_table_is_what_the_simulation_says_of_its_units(found):
    assert len(HOT) > 15
    assert list(scale.rows(found)) == HOT


def test_with_the_shards_that_it_takes_no_key_is_hot(found):
    assert all(each.peak / each.shards_needed <= each.limit for each in found)


def test_what_has_shards_in_the_simulation_has_them_in_the_table():
    assert set(re.findall(r"`(\w+)`", keys.shards.__doc__ or "")) == scale.SHARDED


def test_no_key_that_disputes_share_is_missing_from_the_page():
    shared = {(each.name, each.place, each.kind) for each in scale.families({story.ruled: contested()})}
    assert shared <= {(each.name, each.place, each.kind) for each in map(family, HOT)}


def test_a_dispute_costs_no_shared_key_more_than_the_page_says():
    """The page's mix of lives is dearer than this one, whose pictures are small."""
    said = {(each.name, each.place, each.kind): each.units for each in map(family, HOT)}
    found = scale.families({story.ruled: contested()})
    assert [each for each in found if each.units > said[each.name, each.place, each.kind]] == []


def test_the_bounds_on_functions_are_the_templates():
    bounded = re.findall(r"^\| `(\w+)`: (\d+) at once", PAGE, re.MULTILINE)
    wanted = scale.quotas({life: contested() for life in story.MIX})
    assert {f"`{name}`: {most} at once" for name, most in bounded} == {
        each.name for each in wanted if re.match(r"`\w+`: ", each.name)
    }


def test_the_best_second_of_the_sale_has_twenty_times_the_mean():
    a_second = scale.PER_DAY / 86_400
    assert scale.worst_second(1.0) == pytest.approx(scale.PEAK * a_second, rel=0.1)
    assert scale.worst_second(1.0) == scale.worst_second(1.0)


@pytest.mark.parametrize("expected", [0.4, 5.0, 40.0])
def test_arrivals_have_the_mean_that_is_asked_for(expected):
    rng = Random(1)  # noqa: S311  (a test is the same each time)
    assert mean(scale.arrivals(rng, expected) for _ in range(4000)) == pytest.approx(expected, rel=0.05)


def test_a_run_waits_for_aws_and_for_its_share_of_a_core():
    used = contested().of("publish")
    assert money.seconds(money.memory_gb("publish"), used) > used.cpu * 1769 / 256
