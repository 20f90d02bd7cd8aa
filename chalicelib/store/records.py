"""`domain.records` from a table: items back into what was written, and a flaw for each that isn't as it was written."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from chalicelib.domain.anchors import Place
from chalicelib.domain.events import Recorded
from chalicelib.domain.keeping import PARTICULARS, Particulars
from chalicelib.domain.model import Dispute
from chalicelib.domain.piece import Piece, PieceRecorded
from chalicelib.domain.ports import Answered, DisputeRow, LedgerEntry, PrivateText, StoredEvent
from chalicelib.domain.quota import QuotaYear
from chalicelib.domain.records import (
    WHOLE,
    Booked,
    CaseRecord,
    Chain,
    ClaimRecord,
    KeyRecord,
    KeysRecord,
    OutboxRecord,
    Part,
    QuotaRecord,
    Record,
    Section,
    Stretch,
    Violation,
    What,
)
from chalicelib.store import attributes, codec, deadlines, idempotency, keys, outbox, pages, plan, quotas, sections
from chalicelib.store.instants import ulid_floor, unstamp
from chalicelib.store.keys import Index, Key
from chalicelib.store.rows import index_keys, row_of
from chalicelib.store.sections import quota_keys
from chalicelib.store.table import Item, Range, Table, number, text

_UNREADABLE = (*codec.UNREADABLE, KeyError, TypeError, ValueError, AttributeError)
"""What an altered item makes its reader raise."""


class Misplaced(ValueError):
    """An item says what can't stand where it lies."""


@dataclass(slots=True)
class _Reading:
    """Reads what can be read, and notes what can't."""

    subject: str
    flaws: list[Violation] = field(default_factory=list)

    def note(self, what: What, detail: str) -> None:
        self.flaws.append(Violation(self.subject, what, detail))

    def one[T](self, item: Item, how: Callable[[Item], T]) -> T | None:
        try:
            return how(item)
        except _UNREADABLE as error:
            self.note(What.UNREADABLE, f"{text(item, 'sk')}: {type(error).__name__}: {error}")
            return None

    def each[T](self, items: Iterable[Item], how: Callable[[Item], T]) -> tuple[T, ...]:
        read = (self.one(item, how) for item in items)
        return tuple(each for each in read if each is not None)


@dataclass(frozen=True, slots=True)
class _Kind[V: (Dispute, Piece), E]:
    """What a snapshot and an event's body hold."""

    value: type[V]
    recorded: Callable[[str], E]
    told: Particulars | None = None
    """Of this very dispute: what its lists show beside what its events tell."""


_DISPUTE = _Kind(Dispute, codec.recorded)
_PIECE = _Kind(Piece, codec.piece_recorded)


