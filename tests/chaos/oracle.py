"""What must hold whatever has happened, seen from outside: promises A, B, C, F and G on the items of the table."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain import piece as pieces
from chalicelib.domain.events import Finalised, Recorded, Ruled
from chalicelib.domain.evolve import evolve, fold
from chalicelib.domain.model import Dispute
from chalicelib.domain.piece import Piece
from chalicelib.domain.ports import Booking, LedgerEntry, StoredEvent
from chalicelib.store import attributes, codec, keys, plan, quotas
from chalicelib.store.instants import stamp
from chalicelib.store.table import Item, text
from tests.chaos.world import Cloud

_IN_FLIGHT = timedelta(seconds=20)
"""What passed so lately, no sweep has taken up yet."""


@dataclass(frozen=True, slots=True)
class Found:
    """The table's items, by what they are."""

    items: tuple[Item, ...]
    disputes: tuple[Item, ...]
    events: dict[str, list[StoredEvent]]
    """Of each dispute and each piece, in the order of their numbers."""

    @classmethod
    def of(cls, world: Cloud) -> "Found":
        items = tuple(map(attributes.read, world.items()))
        events: dict[str, list[StoredEvent]] = {}
        for each in items:
            if text(each, "sk").startswith(("E#", "PE#")):
                event = plan.stored_event(each)
                events.setdefault(event.aggregate, []).append(event)
        return cls(items, tuple(each for each in items if text(each, "sk") == "SNAPSHOT"), events)

    def of_sort(self, prefix: str) -> Iterator[Item]:
        return (each for each in self.items if text(each, "sk").startswith(prefix))

    def quotas(self) -> Iterator[Item]:
        return (each for each in self.of_sort("COUNTS") if text(each, "pk").startswith("Q#"))

    def running(self) -> Iterator[Item]:
        """The deadlines that the sweep sees."""
        return (each for each in self.of_sort("DL#") if text(each, "i5p").startswith("DUE#"))

    def recorded(self, dispute: str) -> list[Recorded]:
        return [codec.recorded(each.body) for each in self.events[dispute]]


def effects(found: Found) -> Counter[str]:
    """What there is, told without ids and instants: one effect is the same effect however it came about."""
    kinds = Counter(_kind(each) for each in found.items)
    counts = (quotas.year_of(each) for each in found.quotas())
    return kinds + Counter({f"failed in {each.year}": each.failed for each in counts})


def _kind(item: Item) -> str:
    partition, sort = text(item, "pk").partition("#")[0], text(item, "sk")
    if sort.startswith(("E#", "PE#")):
        return plan.stored_event(item).type
    return f"{partition} {sort.partition('#')[0]}" if partition in ("D", "Q") else partition


def violations(world: Cloud, found: Found) -> list[str]:
    """Each as a sentence. The jobs must have settled."""
    return [
        *(each for item in found.disputes for each in _dispute(found, item)),
        *(each for item in found.of_sort(keys.PIECES) for each in _piece(found, item)),
        *_quotas(found),
        *_published(world, found),
        *_answered(found),
        *_due(world, found),
    ]


def _dispute(found: Found, snapshot: Item) -> Iterator[str]:
    state = codec.decode(text(snapshot, "state"), Dispute)
    yield from _chain(found, state.id, snapshot)
    recorded = found.recorded(state.id)
    if fold(recorded) != state:
        yield f"C: dispute {state.id} isn't the fold of its events"
    yield from _rulings(state, recorded)
    running = {(each.id, stamp(each.due)) for each in state.deadlines}
    of_dispute = (each for each in found.running() if text(each, "pk") == text(snapshot, "pk"))
    indexed = {(sort.rpartition("#")[2], sort.partition("#")[0]) for sort in (text(it, "i5s") for it in of_dispute)}
    if running != indexed:
        yield f"G: dispute {state.id} has deadlines {running}, and its items say {indexed}"


