"""The item of each deadline: in DUE while it runs, in LAPSED for a while once a party has let it pass."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.deadline import Deadline, DeadlineKind, Extension
from chalicelib.domain.events import Cleared, DeadlineCleared, DeadlineExtended, DeadlineSet
from chalicelib.domain.outage import LAPSES_KEPT, OF_PARTIES
from chalicelib.domain.ports import DisputeChange
from chalicelib.store import codec, keys
from chalicelib.store.table import Delete, Item, Put, Write

type _Event = DeadlineSet | DeadlineExtended | DeadlineCleared

RUNNING: Final = "DUE"
LAPSED: Final = "LAPSED"


def writes(change: DisputeChange) -> Iterator[Write]:
    """One a deadline that the events touch, by the last of them; never compared with what was there."""
    dispute = change.after.id
    for deadline, event in _last(change).items():
        key = keys.deadline(dispute, deadline)
        match event:
            case DeadlineSet(Deadline(due=due)) | DeadlineExtended(_, Extension(due_after=due)):
                yield _put(RUNNING, dispute, deadline, due, {})
            case DeadlineCleared(_, kind, due, Cleared.LAPSED) if kind in OF_PARTIES:
                yield _put(LAPSED, dispute, deadline, due, _kept(kind, due))
            case _:
                yield Delete(key)


def kind_of(item: Item) -> DeadlineKind:
    """Of a deadline that has lapsed."""
    return codec.decode(str(item["row"]), DeadlineKind)


def _last(change: DisputeChange) -> dict[str, _Event]:
    last: dict[str, _Event] = {}
    for recorded in change.events:
        match recorded.event:
            case DeadlineSet(deadline) as event:
                last[deadline.id] = event
            case DeadlineExtended(deadline=name) | DeadlineCleared(deadline=name) as event:
                last[name] = event
            case _:
                pass
    return last


def _put(listed: str, dispute: str, deadline: str, due: datetime, also: Item) -> Put:
    key = keys.deadline(dispute, deadline)
    place = {
        keys.DUE.partition: keys.shard(listed, dispute),
        keys.DUE.sort: keys.at(due, dispute, deadline),
    }
    return Put({"pk": key.pk, "sk": key.sk, **place, **also})


def _kept(kind: DeadlineKind, due: datetime) -> Item:
    return {"row": codec.encode(kind), keys.TTL_ATTRIBUTE: int((due + LAPSES_KEPT).timestamp())}
