"""Calls and capacity units of commands, as bench/calls counts them: a count that grows is a regression."""

import pytest

from bench.calls import least, premises
from tests.chaos.scenarios import all_of_them

UNITS = {
    "open a dispute": 38,
    "register a file": 33,
    "contest": 58,
    "claim the next review": 34,
    "rule": 58,
    "lapse into default": 44,
}
"""Written at most."""


@pytest.fixture(scope="module")
def costs():
    with premises() as here:
        return {name: here.cost(all_of_them()[name](here.cleared())) for name in UNITS}


@pytest.mark.parametrize("name", UNITS)
def test_a_command_takes_two_reads_and_one_transaction_at_most(costs, name):
    assert costs[name].reads <= 2
    assert costs[name].transactions == 1


@pytest.mark.parametrize(("name", "units"), UNITS.items())
def test_a_command_writes_no_more_units_than_before(costs, name, units):
    assert costs[name].written <= units
    assert 1 <= costs[name].ratio < 2


def item(sort: str, **more: str) -> dict[str, dict[str, str]]:
    return {name: {"S": each} for name, each in {"pk": "D#1", "sk": sort, **more}.items()}


def test_at_the_floor_a_commits_events_are_one_item_and_an_index_pays_for_what_moves():
    old, new = item("SNAPSHOT", i1p="R", i1s="1", row="a"), item("SNAPSHOT", i1p="R", i1s="1", row="b")
    events = {("D#1", f"E#{number}"): item(f"E#{number}") for number in range(3)}
    outbox = {("OUTBOX#1", "OUTBOX"): item("OUTBOX")}
    assert least({("D#1", "SNAPSHOT"): old}, {("D#1", "SNAPSHOT"): new}) == 2
    assert least({}, {("D#1", "SNAPSHOT"): new}) == 2 + 1
    assert least({}, {**events, **outbox}) == 3
