"""Events that come again, out of order, late, for nothing or as nonsense: their effect is what it was, or none."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from chalicelib.jobs.inspect import inspect
from chalicelib.jobs.lapse import lapse
from chalicelib.jobs.notify import notify
from chalicelib.jobs.outage import outage
from chalicelib.jobs.recognise import recognise
from chalicelib.store.keys import REMINDED, Key
from chalicelib.store.table import Item
from tests.chaos.consumers import details, violations
from tests.chaos.report import Counted, Section
from tests.chaos.town import Job, Saved, Town, notification, recorded

SEVEN_DAYS = 7 * 24


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to its job."""

    kind: str
    deliver: Callable[[], object]


type Effects = tuple[tuple[object, ...], ...]
"""Of each dispute: its number, status, rulings, events and pieces."""


@dataclass(frozen=True, slots=True)
class Day:
    """A service with work of every kind before it, and the events that say so."""

    town: Town
    saved: Saved
    disputes: tuple[str, ...]
    deliveries: tuple[Delivery, ...]

    @classmethod
    def made(cls, *, pictures: bool) -> "Day":
        """Without pictures, whose text is to be read, it takes no time.

        What is due has no file that shows nothing: whether the inspector or the deadline comes first makes a difference
        there, by A14.
        """
        town = Town()
        silent, late = town.opened(external_id="EXT-1"), town.opened(external_id="EXT-2")
        town.later(hours=23, minutes=50)
        answered = town.opened(external_id="EXT-3", reason="quality")
        files = [town.registered(answered, "product_document")[1] for _ in range(2)]
        for each in files:
            town.upload(each, b"x")
        messages: list[tuple[str, Job, str]] = []
        if pictures:
            piece, form = town.registered(late)
            town.upload(form)
            files.append(form)
            messages.append(("unread", recognise, json.dumps({"dispute": late, "piece": piece})))
        town.later(minutes=11)
        messages += [("upload", inspect, notification(each.fields["key"])) for each in files]
        messages.append(("upload", inspect, json.dumps(recorded("s3_test"))))
        messages += [("due", lapse, json.dumps({"disputes": [each]})) for each in (silent, late)]
        deliveries = (
            *(Delivery(kind, partial(town.hand, job, body)) for kind, job, body in messages),
            *(Delivery("stream", partial(town.publish, [each])) for each in town.stream()),
            Delivery("schedule", town.sweep),
        )
        return cls(town, town.save(), (silent, late, answered), deliveries)

    def after(self, order: Sequence[Delivery], *, hours: float = 0) -> tuple[Effects, list[str]]:
        """What these deliveries and the work that they make leave behind, and what consumers find wrong with it."""
        self.town.restore(self.saved)
        self.town.later(hours=hours)
        for each in order:
            each.deliver()
        self.town.settle()
        sent = details(self.town.sent.published)
        wrong = [f"handed back: {each}" for each in self.town.failed]
        once = {each["id"]: each for each in sent}
        return tuple(map(self._effect, self.disputes)), [*wrong, *violations(list(once.values()), sent)]

    def _effect(self, dispute: str) -> tuple[object, ...]:
        found, pieces = self.town.dispute(dispute), self.town.store.pieces(dispute)
        stored = self.town.store.timeline(dispute, limit=100).items
        looked_at = [(each.status, each.seq, each.arrival, each.text_wanted, each.clean_key) for each in pieces]
        return found.seq, found.status, len(found.rulings), [each.type for each in stored], looked_at


def orders(deliveries: Sequence[Delivery], seeds: Iterable[int]) -> Iterator[tuple[str, list[Delivery]]]:
    """Once, three times each, in reverse, both; and at random, each up to three times."""
    once = list(deliveries)
    thrice = [each for each in once for _ in range(3)]
    yield "once", once
    yield "three times each", thrice
    yield "in reverse", once[::-1]
    yield "three times each in reverse", thrice[::-1]
    yield "three times one after the other", once * 3
    for seed in seeds:
        random = Random(seed)  # noqa: S311  (no secret: it draws an order)
        drawn = [each for each in once for _ in range(random.randint(1, 3))]
        random.shuffle(drawn)
        yield f"shuffle {seed}", drawn


