"""What must hold whatever has happened: the table is verified as operators do, and what that can't see is looked at."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched

from chalicelib.domain.events import Finalised, Recorded, Ruled
from chalicelib.domain.evolve import evolve
from chalicelib.domain.model import Dispute
from chalicelib.service.checking_anchors import AnchorVerifier
from chalicelib.service.verifying import Verifier
from chalicelib.store import attributes, codec, plan, quotas
from chalicelib.store.anchor_bucket import S3AnchorBook
from chalicelib.store.evidence_bucket import S3Bucket
from chalicelib.store.memory import MemoryTable
from chalicelib.store.records import TableRecords
from chalicelib.store.table import Item, Put, text
from tests.chaos.auditing import MotoChecker
from tests.chaos.world import ANCHORS, BUCKET, Cloud

_IN_ONE_WRITE = 100


@dataclass(frozen=True, slots=True)
class Found:
    """The table's items."""

    items: tuple[Item, ...]

    @classmethod
    def of(cls, world: Cloud) -> "Found":
        return cls(tuple(map(attributes.read, world.items())))

    def table(self) -> MemoryTable:
        """The same items, faster to read."""
        table = MemoryTable()
        for some in batched(self.items, _IN_ONE_WRITE, strict=False):
            table.write([Put(each) for each in some], "copied")
        return table

    def of_sort(self, prefix: str) -> Iterator[Item]:
        return (each for each in self.items if text(each, "sk").startswith(prefix))


def effects(found: Found) -> Counter[str]:
    """What there is, told without ids and instants: one effect is the same effect however it came about."""
    kinds = Counter(_kind(each) for each in found.items)
    years = (quotas.year_of(each) for each in found.of_sort("COUNTS") if text(each, "pk").startswith("Q#"))
    return kinds + Counter({f"failed in {each.year}": each.failed for each in years})


def _kind(item: Item) -> str:
    partition, sort = text(item, "pk").partition("#")[0], text(item, "sk")
    if sort.startswith(("E#", "PE#")):
        return plan.stored_event(item).type
    if partition == "N":
        return "read" if "read" in item else "unread"
    return f"{partition} {sort.partition('#')[0]}" if partition in ("D", "Q") else partition


def violations(world: Cloud, found: Found) -> list[str]:
    """Each as a sentence. The jobs must have settled."""
    bucket = S3Bucket(world.outside["s3"], BUCKET)
    verified = Verifier(TableRecords(found.table()), bucket, world.clock, lambda: None, world.book).whole()
    told = [f"{each.what}: {each.subject}: {each.detail}" for each in verified.violations]
    return [*told, *_anchors(world, found), *_rulings(found), *_published(world, found), *_waiting(world)]


def _anchors(world: Cloud, found: Found) -> Iterator[str]:
    """Numbered without gaps, signed, and of what there is."""
    book = S3AnchorBook(world.outside["s3"], ANCHORS)
    verifier = AnchorVerifier(TableRecords(found.table()), book, MotoChecker(world.outside["kms"]))
    return (f"{each.what}: {each.subject}: {each.detail}" for each in verifier.whole())


def _rulings(found: Found) -> Iterator[str]:
    """A: one ruling for each reason to rule, and none that changes after the last word."""
    for item in found.of_sort("SNAPSHOT"):
        state = codec.decode(text(item, "state"), Dispute)
        if sum(each.set_aside_at is None and each.appeal is None for each in state.rulings) > 1:
            yield f"A: dispute {state.id} was ruled on twice"
        of_it = (each for each in found.of_sort("E#") if text(each, "pk") == text(item, "pk"))
        yield from _after_the_last_word(state.id, [codec.recorded(text(each, "body")) for each in of_it])


def _after_the_last_word(dispute: str, recorded: Iterable[Recorded]) -> Iterator[str]:
    so_far: Dispute | None = None
    final: Dispute | None = None
    for each in recorded:
        so_far = evolve(so_far, each)
        final = so_far if isinstance(each.event, Finalised) else final
        if final and (isinstance(each.event, Ruled) or so_far.ruling != final.ruling):
            yield f"A: dispute {dispute} was final, and event {each.seq} changed its ruling"


def _published(world: Cloud, found: Found) -> Iterator[str]:
    """C: each event went out, none that isn't there, and nothing is left to be sent."""
    events = (*found.of_sort("E#"), *found.of_sort("PE#"))
    stored, out = {plan.stored_event(each).id for each in events}, set(world.published)
    if stored != out:
        yield f"C: never published {sorted(stored - out)}; published and not stored {sorted(out - stored)}"
    left = [text(each, "pk") for each in found.of_sort("OUTBOX")]
    if left:
        yield f"C: still in the outbox: {left}"


def _waiting(world: Cloud) -> Iterator[str]:
    """H: no message waits."""
    return (f"H: a message still waits in {queue}" for queue in world.queues if world.waiting(queue))
