"""Calls and capacity units of each command and of everything that is read, at the clients that moto answers.

The floor of a command is the least that DynamoDB takes for the same guarantee: one consistent read of all that the
rules need, and one transaction of what must change together, at two units a KB each. There, the commit's events are one
item, from which the stream carries them on, with no outbox beside it; and an index pays only for an entry that comes,
goes or moves. What is more is the price of events of their own, of the outbox, and of lists that need no second read.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from bench import cases
from bench.cases import Look
from bench.figures import Figure, Part, Row, Table, ratio_of
from bench.units import TABLE, Attributes, Charge, Meter, begun, indexes, looking, size_of, units
from tests.chaos.attempts import Ask, Attempt
from tests.chaos.scenarios import COMMANDS, JOBS, all_of_them
from tests.chaos.wire import Call, Idle, Refused
from tests.chaos.world import TABLE as TABLE_NAME
from tests.chaos.world import Cloud, Saved, cloud

_READS: Final = ("BatchGetItem", "Query")
_OF_ONE: Final = {None, "lapse"}
"""What a request runs, and the worker that is a command's only way in."""
_OF_TWO_MESSAGES: Final = "lapse apart"

_KILOBYTE: Final = 1024
_HISTORY: Final = ("E#", "PE#")

type Items = Mapping[tuple[str, str], Attributes]


@dataclass(frozen=True, slots=True)
class Cost:
    calls: Counter[str]
    """By operation, of DynamoDB and S3."""
    charges: tuple[Charge, ...]
    least: float = 0
    """Units written at the floor."""

    @property
    def reads(self) -> int:
        return sum(self.calls[each] for each in _READS)

    @property
    def transactions(self) -> int:
        return self.calls["TransactWriteItems"]

    @property
    def read(self) -> float:
        return units(self.charges, "read")

    @property
    def written(self) -> float:
        return units(self.charges, "write")

    @property
    def to_indexes(self) -> float:
        return units((each for each in self.charges if each.place != TABLE), "write")

    @property
    def ratio(self) -> float:
        return self.written / self.least


class _Counting(Idle):
    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()

    def before(self, call: Call) -> Refused | None:
        self.calls[call.operation] += 1
        return None


class Premises:
    """A world that begins anew for each thing that is counted there."""

    def __init__(self, world: Cloud) -> None:
        self.world = world
        self._empty: Saved = world.save()
        self._meter = Meter(world.client("dynamodb"), looking(world.outside["dynamodb"], TABLE_NAME))

    def cleared(self) -> Cloud:
        self.world.restore(self._empty)
        return self.world

    def cost(self, act: Attempt | Look) -> Cost:
        """A second after all before it. Raises ValueError where it is refused."""
        self.world.later(seconds=1)
        counting, before = _Counting(), _items(self.world)
        with self.world.wire.watched(counting):
            charges = self._meter.of(act)
        if isinstance(act, Ask) and act.answers[-1].status >= HTTPStatus.BAD_REQUEST:
            raise ValueError(act.answers[-1].text)
        return Cost(counting.calls, tuple(charges), least(before, _items(self.world)))


@contextmanager
def premises() -> Iterator[Premises]:
    """What its functions log goes nowhere."""
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), cloud() as world:
        yield Premises(world)


def least(before: Items, after: Items) -> float:
    """The units that it takes at least to make the one table of the other."""
    changed = [(key, before.get(key), after.get(key)) for key in before.keys() | after.keys()]
    changed = [each for each in changed if each[1] != each[2] and not each[0][0].startswith("OUTBOX#")]
    alone = [each for each in changed if not each[0][1].startswith(_HISTORY)]
    history = sum(size_of(new) for (_, sort), _, new in changed if sort.startswith(_HISTORY))
    return (
        sum(2 * begun(max(size_of(old), size_of(new)), _KILOBYTE) for _, old, new in alone)
        + (3 * begun(history, _KILOBYTE) if history else 0)
        + sum(_moved(old, new) for _, old, new in alone)
    )


def _moved(old: Attributes | None, new: Attributes | None) -> float:
    """Of the indexes' entries those that come, go, or have another key."""
    found = 0
    for each in indexes():
        places = [(entry[each.partition], entry[each.sort]) if entry else None for entry in map(each.entry, (old, new))]
        if places[0] != places[1]:
            entries = [entry for entry in map(each.entry, (old, new)) if entry]
            found += sum(begun(size_of(entry), _KILOBYTE) for entry in entries)
    return found


def _items(world: Cloud) -> Items:
    return {(each["pk"]["S"], each["sk"]["S"]): each for each in world.items()}


