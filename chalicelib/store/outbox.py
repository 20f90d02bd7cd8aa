"""The outbox: one item a commit, with all its events, until they are published (promise C).

The index shows where it lies, and not the events: they would be written three times for the seconds that they are here.
Of an event there is what it can be restored from, its body and the hash before it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.ports import Commit, OutboxItem, StoredEvent
from chalicelib.store import codec, keys
from chalicelib.store.table import Item, Put, text


class _Row(NamedTuple):
    id: str
    dispute: str
    at: datetime


def put(commit: Commit, events: Sequence[StoredEvent]) -> Put:
    key = keys.outbox(commit.id)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "commit": commit.id,
        "row": codec.encode(_Row(commit.id, commit.dispute_id, commit.at)),
        "events": codec.encode([(each.previous_hash, each.body) for each in events]),
        keys.OUTBOX.partition: keys.shard("OUTBOX", commit.dispute_id),
        keys.OUTBOX.sort: keys.at(commit.at, commit.id),
    }
    return Put(item)


def item_of(item: Item) -> OutboxItem:
    """What an outbox item says, read by its key or as the table's stream brings it."""
    row = codec.decode(text(item, "row"), _Row)
    events = codec.decode(text(item, "events"), tuple[tuple[str, str], ...])
    return OutboxItem(row.id, row.dispute, row.at, tuple(_restored(*each, row.id) for each in events))


def _restored(previous_hash: str, body: str, commit: str) -> StoredEvent:
    return codec.restore(body, codec.Link(previous_hash, codec.chained(previous_hash, body), commit))
