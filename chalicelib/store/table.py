"""What the store needs of a table, as plain values: DynamoDB gives it, and a dictionary does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Protocol

from chalicelib.store.keys import Index, Key, just_after

type Value = str | int | frozenset[str]
type Item = Mapping[str, Value]


class Op(StrEnum):
    """How an attribute is compared with a value."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Absent:
    """The item has no such attribute; of a key attribute: there is no such item."""

    attribute: str = "pk"


@dataclass(frozen=True, slots=True)
class Compared:
    """The attribute compares so with the value; one that is absent does only with `or_absent`."""

    attribute: str
    op: Op
    value: str | int
    or_absent: bool = False


type Clause = Absent | Compared


class Meaning(IntEnum):
    """What it means when the condition of a write fails. The lowest outranks the others."""

    SAME_KEY = 1
    EXTERNAL_ID = 2
    VERSION = 3
    QUOTA = 4
    NOTHING = 5


@dataclass(frozen=True, slots=True)
class Put:
    item: Item
    only_if: tuple[Clause, ...] = ()
    meaning: Meaning = Meaning.NOTHING

    @property
    def key(self) -> Key:
        return Key(text(self.item, "pk"), text(self.item, "sk"))


@dataclass(frozen=True, slots=True)
class Delete:
    """Removes the item; nothing where there is none."""

    key: Key
    only_if: tuple[Clause, ...] = ()
    meaning: Meaning = Meaning.NOTHING


@dataclass(frozen=True, slots=True)
class Update:
    """Adds to counters and to sets of texts, and takes out of sets. With none of them, it only checks."""

    key: Key
    add: Mapping[str, int] = field(default_factory=dict)
    put_in: Mapping[str, str] = field(default_factory=dict)
    take_out: Mapping[str, str] = field(default_factory=dict)
    only_if: tuple[Clause, ...] = ()
    meaning: Meaning = Meaning.NOTHING

    @property
    def only_checks(self) -> bool:
        return not (self.add or self.put_in or self.take_out)


type Write = Put | Delete | Update


@dataclass(frozen=True, slots=True)
class Failed:
    """A write whose condition failed, and the item as it was found."""

    meaning: Meaning
    found: Item | None


class Cancelled(Exception):
    """Nothing was written, for these conditions failed."""

    def __init__(self, failed: Sequence[Failed]) -> None:
        super().__init__(", ".join(each.meaning.name for each in failed))
        self.failed = tuple(failed)


@dataclass(frozen=True, slots=True)
class Range:
    """A part of one partition, of the table (`index` None) or of an index, in the order of its sort keys.

    Descending, it may only have `after`; ascending, any of them.
    """

    index: Index | None
    partition: str
    after: str | None = None
    """Goes on after this sort key, exclusive, in the direction of reading."""
    low: str | None = None
    """Inclusive."""
    below: str | None = None
    """Exclusive, and no sort key itself."""
    descending: bool = False

    @property
    def partition_attribute(self) -> str:
        return self.index.partition if self.index else "pk"

    @property
    def sort_attribute(self) -> str:
        return self.index.sort if self.index else "sk"

    @property
    def first(self) -> str | None:
        """The least sort key that an ascending range may have, inclusive."""
        return just_after(self.after) if self.after is not None else self.low

    @property
    def empty(self) -> bool:
        """Nothing can be in it. DynamoDB refuses to be asked."""
        first = None if self.descending else self.first
        return first is not None and self.below is not None and first > self.below


@dataclass(frozen=True, slots=True)
class Found:
    """What one Query gave. `more`: it stopped before the end of the range."""

    items: tuple[Item, ...]
    more: bool


class Table(Protocol):
    """A table with the indexes of `keys`. Safe to use from several threads."""

    def get(self, keys: Sequence[Key]) -> Mapping[Key, Item]:
        """One consistent read of up to 100 items; the absent ones are left out."""
        ...

    def query(self, wanted: Range, *, limit: int) -> Found:
        """One Query; consistent on the table itself, not on an index, which holds the keys and `row` and `body`."""
        ...

    def write(self, writes: Sequence[Write], token: str) -> None:
        """All or nothing, and once a token, however often it has to be sent.

        Raises Cancelled where conditions fail, `ports.Raced` where others' writes don't let it through, and ValueError
        where it is too much for one transaction.
        """
        ...

    def delete(self, key: Key) -> None: ...

    def partitions(
        self, after: Key | None, *, limit: int = 1000, part: int = 0, of: int = 1
    ) -> tuple[tuple[str, ...], Key | None]:
        """The partitions of up to `limit` items after that one, each once, and where to go on: for `records` alone.

        Each partition is in one of so many parts, which are alike large; they are numbered from 0.

        A partition that the last item doesn't end comes again.
        """
        ...


def text(item: Item, attribute: str) -> str:
    """The attribute as text; TypeError where it is something else, KeyError where it is absent."""
    value = item[attribute]
    if not isinstance(value, str):
        message = f"{attribute} is no text"
        raise TypeError(message)
    return value


def number(item: Item, attribute: str, default: int | None = None) -> int:
    """The attribute as a number; TypeError where it is something else, or absent without a default."""
    value = item.get(attribute, default)
    if not isinstance(value, int):
        message = f"{attribute} is no number"
        raise TypeError(message)
    return value


def members(item: Item, attribute: str) -> frozenset[str]:
    """The set of texts; empty where it is absent."""
    value = item.get(attribute, frozenset())
    if not isinstance(value, frozenset):
        message = f"{attribute} is no set"
        raise TypeError(message)
    return value