def _rulings(state: Dispute, recorded: Iterable[Recorded]) -> Iterator[str]:
    """A: one in force at most, and none after the last word."""
    if [each.version for each in state.rulings] != list(range(1, len(state.rulings) + 1)):
        yield f"A: dispute {state.id} has rulings {[each.version for each in state.rulings]}"
    if sum(each.set_aside_at is None and each.appeal is None for each in state.rulings) > 1:
        yield f"A: dispute {state.id} was ruled on twice"
    so_far: Dispute | None = None
    final: Dispute | None = None
    for each in recorded:
        so_far = evolve(so_far, each)
        final = so_far if isinstance(each.event, Finalised) else final
        if final and (isinstance(each.event, Ruled) or so_far.ruling != final.ruling):
            yield f"A: dispute {state.id} was final, and event {each.seq} changed its ruling"


def _piece(found: Found, snapshot: Item) -> Iterator[str]:
    state = codec.decode(text(snapshot, "state"), Piece)
    yield from _chain(found, state.id, snapshot)
    folded: Piece | None = None
    for each in found.events.get(state.id, ()):
        folded = pieces.evolve(folded, codec.piece_recorded(each.body))
    if folded != state:
        yield f"C: piece {state.id} isn't the fold of its events"


def _chain(found: Found, aggregate: str, snapshot: Item) -> Iterator[str]:
    try:
        codec.verify_chain(found.events.get(aggregate, ()), head=text(snapshot, "hash"))
    except codec.BrokenChain as broken:
        yield f"C: {broken}"


def _quotas(found: Found) -> Iterator[str]:
    """B: counts, ledger and the disputes' appeals say the same."""
    years = {text(each, "pk"): quotas.year_of(each) for each in found.quotas()}
    booked: dict[str, Counter[str]] = {pk: Counter() for pk in years}
    for item in found.of_sort(keys.LEDGER):
        entry = codec.decode(text(item, "body"), LedgerEntry)
        step = 1 if entry.booking is Booking.FAILED else -1
        booked.setdefault(text(item, "pk"), Counter())[entry.failure.appeal] += step
    appeals = [each for item in found.disputes for each in codec.decode(text(item, "state"), Dispute).appeals]
    counted = Counter(each.id for each in appeals if each.counted)
    if sum((+each for each in booked.values()), Counter()) != counted:
        yield f"B: the ledger holds {booked}, and failed have {counted}"
    for pk, year in years.items():
        if not year.failed == sum(year.by_month.values()) == (+booked[pk]).total():
            yield f"B: {pk} counts {year.failed}, {year.by_month}, and its ledger holds {booked[pk]}"
    pending = Counter(each.appeal for year in years.values() for each in year.pending)
    if pending != Counter(each.id for each in appeals if each.open):
        yield f"B: pending are {pending}, which aren't the open appeals"


def _published(world: Cloud, found: Found) -> Iterator[str]:
    """C: each event went out, none that isn't there, and nothing is left to be sent."""
    stored, out = {each.id for events in found.events.values() for each in events}, set(world.published)
    if stored != out:
        yield f"C: never published {sorted(stored - out)}; published and not stored {sorted(out - stored)}"
    left = [text(each, "pk") for each in found.of_sort("OUTBOX")]
    if left:
        yield f"C: still in the outbox: {left}"


def _answered(found: Found) -> Iterator[str]:
    """F: each record of a key that speaks of a dispute is of a commit that happened."""
    known = {text(each, "pk").partition("#")[2] for each in found.disputes}
    records = [each for each in found.items if text(each, "pk").startswith("I#") and text(each, "dispute") in known]
    commits = {(each.dispute, each.commit) for events in found.events.values() for each in events}
    for each in records:
        if (text(each, "dispute"), text(each, "commit")) not in commits:
            yield f"F: the record of {text(each, 'sk')} answers from a commit that isn't there"


def _due(world: Cloud, found: Found) -> Iterator[str]:
    """G, H: nothing that passed still runs, and no message waits."""
    late = [each for each in found.running() if _due_at(each) < stamp(world.now - _IN_FLIGHT)]
    if late:
        yield f"G: passed, and not carried out: {[text(each, 'i5s') for each in late]}"
    for queue in world.urls:
        if world.waiting(queue):
            yield f"H: a message still waits in {queue}"


def _due_at(deadline: Item) -> str:
    return text(deadline, "i5s").partition("#")[0]
