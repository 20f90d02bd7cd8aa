"""What ONE transaction writes for commits, as values: nothing here talks to a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from chalicelib.domain.anchors import Head
from chalicelib.domain.model import Dispute
from chalicelib.domain.piece import Piece
from chalicelib.domain.ports import (
    Answered,
    Commit,
    DisputeChange,
    PieceChange,
    StoredEvent,
)
from chalicelib.store import codec, deadlines, erasure, idempotency, imprints, keys, outages, outbox, quotas
from chalicelib.store.attributes import key_of
from chalicelib.store.keys import Key
from chalicelib.store.limits import MOST_WRITES
from chalicelib.store.rows import index_keys, row_of
from chalicelib.store.table import Absent, Clause, Compared, Item, Meaning, Op, Put, Value, Write, text


class Version(NamedTuple):
    """A dispute or a piece after one of its events."""

    aggregate: str
    seq: int


type Heads = Mapping[Version, str]
"""The hash of the event that made each version."""


@dataclass(frozen=True, slots=True)
class Plan:
    commit: str
    writes: tuple[Write, ...]
    heads: Heads
    """The versions that it makes."""


def bases(commit: Commit) -> Mapping[Version, Key]:
    """The versions that the commit goes on from, each with the item of its latest event."""
    found: dict[Version, Key] = {}
    if commit.dispute and commit.dispute.before:
        seq = commit.dispute.before
        found[Version(commit.dispute_id, seq)] = keys.event(commit.dispute_id, seq)
    for each in commit.pieces:
        if each.before:
            version = Version(each.after.id, each.before)
            found[version] = keys.piece_event(commit.dispute_id, each.after.id, each.before)
    return found


def plan(commit: Commit, heads: Heads) -> Plan:
    """`heads` holds what is known of `bases`; a base that isn't in it doesn't exist, so that its condition fails.

    ValueError for a commit without events, or with a key and without an event of the dispute to answer from.
    """
    stored = [*_stored(commit, heads)]
    events = [each for _, of_one in stored for each in of_one]
    if not events:
        message = "a commit has at least one event"
        raise ValueError(message)
    made = {Version(each.aggregate, each.seq): each.hash for each in events}
    return Plan(
        commit.id,
        (
            *_idempotency(commit),
            *_aggregates(commit, stored),
            *(_event(each, number) for number, each in enumerate(events)),
            *(deadlines.writes(commit.dispute) if commit.dispute else ()),
            *(outages.tally(commit.dispute) if commit.dispute else ()),
            *(erasure.put(commit.dispute) if commit.dispute else ()),
            *quotas.writes(commit),
            *_texts(commit),
            *imprints.writes(commit),
            outbox.put(commit, events),
        ),
        made,
    )


def together(plans: Iterable[Plan]) -> Sequence[Plan]:
    """The first, and as many more as one transaction takes: it has so many writes, and no two on one item."""
    some: list[Plan] = []
    touched: set[Key] = set()
    for each in plans:
        items = {write.key for write in each.writes}
        if some and (touched & items or len(touched) + len(items) > MOST_WRITES):
            break
        some.append(each)
        touched |= items
    return some


def stored_event(item: Item) -> StoredEvent:
    """The event that an event item holds."""
    return codec.restore(text(item, "body"), codec.decode(text(item, "row"), codec.Link))


def head(item: Item) -> Head:
    """The same as the feed's index shows it: with its hash, and without what it tells."""
    return Head(*keys.of_event(key_of(item)), codec.decode(text(item, "row"), codec.Link).hash)


def _stored(commit: Commit, heads: Heads) -> Iterator[tuple[DisputeChange | PieceChange, tuple[StoredEvent, ...]]]:
    changes: list[DisputeChange | PieceChange] = [*commit.pieces]
    for change in [commit.dispute, *changes] if commit.dispute else changes:
        aggregate = change.after.id
        head = heads.get(Version(aggregate, change.before), codec.GENESIS)
        yield change, codec.store_events(commit.dispute_id, aggregate, change.events, head=head, commit=commit.id)


