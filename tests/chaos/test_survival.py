"""The short form of `make chaos`: of each handler, where it commits; of each race, its first schedules."""

from importlib import import_module
from pkgutil import iter_modules
from typing import get_args

import pytest

from chalicelib import jobs
from chalicelib.domain.commands import Command
from tests.chaos import cuts, faults, races
from tests.chaos.cases import Stage, stage
from tests.chaos.cuts import Cut
from tests.chaos.faults import FAULTS, Faulty
from tests.chaos.scenarios import COMMANDS, JOBS, all_of_them

SCHEDULES = 3
"""Tried of each race here; `make chaos` tries all."""


def test_every_command_has_a_scenario():
    assert {command for command, _ in COMMANDS.values()} == set(get_args(Command.__value__))


def test_every_job_has_a_scenario():
    """A job is a module with a handler of its own name."""
    modules = [each.name for each in iter_modules(jobs.__path__)]
    assert set(JOBS.values()) == {each for each in modules if hasattr(import_module(f"{jobs.__name__}.{each}"), each)}


def commits(on: Stage) -> int:
    """The number of the call without which nothing has happened: the last that writes."""
    return max(number for number, call in enumerate(on.calls, 1) if call.writes)


@pytest.mark.parametrize("name", all_of_them())
def test_a_handler_is_killed_or_disturbed_where_it_commits_and_there_is_one_effect(name: str):
    with stage(name) as on:
        assert on.attempt.runs == JOBS.get(name)
        at = commits(on)
        fitting = [each for each in FAULTS if each.fits(on.calls[at - 1])]
        fault = fitting[list(all_of_them()).index(name) % len(fitting)]
        assert cuts.tried(on, Cut(at, sent=True)) == []
        assert faults.tried(on, Faulty(fault, at, times=2)) == []


@pytest.mark.parametrize("name", races.RACES)
def test_a_race_ends_as_the_rules_allow(name: str):
    with races.track(name) as on:
        ran = list(races.tried(on, SCHEDULES))
    assert [f"{each} in {schedule}" for schedule, found in ran for each in found] == []
    assert len({schedule.steps for schedule, _ in ran}) == len(ran) > 1