class TableRecords:
    """`records.Records` over a table."""

    def __init__(self, table: Table, *, at_once: int = 1000) -> None:
        self._table = table
        self._at_once = at_once

    def sections(self, after: str | None = None, part: Part = WHOLE) -> Sequence[Stretch]:
        return sections.of_part(self._table, after, part, at_once=self._at_once)

    def changed(self, until: datetime, after: str | None) -> Sequence[Stretch]:
        return sections.changed(self._table, until, after, at_once=self._at_once)

    def to_come(self, place: str, now: datetime) -> bool:
        return place > ulid_floor(now)

    def read(self, section: Section) -> Record | None:
        partition = section.partition
        kind, _, name = partition.partition("#")
        match kind:
            case "D":
                return self._case(name)
            case "Q":
                return self._quota(partition)
            case "I":
                return self._keys(section)
            case "OUTBOX":
                return self._outbox(partition)
            case "X":
                return self._claimed(partition, name)
            case _:
                return None

    def events(self, places: Sequence[Place]) -> Mapping[Place, StoredEvent]:
        wanted = {each: _place(each.dispute, each.aggregate, each.seq) for each in places}
        found = self._table.get(list(wanted.values())) if wanted else {}
        read = {place: self._event_at(found, key) for place, key in wanted.items()}
        return {place: event for place, event in read.items() if event}

    # --- a dispute ---

    def _case(self, dispute_id: str) -> CaseRecord:
        reading, items = _Reading(dispute_id), self._by_kind(keys.dispute_partition(dispute_id))
        snapshot = next(iter(items["SNAPSHOT"]), None)
        kind = replace(_DISPUTE, told=_particulars(reading, items["T"]))
        dispute = _chain(reading, dispute_id, snapshot, items["E"], kind)
        value = dispute.value
        return CaseRecord(
            id=dispute_id,
            dispute=dispute,
            pieces=_pieces(reading, items["P"], items["PE"]),
            deadlines=dict(reading.each(filter(_runs, items["DL"]), _deadline)),
            texts={each.id: each for each in reading.each(items["T"], _text)},
            erasure=next(iter(reading.each(items["ERASURE"], _erasure)), None),
            quotas=self._quotas_of(reading, value) if value else {},
            external_id_of=self._claim(value.external_id) if value else None,
            flaws=tuple(reading.flaws),
        )

    def _by_kind(self, partition: str) -> Mapping[str, list[Item]]:
        """The partition's items by what their sort keys begin with, each kind in the order of its keys."""
        found: defaultdict[str, list[Item]] = defaultdict(list)
        for item in self._items(partition):
            found[text(item, "sk").partition("#")[0]].append(item)
        return found

    def _items(self, partition: str) -> Sequence[Item]:
        return tuple(pages.whole(self._table, Range(None, partition)))

    def _quotas_of(self, reading: _Reading, dispute: Dispute) -> Mapping[int, QuotaYear]:
        wanted = quota_keys(dispute)
        found = self._table.get(wanted) if wanted else {}
        return {each.year: each for each in reading.each(found.values(), quotas.year_of)}

    def _claim(self, external_id: str) -> str | None:
        key = keys.external_id(external_id)
        found = self._table.get([key])
        return str(found[key].get("dispute")) if key in found else None

    def _claimed(self, partition: str, external_id: str) -> ClaimRecord | None:
        dispute = self._claim(external_id)
        if dispute is None:
            return None
        key = keys.snapshot(dispute)
        found = self._table.get([key])
        value = _Reading(partition).one(found[key], partial(_value, Dispute)) if key in found else None
        return ClaimRecord(partition, dispute, value.external_id if value else None)

    # --- a quota ---

    def _quota(self, partition: str) -> QuotaRecord:
        reading, items = _Reading(partition), self._by_kind(partition)
        _, policy, rest = partition.split("#", 2)
        respondent, _, year = rest.rpartition("#")
        counts = reading.each(items["COUNTS"], quotas.year_of)
        ledger = reading.each(items["L"], partial(_booked, policy, respondent, int(year)))
        counted = counts[0] if counts else QuotaYear(int(year))
        failures = (*counted.failures, *(each.entry.failure for each in ledger))
        named = {each.dispute for each in failures} | {each.dispute for each in counted.pending}
        disputes = {each: self._dispute(reading, each) for each in sorted(named)}
        return QuotaRecord(partition, policy, respondent, counted, ledger, disputes, tuple(reading.flaws))

    def _dispute(self, reading: _Reading, dispute_id: str) -> Chain[Dispute, Recorded]:
        """Its state and events, without what is wrong with them: that is told of the dispute itself."""
        items = self._by_kind(keys.dispute_partition(dispute_id))
        snapshot = next(iter(items["SNAPSHOT"]), None)
        apart = _Reading(reading.subject)
        return _chain(apart, dispute_id, snapshot, items["E"], _DISPUTE)

    # --- records of requests, and what is to be published ---

    def _keys(self, section: Section) -> KeysRecord:
        reading = _Reading(section.partition)
        below = keys.just_after(section.upto) if section.upto else None
        items = pages.whole(self._table, Range(None, section.partition, section.after, below=below))
        records = [(each, keys.event(each.answered.dispute, each.answered.seq)) for each in reading.each(items, _key)]
        wanted = {key for each, place in records for key in (place, _other(each.answered))}
        found = self._table.get(list(wanted)) if wanted else {}
        told = (
            replace(
                each,
                event=self._event_at(found, place),
                of_another=each.of_another or _other(each.answered) in found,
            )
            for each, place in records
        )
        return KeysRecord(section.partition, tuple(told), tuple(reading.flaws))

    def _event_at(self, found: Mapping[Key, Item], key: Key) -> StoredEvent | None:
        return _Reading(key.pk).one(found[key], _event) if key in found else None

    def _outbox(self, partition: str) -> OutboxRecord:
        reading = _Reading(partition)
        read = reading.each(self._items(partition), outbox.item_of)
        return OutboxRecord(partition, min((each.at for each in read), default=None), tuple(reading.flaws))


