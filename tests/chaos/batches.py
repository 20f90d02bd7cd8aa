"""Batches of which any part fails: exactly that part is reported, and all the rest is done, once (promise H)."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from chalicelib.jobs.inspect import inspect
from chalicelib.jobs.lapse import lapse
from chalicelib.jobs.notify import notify
from chalicelib.jobs.outage import outage
from chalicelib.jobs.recognise import recognise
from chalicelib.store import keys
from tests.api.build import SHOP
from tests.chaos.report import Counted, Section
from tests.chaos.town import Job, Saved, Town, notification

AT_ONCE = 10
POISON = "not json"


@dataclass(frozen=True, slots=True)
class Batch:
    """Ten messages for one job, and what one of them leaves behind once it is done: the same whenever it is asked."""

    town: Town
    job: Job
    bodies: tuple[str, ...]
    done: Callable[[int], int]
    """How often the n-th was carried out."""


def subsets(of: int = AT_ONCE) -> Iterator[frozenset[int]]:
    """Every one, the smallest first."""
    for size in range(of + 1):
        yield from map(frozenset, combinations(range(of), size))


def due() -> Batch:
    """Ten disputes whose time to answer is over."""
    town = Town()
    opened = [town.opened(external_id=f"EXT-{n}") for n in range(AT_ONCE)]
    town.later(hours=24, seconds=30)
    bodies = tuple(json.dumps({"disputes": [each]}) for each in opened)
    return Batch(town, lapse, bodies, lambda n: len(town.dispute(opened[n]).rulings))


def uploads() -> Batch:
    """Ten files that show nothing, for how long each is looked at isn't what is tried here."""
    town = Town()
    opened = [town.opened(external_id=f"EXT-{n}") for n in range(AT_ONCE)]
    pieces, files = [], []
    for each in opened:
        piece, form = town.registered(each)
        town.upload(form, b"x")
        pieces.append(piece)
        files.append(form.fields["key"])
    # Registered, arrived, inspected: three events.
    return Batch(
        town, inspect, tuple(map(notification, files)), lambda n: max(0, town.piece(opened[n], pieces[n]).seq - 2)
    )


def unread() -> Batch:
    """Ten pieces whose text was wanted and that are gone: each is looked up once, and done with."""
    town = Town()
    bodies = tuple(json.dumps({"dispute": f"D{n}", "piece": "P"}) for n in range(AT_ONCE))
    return Batch(town, recognise, bodies, lambda n: town.table.asked[keys.snapshot(f"D{n}")])


def outages() -> Batch:
    """Ten that are gone, likewise."""
    town = Town()
    bodies = tuple(json.dumps({"outage": f"O{n}"}) for n in range(AT_ONCE))
    return Batch(town, outage, bodies, lambda n: town.table.asked[keys.outage(f"O{n}")])


def notices() -> Batch:
    """Ten disputes that were opened, as the bus tells of them: each shop hears of it once."""
    town = Town()
    opened = [town.opened(external_id=f"EXT-{n}") for n in range(AT_ONCE)]
    bodies = tuple(json.dumps({"detail": {"dispute": each, "aggregate": each, "seq": 2}}) for each in opened)
    return Batch(town, notify, bodies, lambda n: _told(town).count(opened[n]))


def _told(town: Town) -> list[str]:
    return [each.notice.subject for each in town.store.messages(SHOP, town.now, unread=False, limit=100).items]


BATCHES: Mapping[str, Callable[[], Batch]] = {
    "lapse": due,
    "inspect": uploads,
    "recognise": unread,
    "notify": notices,
    "outage": outages,
}


def tried(batch: Batch, saved: Saved, failing: frozenset[int]) -> Iterator[str]:
    """What goes wrong when these fail, and then come again."""
    batch.town.restore(saved)
    bodies = [POISON if n in failing else body for n, body in enumerate(batch.bodies)]
    reported = batch.town.batch(batch.job, bodies)
    if reported != sorted(failing):
        yield f"{sorted(failing)} failed, {reported} is reported"
    wrong = [n for n in range(AT_ONCE) if batch.done(n) != (n not in failing)]
    if wrong:
        yield f"{sorted(failing)} failed, and {wrong} isn't as it should be"
    again = batch.town.batch(batch.job, [batch.bodies[n] for n in sorted(failing)])
    twice = [n for n in range(AT_ONCE) if batch.done(n) != 1]
    if again or twice:
        yield f"{sorted(failing)} came again, {again} failed, and {twice} wasn't done once"


def streamed(failing: frozenset[int], town: Town, saved: Saved) -> Iterator[str]:
    """The stream keeps its order: what comes before the first that fails is out, the rest comes again from there."""
    town.restore(saved)
    records = town.stream()
    broken = [_without_a_body(each) if n in failing else each for n, each in enumerate(records)]
    first = min(failing, default=len(records))
    wanted = [each["dynamodb"]["SequenceNumber"] for each in records[first : first + 1]]
    if town.publish(broken) != wanted or len(town.outbox()) != len(records) - first:
        yield f"{sorted(failing)} failed, and it doesn't come again from {first}"
    town.publish(records[first:])
    out = [each.id for each in town.sent.published]
    if len(set(out)) != len(records) or len(out) != len(records) or town.outbox():
        yield f"{sorted(failing)} failed, and then {out} was published"


def _without_a_body(record: dict[str, Any]) -> dict[str, Any]:
    image = {name: each for name, each in record["dynamodb"]["NewImage"].items() if name != "events"}
    return {**record, "dynamodb": {**record["dynamodb"], "NewImage": image}}


def _run() -> Iterator[Counted]:
    for name, made in BATCHES.items():
        batch = made()
        saved = batch.town.save()
        wrong = [each for failing in subsets() for each in tried(batch, saved, failing)]
        yield Counted(name, 2**AT_ONCE, tuple(wrong))
    town = Town()
    for number in range(AT_ONCE):
        town.opened(external_id=f"EXT-{number}")
    saved = town.save()
    wrong = [each for failing in subsets() for each in streamed(failing, town, saved)]
    yield Counted("publish", 2**AT_ONCE, tuple(wrong))


SECTION = Section("Every part of a batch failing", "batches", _run)