def _aggregates(
    commit: Commit, stored: Sequence[tuple[DisputeChange | PieceChange, tuple[StoredEvent, ...]]]
) -> Iterator[Put]:
    for change, events in stored:
        head = events[-1].hash if events else codec.GENESIS
        if isinstance(change, PieceChange):
            yield _snapshot(
                commit, change, keys.piece(commit.dispute_id, change.after.id), head, piece_keys(change.after)
            )
            continue
        row: dict[str, str] = {"row": codec.encode(row_of(change.after, change.missing_count))}
        yield _snapshot(commit, change, keys.snapshot(commit.dispute_id), head, row | index_keys(change.after))
        if not change.before:
            yield _external_id(commit, change)


def _snapshot(
    commit: Commit, change: DisputeChange | PieceChange, key: Key, head: str, also: Mapping[str, Value]
) -> Put:
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "seq": change.after.seq,
        "hash": head,
        "commit": commit.id,
        "state": codec.encode(_as_its_events_tell(change.after)),
        **also,
    }
    as_read: Clause = Compared("seq", Op.EQUAL, change.before) if change.before else Absent()
    return Put(item, only_if=(as_read,), meaning=Meaning.VERSION)


def _as_its_events_tell(after: Dispute | Piece) -> Dispute | Piece:
    return after.without_particulars() if isinstance(after, Dispute) else after


def piece_keys(piece: Piece) -> dict[str, str]:
    """The index keys by which `twins` and `awaited` find the piece."""
    found: dict[str, str] = {}
    if piece.arrival and piece.arrival.sha256 and not piece.erased_at:
        found[keys.SHA256.partition] = keys.of_sha256(piece.arrival.sha256)
        found[keys.SHA256.sort] = f"{piece.dispute}#{piece.id}"
    if piece.key and (not piece.inspection or piece.text_wanted) and not piece.gone:
        found[keys.AWAITED.partition] = keys.shard("AWAITED", piece.dispute)
        found[keys.AWAITED.sort] = keys.at(piece.registered_at, piece.dispute, piece.id)
        found["row"] = codec.encode(_as_awaited(piece))
    return found


def _as_awaited(piece: Piece) -> Piece:
    """Without what was found: it would be written four times, and whoever looks for files that wait doesn't ask."""
    return replace(piece, inspection=replace(piece.inspection, findings=())) if piece.inspection else piece


def _event(event: StoredEvent, number_in_commit: int) -> Put:
    of_dispute = event.aggregate == event.dispute
    key = (
        keys.event(event.dispute, event.seq)
        if of_dispute
        else keys.piece_event(event.dispute, event.aggregate, event.seq)
    )
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "commit": event.commit,
        "body": event.body,
        "row": codec.encode(codec.Link(event.previous_hash, event.hash, event.commit)),
        keys.FEED.partition: keys.shard("FEED", event.dispute),
        keys.FEED.sort: keys.feed(event.commit, number_in_commit),
    }
    return Put(item, only_if=(Absent(),), meaning=Meaning.VERSION)


def _external_id(commit: Commit, change: DisputeChange) -> Put:
    key = keys.external_id(change.after.external_id)
    item: Item = {"pk": key.pk, "sk": key.sk, "dispute": commit.dispute_id, "commit": commit.id}
    return Put(item, only_if=(Absent(),), meaning=Meaning.EXTERNAL_ID)


def _texts(commit: Commit) -> Iterator[Put]:
    for each in commit.texts:
        key = keys.text(commit.dispute_id, each.id)
        yield Put({"pk": key.pk, "sk": key.sk, "salt": each.salt, "text": each.text})


def _idempotency(commit: Commit) -> Iterator[Put]:
    if commit.idempotency is None:
        return
    if commit.dispute is None:
        message = "a command with a key has an event of the dispute"
        raise ValueError(message)
    seq, key = commit.dispute.after.seq, commit.idempotency
    answer = Answered(key.fingerprint, commit.dispute_id, seq, commit.answer_piece, commit.at)
    yield idempotency.put(key, answer, commit.id)