def _chain[V: (Dispute, Piece), E](
    reading: _Reading,
    name: str,
    snapshot: Item | None,
    items: Sequence[Item],
    kind: _Kind[V, E],
) -> Chain[V, E]:
    stored = reading.each(items, _event)
    value = reading.one(snapshot, partial(_value, kind.value)) if snapshot else None
    if snapshot is None or value is None:
        reading.note(What.SNAPSHOT, f"{name} has no snapshot that can be read")
    else:
        reading.one(snapshot, partial(_check_snapshot, _as_read(value, kind.told), stored))
    _check_links(reading, name, stored, snapshot)
    return Chain(name, value, stored, reading.each(items, lambda item: kind.recorded(text(item, "body"))))


def _particulars(reading: _Reading, texts: Iterable[Item]) -> Particulars | None:
    found = [each for each in texts if text(each, "sk") == f"{keys.TEXTS}{PARTICULARS}"]
    return reading.one(found[0], lambda item: codec.decode(text(item, "text"), Particulars)) if found else None


def _as_read(value: Dispute | Piece, told: Particulars | None) -> Dispute | Piece:
    """With what lists show of the particulars; the state itself is what the events tell, without them."""
    if told is None or isinstance(value, Piece) or value.texts_erased_at:
        return value
    return value.with_particulars(told)


def _value[V: (Dispute, Piece)](kind: type[V], item: Item) -> V:
    """Of a zone that there is: whoever looks at it takes months and years by it."""
    value = codec.decode(text(item, "state"), kind)
    if isinstance(value, Dispute):
        try:
            ZoneInfo(value.policy.zone)
        except OSError as folder:
            raise Misplaced(f"{value.policy.zone} is no zone") from folder
    return value


def _check_links(reading: _Reading, name: str, stored: Iterable[StoredEvent], snapshot: Item | None) -> None:
    """Without a snapshot, nobody knows where the chain ends; with one, its hash is the last event's."""
    try:
        codec.verify_chain(stored, head=str(snapshot.get("hash")) if snapshot else None)
    except codec.BrokenChain as broken:
        reading.note(What.CHAIN, f"{name}: {broken}")


def _check_snapshot(value: Dispute | Piece, stored: Sequence[StoredEvent], item: Item) -> None:
    """Raises Misplaced where what stands beside the state, or lists show of it, isn't of the state."""
    key = keys.piece(value.dispute, value.id) if isinstance(value, Piece) else keys.snapshot(value.id)
    wanted = _listed(value, item)
    for holds, what in (
        (attributes.key_of(item) == key, "key"),
        (number(item, "seq") == value.seq, "number"),
        (not stored or text(item, "commit") == stored[-1].commit, "commit"),
        (_unsharded(wanted) == _unsharded({each: item[each] for each in item if each in _LISTED}), "place in lists"),
    ):
        if not holds:
            raise Misplaced(f"the {what} isn't the state's")


_LISTED = frozenset({"row", *(each.partition for each in Index), *(each.sort for each in Index)})
_SHARD = re.compile(r"^(U|AWAITED)#[0-9]+$")


def _listed(value: Dispute | Piece, item: Item) -> Item:
    """What lists are to show of it. How many requirements were missing is the policy's to say: it is taken as said."""
    if isinstance(value, Piece):
        return plan.piece_keys(value)
    row = codec.decode(text(item, "row"), DisputeRow)
    expected = row_of(value, row.missing_count)
    return index_keys(value) | {"row": text(item, "row") if row == expected else codec.encode(expected)}


