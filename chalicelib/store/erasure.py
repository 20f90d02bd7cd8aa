"""What is due to be erased, and the removal of what is personal: plain deletes, each safe to do again."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chalicelib.domain.erasure import DueErasure
from chalicelib.domain.keeping import Particulars
from chalicelib.domain.piece import Imprinted, Piece, PieceInspected, PieceRecognised, PieceRecorded
from chalicelib.domain.ports import DisputeChange
from chalicelib.store import codec, keys, messages, pages, particulars
from chalicelib.store.attributes import key_of
from chalicelib.store.instants import unstamp
from chalicelib.store.keys import Key
from chalicelib.store.table import Cancelled, Compared, Delete, Item, Op, Put, Range, Table, text


def put(change: DisputeChange) -> Iterator[Put]:
    """When to look into the dispute next, where the commit changes that."""
    if change.erase_from:
        yield _due(change.after.id, change.after.seq, change.erase_from)


def due_of(item: Item) -> DueErasure:
    due, dispute = keys.erasure_of(text(item, keys.ERASE.sort))
    return DueErasure(dispute, unstamp(due))


def carried_out(table: Table, dispute: str, seq: int, then: datetime | None, token: str) -> None:
    """What was due up to that version is done; a later commit's word stands."""
    seen = (Compared("seq", Op.AT_MOST, seq),)
    key = keys.erasure(dispute)
    following = Put(_due(dispute, seq, then).item, only_if=seen) if then else Delete(key, only_if=seen)
    try:
        table.write([following], token)
    except Cancelled:
        return


def look_again(table: Table, dispute: str, at: datetime, token: str) -> None:
    """As of no event: any that the eraser has seen lets it be carried out."""
    table.write([_due(dispute, 0, at)], token)


def erase_texts(table: Table, dispute: str, *, last: bool) -> None:
    """The particulars after all that is found by them."""
    named = particulars.key(dispute)
    for item in _part(table, dispute, keys.TEXTS):
        if key_of(item) != named:
            table.delete(key_of(item))
            continue
        messages.erase(table, codec.decode(text(item, "text"), Particulars).complainant, dispute)
        if last:
            table.delete(named)


def erase_piece(table: Table, piece: Piece, imprint_keys: Sequence[str]) -> None:
    prefix = keys.piece_events(piece.id)
    for item in _part(table, piece.dispute, prefix):
        recorded = codec.piece_recorded(text(item, "body"))
        for key in _made_beside(piece, recorded, imprint_keys):
            table.delete(key)
    if piece.statement:
        table.delete(keys.text(piece.dispute, piece.statement.id))
    _erase_lookalikes(table, piece)


def erase_bundles(table: Table, dispute: str) -> None:
    for item in _part(table, dispute, keys.BUNDLES):
        table.delete(key_of(item))


def _made_beside(piece: Piece, recorded: PieceRecorded, imprint_keys: Sequence[str]) -> Iterator[Key]:
    """Items that the event's commit has put: what was seen, and in a first look the imprint's keys."""
    event = recorded.event
    if isinstance(event, PieceInspected):
        yield from (keys.imprint(each, recorded.at, piece.dispute, piece.id) for each in imprint_keys)
    if isinstance(event, PieceInspected | PieceRecognised) and event.seen:
        yield keys.text(piece.dispute, event.seen.id)


def _erase_lookalikes(table: Table, piece: Piece) -> None:
    """On both sides: the other piece tells of this one, too."""
    for item in _part(table, piece.dispute, keys.lookalikes(piece.id)):
        other = codec.decode(text(item, "row"), Imprinted)
        table.delete(keys.lookalike(other.dispute, other.piece, piece.id))
        table.delete(key_of(item))


def _part(table: Table, dispute: str, prefix: str) -> tuple[Item, ...]:
    wanted = Range(None, keys.dispute_partition(dispute), low=prefix, below=keys.after_prefix(prefix))
    return tuple(pages.whole(table, wanted))


def _due(dispute: str, seq: int, due: datetime) -> Put:
    key = keys.erasure(dispute)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "seq": seq,
        keys.ERASE.partition: keys.shard("ERASE", dispute),
        keys.ERASE.sort: keys.at(due, dispute),
    }
    return Put(item)
