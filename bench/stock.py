"""Fills the engine's table with disputes as the store itself writes them, many at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from chalicelib.bootstrap import new_id
from chalicelib.domain import commands as c
from chalicelib.domain.claim import Item, Money, Order, Remedy
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.events import SentToReview
from chalicelib.domain.parties import Actor, Role
from chalicelib.service.commands import Commands, Request
from chalicelib.store import attributes, keys
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.instants import ulid_floor
from chalicelib.store.memory import MemoryTable
from chalicelib.store.memory_bucket import MemoryBucket
from chalicelib.store.table import Item as Stored
from chalicelib.store.table import Range
from policies.book import PolicyBook
from policies.model import RemedyKind
from tests.contract.build import Scribe, a_deadline

PLATFORM = Actor("platform-1", Role.PLATFORM)
SHOP, BUYER = "shop:S1", "buyer:B1"
_AT_ONCE = 25
"""DynamoDB takes no more."""


def an_opening(commands: Commands, number: int, at: datetime) -> c.Open:
    money = Money(10_000, "CNY")
    order = Order(f"O-{number}", "Sample shop", (Item("T1", "Teapot", 1, money),))
    policy = commands.policy_ref(None, at)
    remedy = Remedy(RemedyKind.REFUND_ONLY, money)
    return c.Open(f"EXT-{number}-{new_id()}", policy, SHOP, BUYER, order, "not_received", remedy, None)


def overdue(client: Any, table: str, number: int, now: datetime) -> None:
    """So many disputes whose respondent had a day to answer, and was opened one against two days ago."""
    memory, at = MemoryTable(), now - timedelta(days=2)
    commands = Commands(
        DisputeStore(memory), MemoryBucket(), PolicyBook.from_folder(), lambda: _id_at(at), "marketplace"
    )
    opened = [commands.open(an_opening(commands, each, at), Request(PLATFORM, at)) for each in range(number)]
    partitions = [keys.dispute_partition(each.dispute.id) for each in opened]
    _put(client, table, (item for each in partitions for item in memory.query(Range(None, each), limit=100).items))


def _id_at(at: datetime) -> str:
    """Random, as if made at that instant."""
    made = new_id()
    return f"{ulid_floor(at)}{made[-16:]}"


def under_review(client: Any, table: str, number: int) -> None:
    """The snapshots of so many disputes that wait for a reviewer: a list reads nothing else of them."""
    memory = MemoryTable()
    store = DisputeStore(memory)
    waiting = [Scribe(store, new_id()) for _ in range(number)]
    for each in waiting:
        each.open(SentToReview(), a_deadline(each.now + timedelta(days=3), kind=DeadlineKind.REVIEW, party="reviewer"))
    snapshots = [keys.snapshot(each.id) for each in waiting]
    _put(client, table, (item for some in batched(snapshots, 100, strict=False) for item in memory.get(some).values()))


def _put(client: Any, table: str, items: Iterable[Stored]) -> None:
    for some in batched(items, _AT_ONCE, strict=False):
        requests: list[Any] = [{"PutRequest": {"Item": attributes.write(each)}} for each in some]
        left = client.batch_write_item(RequestItems={table: requests})["UnprocessedItems"]
        if left:
            raise ValueError(f"{len(left)} weren't written")