def _unsharded(listed: Item) -> Item:
    """The number of shards may have been raised since it was written."""
    return {name: _SHARD.sub(r"\1", each) if isinstance(each, str) else each for name, each in listed.items()}


def _place(dispute: str, aggregate: str, seq: int) -> Key:
    return keys.event(dispute, seq) if aggregate == dispute else keys.piece_event(dispute, aggregate, seq)


def _event(item: Item) -> StoredEvent:
    """Raises Misplaced where body, row, commit and keys don't agree. The chain tells whether it is the right event."""
    event = plan.stored_event(item)
    key = _place(event.dispute, event.aggregate, event.seq)
    for holds, what in (
        (attributes.key_of(item) == key, "key"),
        (text(item, "row") == codec.encode(codec.Link(event.previous_hash, event.hash, event.commit)), "row"),
        (text(item, "commit") == event.commit, "commit"),
        (text(item, keys.FEED.partition).startswith("FEED#"), "shard of the feed"),
        (text(item, keys.FEED.sort).startswith(f"{event.commit}#"), "place in the feed"),
    ):
        if not holds:
            raise Misplaced(f"the {what} isn't the event's")
    return event


def _pieces(
    reading: _Reading, snapshots: Sequence[Item], events: Sequence[Item]
) -> tuple[Chain[Piece, PieceRecorded], ...]:
    of_piece: defaultdict[str, list[Item]] = defaultdict(list)
    for item in events:
        of_piece[text(item, "sk").split("#")[1]].append(item)
    as_it_is = {text(item, "sk").removeprefix(keys.PIECES): item for item in snapshots}
    return tuple(
        _chain(reading, each, as_it_is.get(each), of_piece[each], _PIECE)
        for each in sorted(as_it_is.keys() | of_piece.keys())
    )


def _deadline(item: Item) -> tuple[str, datetime]:
    due, dispute, deadline = keys.due_of(text(item, keys.DUE.sort))
    listed = text(item, keys.DUE.partition).partition("#")[0]
    if attributes.key_of(item) != keys.deadline(dispute, deadline) or listed != deadlines.RUNNING:
        raise Misplaced("the sweep would find another deadline by it, or none")
    return deadline, unstamp(due)


def _runs(item: Item) -> bool:
    """Some stay for a while after they have lapsed."""
    return not str(item.get(keys.DUE.partition)).startswith(f"{deadlines.LAPSED}#")


def _erasure(item: Item) -> datetime:
    due, dispute = keys.erasure_of(text(item, keys.ERASE.sort))
    listed = text(item, keys.ERASE.partition).partition("#")[0]
    if attributes.key_of(item) != keys.erasure(dispute) or listed != "ERASE":
        raise Misplaced("the eraser would find another dispute by it, or none")
    return unstamp(due)


def _text(item: Item) -> PrivateText:
    return PrivateText(text(item, "sk").removeprefix("T#"), text(item, "salt"), text(item, "text"))


def _key(item: Item) -> KeyRecord:
    """What it points to isn't read yet. That of a webhook holds the answer itself."""
    return KeyRecord(text(item, "sk"), idempotency.answered(item), text(item, "commit"), None, of_another="row" in item)


def _other(answered: Answered) -> Key:
    """What there is if a request was for a bundle, which is of no event: the dispute. Else it may be of an outage."""
    return keys.outage(answered.dispute) if answered.seq else keys.snapshot(answered.dispute)


def _booked(policy: str, respondent: str, year: int, item: Item) -> Booked:
    body = text(item, "body")
    entry = codec.decode(body, LedgerEntry)
    key = keys.ledger(policy, respondent, year, entry.failure.appeal, entry.booking)
    if attributes.key_of(item) != key or codec.canonical(entry) != body:
        raise Misplaced("the entry isn't what was written there")
    return Booked(entry, text(item, "commit"))
