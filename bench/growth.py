"""A shop with one dispute and with 50,000, and the first and the 10,000th page: calls and bytes of the same things.

Counted on the store's own table in memory, whose calls are DynamoDB's (tests/bench holds them against moto).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final

from bench.crowds import fill, ids, items_of, twins
from bench.figures import Figure, Part, Row, Table
from bench.metered import Asked, Metered
from chalicelib.domain.model import Status
from chalicelib.domain.ports import DisputeFilter, Queue
from chalicelib.store import keys, lists
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.memory import MemoryTable
from chalicelib.store.table import Range, text
from tests.api.build import BUYER, SHOP, WORDS, Reply, World, a_claim

DISPUTES: Final = 50_000
PAGES: Final = 10_000
_PAGE: Final = 5
_BEHIND: Final = 100
"""Disputes behind the last page, so that it is as full as the first."""

_LISTS: Final = {
    "a shop's disputes": DisputeFilter(respondent=SHOP),
    "a shop's disputes of a status": DisputeFilter(respondent=SHOP, status=Status.UNDER_REVIEW),
    "a shop's disputes of a reason": DisputeFilter(respondent=SHOP, reason="not_received"),
    "a buyer's disputes": DisputeFilter(complainant=BUYER),
    "the reviewers' queue": DisputeFilter(queue=Queue.REVIEW),
    "the latest disputes": DisputeFilter(),
}


@dataclass(frozen=True, slots=True)
class Grown:
    """The same thing, asked where there is little and where there is much."""

    name: str
    before: Asked
    after: Asked

    @property
    def calls(self) -> float:
        return self.after.total / self.before.total

    @property
    def bytes(self) -> float:
        """Read and written."""
        return (self.after.read + self.after.written) / (self.before.read + self.before.written)


class Village:
    """The API over a table that is watched, with so many disputes of one shop and buyer that wait for a reviewer."""

    def __init__(self, disputes: int) -> None:
        self._raw = MemoryTable()
        self.table = Metered(self._raw)
        self.world = World(store=DisputeStore(self.table))
        self.dispute = self.world.contested()
        fill(self._raw, twins(items_of(self._raw, self.dispute), self.dispute, ids(self.dispute, disputes - 1)))
        self.world.later(minutes=1)

    def asked(self) -> Mapping[str, Asked]:
        """What each command asks for, and one look at a dispute."""
        return {name: self.table.of(partial(_well, act)) for name, act in self._story()}

    def pages(self, at: int = PAGES) -> Iterator[Grown]:
        """The first and the 10,000th, or one less far down, of each list."""
        for name, wanted in _LISTS.items():
            last = self._sorts(wanted)[(at - 1) * _PAGE - 1]
            yield Grown(name, self._page(wanted, None), self._page(wanted, last))
        shard = keys.shards("DUE")[0]
        due = self._raw.query(Range(keys.DUE, shard), limit=at).items
        last = text(due[-2], keys.DUE.sort)
        yield Grown("what is due, of one shard", self._due(shard, None), self._due(shard, last))

    def _sorts(self, wanted: DisputeFilter) -> list[str]:
        ranges = lists.listing(wanted).ranges(wanted, None)
        found = [each for some in ranges for each in self._raw.query(some, limit=10**6).items]
        return sorted((text(each, ranges[0].sort_attribute) for each in found), reverse=ranges[0].descending)

    def _page(self, wanted: DisputeFilter, after: str | None) -> Asked:
        return self.table.of(lambda: self.world.store.disputes(wanted, limit=_PAGE, after=after))

    def _due(self, shard: str, after: str | None) -> Asked:
        return self.table.of(lambda: self.table.query(Range(keys.DUE, shard, after), limit=1))

    def _story(self) -> Iterator[tuple[str, Callable[[], Reply]]]:
        world = self.world
        yield "read a dispute", lambda: world.merchant.get(f"/v1/disputes/{self.dispute}")
        yield "open a dispute", lambda: world.platform.post("/v1/disputes", a_claim(external_id="EXT-2"))
        dispute = world.opened(external_id="EXT-3")
        path = f"/v1/disputes/{dispute}"
        asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
        yield "register a file", lambda: world.merchant.post(f"{path}/evidence", asked)
        sent = {"statement": WORDS, "pieces": [world.submitted(dispute)]}
        yield "contest", lambda: world.merchant.post(f"{path}/response", sent)
        yield "claim a review", lambda: world.reviewer.post(f"{path}/review-claim")
        ruling = world.a_ruling(dispute)
        yield "rule", lambda: world.reviewer.post(f"{path}/ruling", ruling)
        appeal = world.an_appeal(dispute)
        yield "file an appeal", lambda: world.merchant.post(f"{path}/appeals", appeal)


def measure() -> Part:
    found = [*grown(1, DISPUTES + _BEHIND)]
    head = ("what", "calls", "calls where there is much", "bytes", "bytes where there is much")
    return Part(_figures(found), [Table("Under growth", head, [_row(each) for each in found])])


def grown(few: int, many: int) -> Iterator[Grown]:
    """What a shop with few disputes asks for against one with many; and the first page against the 10,000th."""
    small, large = Village(few), Village(many)
    before, after = small.asked(), large.asked()
    yield from (Grown(name, before[name], after[name]) for name in before)
    yield from large.pages()


def _well(act: Callable[[], Reply]) -> None:
    """Raises ValueError where it is refused."""
    reply = act()
    if reply.status >= HTTPStatus.BAD_REQUEST:
        raise ValueError(reply.text)


def _row(of: Grown) -> Row:
    before, after = of.before, of.after
    return of.name, before.total, after.total, before.read + before.written, after.read + after.written


def _figures(found: list[Grown]) -> list[Figure]:
    return [
        Figure(
            "growth.calls",
            "calls of a command and of a page: a shop with 50,000 disputes against one, page 10,000 against the first",
            "命令与分页的调用次数：50,000 个纠纷的商家对比 1 个，第 10,000 页对比第一页",
            max(each.calls for each in found),
            at_most=1,
        ),
        Figure(
            "growth.bytes",
            "bytes read and written, likewise (the worst)",
            "读写的字节数，同上（取最差者）",
            max(each.bytes for each in found),
            at_most=1,
        ),
    ]
