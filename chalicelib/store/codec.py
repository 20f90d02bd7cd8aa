"""Values as text: snapshots, and events in the one canonical form that is hashed and chained.

The body of an event is its record as JSON: UTF-8, keys sorted, no spaces, instants with milliseconds. Its hash is
SHA-256 over the hash before it and the body; before the first event of a dispute or a piece stands GENESIS. So whoever
keeps the last hash can tell whether any event was altered, dropped, added or moved.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple, get_args

import msgspec

from chalicelib.domain.events import Event, Recorded
from chalicelib.domain.parties import By
from chalicelib.domain.piece import PieceEvent, PieceRecorded
from chalicelib.domain.ports import StoredEvent
from chalicelib.store.instants import stamp

SCHEMA: Final = 1
"""What `data` looks like: a change that old bodies can't be read under raises it, and `_data` then reads both.

A field that comes with a default isn't such a change: it is absent from old bodies, which stay as they were hashed.
"""

GENESIS: Final = "0" * 64

UNREADABLE: Final = (msgspec.MsgspecError, RecursionError)
"""What `decode` raises of what it hasn't encoded; the latter where that is nested very deeply."""

_EVENTS: Final[Mapping[str, type[Event]]] = {each.__name__: each for each in get_args(Event.__value__)}
_PIECE_EVENTS: Final[Mapping[str, type[PieceEvent]]] = {each.__name__: each for each in get_args(PieceEvent.__value__)}


class BrokenChain(Exception):
    """An event isn't the one that was written at its place; the message says which."""


class Link(NamedTuple):
    """What stands beside an event's body."""

    previous_hash: str
    hash: str
    commit: str


class _Record(msgspec.Struct, frozen=True):
    """An event's body."""

    aggregate: str
    at: datetime
    by: By
    data: msgspec.Raw
    dispute: str
    schema: int
    seq: int
    type: str


_APART: Final = msgspec.Raw()
"""In place of an event that is held itself."""

_PLAIN: Final = frozenset({str, int, bool, type(None)})
"""What is in JSON as it is, and most that there is."""


def encode(value: object) -> str:
    """A frozen value as JSON."""
    return msgspec.json.encode(value).decode()


def decode[T](text: str, kind: type[T]) -> T:
    return msgspec.json.decode(text, type=kind)


def canonical(value: object) -> str:
    """The one JSON of a value: the same value gives the same bytes. ValueError for an instant finer than 1 ms."""
    plain = _stamped(msgspec.to_builtins(value, builtin_types=(datetime,)))
    return msgspec.json.encode(plain, order="sorted").decode()


def chained(previous_hash: str, body: str) -> str:
    """The hash of an event that follows the one with `previous_hash`."""
    return hashlib.sha256(f"{previous_hash}{body}".encode()).hexdigest()


def store_events(
    dispute: str, aggregate: str, events: Iterable[Recorded | PieceRecorded], *, head: str, commit: str
) -> tuple[StoredEvent, ...]:
    """The events as they are stored, chained to `head`: the hash before the first of them."""
    stored: list[StoredEvent] = []
    for event in events:
        kind = type(event.event).__name__
        record = _Record(aggregate, event.at, event.by, _APART, dispute, SCHEMA, event.seq, kind)
        body = _body(record, event.event)
        link = Link(head, chained(head, body), commit)
        stored.append(_linked(record, body, link))
        head = link.hash
    return tuple(stored)


def restore(body: str, link: Link) -> StoredEvent:
    """A stored event from its body and what stands beside it."""
    return _linked(decode(body, _Record), body, link)


def _linked(record: _Record, body: str, link: Link) -> StoredEvent:
    return StoredEvent(
        id=f"{record.aggregate}:{record.seq}",
        dispute=record.dispute,
        aggregate=record.aggregate,
        seq=record.seq,
        type=record.type,
        schema=record.schema,
        at=record.at,
        body=body,
        previous_hash=link.previous_hash,
        hash=link.hash,
        commit=link.commit,
    )


def recorded(body: str) -> Recorded:
    """The dispute's event that a body tells of."""
    record = decode(body, _Record)
    return Recorded(record.seq, record.at, record.by, _data(record, _EVENTS))


def piece_recorded(body: str) -> PieceRecorded:
    """The piece's event that a body tells of."""
    record = decode(body, _Record)
    return PieceRecorded(record.seq, record.at, record.by, _data(record, _PIECE_EVENTS))


def verify_chain(events: Iterable[StoredEvent], *, head: str | None = None) -> None:
    """Raises BrokenChain unless these are all events of one dispute or piece, in order, as they were written.

    Without `head`, the hash that its snapshot holds, nobody can tell that the last events are missing.
    """
    link, seq = GENESIS, 0
    for event in events:
        seq += 1
        link = _verified(event, seq, link)
    if head is not None and link != head:
        message = f"the events end after number {seq}, and the snapshot knows of others"
        raise BrokenChain(message)


def _verified(event: StoredEvent, seq: int, previous_hash: str) -> str:
    expected = restore(event.body, Link(previous_hash, chained(previous_hash, event.body), event.commit))
    if event.seq != seq or event != expected:
        message = f"event {event.id} isn't what was written as number {seq}"
        raise BrokenChain(message)
    return expected.hash


def _body(record: _Record, data: Event | PieceEvent) -> str:
    return canonical(msgspec.structs.asdict(record) | {"data": data})


def _data[T](record: _Record, kinds: Mapping[str, type[T]]) -> T:
    if record.schema != SCHEMA:
        message = f"{record.type} has schema {record.schema}; known is {SCHEMA}"
        raise ValueError(message)
    return msgspec.json.decode(record.data, type=kinds[record.type])


def _stamped(value: Any) -> Any:  # noqa: ANN401  (JSON, and instants)
    kind = type(value)
    if kind is dict:
        return {name: each if type(each) in _PLAIN else _stamped(each) for name, each in value.items()}
    if kind is list or kind is tuple:
        return [_stamped(each) for each in value]
    return stamp(value) if kind is datetime else value
