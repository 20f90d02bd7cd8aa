"""Pictures by their imprints: an entry under each key, and beside each piece where else its picture was seen."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.piece import Imprinted
from chalicelib.domain.ports import Commit
from chalicelib.store import codec, keys
from chalicelib.store.keys import Key
from chalicelib.store.table import Item, Put, Range, Table, text

LIVE: Final = timedelta(days=400)
"""A picture is found again for so long: a year's disputes, and their appeals."""
_SHOWN: Final = 50


def writes(commit: Commit) -> Iterator[Put]:
    imprinted = commit.imprinted
    if imprinted:
        expires = int((commit.at + LIVE).timestamp())
        for each in imprinted.keys:
            key = keys.imprint(each, commit.at, imprinted.dispute, imprinted.piece)
            yield _put(key, imprinted, commit, {keys.TTL_ATTRIBUTE: expires})
    for pair in commit.lookalikes:
        for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
            yield _put(keys.lookalike(one.dispute, one.piece, other.piece), other, commit, {})


def alike(table: Table, wanted: Sequence[str], now: datetime, limit: int) -> tuple[Imprinted, ...]:
    """One Query a key, the latest first. What has expired is none, however long it still lies there."""
    ranges = [Range(None, keys.of_imprint(each), descending=True) for each in wanted]
    found = [table.query(each, limit=limit).items for each in ranges]
    oldest = keys.at(now - LIVE)
    return _once(item for items in found for item in items if text(item, "sk") >= oldest)


def of_piece(table: Table, dispute: str, piece: str) -> tuple[Imprinted, ...]:
    """One Query; a picture has few lookalikes, for a commit names few."""
    prefix = keys.lookalikes(piece)
    wanted = Range(None, keys.dispute_partition(dispute), low=prefix, below=keys.after_prefix(prefix))
    return _once(table.query(wanted, limit=_SHOWN).items)


def _put(key: Key, imprinted: Imprinted, commit: Commit, also: Item) -> Put:
    return Put({"pk": key.pk, "sk": key.sk, "row": codec.encode(imprinted), "commit": commit.id, **also})


def _once(items: Iterable[Item]) -> tuple[Imprinted, ...]:
    read = (codec.decode(text(each, "row"), Imprinted) for each in items)
    return tuple({each.piece: each for each in read}.values())
