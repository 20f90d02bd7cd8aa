"""Which lists of disputes there are: one index serves a filter, or a sentence says which filters are served."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

from chalicelib.domain.ports import DisputeFilter, DisputeRow, Sort, UnsupportedQuery
from chalicelib.store import keys
from chalicelib.store.instants import stamp
from chalicelib.store.keys import Index
from chalicelib.store.table import Range

_SAID_AS = {"respondent": "shop", "complainant": "buyer"}
_OF_ROWS = frozenset({"respondent", "complainant", "status", "reason", "order_id"})


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: the filter's fields that it needs, those that may stand beside them, and its order."""

    needs: tuple[str, ...]
    sort: Sort
    ranges: Callable[[DisputeFilter, str | None], tuple[Range, ...]]
    may: frozenset[str] = frozenset()

    def serves(self, given: frozenset[str], sort: Sort) -> bool:
        return sort is self.sort and frozenset(self.needs) <= given <= frozenset(self.needs) | self.may

    def __str__(self) -> str:
        also = ", ".join(sorted(_said(each) for each in self.may - frozenset(self.needs)))
        must = " + ".join(map(_said, self.needs)) or "nothing"
        return f"{must}{f' (and any of {also})' if also else ''}, sort={self.sort}"


def listing(wanted: DisputeFilter) -> Listing:
    """The list that serves the filter. Raises UnsupportedQuery where none does."""
    given, sort = _given(wanted), _sort(wanted)
    found = next((each for each in LISTINGS if each.serves(given, sort)), None)
    if found is None:
        raise UnsupportedQuery(tuple(str(each) for each in LISTINGS if "queue" not in each.needs))
    return found


def shown(wanted: DisputeFilter, rows: Iterable[DisputeRow]) -> tuple[DisputeRow, ...]:
    """Those with all that the filter asks of them. An index has seen to most of that; the lists by id rely on it."""
    asked = [(name, getattr(wanted, name)) for name in _given(wanted) & _OF_ROWS]
    hides = wanted.complainant is not None and not wanted.confidential
    return tuple(
        each
        for each in rows
        if not (hides and each.confidential) and all(getattr(each, name) == value for name, value in asked)
    )


def needed[T](value: T | None) -> T:
    """A field that the filter has, for its listing needs it."""
    if value is None:
        raise TypeError("a listing was asked for what it doesn't serve")
    return value


def _by_order(wanted: DisputeFilter, after: str | None) -> tuple[Range, ...]:
    return (Range(Index.ORDER, keys.of_order(needed(wanted.order_id)), after, descending=True),)


def _of_shop(wanted: DisputeFilter, after: str | None) -> tuple[Range, ...]:
    return (Range(Index.RESPONDENT, keys.of_respondent(needed(wanted.respondent)), after, descending=True),)


def _of_complainant(wanted: DisputeFilter, after: str | None) -> tuple[Range, ...]:
    complainant = needed(wanted.complainant)
    partitions = [keys.of_complainant(complainant), *([keys.of_confidential(complainant)] * wanted.confidential)]
    return tuple(Range(Index.COMPLAINANT, each, after, descending=True) for each in partitions)


def _of_reason(wanted: DisputeFilter, after: str | None) -> tuple[Range, ...]:
    partition = keys.of_reason(needed(wanted.respondent), needed(wanted.reason))
    return (Range(Index.REASON, partition, after, descending=True),)


def _of_status(wanted: DisputeFilter, after: str | None) -> tuple[Range, ...]:
    return (Range(Index.STATUS, _status(wanted), after, descending=True),)


def _of_status_by_due(wanted: DisputeFilter, after: str | None) -> tuple[Range, ...]:
    return (Range(Index.STATUS_DUE, _status(wanted), after, below=_due_before(wanted)),)


def _own_due(wanted: DisputeFilter, after: str | None) -> tuple[Range, ...]:
    partition = keys.of_respondent(needed(wanted.respondent))
    return (Range(Index.OWN_DUE, partition, after, below=_due_before(wanted)),)


def _queue(wanted: DisputeFilter, after: str | None) -> tuple[Range, ...]:
    return (Range(Index.QUEUE, keys.of_queue(needed(wanted.queue)), after),)


def _latest(_wanted: DisputeFilter, after: str | None) -> tuple[Range, ...]:
    return tuple(Range(Index.UPDATED, each, after, descending=True) for each in keys.shards("U"))


def _updated_since(wanted: DisputeFilter, after: str | None) -> tuple[Range, ...]:
    since = stamp(needed(wanted.updated_since))
    return tuple(Range(Index.UPDATED, each, after, low=since) for each in keys.shards("U"))


def _by_id(_wanted: DisputeFilter, _after: str | None) -> tuple[Range, ...]:
    """No index: the claim on the external id names the dispute."""
    return ()


LISTINGS = (
    Listing(("external_id",), Sort.NEWEST, _by_id, may=_OF_ROWS),
    Listing(("order_id",), Sort.NEWEST, _by_order, may=_OF_ROWS),
    Listing(("respondent",), Sort.NEWEST, _of_shop),
    Listing(("respondent", "status"), Sort.NEWEST, _of_status),
    Listing(("respondent", "reason"), Sort.NEWEST, _of_reason),
    Listing(("respondent",), Sort.DEADLINE, _own_due, may=frozenset({"due_before"})),
    Listing(("respondent", "status"), Sort.DEADLINE, _of_status_by_due, may=frozenset({"due_before"})),
    Listing(("complainant",), Sort.NEWEST, _of_complainant),
    Listing(("queue",), Sort.DEADLINE, _queue),
    Listing((), Sort.UPDATED, _latest),
    Listing(("updated_since",), Sort.UPDATED, _updated_since),
)
"""By order: an order has few disputes, so what else is asked of them is looked for in the page. By `sort=deadline` a
shop sees its own deadlines; of a status, anybody's next one. By `sort=updated` the latest change comes first; with
`updated_since`, changes come in their order, for whoever follows them."""


def _given(wanted: DisputeFilter) -> frozenset[str]:
    names = (each.name for each in fields(wanted) if each.name not in ("sort", "confidential"))
    return frozenset(name for name in names if getattr(wanted, name) is not None)


def _sort(wanted: DisputeFilter) -> Sort:
    """The order that is asked for, or goes without saying."""
    if wanted.sort:
        return wanted.sort
    if wanted.due_before or wanted.queue:
        return Sort.DEADLINE
    return Sort.UPDATED if _given(wanted) <= {"updated_since"} else Sort.NEWEST


def _said(name: str) -> str:
    """A field by its name in the API."""
    return _SAID_AS.get(name, name)


def _status(wanted: DisputeFilter) -> str:
    return keys.of_status(needed(wanted.respondent), needed(wanted.status))


def _due_before(wanted: DisputeFilter) -> str | None:
    return stamp(wanted.due_before) if wanted.due_before else None