def after_any_order(day: Day, seeds: Iterable[int], *, hours: float = 0) -> Iterator[tuple[str, int, list[str]]]:
    """Each order, how many events it delivers, and what is wrong then: it should come to what "once" comes to."""
    wanted: Effects | None = None
    for name, order in orders(day.deliveries, seeds):
        effects, wrong = day.after(order, hours=hours)
        wanted = wanted or effects
        differs = [] if effects == wanted else [f"it comes to {effects}, and not to {wanted}"]
        yield name, len(order), [f"{name}: {each}" for each in (*wrong, *differs)]


def for_what_is_gone(day: Day) -> Iterator[tuple[str, int, list[str]]]:
    """Every event three times although its dispute is no more: nothing fails, and nothing but the outbox changes."""
    day.town.restore(day.saved)
    for dispute in day.disputes:
        day.town.gone(dispute)
    before = _of_disputes(day.town)
    for each in day.deliveries:
        for _ in range(3):
            each.deliver()
        changed = _of_disputes(day.town) != before
        wrong = [f"{each.kind}: handed back {body}" for body in day.town.failed]
        yield each.kind, 3, wrong + ([f"{each.kind}: it changed the table"] if changed else [])
    for key in (
        "uploads/",
        "uploads/nobodys",
        "uploads/a/b",
        "uploads/a/b/c",
        f"uploads/{day.disputes[2]}/b/c",
        "clean/a/b",
    ):
        day.town.hand(inspect, notification(key))
    changed = _of_disputes(day.town) != before
    yield "keys that are no piece's", 6, [*day.town.failed, *(["they changed the table"] if changed else [])]
    queued = day.town.queued()
    yield "what the sweep made of it", 1, [f"{body} was queued" for _, body in queued]


def _of_disputes(town: Town) -> dict[Key, Item]:
    """What isn't the sweep's own: what it publishes, and how far it has looked."""
    return {key: item for key, item in town.table.items.items() if not key.pk.startswith(("OUTBOX#", REMINDED.pk))}


_NO_MESSAGES = ("", "not json", "null", "7", "[]", '"text"', "[" * 100_000, '{"Records": null}', '{"dispute"', "\x00")
NONSENSE = {
    "due": (lapse, (*_NO_MESSAGES, "{}", '{"Dispute": "D"}')),
    "upload": (
        inspect,
        (
            *_NO_MESSAGES,
            "{}",
            '{"Records": [{}]}',
            '{"Records": [{"s3": {}}]}',
            '{"Records": [{"s3": {"object": {"key": null}}}]}',
            '{"Records": [{"s3": {"object": {"key": 7}}}]}',
        ),
    ),
    "notice": (
        notify,
        (*_NO_MESSAGES, "{}", '{"detail": {}}', '{"detail": {"dispute": "D"}}', '{"aggregate": "D", "seq": 1}'),
    ),
    "outage": (outage, (*_NO_MESSAGES, "{}", '{"dispute": "D"}')),
    "unread": (recognise, (*_NO_MESSAGES, "{}", '{"dispute": "D"}', '{"piece": "P"}')),
}
"""By kind of event: its job, and what isn't one of its messages."""


def nonsense(day: Day) -> Iterator[tuple[str, int, list[str]]]:
    """A message that is none is handed back, alone, and changes nothing."""
    for kind, (job, bodies) in NONSENSE.items():
        day.town.restore(day.saved)
        before = day.town.table.items
        taken = sorted(set(range(len(bodies))) - set(day.town.batch(job, bodies)))
        wrong = [f"{kind}: {bodies[n]!r} was taken for a message" for n in taken]
        yield kind, len(bodies), wrong + ([f"{kind}: it changed the table"] if day.town.table.items != before else [])


def _run() -> Iterator[Counted]:
    day, short = Day.made(pictures=True), Day.made(pictures=False)
    for name, found in (
        ("with pictures", after_any_order(day, range(10))),
        ("in any order", after_any_order(short, range(300))),
        ("seven days late", after_any_order(short, range(100), hours=SEVEN_DAYS)),
        ("for what is gone", for_what_is_gone(short)),
        ("nonsense", nonsense(short)),
    ):
        lines = list(found)
        wrong = tuple(each for _, _, some in lines for each in some)
        yield Counted(name, sum(many for _, many, _ in lines), wrong)


SECTION = Section("Events again, in reverse, late, for nothing", "events", _run)
