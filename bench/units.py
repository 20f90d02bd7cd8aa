"""Capacity units of DynamoDB, counted by its published rules from each item and from the table as the template has it.

A write costs a unit a KB begun of the larger of the item before and after, in a transaction two, whether or not the
transaction gets through. Each index that shows something of it costs a unit a KB begun of its entry once more, and two
where the entry's key changes, for it is deleted and put. A consistent read costs a unit for each 4 KB begun, of each
item by key and of all items of a Query together; of an index, half as much. What isn't there costs the least there is.
An item has the size of its names and values: UTF-8, a number a byte for two digits and one more.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from math import ceil
from typing import Any, Final, Literal

from tests.contract.template import table_properties

type Attributes = Mapping[str, Mapping[str, Any]]
"""An item as the client sends it."""

type Look = Callable[[Attributes], Attributes | None]
"""The item under a key, as it is now."""

TABLE: Final = "table"
STORED: Final = 100
"""Bytes that DynamoDB charges for storing an item, or an entry of an index, beside its own."""

_WRITTEN, _READ = 1024, 4096
_TRANSACTIONAL: Final = 2
_EVENTUAL: Final = 0.5


@dataclass(frozen=True, slots=True)
class Charge:
    """What one operation cost in one partition."""

    operation: str
    place: str
    """`table`, or the name of an index."""
    partition: str
    kind: Literal["read", "write"]
    units: float


@dataclass(frozen=True, slots=True)
class Index:
    """A secondary index as the template has it; an item without its keys isn't in it."""

    name: str
    partition: str
    sort: str
    shown: tuple[str, ...]

    def entry(self, item: Attributes | None) -> Attributes | None:
        if item is None or self.partition not in item or self.sort not in item:
            return None
        return {name: item[name] for name in ("pk", "sk", self.partition, self.sort, *self.shown) if name in item}

    def charges(self, operation: str, before: Attributes | None, after: Attributes | None) -> Iterator[Charge]:
        """Of a write that makes the one item of the other."""
        old, new = self.entry(before), self.entry(after)
        if old == new:
            return
        if old and new and self._place(old) == self._place(new):
            yield self._charge(operation, new, max(size_of(old), size_of(new)))
            return
        yield from (self._charge(operation, each, size_of(each)) for each in (old, new) if each)

    def _place(self, entry: Attributes) -> tuple[Any, Any]:
        return entry[self.partition], entry[self.sort]

    def _charge(self, operation: str, entry: Attributes, size: int) -> Charge:
        return Charge(operation, self.name, str(entry[self.partition]["S"]), "write", begun(size, _WRITTEN))


@cache
def indexes() -> tuple[Index, ...]:
    return tuple(map(_index, table_properties()["GlobalSecondaryIndexes"]))


def _index(defined: Mapping[str, Any]) -> Index:
    partition, sort = (each["AttributeName"] for each in defined["KeySchema"])
    return Index(defined["IndexName"], partition, sort, tuple(defined["Projection"].get("NonKeyAttributes", ())))


def begun(size: int, of: int) -> int:
    """How many of that size are begun; one at least."""
    return max(1, ceil(size / of))


def size_of(item: Attributes | None) -> int:
    """In bytes."""
    return sum(len(name.encode()) + _size(value) for name, value in (item or {}).items())


def stored(item: Attributes) -> int:
    """Bytes that are paid for each month: the item's, and those of its entries in the indexes."""
    entries = [item, *(entry for each in indexes() if (entry := each.entry(item)))]
    return sum(size_of(each) + STORED for each in entries)


def written(
    operation: str, before: Attributes | None, after: Attributes | None, *, times: int = _TRANSACTIONAL
) -> Iterator[Charge]:
    """What it costs to make the one item of the other; None where there is none."""
    partition = str((after or before or {"pk": {"S": ""}})["pk"]["S"])
    larger = max(size_of(before), size_of(after))
    yield Charge(operation, TABLE, partition, "write", times * begun(larger, _WRITTEN))
    for each in indexes():
        yield from each.charges(operation, before, after)


def scanned(items: Iterable[Attributes]) -> float:
    """What it costs to read all of them, not consistently."""
    return _EVENTUAL * begun(sum(map(size_of, items)), _READ)


