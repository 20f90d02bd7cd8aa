"""The outbox while its publisher dies or its bus is away: each case asserts what consumers get (promise C)."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.ports import NotPublished, OutboxItem
from chalicelib.logs import JobFailed
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.queues import EventBridgeBus
from tests.build import MILLISECOND
from tests.chaos.consumers import Detail, details, violations
from tests.chaos.report import Counted, Section, asserted
from tests.chaos.town import Town

AFTER_A_MINUTE = timedelta(minutes=1, milliseconds=1)
STREAM_TRIES = 6
"""The first and five more, as the template says; then the record is set aside."""
_COMMITS = 1440
"""Of a day, one a minute."""
TAKES = timedelta(milliseconds=20)
"""To publish one commit: two calls."""


class Killed(BaseException):
    """The process is gone: no handler of `Exception` gets to run."""


class _Dying(DisputeStore):
    """The process dies before it can say that an item is out."""

    def published(self, outbox_id: str) -> None:
        raise Killed(outbox_id)


def everything_reached_consumers(town: Town, stored: Sequence[Detail]) -> None:
    """At least once, under the ids and numbers that they were stored with."""
    sent = details(town.sent.published)
    assert violations(stored, sent) == []
    assert town.outbox() == ()


def the_publisher_dies_after_sending_and_before_marking() -> None:
    town = Town()
    town.contested()
    stored, whole = details(town.outbox()), town.publisher
    records = town.stream()
    town.publisher = copy.replace(whole, store=_Dying(town.table))
    for _ in range(STREAM_TRIES):
        with pytest.raises(Killed):
            town.publish(records)
    assert len(town.sent.published) == STREAM_TRIES
    assert len(town.outbox()) == len(records)
    town.publisher = whole
    assert town.publish(records) == []
    everything_reached_consumers(town, stored)


def it_dies_in_the_sweep_too() -> None:
    town = Town()
    town.contested()
    stored, whole = details(town.outbox()), town.sweeper
    town.now += AFTER_A_MINUTE
    town.sweeper = copy.replace(whole, publisher=copy.replace(town.publisher, store=_Dying(town.table)))
    with pytest.raises(Killed):
        town.sweep()
    town.sweeper = whole
    town.sweep()
    everything_reached_consumers(town, stored)


class _Client:
    """EventBridge, which takes so many entries and then none."""

    def __init__(self, takes: int) -> None:
        self.takes = takes
        self.taken: list[str] = []

    def put_events(self, *, Entries: Sequence[Mapping[str, Any]]) -> dict[str, int]:  # noqa: N803  (as boto3 has it)
        taken = Entries[: max(0, self.takes - len(self.taken))]
        self.taken += [each["Detail"] for each in taken]
        return {"FailedEntryCount": len(Entries) - len(taken)}


def the_bus_takes_a_part_of_a_commit() -> None:
    town = Town()
    dispute = town.claimed()
    asked = town.a_ruling(dispute)
    town.publish(town.stream())
    assert town.reviewer.post(f"/v1/disputes/{dispute}/ruling", asked).status == 200
    (item,) = town.outbox()
    for takes in range(len(item.events)):
        client: Any = _Client(takes)
        half = copy.replace(town.publisher, bus=EventBridgeBus(client, "bus"))
        with pytest.raises(NotPublished):
            half.publish(item)
        assert town.outbox() == (item,)
    client = _Client(len(item.events))
    copy.replace(town.publisher, bus=EventBridgeBus(client, "bus")).publish(item)
    assert len(client.taken) == len(item.events)
    assert town.outbox() == ()


def a_day_without_a_bus(commits: int, step: timedelta) -> int:
    """Gives how many sweeps it takes once the bus is back."""
    town = Town()
    town.sent.down = NotPublished("bus")
    for number in range(commits):
        town.opened(external_id=f"EXT-{number}")
        town.now += step
    records = town.stream()
    assert [town.publish(records) for _ in range(STREAM_TRIES)] == [[records[0]["dynamodb"]["SequenceNumber"]]] * 6
    town.now += AFTER_A_MINUTE
    with pytest.raises(JobFailed):
        town.sweep()
    stored, order = details(town.outbox()), [each.id for each in town.outbox()]
    assert len(order) >= commits
    town.sent.down, town.sent.takes = None, lambda: setattr(town, "now", town.now + TAKES)
    sweeps = 0
    while town.outbox():
        town.sweep()
        sweeps += 1
    assert [each.id for each in town.sent.published] == order
    everything_reached_consumers(town, stored)
    return sweeps


def a_day_without_a_bus_is_made_up_for_in_order() -> None:
    assert a_day_without_a_bus(120, timedelta(minutes=12)) == 1


def what_no_bus_would_take_holds_up_nothing_and_fails_each_sweep() -> None:
    town = Town()
    for number in range(130):
        town.opened(external_id=f"EXT-{number}")
        town.now += MILLISECOND
    items = town.outbox()
    poisoned = frozenset(each.id for each in items[:110])
    town.sent.refused = poisoned
    town.now += AFTER_A_MINUTE
    for _ in range(3):
        with pytest.raises(JobFailed):
            town.sweep()
    assert [each.id for each in town.sent.published] == [each.id for each in items[110:]]
    assert {each.id for each in town.outbox()} == poisoned


def stream_and_sweep_at_once_send_twice_and_lose_nothing() -> None:
    town = Town()
    town.contested()
    stored, records = details(town.outbox()), town.stream()
    town.now += AFTER_A_MINUTE
    town.publish(records[:1])
    town.sweep()
    assert town.publish(records) == []
    ids = [each.id for each in town.sent.published]
    assert len(ids) > len(set(ids))
    everything_reached_consumers(town, stored)


def events_keep_their_ids_numbers_and_hashes_however_they_go_out() -> None:
    town = Town()
    dispute = town.ruled()
    items: tuple[OutboxItem, ...] = town.outbox()
    town.publish(town.stream())
    at_once = {each["id"]: each for each in details(town.sent.published)}
    feed = town.store.feed(limit=100, until=_later(town.now)).items
    assert {each.id: each.hash for each in feed} == {name: each["hash"] for name, each in at_once.items()}
    assert at_once == {each["id"]: each for each in details(items)}
    numbers = sorted(each["seq"] for each in at_once.values() if each["aggregate"] == dispute)
    assert numbers == list(range(1, town.dispute(dispute).seq + 1))


def _later(now: datetime) -> datetime:
    return now + timedelta(days=1)


CASES: Mapping[str, Callable[[], object]] = {
    each.__name__.replace("_", " "): each
    for each in (
        the_publisher_dies_after_sending_and_before_marking,
        it_dies_in_the_sweep_too,
        the_bus_takes_a_part_of_a_commit,
        a_day_without_a_bus_is_made_up_for_in_order,
        what_no_bus_would_take_holds_up_nothing_and_fails_each_sweep,
        stream_and_sweep_at_once_send_twice_and_lose_nothing,
        events_keep_their_ids_numbers_and_hashes_however_they_go_out,
    )
}


def _run() -> Iterator[Counted]:
    yield from asserted(CASES)
    sweeps = a_day_without_a_bus(_COMMITS, timedelta(minutes=1))
    yield Counted(f"commits of a day without a bus, made up for in {sweeps} sweeps", _COMMITS)


SECTION = Section("The outbox", "cases and commits", _run)
