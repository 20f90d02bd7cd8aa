"""The store of disputes, over any table: what is read and committed, and what a refused commit means."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final

from chalicelib.domain.anchors import Head
from chalicelib.domain.erasure import DueErasure
from chalicelib.domain.errors import ExternalIdTaken
from chalicelib.domain.evolve import fold
from chalicelib.domain.model import Dispute
from chalicelib.domain.piece import Imprinted, Piece
from chalicelib.domain.ports import (
    Answered,
    Commit,
    DisputeFilter,
    DisputeRow,
    Due,
    IdempotencyKey,
    IdempotencyRaced,
    LedgerEntry,
    Loaded,
    OutboxItem,
    Page,
    QuotaRaced,
    StoredEvent,
    VersionRaced,
)
from chalicelib.domain.quota import Failures
from chalicelib.store import (
    codec,
    erasure,
    idempotency,
    imprints,
    keys,
    lists,
    outbox,
    pages,
    particulars,
    plan,
    quotas,
)
from chalicelib.store.attributes import key_of
from chalicelib.store.bookmarks import BookmarkStore
from chalicelib.store.heads import SeenHeads
from chalicelib.store.instants import stamp, ulid_floor, unstamp
from chalicelib.store.keys import Key
from chalicelib.store.messages import MessageStore
from chalicelib.store.outages import OutageStore
from chalicelib.store.plan import Heads, Version
from chalicelib.store.table import Cancelled, Failed, Item, Meaning, Range, Table, number, text

_BEFORE_ALL_COMMITS: Final = "0"
_HEADS_IN_MEMORY: Final = 4096
_DUE_AT_ONCE: Final = 500
_ERASED_AT_ONCE: Final = 25
"""Of a shard, by how many of all of them a run gets to."""


class DisputeStore(OutageStore, MessageStore, BookmarkStore):
    """`ports.Store` over a table, and what others ask of it: `OutageRegister`, `MessageCentre`, `Bookmarks`, `Growth`.

    A reader's calls are counted: what it promises to read once, it does.
    """

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._heads = SeenHeads(room=_HEADS_IN_MEMORY)

    # --- a command: two reads and one transaction ---

    def load(self, dispute_id: str, key: IdempotencyKey | None = None, pieces: Sequence[str] = ()) -> Loaded:
        records = [keys.idempotency(key.caller, key.key)] if key else []
        named = {keys.piece(dispute_id, each): each for each in pieces}
        found = self._table.get([*_whole(dispute_id), *records, *named])
        answered = next((idempotency.answered(found[each]) for each in records if each in found), None)
        read = {name: self._read(found[key], Piece) for key, name in named.items() if key in found}
        return Loaded(self._dispute(dispute_id, found), answered, read)

    def load_all(self, dispute_ids: Sequence[str]) -> tuple[Loaded, ...]:
        found = self._table.get([key for each in dispute_ids for key in _whole(each)])
        return tuple(Loaded(self._dispute(each, found), None, {}) for each in dispute_ids)

    def named(self, pieces: Sequence[tuple[str, str]]) -> Mapping[str, Piece]:
        found = self._table.get([keys.piece(*each) for each in pieces]) if pieces else {}
        return {each.id: each for each in (self._read(item, Piece) for item in found.values())}

    def facts(
        self, dispute_id: str, pieces: Sequence[str], *, policy: str, respondent: str, years: Sequence[int]
    ) -> tuple[Mapping[str, Piece], Failures]:
        of_pieces = [keys.piece(dispute_id, each) for each in dict.fromkeys(pieces)]
        of_years = [keys.quota(policy, respondent, each) for each in dict.fromkeys(years)]
        found = self._table.get([*of_pieces, *of_years]) if of_pieces or of_years else {}
        read = [self._read(found[each], Piece) for each in of_pieces if each in found]
        counted = tuple(quotas.year_of(found[each]) for each in of_years if each in found)
        return {each.id: each for each in read}, Failures(counted)

    def commit(self, *commits: Commit) -> int:
        """As `ports.Store`. A commit is named by its id: one that is found written already is done."""
        heads = self._heads_of({version: key for each in commits for version, key in plan.bases(each).items()})
        planned = plan.together(plan.plan(each, heads) for each in commits)
        try:
            self._table.write([write for each in planned for write in each.writes], planned[0].commit)
        except Cancelled as cancelled:
            if not _written_before(cancelled, {each.commit for each in planned}):
                raise _refusal(cancelled) from cancelled
        for each in planned:
            self._heads.note(each.heads)
        return len(planned)

    # --- single things ---

    def answered(self, key: IdempotencyKey) -> Answered | None:
        return self._one(keys.idempotency(key.caller, key.key), idempotency.answered)

    def as_of(self, dispute_id: str, seq: int) -> Dispute | None:
        now = self.load(dispute_id).dispute
        if now is None or now.seq <= seq:
            return now if now and now.seq == seq else None
        events = self._part_of(dispute_id, keys.EVENTS, below=keys.just_after(keys.event(dispute_id, seq).sk))
        then = fold(codec.recorded(text(each, "body")) for each in events)
        return then.with_particulars(now.told) if then and now.particulars else then

    def texts(self, dispute_id: str, ids: Sequence[str]) -> Mapping[str, str]:
        wanted = {keys.text(dispute_id, each): each for each in ids}
        found = self._table.get(list(wanted)) if wanted else {}
        return {wanted[key]: text(item, "text") for key, item in found.items()}

    def pieces(self, dispute_id: str) -> tuple[Piece, ...]:
        return tuple(self._read(each, Piece) for each in self._part_of(dispute_id, keys.PIECES))

    def ledger(self, policy: str, respondent: str, year: int) -> tuple[LedgerEntry, ...]:
        partition = keys.quota(policy, respondent, year).pk
        wanted = Range(None, partition, low=keys.LEDGER, below=keys.after_prefix(keys.LEDGER))
        return quotas.ledger_of(tuple(pages.whole(self._table, wanted)))

    # --- lists ---

    def disputes(self, wanted: DisputeFilter, *, limit: int, after: str | None = None) -> Page[DisputeRow]:
        ranges = lists.listing(wanted).ranges(wanted, after)
        items, following = pages.page(self._table, ranges, limit=limit) if ranges else (self._claimed(wanted), None)
        rows = (codec.decode(text(each, "row"), DisputeRow) for each in items)
        return Page(lists.shown(wanted, rows), following)

    def event(self, dispute_id: str, aggregate: str, seq: int) -> StoredEvent | None:
        key = keys.any_event(dispute_id, aggregate, seq)
        item = self._table.get([key]).get(key)
        return plan.stored_event(item) if item else None

    def timeline(self, dispute_id: str, *, limit: int, after: str | None = None) -> Page[StoredEvent]:
        events = Range(
            None, keys.dispute_partition(dispute_id), after, low=keys.EVENTS, below=keys.after_prefix(keys.EVENTS)
        )
        items, following = pages.page(self._table, [events], limit=limit)
        return Page(tuple(map(plan.stored_event, items)), following)

    def twins(self, sha256: str, *, limit: int = 20) -> tuple[tuple[str, str], ...]:
        items, _ = pages.page(self._table, [Range(keys.SHA256, keys.of_sha256(sha256))], limit=limit)
        return tuple((dispute, piece) for dispute, piece in (_split(each, keys.SHA256.sort) for each in items))

    def alike(self, keys: Sequence[str], now: datetime, *, limit: int) -> tuple[Imprinted, ...]:
        return imprints.alike(self._table, keys, now, limit)

    def lookalikes(self, dispute_id: str, piece_id: str) -> tuple[Imprinted, ...]:
        return imprints.of_piece(self._table, dispute_id, piece_id)

    def awaited(self, since: datetime, until: datetime, *, limit: int, after: str | None = None) -> Page[Piece]:
        shards = keys.shards("AWAITED")
        ranges = [Range(keys.AWAITED, each, after, low=stamp(since), below=stamp(until)) for each in shards]
        items, following = pages.page(self._table, ranges, limit=limit)
        return Page(tuple(codec.decode(text(each, "row"), Piece) for each in items), following)

    def feed(self, *, limit: int, after: str | None = None, until: datetime | None = None) -> Page[StoredEvent]:
        listed, last = self._listed(limit, after, until)
        places = [key_of(each) for each in listed]
        found = self._table.get(places) if places else {}
        return Page(tuple(plan.stored_event(found[each]) for each in places if each in found), last)

    def heads(self, *, limit: int, after: str | None = None, until: datetime | None = None) -> Page[Head]:
        listed, last = self._listed(limit, after, until)
        return Page(tuple(map(plan.head, listed)), last)

    def due(self, end: datetime, *, since: datetime | None = None) -> Iterator[Due]:
        low = stamp(since) if since else None
        ranges = [Range(keys.DUE, each, low=low, below=stamp(end)) for each in keys.shards("DUE")]
        return map(_due, pages.merged(self._table, ranges, at_once=_DUE_AT_ONCE))

    def erasures(self, now: datetime) -> Iterator[DueErasure]:
        ranges = [Range(keys.ERASE, each, below=stamp(now)) for each in keys.shards("ERASE")]
        return map(erasure.due_of, pages.merged(self._table, ranges, at_once=_ERASED_AT_ONCE))

    def look_again(self, dispute_id: str, at: datetime, token: str) -> None:
        erasure.look_again(self._table, dispute_id, at, token)

    def erase_piece(self, piece: Piece, imprint_keys: Sequence[str]) -> None:
        erasure.erase_piece(self._table, piece, imprint_keys)

    def erase_bundles(self, dispute_id: str) -> None:
        erasure.erase_bundles(self._table, dispute_id)

    def erase_texts(self, dispute_id: str, *, last: bool) -> None:
        erasure.erase_texts(self._table, dispute_id, last=last)

    def erasure_carried_out(self, dispute_id: str, seq: int, then: datetime | None, token: str) -> None:
        erasure.carried_out(self._table, dispute_id, seq, then, token)

    def outbox(self, older_than: datetime, *, limit: int, after: OutboxItem | None = None) -> tuple[OutboxItem, ...]:
        last = keys.at(after.at, after.id) if after else None
        ranges = [Range(keys.OUTBOX, each, last, below=stamp(older_than)) for each in keys.shards("OUTBOX")]
        listed, _ = pages.page(self._table, ranges, limit=limit)
        places = [key_of(each) for each in listed]
        found = self._table.get(places) if places else {}
        return tuple(outbox.item_of(found[each]) for each in places if each in found)

    def published(self, outbox_id: str) -> None:
        self._table.delete(keys.outbox(outbox_id))

    # --- how ---

    def _dispute(self, dispute_id: str, found: Mapping[Key, Item]) -> Dispute | None:
        snapshot = found.get(keys.snapshot(dispute_id))
        return particulars.put_in(self._read(snapshot, Dispute), found) if snapshot else None

    def _read[T: (Dispute, Piece)](self, snapshot: Item, kind: type[T]) -> T:
        value = codec.decode(text(snapshot, "state"), kind)
        self._heads.note({Version(value.id, number(snapshot, "seq")): text(snapshot, "hash")})
        return value

    def _heads_of(self, bases: Mapping[Version, Key]) -> Heads:
        """From what was read before; a base that wasn't is looked up."""
        known = self._heads.known(bases)
        unknown = {key: version for version, key in bases.items() if version not in known}
        found = self._table.get(list(unknown)) if unknown else {}
        return {**known, **{unknown[key]: plan.stored_event(item).hash for key, item in found.items()}}

    def _listed(self, limit: int, after: str | None, until: datetime | None) -> tuple[tuple[Item, ...], str]:
        """A page of the feed's index, and where the next one begins."""
        below = ulid_floor(until) if until else None
        ranges = [Range(keys.FEED, each, after, below=below) for each in keys.shards("FEED")]
        items, _ = pages.page(self._table, ranges, limit=limit)
        return items, text(items[-1], keys.FEED.sort) if items else after or _BEFORE_ALL_COMMITS

    def _one[T](self, key: Key, read: Callable[[Item], T]) -> T | None:
        found = self._table.get([key])
        return read(found[key]) if key in found else None

    def _part_of(self, dispute_id: str, prefix: str, *, below: str | None = None) -> Sequence[Item]:
        end = below or keys.after_prefix(prefix)
        wanted = Range(None, keys.dispute_partition(dispute_id), low=prefix, below=end)
        return tuple(pages.whole(self._table, wanted))

    def _claimed(self, wanted: DisputeFilter) -> tuple[Item, ...]:
        """The snapshot of the dispute that has the external id, in two reads, both consistent."""
        claim = self._one(keys.external_id(lists.needed(wanted.external_id)), lambda item: text(item, "dispute"))
        snapshot = self._one(keys.snapshot(claim), lambda item: item) if claim else None
        return (snapshot,) if snapshot else ()


