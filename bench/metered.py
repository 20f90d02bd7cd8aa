"""A table, and how much it was asked for: calls by operation, items, and bytes as DynamoDB counts them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import cast

from bench.units import Attributes, indexes, size_of
from chalicelib.store import attributes
from chalicelib.store.dynamo import READ_AT_ONCE
from chalicelib.store.keys import Key
from chalicelib.store.table import Delete, Found, Item, Put, Range, Table, Write


@dataclass(slots=True)
class Asked:
    """So far."""

    calls: Counter[str] = field(default_factory=Counter)
    queried: int = 0
    """Items that queries gave, or that DynamoDB read to find that there are more."""
    read: int = 0
    """Bytes."""
    written: int = 0

    @property
    def total(self) -> int:
        return self.calls.total()


class Metered:
    """The table, watched."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.asked = Asked()

    def of(self, act: Callable[[], object]) -> Asked:
        """What the action asks for."""
        self.asked = Asked()
        act()
        asked, self.asked = self.asked, Asked()
        return asked

    def get(self, keys: Sequence[Key]) -> Mapping[Key, Item]:
        found = self._table.get(keys)
        self.asked.calls["BatchGetItem"] += ceil(len(keys) / READ_AT_ONCE)
        self.asked.read += sum(map(_size, found.values()))
        return found

    def query(self, wanted: Range, *, limit: int) -> Found:
        found = self._table.query(wanted, limit=limit)
        self.asked.calls["Query"] += 1
        self.asked.queried += len(found.items)
        self.asked.read += sum(_shown(wanted, each) for each in found.items)
        return found

    def write(self, writes: Sequence[Write], token: str) -> None:
        self._table.write(writes, token)
        self.asked.calls["TransactWriteItems"] += 1
        self.asked.written += sum(map(_sent, writes))

    def delete(self, key: Key) -> None:
        self._table.delete(key)
        self.asked.calls["DeleteItem"] += 1

    def partitions(
        self, after: Key | None, *, limit: int = 1000, part: int = 0, of: int = 1
    ) -> tuple[tuple[str, ...], Key | None]:
        self.asked.calls["Scan"] += 1
        return self._table.partitions(after, limit=limit, part=part, of=of)


def _size(item: Item) -> int:
    return size_of(_sendable(item))


def _sendable(item: Item) -> Attributes:
    return cast("Attributes", attributes.write(item))


def _shown(wanted: Range, item: Item) -> int:
    """Of an item that the table gives whole, and an index in part."""
    if wanted.index is None:
        return _size(item)
    (index,) = (each for each in indexes() if each.name == wanted.index.title)
    return size_of(index.entry(_sendable(item)))


def _sent(write: Write) -> int:
    match write:
        case Put(item):
            return _size(item)
        case Delete(key):
            return _size({"pk": key.pk, "sk": key.sk})
        case _:
            return _size({"pk": write.key.pk, "sk": write.key.sk, **write.add, **write.put_in, **write.take_out})
