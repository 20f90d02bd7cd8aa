"""What a sweep asks of table and queue, by how much is due and by how much there is; and what its worker asks.

Counted on the store's own table in memory, whose calls are DynamoDB's (tests/bench holds them against moto). Of a
dispute that isn't due, the table holds what the sweep's index shows of it: its deadline.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import batched
from math import ceil
from typing import Final

from bench.crowds import due_at, fill, ids, items_of, twins
from bench.figures import Figure, Part, Row, Table
from bench.metered import Asked, Metered
from chalicelib.store import keys
from chalicelib.store import table as stored
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.memory import MemoryTable
from tests.unit.service.build import Shop

DUE: Final = (100, 1_000, 10_000)
AMONG: Final = (10_000, 100_000)
_SENT_AT_ONCE: Final = 100
_HANDED_AT_ONCE: Final = 100
"""Disputes: ten messages of ten."""
_WORKED: Final = 100
OVERDUE: Final = timedelta(hours=24, minutes=30)
"""At the minutes of the hour at which a sweep has no more and no less to look for than before."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one sweep, beside those of one that finds nothing in an empty table; and of the worker's on some of it."""

    due: int
    among: int
    calls: int
    """Of the table, and messages' batches."""
    queried: int
    idle: int
    """Calls of a sweep before anything was due, beside those in an empty table."""
    worker: Asked

    @property
    def per_due(self) -> float:
        return self.calls / self.due

    @property
    def amplification(self) -> float:
        return self.queried / self.due


class Town:
    """A service over a table that is watched; one dispute in it is the model of all others."""

    def __init__(self, table: stored.Table) -> None:
        self.table = Metered(table)
        self.shop = Shop(DisputeStore(self.table))
        self.dispute = self.shop.open().dispute.id
        for each in self.shop.store.outbox(self.shop.now + timedelta(days=1), limit=10):
            self.shop.store.published(each.id)
        self._items = items_of(table, self.dispute)
        self._raw = table

    def add(self, number: int) -> Sequence[str]:
        """So many that will be due when it is."""
        found = [*ids(self.dispute, number)]
        fill(self._raw, twins(self._items, self.dispute, found))
        return found

    def add_later(self, number: int) -> None:
        """The deadlines of so many others, each some weeks later."""
        (deadline,) = (each for each in self._items if keys.DUE.sort in each and "state" not in each)
        at = self.shop.now + timedelta(days=60)
        named = str(deadline["sk"]).removeprefix("DL#")
        fill(
            self._raw,
            (
                due_at(each, keys.at(at + timedelta(seconds=number), other, named))
                for number, other in enumerate(ids(f"02{self.dispute[2:]}", number))
                for each in twins([deadline], self.dispute, [other])
            ),
        )

    def swept(self) -> Asked:
        """What one sweep asks for."""
        before = len(self.shop.sent.due)
        asked = self.table.of(self.shop.sweeper.sweep)
        sent = len(self.shop.sent.due) - before
        asked.calls["SendMessageBatch"] = ceil(sent / _SENT_AT_ONCE)
        return asked

    def worked(self, disputes: Sequence[str]) -> Asked:
        """As the worker is handed them."""
        handed = batched(disputes, _HANDED_AT_ONCE, strict=False)
        return self.table.of(lambda: [self.shop.lapser.lapse_together(each) for each in handed])


def cost(due: int, among: int, table: stored.Table | None = None) -> Cost:
    town = Town(MemoryTable() if table is None else table)
    empty = town.swept()
    town.add_later(among - due)
    idle = town.swept()
    disputes = [town.dispute, *town.add(due - 1)]
    town.shop.now += OVERDUE
    swept = town.swept()
    return Cost(
        due,
        among,
        calls=swept.total - empty.total,
        queried=swept.queried - empty.queried,
        idle=idle.total - empty.total,
        worker=town.worked(disputes[:_WORKED]),
    )


def measure() -> Part:
    found = [cost(due, among) for among in AMONG for due in DUE]
    rows = [_row(each) for each in found]
    head = ("due", "among", "calls", "calls a due dispute", "items read a due one", "calls for those not due", "worker")
    return Part(_figures(found), [Table("A sweep", head, rows)])


def _row(of: Cost) -> Row:
    worker = ", ".join(f"{count / min(of.due, _WORKED):g} {name}" for name, count in of.worker.calls.items())
    return of.due, of.among, of.calls, of.per_due, of.amplification, of.idle, worker


def _figures(found: Sequence[Cost]) -> Sequence[Figure]:
    few, *_, many = sorted(found, key=lambda each: (each.among, each.due))
    worker = max(each.worker.total / min(each.due, _WORKED) for each in found)
    of_one = Figure(
        "sweep.amplification",
        "items that a sweep reads for each that is due (the worst of 100 to 10,000 due among 10,000 and 100,000)",
        "巡检每个到期项所读的条目数（10,000 与 100,000 个纠纷中 100 至 10,000 个到期，取最差者）",
        max(each.amplification for each in found),
        at_most=1.1,
    )
    return [
        of_one,
        replace(
            of_one,
            id="sweep.constant",
            en="calls of a sweep a due dispute: 10,000 due among 100,000, against 100 among 10,000",
            zh="巡检每个到期纠纷的调用次数：100,000 中 10,000 个到期，对比 10,000 中 100 个到期",
            value=many.per_due / few.per_due,
            at_most=1,
        ),
        Figure(
            "sweep.idle",
            "calls of a sweep for 100,000 disputes that aren't due",
            "巡检为 100,000 个未到期纠纷所做的调用",
            max(each.idle for each in found),
            unit="calls",
            at_most=0,
        ),
        Figure(
            "sweep.worker",
            "calls of the worker that carries out what is due, a dispute",
            "执行到期处理的工作函数，每个纠纷的调用次数",
            worker,
            unit="calls",
            at_most=0.2,
        ),
    ]
