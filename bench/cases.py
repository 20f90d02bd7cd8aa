"""What is asked of a world beside the scenarios of tests/chaos: disputes as they grow, and everything that is read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from chalicelib.domain.model import PieceRef
from tests.api.build import WORDS, Caller, a_claim
from tests.chaos.attempts import Ask, Attempt, Work, of
from tests.chaos.background import LEGIBLE
from tests.chaos.commands import denial
from tests.chaos.world import Cloud

SIZES: Final = (5, 20)
"""Pieces of evidence; a policy lets a side submit no more for an answer than the last."""

HISTORIES: Final = (10, 100)
"""Events of a dispute."""

_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Look:
    """Something that is read."""

    by: Caller
    path: str

    def __call__(self) -> None:
        """Raises ValueError unless it is shown."""
        reply = self.by.get(self.path)
        if reply.status != HTTPStatus.OK:
            raise ValueError(reply.text)


type Case = tuple[str, Attempt | Look]
"""What it is, and what is to be tried or looked at before the next case is asked for."""


def without_evidence(world: Cloud) -> Iterator[Case]:
    dispute = world.opened()
    for name, path in _READ.items():
        yield f"{name}, 0 pieces", Look(world.merchant, of(dispute, path))


def with_pieces(world: Cloud, size: int) -> Iterator[Case]:
    """A dispute from its evidence to its appeal; and other ways that it might have gone."""
    world.pixels = LEGIBLE
    dispute = world.opened()
    for _ in range(size - 1):
        world.submitted(dispute)
    yield f"register a file, {size - 1} pieces before it", _registering(world, dispute)
    pieces = [each.id for each in _refs(world, dispute)]
    _upload(world, dispute, pieces[-1])
    unseen = world.save()
    yield f"contest, {size} pieces that nobody has looked at yet", _answer(world, dispute, pieces)
    world.restore(unseen)
    while world.deliver("upload"):
        pass
    seen = world.save()
    yield f"accept, {size} pieces", _ask(world.merchant, of(dispute, "/acceptance"), {"statement": WORDS})
    world.restore(seen)
    yield f"lapse into review, {size} pieces", _lapse(world, dispute)
    world.restore(seen)
    yield f"contest, {size} pieces inspected", _answer(world, dispute, pieces)
    yield f"claim a review, {size} pieces", _ask(world.reviewer, of(dispute, "/review-claim"))
    yield from _reads(world, dispute, pieces)
    yield f"rule, {size} pieces", _ask(world.reviewer, of(dispute, "/ruling"), world.a_ruling(dispute))
    appeal = _ask(world.merchant, of(dispute, "/appeals"), world.an_appeal(dispute))
    yield f"file an appeal, {size} pieces", appeal
    yield f"grant an appeal, {size} pieces", _grant(world, dispute)


def with_history(world: Cloud) -> Iterator[Case]:
    """Claimed and released again, until so much has happened to it."""
    dispute = world.claimed()
    for events in HISTORIES:
        while _seq(world, dispute) < events:
            world.reviewer.delete(of(dispute, "/review-claim"))
            world.reviewer.post(of(dispute, "/review-claim"))
        yield f"a dispute, {events} events", Look(world.merchant, of(dispute))
        yield f"its timeline, {events} events", Look(world.merchant, of(dispute, f"/timeline?limit={_PAGE}"))
        before = world.save()
        release = _ask(world.reviewer, of(dispute, "/review-claim"), method="DELETE")
        yield f"release a review, {events} events before it", release
        world.restore(before)
        ruling = _ask(world.reviewer, of(dispute, "/ruling"), world.a_ruling(dispute))
        yield f"rule, {events} events before it", ruling
        world.restore(before)


def lists(world: Cloud) -> Iterator[Case]:
    """Pages of twenty."""
    for number in range(_PAGE):
        world.contested(external_id=f"EXT-{number}")
    again = Ask(world.platform, "/v1/disputes", a_claim(external_id="EXT-AGAIN"))
    again.send()
    world.later(minutes=1)
    for name, path in _LISTS.items():
        yield name, Look(world.merchant, path)
    for name, path in _LISTS_OF_STAFF.items():
        yield name, Look(world.platform, path)
    yield "a buyer's disputes", Look(world.buyer, "/v1/disputes?limit=20")
    yield "a command again, under its key", again


_READ: Final = {
    "a dispute": "",
    "its requirements": "/requirements",
    "its readiness": "/readiness",
    "its evidence": "/evidence",
    "its timeline": f"/timeline?limit={_PAGE}",
    "whether an appeal may be filed": "/appeal-eligibility",
}

_LISTS: Final = {
    "a shop's disputes": "/v1/disputes?limit=20",
    "a shop's disputes of a status": "/v1/disputes?limit=20&status=under_review",
    "a shop's disputes of a reason": "/v1/disputes?limit=20&reason=not_received",
    "a shop's disputes by deadline": "/v1/disputes?limit=20&sort=deadline",
    "a shop's disputes of an order": "/v1/disputes?order_id=O-1",
    "a shop's quota": "/v1/shops/S1/appeal-quota",
    "a shop's messages": "/v1/messages?limit=20",
    "a shop's webhooks": "/v1/webhooks",
}

_LISTS_OF_STAFF: Final = {
    "the latest disputes": "/v1/disputes?limit=20",
    "a dispute by the platform's own id": "/v1/disputes?external_id=EXT-1",
    "the reviewers' queue": "/v1/reviews?queue=review&limit=20",
    "the event feed": "/v1/events?limit=20",
}


def _reads(world: Cloud, dispute: str, pieces: list[str]) -> Iterator[Case]:
    of_size = f"{len(pieces)} pieces"
    for name, path in _READ.items():
        yield f"{name}, {of_size}", Look(world.merchant, of(dispute, path))
    piece = of(dispute, f"/evidence/{pieces[0]}")
    yield f"its checklist, {of_size}", Look(world.reviewer, of(dispute, "/checklist"))
    yield f"one piece of {of_size}", Look(world.merchant, piece)
    yield f"one piece of {of_size}, and where else it was seen", Look(world.reviewer, piece)
    yield f"a link to look at one piece of {of_size}", Look(world.merchant, f"{piece}/view")


def _ask(by: Caller, path: str, body: object = None, method: str = "POST") -> Ask:
    return Ask(by, path, body, method, key=by.world.new_id())


def _registering(world: Cloud, dispute: str) -> Ask:
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
    return _ask(world.merchant, of(dispute, "/evidence"), asked)


def _upload(world: Cloud, dispute: str, piece: str) -> None:
    form = world.merchant.post(of(dispute, f"/evidence/{piece}/upload-form"), {"media_type": "image/jpeg"})
    world.put(form.body["fields"]["key"])


def _answer(world: Cloud, dispute: str, pieces: list[str]) -> Ask:
    asked = {"statement": WORDS, "pieces": pieces, "submit_anyway": True}
    return _ask(world.merchant, of(dispute, "/response"), asked)


def _lapse(world: Cloud, dispute: str) -> Work:
    world.later(hours=24, seconds=30)
    world.enqueue("due", json.dumps({"disputes": [dispute]}))
    return Work(world, "due")


def _grant(world: Cloud, dispute: str) -> Ask:
    appeal = world.merchant.get(of(dispute)).body["appeals"][-1]["id"]
    ask = denial(world, dispute, appeal)
    ask.body |= {"status": "granted", "outcome": "for_respondent"}
    return ask


def _refs(world: Cloud, dispute: str) -> tuple[PieceRef, ...]:
    found = world.store.load(dispute).dispute
    return found.pieces if found else ()


def _seq(world: Cloud, dispute: str) -> int:
    found = world.store.load(dispute).dispute
    return found.seq if found else 0
