"""However much is wrong, a run ends in its time and tells what it has found, and the next one goes on where it was."""

from collections import Counter
from dataclasses import replace
from typing import override

import pytest

from chalicelib.domain.measures import Measure
from chalicelib.domain.records import Record, Section
from chalicelib.service.auditing import Auditor
from chalicelib.store.table import Put
from tests.unit.service.test_auditing import Noting, Patrol
from tests.unit.test_alarms import timeout

IT_HAS = timeout("verify")
"""Seconds."""
A_PAGE = 500
A_STRETCH = 20


class Stopped(BaseException):
    """What becomes of a function whose time is up."""


class Clock:
    """Stands still but for what takes time. Whoever is at it at `stops` is stopped."""

    def __init__(self) -> None:
        self.now = 0.0
        self.stops = float("inf")

    def passes(self, seconds: float) -> None:
        self.now += seconds
        if self.now >= self.stops:
            raise Stopped


class Slow(Noting):
    """Reading takes its time."""

    clock: Clock
    takes: float

    @override
    def read(self, section: Section) -> Record | None:
        self.clock.passes(self.takes)
        return super().read(section)


class SlowPatrol(Patrol):
    def __init__(self, *, days: int = 1, takes: float) -> None:
        super().__init__(days=days)
        self.clock, self.pauses = Clock(), 0
        self.counted: list[float] = []
        self.records = slow = Slow(self.table, at_once=A_PAGE)
        slow.read_of, slow.clock, slow.takes = [], self.clock, takes

    def junk(self, number: int) -> set[str]:
        """So many external ids that were taken by nobody."""
        names = {f"X#{each:04}" for each in range(number)}
        for each in names:
            self.table.write([Put({"pk": each, "sk": "CLAIM", "dispute": "nobody"})], "somebody")
        return names

    def pause(self) -> None:
        self.pauses += 1
        self.clock.passes(1.0)

    @override
    def meter(self, measure: Measure, value: float) -> None:
        if measure is Measure.VIOLATIONS:
            self.counted.append(value)

    @override
    def auditor(self, *_: object) -> Auditor:
        auditor = super().auditor(lambda: self.clock.now)
        return replace(auditor, verifier=replace(auditor.verifier, pause=self.pause))

    def runs(self) -> list[float]:
        """How long each took, to the last."""
        took, self.asked = [], 1
        while self.asked:
            self.asked -= 1
            begun = self.clock.now
            self.auditor().work()
            took.append(self.clock.now - begun)
        return took


def told(caplog: pytest.LogCaptureFixture) -> Counter[str]:
    return Counter(each.__dict__["subject"] for each in caplog.records if each.message == "violation")


@pytest.mark.parametrize("takes", [0.0, 0.01, 2.0])
def test_a_mass_of_violations_is_told_each_once_in_runs_that_end_in_their_time(caplog, takes):
    patrol = SlowPatrol(takes=takes)
    names = patrol.junk(600)
    took = patrol.runs()
    assert max(took) < IT_HAS
    assert told(caplog) == dict.fromkeys(names, 1)
    assert sum(patrol.counted) == len(names)
    assert Counter(each for each in patrol.records.read_of if each in names) == dict.fromkeys(names, 2)
    assert patrol.pauses <= len(names) / A_STRETCH + len(took)
    assert len(took) < sum(took) / 200 + 1


def test_a_run_that_is_stopped_has_told_what_it_found_and_little_is_read_again(caplog):
    patrol = SlowPatrol(takes=0.5)
    names = patrol.junk(600)
    patrol.clock.stops = 250.0
    patrol.clock.passes(100.0)
    with pytest.raises(Stopped):
        patrol.auditor().work()
    before = told(caplog)
    assert len(before) == sum(patrol.counted) >= 5 * A_STRETCH
    patrol.clock.stops = float("inf")
    patrol.runs()
    assert told(caplog) == dict.fromkeys(names, 1)
    read = Counter(patrol.records.read_of)
    assert sum(read[name] > 2 for name in names) <= A_STRETCH


def test_many_disputes_that_changed_on_one_day_are_checked_in_as_many_runs_as_it_takes():
    patrol = SlowPatrol(days=28, takes=4.0)
    patrol.runs()
    disputes = {patrol.world.opened(external_id=f"EXT-{number}") for number in range(90)}
    patrol.later(days=1)
    patrol.records.read_of.clear()
    took = patrol.runs()
    assert len(took) > 1
    assert max(took) < IT_HAS
    read = Counter(patrol.records.read_of)
    of_part = sum(read.values()) - len(disputes)
    assert all(1 <= read[f"D#{each}"] <= 2 for each in disputes)
    assert sum(read[f"D#{each}"] > 1 for each in disputes) <= of_part < len(disputes)
