"""Outages, what each has given back, and the deadlines that fell in one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.events import DeadlineExtended, DefaultSetAside, OutageAllowed
from chalicelib.domain.model import Dispute
from chalicelib.domain.outage import Outage, OutageState, Pass, Scope
from chalicelib.domain.outage_ports import Given, Met
from chalicelib.domain.ports import Answered, DisputeChange, IdempotencyKey, IdempotencyRaced, Page, VersionRaced
from chalicelib.store import codec, deadlines, idempotency, keys, pages
from chalicelib.store.instants import stamp, unstamp
from chalicelib.store.keys import Key
from chalicelib.store.table import (
    Absent,
    Cancelled,
    Clause,
    Compared,
    Item,
    Meaning,
    Op,
    Put,
    Range,
    Table,
    Update,
    number,
    text,
)

_MILLISECOND: Final = timedelta(milliseconds=1)
_WORKED_ON: Final = frozenset({OutageState.AGREED, OutageState.RUNNING})
_LISTED: Final = {Pass.RUNNING: deadlines.RUNNING, Pass.LAPSED: deadlines.LAPSED}


class OutageStore:
    """`outage_ports.OutageRegister` over a table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def outage(self, outage_id: str) -> tuple[Outage, Given] | None:
        return next(iter(self._with_counts([outage_id])), None)

    def outages(self, *, limit: int, after: str | None = None) -> Page[tuple[Outage, Given]]:
        wanted = Range(None, keys.OUTAGES, after, descending=True)
        items, following = pages.page(self._table, [wanted], limit=limit)
        return Page(tuple(self._with_counts([text(each, "sk") for each in items])), following)

    def keep(self, outage: Outage, *, commit: str, key: IdempotencyKey | None = None) -> None:
        """As `OutageRegister`. One that is found written by this commit already is done."""
        answer = Answered(key.fingerprint, outage.id, outage.seq, None, outage.updated_at) if key else None
        records = [idempotency.put(key, answer, commit)] if key and answer else []
        try:
            self._table.write([*records, _put(outage, commit)], commit)
        except Cancelled as cancelled:
            if any(each.found and each.found.get("commit") == commit for each in cancelled.failed):
                return
            raised = {each.meaning for each in cancelled.failed}
            raise (IdempotencyRaced if Meaning.SAME_KEY in raised else VersionRaced)(outage.id) from cancelled

    def unfinished(self, before: datetime, *, limit: int) -> Sequence[str]:
        wanted = Range(keys.WORKED_ON, keys.OUTAGES, below=stamp(before))
        items, _ = pages.page(self._table, [wanted], limit=limit)
        return tuple(text(each, keys.WORKED_ON.sort).rpartition("#")[2] for each in items)

    def met(self, part: Pass, scope: Scope, *, limit: int, after: str | None = None) -> Page[Met]:
        low, below = stamp(scope.since), stamp(scope.until + _MILLISECOND)
        ranges = [Range(keys.DUE, each, after, low=low, below=below) for each in keys.shards(_LISTED[part])]
        items, following = pages.page(self._table, ranges, limit=limit)
        return Page(tuple(self._met(part, items)), following)

    def _met(self, part: Pass, items: Sequence[Item]) -> Iterator[Met]:
        places = [(*keys.due_of(text(each, keys.DUE.sort)), each) for each in items]
        disputes = self._disputes([dispute for _, dispute, _, _ in places])
        for due, dispute_id, deadline, item in places:
            dispute = disputes.get(dispute_id)
            if dispute:
                kind = deadlines.kind_of(item) if part is Pass.LAPSED else _kind(dispute, deadline)
                yield Met(dispute, deadline, unstamp(due), kind)

    def _disputes(self, ids: Iterable[str]) -> Mapping[str, Dispute]:
        wanted = {keys.snapshot(each): each for each in ids}
        found = self._table.get(list(wanted)) if wanted else {}
        return {wanted[key]: codec.decode(text(item, "state"), Dispute) for key, item in found.items()}

    def _with_counts(self, ids: Sequence[str]) -> Iterator[tuple[Outage, Given]]:
        wanted = [key for each in ids for key in (keys.outage(each), keys.outage_counts(each))]
        found = self._table.get(wanted) if wanted else {}
        for each in ids:
            if keys.outage(each) in found:
                counts = found.get(keys.outage_counts(each), {})
                yield codec.decode(text(found[keys.outage(each)], "state"), Outage), _given(counts)


def tally(change: DisputeChange) -> Iterator[Update]:
    """What a commit gives back for outages, counted in the same transaction."""
    events = [each.event for each in change.events]
    for allowed in (each for each in events if isinstance(each, OutageAllowed)):
        extended = [each for each in events if isinstance(each, DeadlineExtended)]
        add = {
            "disputes": 1,
            "extended": sum(each.extension.outage == allowed.outage for each in extended),
            "set_aside": sum(isinstance(each, DefaultSetAside) for each in events),
        }
        yield Update(keys.outage_counts(allowed.outage), add=add)


def _given(counts: Item) -> Given:
    return Given(*(number(counts, name, 0) for name in ("disputes", "extended", "set_aside")))


def _kind(dispute: Dispute, deadline: str) -> DeadlineKind | None:
    return next((each.kind for each in dispute.deadlines if each.id == deadline), None)


def _put(outage: Outage, commit: str) -> Put:
    key: Key = keys.outage(outage.id)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "seq": outage.seq,
        "state": codec.encode(outage),
        "commit": commit,
        **_place(outage),
    }
    as_read: Clause = Compared("seq", Op.EQUAL, outage.seq - 1) if outage.seq > 1 else Absent()
    return Put(item, only_if=(as_read,), meaning=Meaning.VERSION)


def _place(outage: Outage) -> Item:
    """Sparse: what is to be worked on."""
    if outage.state not in _WORKED_ON:
        return {}
    return {keys.WORKED_ON.partition: keys.OUTAGES, keys.WORKED_ON.sort: keys.at(outage.updated_at, outage.id)}
