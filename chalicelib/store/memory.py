"""A store that lives in memory, for tests and for trying things out: a table of dictionaries under one lock."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from operator import eq, le, lt
from threading import Lock
from typing import Final
from zlib import crc32

from chalicelib.store.disputes import DisputeStore
from chalicelib.store.keys import Index, Key
from chalicelib.store.limits import check_writes
from chalicelib.store.table import (
    Absent,
    Cancelled,
    Clause,
    Delete,
    Failed,
    Found,
    Item,
    Op,
    Put,
    Range,
    Update,
    Value,
    Write,
    members,
    number,
    text,
)

type _Place = tuple[str, str, str]
"""A sort key, and the key of the item that is there: partitions are kept in their order."""

_COMPARE: Final[Mapping[Op, Callable[[Value, Value], bool]]] = {Op.EQUAL: eq, Op.LESS: lt, Op.AT_MOST: le}


class MemoryStore(DisputeStore):
    """The contract's second store. Each has a table of its own."""

    def __init__(self) -> None:
        super().__init__(MemoryTable())


class MemoryTable:
    """`Table` over dictionaries. Consistent in everything, indexes too."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._items: dict[Key, Item] = {}
        self._partitions: defaultdict[tuple[str, str], list[_Place]] = defaultdict(list)

    def get(self, keys: Sequence[Key]) -> Mapping[Key, Item]:
        with self._lock:
            return {key: self._items[key] for key in keys if key in self._items}

    def query(self, wanted: Range, *, limit: int) -> Found:
        with self._lock:
            places = self._partitions.get((wanted.partition_attribute, wanted.partition), [])
            inside = _inside(wanted, places)
            found = tuple(self._items[Key(*places[each][1:])] for each in inside[:limit])
        return Found(found, more=len(inside) > limit)

    def write(self, writes: Sequence[Write], token: str) -> None:
        check_writes(writes, token)
        with self._lock:
            failed = [Failed(each.meaning, self._items.get(each.key)) for each in writes if not self._holds(each)]
            if failed:
                raise Cancelled(failed)
            for each in writes:
                self._apply(each)

    def delete(self, key: Key) -> None:
        with self._lock:
            self._remove(key)

    def partitions(
        self, after: Key | None, *, limit: int = 1000, part: int = 0, of: int = 1
    ) -> tuple[tuple[str, ...], Key | None]:
        with self._lock:
            rest = sorted((each.pk, each.sk) for each in self._items if crc32(each.pk.encode()) % of == part)
        rest = [each for each in rest if after is None or each > (after.pk, after.sk)]
        names = dict.fromkeys(pk for pk, _ in rest[:limit])
        return tuple(names), Key(*rest[limit - 1]) if len(rest) > limit else None

    def _holds(self, write: Write) -> bool:
        item = self._items.get(write.key, {})
        return all(_true(each, item) for each in write.only_if)

    def _apply(self, write: Write) -> None:
        match write:
            case Put(item):
                self._put(write.key, item)
            case Delete(key):
                self._remove(key)
            case Update(key) if not write.only_checks:
                self._put(key, _updated(self._items.get(key, {"pk": key.pk, "sk": key.sk}), write))
            case Update():
                pass

    def _put(self, key: Key, item: Item) -> None:
        self._remove(key)
        self._items[key] = item
        for partition, place in _places(item):
            insort(self._partitions[partition], place)

    def _remove(self, key: Key) -> None:
        for partition, place in _places(self._items.pop(key, {})):
            places = self._partitions[partition]
            del places[bisect_left(places, place)]


def _places(item: Item) -> list[tuple[tuple[str, str], _Place]]:
    """The partitions of the table and its indexes that the item is in, and where in them."""
    names = (("pk", "sk"), *((each.partition, each.sort) for each in Index))
    return [
        ((name, text(item, name)), (text(item, sort), text(item, "pk"), text(item, "sk")))
        for name, sort in names
        if name in item
    ]


def _inside(wanted: Range, places: Sequence[_Place]) -> range:
    """Which of the places are in the range, in the direction of reading."""
    if wanted.descending:
        return range(_where(places, wanted.after))[::-1]
    first = _where(places, wanted.first) if wanted.first is not None else 0
    return range(first, _where(places, wanted.below))


def _where(places: Sequence[_Place], sort: str | None) -> int:
    """Of the first place from there on; without any, the end."""
    return len(places) if sort is None else bisect_left(places, (sort,))


def _true(clause: Clause, item: Item) -> bool:
    value = item.get(clause.attribute)
    if isinstance(clause, Absent):
        return value is None
    if value is None:
        return clause.or_absent
    return _COMPARE[clause.op](value, clause.value)


def _updated(item: Item, update: Update) -> Item:
    """As DynamoDB does it: a counter begins at 0, and an empty set is none."""
    after: dict[str, Value] = dict(item)
    for name, more in update.add.items():
        after[name] = number(item, name, 0) + more
    for name, member in update.put_in.items():
        after[name] = members(item, name) | {member}
    for name, member in update.take_out.items():
        after[name] = members(item, name) - {member}
    return {name: value for name, value in after.items() if value != frozenset()}