def measure() -> Part:
    with premises() as here:
        of_scenarios = {name: here.cost(arrange(here.cleared())) for name, arrange in all_of_them().items()}
        grown = {name: here.cost(act) for name, act in _growing(here)}
    commands = {name: cost for name, cost in of_scenarios.items() if _is_command(name)}
    others = {name: cost for name, cost in of_scenarios.items() if name not in commands}
    commands |= {name: cost for name, cost in grown.items() if cost.least}
    reads = {name: cost for name, cost in grown.items() if not cost.least}
    tables = [
        Table("Calls and capacity units of each command", _HEAD, [_row(*each) for each in commands.items()]),
        Table(
            "Calls and capacity units of other requests, and of jobs", _HEAD, [_row(*each) for each in others.items()]
        ),
        Table("Calls and capacity units of what is read", _READ_HEAD, [_read_row(*each) for each in reads.items()]),
    ]
    return Part([*_figures(commands), _figure_of_reads(reads)], tables)


def _is_command(name: str) -> bool:
    return name in COMMANDS and JOBS.get(name) in _OF_ONE and name != _OF_TWO_MESSAGES


def _growing(here: Premises) -> Iterator[cases.Case]:
    yield from cases.without_evidence(here.cleared())
    for size in cases.SIZES:
        yield from cases.with_pieces(here.cleared(), size)
    yield from cases.with_history(here.cleared())
    yield from cases.lists(here.cleared())


_HEAD: Final = ("what", "reads", "transactions", "of S3", "read", "written", "of them by indexes", "least", "×", "note")
_READ_HEAD: Final = ("what", "reads", "read", "written", "note")

_NOTES: Final = {
    "claim the next review": "a page of the queue, then the command; a read more if it seals what is beside the answer",
    "allow for an outage": "a batch: a Query a shard, and one transaction a dispute",
    "lapse several together": "three in one transaction",
    "lapse apart": "one in the message is gone; the other is queued again, in a message of its own",
    "erase what is due": "a run over two disputes",
    "ask for a bundle": "who may see it, whether it was asked for before, and how many there are",
    "a command again, under its key": "the transaction refuses it; the answer is read",
    "the latest disputes": "a Query a shard",
    "the event feed": "a Query a shard, and what the events tell",
    "a buyer's disputes": "those that are confidential lie apart",
    "a shop's messages": "and how many are unread",
}


def _row(name: str, cost: Cost) -> Row:
    of_s3 = cost.calls["ListObjectVersions"] + cost.calls["GetObject"] + cost.calls["PutObject"]
    counts = (cost.reads, cost.transactions, of_s3, cost.read, cost.written, cost.to_indexes)
    return (name, *counts, cost.least, cost.ratio if cost.least else "", _NOTES.get(name, ""))


def _read_row(name: str, cost: Cost) -> Row:
    return name, cost.reads, cost.read, cost.written, _NOTES.get(name, "")


def _figures(commands: Mapping[str, Cost]) -> Iterator[Figure]:
    most_reads = max(each.reads for each in commands.values())
    most_transactions = max(each.transactions for each in commands.values())
    yield Figure(
        "calls.reads",
        "reads of a command, at most",
        "单个命令的读取次数上限",
        most_reads,
        unit="reads",
        at_most=2,
    )
    yield Figure(
        "calls.transactions",
        "transactions of a command, at most",
        "单个命令的事务次数上限",
        most_transactions,
        unit="transactions",
        at_most=1,
    )
    for name, (scenario, en, zh) in _QUOTED.items():
        yield Figure(f"calls.{name}", en, zh, commands[scenario].written, unit="units")
    ratio = ratio_of([each.ratio for each in commands.values()])
    yield Figure(
        "calls.least",
        "units that a command writes, against DynamoDB's least for the same guarantee (median of all commands)",
        "命令写入的容量单位，对比 DynamoDB 为同等保证所需的最少单位（全部命令的中位数）",
        ratio.value,
        spread=ratio.spread,
    )


def _figure_of_reads(reads: Mapping[str, Cost]) -> Figure:
    return Figure(
        "calls.views",
        "calls of anything that is read, at most (a list in shards makes one for each of four, the feed one more)",
        "单次查询的调用次数上限（分片列表每个分片一次，共四次；事件流另加一次）",
        max(each.reads for each in reads.values()),
        unit="calls",
        at_most=5,
    )


_QUOTED: Final = {
    "open": ("open a dispute", "units written to open a dispute", "开启一个纠纷所写的容量单位"),
    "contest": (
        "contest, 5 pieces inspected",
        "units written to contest with five pieces",
        "以五份凭证抗辩所写的容量单位",
    ),
    "rule": ("rule, 5 pieces", "units written to rule, five pieces", "五份凭证时判责所写的容量单位"),
    "appeal": ("file an appeal, 5 pieces", "units written to file an appeal", "提起申诉所写的容量单位"),
}
