"""Clients of one hot shop's disputes: what each of them asks for, through the service."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_hex
from threading import Barrier, Lock
from time import perf_counter

from bench.stock import PLATFORM, SHOP, an_opening
from chalicelib.bootstrap import new_id, utc_now
from chalicelib.domain import commands as c
from chalicelib.domain.claim import Money
from chalicelib.domain.errors import Refusal
from chalicelib.domain.measures import Measure
from chalicelib.domain.model import Answer, Basis, Dispute, Liability, Outcome, Stage
from chalicelib.domain.parties import Actor, Role
from chalicelib.domain.ports import DisputeFilter, IdempotencyKey
from chalicelib.service.commands import Commands, Done, Request
from chalicelib.service.queries import Queries
from chalicelib.service.texts import TextKeeper
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.memory_bucket import MemoryBucket
from policies.book import PolicyBook
from policies.model import Medium
from tests.api.build import WORDS, picture

ROWS = 20
_LISTS = 10
"""One client in so many looks at the shop's list."""


@dataclass(slots=True)
class Seen:
    """What happened to the commands of all clients."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    """Refusals by their code, and what was tried again."""
    _lock: Lock = field(default_factory=Lock)

    def count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def lost(self, measure: Measure, _value: float) -> None:
        self.count(measure)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        begun = perf_counter()
        yield
        with self._lock:
            self.seconds.setdefault(what, []).append(perf_counter() - begun)


class Desk:
    """The service over a store, with files in memory."""

    def __init__(self, store: DisputeStore, book: PolicyBook) -> None:
        self.seen, self.bucket = Seen(), MemoryBucket()
        self.commands = Commands(store, self.bucket, book, new_id, "marketplace", self.seen.lost)
        self.queries = Queries(store, self.bucket, book, new_id)


@dataclass(slots=True)
class Pair:
    """Two clients at two disputes, each at its own speed but for where the other must have come first."""

    desk: Desk
    disputes: list[str] = field(default_factory=lambda: ["", ""])
    barrier: Barrier = field(default_factory=lambda: Barrier(2, timeout=120))

    def client(self, number: int) -> Callable[[], None]:
        return lambda: self._live(number % 2, number)

    def _live(self, mine: int, number: int) -> None:
        desk = self.desk
        shop = Actor(f"merchant-{number}", Role.MERCHANT, frozenset({SHOP}))
        reviewer = Actor(f"reviewer-{number}", Role.REVIEWER)
        self.disputes[mine] = self._open(number)
        self.barrier.wait()
        pieces = [self._submit(each, shop) for each in self.disputes]
        self.barrier.wait()
        self._contest(self.disputes[mine], shop, pieces[mine])
        with desk.seen.timed("read"):
            desk.queries.dispute(self.disputes[mine], shop)
        if number % _LISTS == 0:
            with desk.seen.timed("list"):
                desk.queries.disputes(DisputeFilter(respondent=SHOP), shop, limit=ROWS, after=None)
        self.barrier.wait()
        for each in self.disputes:
            claimed = self._do("claim", each, c.ClaimReview(), reviewer, _texts())
            if claimed:
                self._rule(claimed.dispute, reviewer)

    def _open(self, number: int) -> str:
        at = utc_now()
        with self.desk.seen.timed("open"):
            opened = self.desk.commands.open(
                an_opening(self.desk.commands, number, at), Request(PLATFORM, at, _key(PLATFORM))
            )
        return opened.dispute.id

    def _submit(self, dispute: str, shop: Actor) -> str:
        """Registered, and uploaded."""
        asked = c.RegisterPiece("proof_of_delivery", Stage.RESPONSE, None, Medium.IMAGE)
        done = self._do("register", dispute, asked, shop, _texts())
        if done is None or done.registered is None or done.registered.key is None:
            raise ValueError("no file was registered")
        self.desk.bucket.put(done.registered.key, picture(), at=utc_now())
        return done.registered.id

    def _contest(self, dispute: str, shop: Actor, piece: str) -> None:
        texts = _texts()
        self._do("contest", dispute, c.Contest(texts.keep(WORDS), (piece,)), shop, texts)

    def _rule(self, dispute: Dispute, reviewer: Actor) -> None:
        with self.desk.seen.timed("read"):
            points = self.desk.queries.checklist(dispute, reviewer, utc_now())
        texts, money = _texts(), Money(10_000, "CNY")
        ruling = c.Rule(
            outcome=Outcome.FOR_COMPLAINANT,
            basis=Basis.MERITS,
            remedy=dispute.requested_remedy,
            liabilities=(Liability(SHOP, money),),
            checklist=tuple(
                Answer(each.requirement, each.standing.point, met=False, side=each.side)
                for each in points
                if each.wanted
            ),
            invalid_pieces=(),
            rationale=texts.keep(WORDS),
        )
        self._do("rule", dispute.id, ruling, reviewer, texts)

    def _do(self, what: str, dispute: str, command: c.Command, by: Actor, texts: TextKeeper) -> Done | None:
        """None where the rules refuse it: the other was first."""
        request = Request(by, utc_now(), _key(by), texts=tuple(texts.kept))
        with self.desk.seen.timed(what):
            try:
                return self.desk.commands.execute(dispute, command, request)
            except Refusal as refusal:
                self.desk.seen.count(refusal.code)
                return None


def _texts() -> TextKeeper:
    return TextKeeper(new_id, lambda: token_hex(16))


def _key(by: Actor) -> IdempotencyKey:
    return IdempotencyKey(by.id, new_id(), "asked once")