def _whole(dispute_id: str) -> tuple[Key, Key]:
    """What a dispute is read from."""
    return keys.snapshot(dispute_id), particulars.key(dispute_id)


def _written_before(cancelled: Cancelled, commits: AbstractSet[str]) -> bool:
    """An earlier try got through and its answer was lost: what stands in the way is our own."""
    return any(each.found and each.found.get("commit") in commits for each in cancelled.failed)


def _refusal(cancelled: Cancelled) -> Exception:
    """What it means to the caller, by the reason that outranks the others."""
    failed: Failed = min(cancelled.failed, key=lambda each: each.meaning)
    match failed.meaning:
        case Meaning.SAME_KEY:
            return IdempotencyRaced(str(cancelled))
        case Meaning.EXTERNAL_ID if failed.found:
            taken = keys.external_id_of(text(failed.found, "pk"))
            return ExternalIdTaken(external_id=taken, dispute=text(failed.found, "dispute"))
        case Meaning.VERSION:
            return VersionRaced(str(cancelled))
        case Meaning.QUOTA:
            return QuotaRaced(str(cancelled))
        case _:
            return cancelled


def _due(item: Item) -> Due:
    due, dispute, deadline = keys.due_of(text(item, keys.DUE.sort))
    return Due(dispute, deadline, unstamp(due))


def _split(item: Item, attribute: str) -> tuple[str, str]:
    first, _, second = text(item, attribute).partition("#")
    return first, second
