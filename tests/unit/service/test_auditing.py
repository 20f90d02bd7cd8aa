"""What is checked when: what changed a day later, everything else once in so many days, and nothing is forgotten."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain, count, repeat
from typing import override

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.measures import Measure
from chalicelib.domain.records import Record, Section, What
from chalicelib.service.anchoring import Anchorer
from chalicelib.service.auditing import Auditor
from chalicelib.service.checking_anchors import AnchorVerifier
from chalicelib.service.verifying import Verifier
from chalicelib.store import keys
from chalicelib.store.attributes import key_of
from chalicelib.store.checking import CheckItem
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.instants import ulid_floor
from chalicelib.store.keys import CHECKED
from chalicelib.store.memory import MemoryTable
from chalicelib.store.memory_signer import MemorySigner
from chalicelib.store.records import TableRecords
from chalicelib.store.table import Put, Range
from tests.api.build import World
from tests.fakes import Anchors

DAYS = 5


class Noting(TableRecords):
    """Remembers what is read to be checked."""

    read_of: list[str]

    @override
    def read(self, section: Section) -> Record | None:
        self.read_of.append(section.partition)
        return super().read(section)


class Patrol:
    """A table in memory, and the audit that comes by every day. `lag` is what each run measured."""

    def __init__(self, *, days: int = DAYS, at_once: int = 3) -> None:
        self.table = MemoryTable()
        self.world = World(store=DisputeStore(self.table), hooks_table=self.table)
        self.records = Noting(self.table, at_once=at_once)
        self.records.read_of = []
        self.anchors, self.signer = Anchors(), MemorySigner()
        self.days = days
        self.asked = 0
        self.lag: list[float] = []

    def go_on(self) -> None:
        self.asked += 1

    def given_up(self) -> frozenset[str]:
        return frozenset()

    def meter(self, measure: Measure, value: float) -> None:
        if measure is Measure.CHECK_LAG:
            self.lag.append(value)

    def auditor(self, seconds: Callable[[], float] = lambda: 0.0) -> Auditor:
        world = self.world
        verifier = Verifier(self.records, world.bucket, world.clock, lambda: None, world.book)
        anchors = AnchorVerifier(self.records, self.anchors, self.signer)
        return Auditor(verifier, anchors, self, CheckItem(self.table), self.days, seconds, self.meter)

    def run(self, *, slow: bool = False) -> dict[str, int]:
        """What a tick leads to, to the end: how often each partition was read. Slow: one step a run."""
        self.records.read_of.clear()
        self.asked += 1
        while self.asked:
            self.asked -= 1
            self.auditor(clock(slow=slow)).work()
        return dict(Counter(self.records.read_of))

    def later(self, days: int) -> None:
        self.world.later(days=days)

    def filled(self, number: int) -> set[str]:
        """So many partitions that nobody ever changes."""
        names = {f"N#{each}" for each in range(number)}
        for each in names:
            self.table.write([Put({"pk": each, "sk": "a message"})], "somebody")
        return names


def clock(*, slow: bool) -> Callable[[], float]:
    seconds: Iterator[float] = map(float, count(0, 1000)) if slow else repeat(0.0)
    return seconds.__next__


def of(read: dict[str, int], names: set[str]) -> dict[str, int]:
    return {name: times for name, times in read.items() if name in names}


@pytest.mark.parametrize("slow", [False, True])
def test_at_first_everything_is_checked_at_once(slow):
    patrol = Patrol()
    names = patrol.filled(30)
    assert of(patrol.run(slow=slow), names) == dict.fromkeys(names, 1)
    assert patrol.run(slow=slow) == {}, "what was checked today is not checked again today"


@pytest.mark.parametrize("slow", [False, True])
def test_then_a_part_a_day_and_each_part_once_in_so_many_days(slow):
    patrol = Patrol()
    names = patrol.filled(50)
    patrol.run()
    for _ in range(2):
        days = []
        for _ in range(DAYS):
            patrol.later(days=1)
            days.append(of(patrol.run(slow=slow), names))
        assert Counter(chain.from_iterable(days)) == dict.fromkeys(names, 1)
        assert all(0 < len(day) < 20 for day in days), "the parts are alike large"


def test_what_changed_is_checked_on_the_next_day_once_with_all_that_happened_to_it():
    patrol = Patrol(at_once=100)
    patrol.run()
    dispute = patrol.world.contested()
    unchanged = patrol.filled(40)
    patrol.world.now = patrol.world.now.replace(hour=23, minute=59)
    assert f"D#{dispute}" not in patrol.run(), "the day isn't over"
    patrol.world.later(hours=3)
    read = patrol.run()
    assert 1 <= read[f"D#{dispute}"] <= 2, "its part's turn may have come on the same day"
    assert len(of(read, unchanged)) < 20
    patrol.later(days=1)
    assert patrol.run().get(f"D#{dispute}", 0) <= 1


def test_with_a_dispute_come_the_quotas_that_its_appeals_are_counted_in():
    patrol = Patrol()
    patrol.run()
    patrol.world.appealed()
    patrol.later(days=1)
    assert "Q#marketplace#shop:S1#2026" in patrol.run()


@pytest.mark.parametrize("missed", [1, 3, DAYS - 1])
def test_days_that_were_missed_are_made_up_for_on_the_first_that_is_not(missed):
    patrol = Patrol()
    names = patrol.filled(50)
    patrol.run()
    usual = []
    for _ in range(missed + 1):
        patrol.later(days=1)
        usual.append(of(patrol.run(), names))
    patrol.later(days=DAYS - missed - 1)
    patrol.run()
    patrol.later(days=missed + 1)
    assert of(patrol.run(), names) == dict(Counter(chain.from_iterable(usual)))
    assert patrol.lag[-1] == 0


def test_after_more_days_than_a_round_has_everything_is_checked_once():
    patrol = Patrol()
    names = patrol.filled(30)
    patrol.run()
    patrol.later(days=3 * DAYS)
    assert of(patrol.run(), names) == dict.fromkeys(names, 1)


def test_a_run_that_takes_days_goes_on_where_it_was_and_another_tick_doesnt_begin_anew():
    patrol = Patrol()
    names = patrol.filled(30)
    seen = Counter[str]()
    patrol.asked = 1
    while patrol.asked:
        patrol.asked -= 1
        patrol.records.read_of.clear()
        patrol.auditor(clock(slow=True)).work()
        seen += Counter(patrol.records.read_of)
        if patrol.asked and patrol.world.now.day < 4:
            patrol.later(days=1)
    assert patrol.world.now.day == 4
    assert seen.keys() >= names
    assert sum(of(dict(seen), names).values()) < 2 * len(names), "only what has had its turn again"


def test_of_two_runs_at_once_one_goes_on():
    patrol = Patrol()
    patrol.filled(30)
    auditor = patrol.auditor(clock(slow=True))
    noted = auditor.book.checked()
    other = patrol.auditor(clock(slow=True))

    class Late(CheckItem):
        """Looked before the other one noted anything."""

        @override
        def checked(self):
            return noted

    auditor.work()
    assert patrol.asked == 1
    late = Auditor(
        other.verifier, other.anchors, patrol, Late(patrol.table), DAYS, clock(slow=True), lambda _what, _value: None
    )
    late.work()
    assert patrol.asked == 1
    assert CheckItem(patrol.table).checked().seq == 1


def test_another_number_of_days_begins_with_everything():
    patrol = Patrol()
    names = patrol.filled(30)
    patrol.run()
    patrol.days = 3
    assert of(patrol.run(), names) == dict.fromkeys(names, 1)
    patrol.later(days=1)
    assert len(of(patrol.run(), names)) < 20


def test_a_note_that_tells_of_days_to_come_is_not_believed():
    """Whoever can write to the table could otherwise keep it from being checked."""
    patrol = Patrol()
    names = patrol.filled(30)
    patrol.run()
    book = CheckItem(patrol.table)
    noted = book.checked()
    assert noted
    assert book.note(replace(noted, day=noted.day + 1000))
    assert of(patrol.run(), names) == dict.fromkeys(names, 1)


@pytest.mark.parametrize("ahead", [timedelta(milliseconds=1), timedelta(days=9000)])
def test_a_place_in_what_changed_that_lies_in_days_to_come_is_not_believed(ahead):
    patrol = Patrol()
    dispute = patrol.world.opened()
    names = patrol.filled(30)
    patrol.run()
    book = CheckItem(patrol.table)
    noted = book.checked()
    assert noted
    assert book.note(replace(noted, changes=ulid_floor(patrol.world.now + ahead)))
    assert of(patrol.run(), names) == dict.fromkeys(names, 1)
    patrol.later(days=1)
    assert f"D#{dispute}" in patrol.run(), "what changes is checked from now on"


UNREADABLE = ["", "not json", "[]", "{}", '{"days": 5}', '{"days": 5, "day": 1, "x": %s}' % ("[" * 10_000)]


@pytest.mark.parametrize("state", [*UNREADABLE, None, 7])
@pytest.mark.parametrize("seq", [0, 1, 9, None, "one"])
def test_a_note_that_cant_be_read_counts_as_none_and_is_written_over(state, seq):
    patrol = Patrol()
    names = patrol.filled(30)
    patrol.run()
    altered = {"pk": CHECKED.pk, "sk": CHECKED.sk, "state": state, "seq": seq}
    patrol.table.write([Put({name: value for name, value in altered.items() if value is not None})], "harm")
    assert of(patrol.run(), names) == dict.fromkeys(names, 1)
    assert patrol.run() == {}


def test_a_note_whose_number_was_altered_counts_as_none():
    """Nothing would ever be noted after it."""
    patrol = Patrol()
    names = patrol.filled(30)
    patrol.run()
    (item,) = patrol.table.get([CHECKED]).values()
    patrol.table.write([Put({**item, "seq": 9})], "harm")
    assert of(patrol.run(), names) == dict.fromkeys(names, 1)
    assert patrol.run() == {}


@pytest.mark.parametrize("after", ["garbage", "[]", "[7]", '[["X#1"]]', "null"])
def test_a_place_that_cant_be_read_is_the_parts_beginning(after):
    patrol = Patrol(days=1)
    names = patrol.filled(30)
    patrol.run()
    patrol.later(days=1)
    book = CheckItem(patrol.table)
    noted = book.checked()
    assert noted
    assert book.note(replace(noted, after=after))
    assert of(patrol.run(), names) == dict.fromkeys(names, 1)


def test_with_one_day_everything_is_checked_every_day():
    patrol = Patrol(days=1)
    names = patrol.filled(10)
    for _ in range(3):
        assert of(patrol.run(), names) == dict.fromkeys(names, 1)
        patrol.later(days=1)


def test_what_was_altered_from_outside_is_found_in_so_many_days_at_the_latest():
    """The service itself never touches it again."""
    patrol = Patrol()
    dispute = patrol.world.opened()
    patrol.later(days=1)
    patrol.run()
    patrol.table.delete(keys.event(dispute, 2))
    found = set[tuple[str, What]]()
    for _ in range(DAYS):
        patrol.later(days=1)
        found |= {(each.subject, each.what) for each in patrol.auditor().work().violations}
    assert (dispute, What.CHAIN) in found


def test_a_dispute_that_is_gone_altogether_is_missed_by_what_names_it():
    patrol = Patrol()
    dispute = patrol.world.opened()
    patrol.run()
    for item in patrol.table.query(Range(None, keys.dispute_partition(dispute)), limit=100).items:
        patrol.table.delete(key_of(item))
    found = set[What]()
    for _ in range(DAYS):
        patrol.later(days=1)
        found |= {each.what for each in patrol.auditor().work().violations}
    assert found >= {What.EXTERNAL_ID, What.IDEMPOTENCY}


class Anchored(Patrol):
    """A violation is told of the anchors that somebody has written over, on each day that they are checked."""

    def __init__(self) -> None:
        super().__init__()
        for _ in range(3 * DAYS):
            self.world.opened(external_id=f"EXT-{self.world.new_id()}")
            self.later(days=1)
            assert Anchorer(self.world.store, self.anchors, self.signer, self.world.clock).anchor()
        self.run()

    def told_on_the_next_days(self, number: int) -> list[bool]:
        self.anchors.kept[number] = b"{}"
        return [self.told(number) for _ in range(DAYS)]

    def told(self, number: int) -> bool:
        self.later(days=1)
        found = self.auditor().work().violations
        return f"anchor {number}" in {each.subject for each in found}


def test_an_old_anchor_is_checked_on_its_day_and_the_latest_ones_every_day():
    patrol = Anchored()
    assert sum(patrol.told_on_the_next_days(4)) == 1
    assert all(patrol.told_on_the_next_days(3 * DAYS - 1))


def test_an_old_anchor_whose_day_was_missed_is_checked_on_the_next():
    patrol = Anchored()
    patrol.anchors.kept[4] = b"{}"
    while (patrol.world.now.toordinal() + 1) % DAYS != 4 % DAYS:
        assert not patrol.told(4)
    patrol.later(days=1)
    assert patrol.told(4)


def test_how_late_it_is_is_measured():
    patrol = Patrol()
    patrol.filled(30)
    patrol.auditor(clock(slow=True)).work()
    assert patrol.lag[-1] > (DAYS - 2) * 86_400
    patrol.run()
    assert patrol.lag[-1] == 0


@given(st.lists(st.booleans(), min_size=1, max_size=4 * DAYS))
def test_whatever_days_are_missed_nothing_waits_longer_than_a_round_and_them(ran: list[bool]):
    patrol = Patrol()
    names = patrol.filled(12)
    patrol.run()
    waits = dict.fromkeys(names, 0)
    missed = 0
    for each in ran:
        patrol.later(days=1)
        waits = {name: days + 1 for name, days in waits.items()}
        missed = 0 if each else missed + 1
        if each:
            waits |= dict.fromkeys(of(patrol.run(), names), 0)
        assert max(waits.values()) <= DAYS - 1 + missed