def units(charges: Iterable[Charge], kind: Literal["read", "write"]) -> float:
    return sum(each.units for each in charges if each.kind == kind)


def looking(client: Any, table: str) -> Look:
    """By a client that isn't metered."""

    def look(key: Attributes) -> Attributes | None:
        found: Attributes | None = client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return found

    return look


class Meter:
    """Hooks on a client of DynamoDB. Ask `of` what an action cost; `charges` holds all that was asked for."""

    def __init__(self, client: Any, look: Look) -> None:
        self.charges: list[Charge] = []
        self._look = look
        client.meta.events.register("before-call.dynamodb", self._before)
        client.meta.events.register("after-call.dynamodb", self._after)

    def of(self, action: Callable[[], object]) -> Sequence[Charge]:
        begun_at = len(self.charges)
        action()
        return tuple(self.charges[begun_at:])

    def _before(self, params: Any, context: Any, **_: object) -> None:
        body = json.loads(params["body"])
        context["metered"] = body, [self._look(_key(each)) for each in _writes(body)]

    def _after(self, model: Any, http_response: Any, parsed: Any, context: Any, **_: object) -> None:
        body, before = context["metered"]
        name, done = str(model.name), http_response.status_code < HTTPStatus.MULTIPLE_CHOICES
        match name:
            case "BatchGetItem":
                self.charges += _got(name, body, parsed)
            case "Query":
                self.charges += _queried(name, body, parsed)
            case "TransactWriteItems" | "DeleteItem":
                self.charges += self._written(name, body, before, done=done)
            case "Scan":
                pass  # its answer doesn't say how much it read: `scanned` does, of all items
            case _:
                raise ValueError(name)

    def _written(
        self, name: str, body: Mapping[str, Any], before: Sequence[Attributes | None], *, done: bool
    ) -> Iterator[Charge]:
        times = _TRANSACTIONAL if name == "TransactWriteItems" else 1
        for write, old in zip(_writes(body), before, strict=True):
            if done:
                yield from written(name, old or _key(write), self._look(_key(write)), times=times)
            else:
                size = max(size_of(old), size_of(write.get("Item")))
                yield Charge(name, TABLE, _key(write)["pk"]["S"], "write", times * begun(size, _WRITTEN))


def _writes(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if "TransactItems" in body:
        return [write for each in body["TransactItems"] for write in each.values()]
    return [body] if "Key" in body else []


def _key(write: Mapping[str, Any]) -> Attributes:
    whole = write.get("Key") or write["Item"]
    return {"pk": whole["pk"], "sk": whole["sk"]}


def _got(name: str, body: Mapping[str, Any], parsed: Mapping[str, Any]) -> Iterator[Charge]:
    for table, wanted in body["RequestItems"].items():
        times = 1 if wanted.get("ConsistentRead") else _EVENTUAL
        sizes = {_place(each): size_of(each) for each in parsed.get("Responses", {}).get(table, ())}
        for key in wanted["Keys"]:
            units = times * begun(sizes.get(_place(key), 0), _READ)
            yield Charge(name, TABLE, key["pk"]["S"], "read", units)


def _queried(name: str, body: Mapping[str, Any], parsed: Mapping[str, Any]) -> Iterator[Charge]:
    times = 1 if body.get("ConsistentRead") else _EVENTUAL
    read = sum(size_of(each) for each in parsed.get("Items", ()))
    partition = body["ExpressionAttributeValues"][":v0"]["S"]
    yield Charge(name, body.get("IndexName", TABLE), partition, "read", times * begun(read, _READ))


def _place(item: Attributes) -> tuple[Any, Any]:
    return item["pk"]["S"], item["sk"]["S"]


def _size(value: Mapping[str, Any]) -> int:
    match value:
        case {"S": str(text)}:
            return len(text.encode())
        case {"N": str(digits)}:
            return ceil(len(digits.lstrip("-").strip("0")) / 2) + 1
        case {"SS": [*members]}:
            return sum(len(str(each).encode()) for each in members)
        case _:
            raise TypeError(f"the table holds no {', '.join(value)}")
