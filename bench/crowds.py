"""Many disputes at once: what a table holds of one, over and over under other ids."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Final

from chalicelib.store import keys
from chalicelib.store.table import Item, Put, Range, Table, Value, text

_AT_ONCE: Final = 100
_HISTORY: Final = (keys.EVENTS, "PE#")
_SHARDED: Final = {"DUE", "LAPSED", "AWAITED", "ERASE", "U", "FEED"}


def items_of(table: Table, dispute: str) -> Sequence[Item]:
    """All but its events: what the rules and the lists read."""
    found = table.query(Range(None, keys.dispute_partition(dispute)), limit=1000).items
    return [each for each in found if not text(each, "sk").startswith(_HISTORY)]


def fill(table: Table, items: Iterable[Item]) -> None:
    for number, some in enumerate(batched(items, _AT_ONCE, strict=False)):
        table.write([Put(each) for each in some], f"{number:026}")


def twins(items: Sequence[Item], dispute: str, others: Iterable[str]) -> Iterator[Item]:
    """The same of others, where the lists and the sweep look for them."""
    for other in others:
        yield from ({name: _value(each, dispute, other) for name, each in item.items()} for item in items)


def due_at(item: Item, sort: str) -> Item:
    """A deadline's item, of another instant."""
    return {**item, keys.DUE.sort: sort}


def ids(like: str, number: int) -> Iterator[str]:
    """As long as this one, and unlike those that are made one after the other."""
    return (f"{like[:-16]}{10**15 + each}" for each in range(number))


def _value(value: Value, dispute: str, other: str) -> Value:
    if not isinstance(value, str):
        return value
    name, _, shard = value.partition("#")
    return keys.shard(name, other) if name in _SHARDED and shard.isdigit() else value.replace(dispute, other)
