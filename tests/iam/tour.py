"""Everything that the functions are for, done once: what their roles must allow, and need allow no more."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from chalicelib import bootstrap, logs
from chalicelib.domain.ports import StoredEvent
from chalicelib.domain.webhooks import Delivery, Outcome, Trouble
from chalicelib.jobs.anchor import anchor
from chalicelib.jobs.announce import announce
from chalicelib.jobs.bundle import bundle
from chalicelib.jobs.deliver import deliver
from chalicelib.jobs.notify import notify
from chalicelib.store import codec
from chalicelib.store.attributes import read
from chalicelib.store.outbox import item_of
from chalicelib.store.queues import detail
from policies.book import PolicyBook
from tests.api.build import Caller, picture
from tests.api.hooks import OPENED
from tests.build import a_policy
from tests.chaos.attempts import of
from tests.chaos.background import inspect_a_picture_seen_before, recognise
from tests.chaos.commands import agree_to_an_outage, allow_for_an_outage, dismissed_at_once, due
from tests.chaos.composing import a_process
from tests.chaos.scenarios import all_of_them
from tests.chaos.town import notification
from tests.chaos.world import BUCKET, Cloud, cloud, recorded
from tests.iam.recorder import Noted, taking_notes
from tests.unit.evidence.build import a_pdf

LISTINGS: Final = (
    "/v1/disputes",
    "/v1/disputes?updated_since=2026-11-01T00:00:00Z",
    "/v1/disputes?shop=S1",
    "/v1/disputes?shop=S1&status=ruled",
    "/v1/disputes?shop=S1&reason=not_received",
    "/v1/disputes?shop=S1&sort=deadline",
    "/v1/disputes?shop=S1&status=ruled&sort=deadline",
    "/v1/disputes?buyer=B1",
    "/v1/disputes?order_id=O-1",
    "/v1/disputes?external_id=EXT-1",
    "/v1/reviews?queue=review",
    "/v1/reviews?queue=appeal",
    "/v1/shops/S1/appeal-quota",
    "/v1/events",
)
OF_A_DISPUTE: Final = ("", "/requirements", "/readiness", "/timeline", "/evidence", "/checklist", "/appeal-eligibility")

type Step = Callable[[Cloud], object]
STEPS: Final[list[Step]] = []
"""Beside the scenarios: what reads, and what those don't reach."""


@cache
def notes() -> frozenset[Noted]:
    """What was asked of AWS on the way; begun with an empty table for each scenario and step."""
    with cloud() as world, taking_notes() as taken:
        empty, book, pixels = world.save(), world.book, world.pixels
        for step in (*map(_tried, all_of_them().values()), *STEPS):
            world.restore(empty)
            world.book, world.pixels = book, pixels
            step(world)
    return frozenset(taken.noted)


def _tried(arrange: Callable[[Cloud], Callable[[], object]]) -> Step:
    def step(world: Cloud) -> None:
        assert arrange(world)()

    return step


def _step(step: Step) -> Step:
    STEPS.append(step)
    return step


@_step
def read_all_that_can_be_read(world: Cloud) -> None:
    dispute, _ = world.appealed()
    _read(world.platform, *LISTINGS, *(of(dispute, each) for each in OF_A_DISPUTE))


@_step
def look_at_what_was_submitted(world: Cloud) -> None:
    """A picture by its clean copy, a document as it came."""
    dispute = world.opened()
    for media_type, content in (("image/jpeg", picture()), ("application/pdf", a_pdf())):
        asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": media_type}
        piece = f"/evidence/{world.merchant.post(of(dispute, '/evidence'), asked).body['piece']['id']}"
        form = world.merchant.post(of(dispute, f"{piece}/upload-form"), {"media_type": media_type}, key=None).body
        world.outside["s3"].put_object(Bucket=BUCKET, Key=form["fields"]["key"], Body=content)
        world.enqueue("upload", notification(form["fields"]["key"]))
        while world.deliver("upload"):
            pass
        _read(world.merchant, of(dispute, piece), of(dispute, f"{piece}/view"))


@_step
def hear_of_events_by_a_webhook(world: Cloud) -> None:
    """Nobody is there: it is tried again, and given up in the end."""
    said = {"url": "https://hooks.invalid/", "events": [OPENED]}
    hook = f"/v1/webhooks/{world.merchant.post('/v1/webhooks', said).body['webhook']['id']}"
    dispute = world.opened()
    for each in world.outbox():
        _run(announce, *map(_from_the_bus, item_of(read(each)).events))
    (first,) = _underway(world)
    world.postman.answers += [Outcome(7, trouble=Trouble.UNRESOLVED)] * 2
    _run(deliver, codec.encode(first), codec.encode(replace(first, attempt=10)))
    _read(world.merchant, "/v1/webhooks", hook, f"{hook}/attempts")
    _change(world.merchant, f"{hook}/secret", f"{hook}/test", f"{hook}/attempts/{dispute}:1/replay", hook)
    assert world.merchant.delete(hook).status == 200


@_step
def be_told_of_what_happens_and_of_what_is_near(world: Cloud) -> None:
    """Reminders begin with version 3 of the policy."""
    world.later(days=30)
    dispute, _ = world.appealed()
    for each in world.outbox():
        _run(notify, *map(_from_the_bus, item_of(read(each)).events))
    world.opened(external_id="EXT-2")
    world.later(hours=18, minutes=1)
    assert world.sweep()["near"] == 1
    _run(notify, json.dumps({"dispute": dispute}))
    _read(world.merchant, "/v1/messages", "/v1/messages?unread=true")
    ids = [each["id"] for each in world.merchant.get("/v1/messages").body["items"]]
    _change(world.merchant, "/v1/messages/read", body={"ids": ids[:1]})
    _change(world.merchant, "/v1/messages/read", body={"until": world.now.isoformat()})


@_step
def give_back_what_an_outage_took(world: Cloud) -> None:
    """One case has evidence that nobody has seen; and another outage's work has lost its message."""
    operator = world.caller("operator")
    world.submitted(world.opened(external_id="EXT-3"))
    allow_for_an_outage(world)()
    world.settle()
    (outage,) = operator.get("/v1/outages").body["items"]
    _read(operator, *(f"/v1/outages/{outage['id']}{more}" for more in ("", "/preview")))


@_step
def go_on_with_an_outage_whose_message_got_lost(world: Cloud) -> None:
    agree_to_an_outage(world)()
    world.later(minutes=3)
    assert world.sweep()["outages"] == 1


@_step
def let_a_claim_on_a_review_lapse(world: Cloud) -> None:
    due(world, world.claimed())
    world.later(days=7)
    assert world.deliver("due")


@_step
def carry_out_apart_what_cant_be_together(world: Cloud) -> None:
    dispute = world.opened()
    world.later(hours=24, seconds=30)
    world.enqueue("due", json.dumps({"disputes": [dispute, world.new_id()]}))
    assert world.deliver("due") == 1
    assert world.deliver("due") == 2


@_step
def dismiss_an_appeal_without_counting_it(world: Cloud) -> None:
    """B6, as a policy may choose: the quota is checked, and stays as it is."""
    world.book = PolicyBook.of([a_policy(appeal={"count_default_dismissals": False})])
    dispute = world.opened()
    due(world, dispute)
    world.deliver("due")
    assert dismissed_at_once(world, dispute)()


@_step
def erase_a_bundle_and_what_looks_alike(world: Cloud) -> None:
    """Of a case whose every trace is to go, its picture's in another case, too; then look whether it has gone."""
    inspect_a_picture_seen_before(world)()
    for dispute in world.platform.get("/v1/disputes?shop=S1").body["items"]:
        world.outside["s3"].put_object(Bucket=BUCKET, Key=f"bundles/{dispute['id']}/1.zip", Body=b"a case")
        _change(world.merchant, of(dispute["id"], "/acceptance"))
        _change(world.platform, of(dispute["id"], "/erasure"), body={"cause": "authority_ordered"})
    world.later(minutes=20)
    assert world.erase() == {"due": 1, "done": 0}
    world.later(minutes=20)
    assert world.erase() == {"due": 1, "done": 1}
    world.later(hours=1, minutes=1)
    _verify(world)


@_step
def hand_out_a_case(world: Cloud) -> None:
    """To staff with the originals, to the shop with a clean copy of what the other side has sent off."""
    world.pixels = 600
    dispute = world.opened(reason="counterfeit")
    world.submitted(dispute, "claim_photo", by=world.buyer, stage="claim")
    world.submitted(dispute, "product_document")
    while world.deliver("upload"):
        pass
    sent = {"statement": "It is genuine.", "pieces": [world.store.pieces(dispute)[1].id], "submit_anyway": True}
    _change(world.merchant, of(dispute, "/response"), body=sent)
    _change(world.reviewer, of(dispute, "/review-claim"))
    for by in (world.platform, world.merchant):
        asked = by.post(of(dispute, "/bundle"))
        _run(bundle, json.dumps({"dispute": dispute, "bundle": asked.body["id"]}))
        _read(by, asked.headers["Location"])
    assert world.send("GET", "/v1/bundle-key").status == HTTPStatus.OK


@_step
def sweep_a_bundle_whose_message_got_lost(world: Cloud) -> None:
    asked = world.merchant.post(of(world.opened(), "/bundle"))
    assert asked.status == HTTPStatus.ACCEPTED
    world.taken("bundle", world.waiting("bundle"))
    world.later(minutes=16)
    assert any(_later_swept(world)["lost_bundles"] for _ in range(30))


def _verify(world: Cloud) -> None:
    world.enqueue("audit", "{}")
    assert [world.deliver("audit") for _ in range(12)][-1] == 0, "to the end"


@_step
def anchor_and_verify(world: Cloud) -> None:
    """On two days, so that there are changes; verifying goes on in another run, as one that takes too long does."""
    for number in range(2):
        world.contested(external_id=f"EXT-{number}")
        world.later(days=1)
        with a_process():
            assert anchor(recorded("schedule"), None)["anchors"] == 1
        _verify(world)


@_step
def sweep_what_nobody_has_read(world: Cloud) -> None:
    """The message to the recogniser got lost."""
    recognise(world)
    world.taken("recognise", world.waiting("recognise"))
    assert any(_later_swept(world)["lost_uploads"] for _ in range(60))


@_step
def go_on_looking_for_uploads(world: Cloud) -> None:
    """More files wait than a run looks for."""
    dispute = world.opened()
    for _ in range(3):
        asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
        _change(world.merchant, of(dispute, "/evidence"), body=asked)
    world.later(minutes=5)
    with a_process(), logs.scope(job="sweep"):
        assert replace(bootstrap.sweeper().lost_uploads, page=1).queue() == 0


def _later_swept(world: Cloud) -> dict[str, int]:
    world.later(minutes=1)
    return world.sweep()


def _read(by: Caller, *paths: str) -> None:
    for each in paths:
        got = by.get(each)
        assert got.status == HTTPStatus.OK, got.text


def _change(by: Caller, *paths: str, body: object = None) -> None:
    for each in paths:
        got = by.post(each, body or {})
        assert got.status < HTTPStatus.BAD_REQUEST, got.text


def _run(job: Any, *bodies: str) -> None:
    (record,) = recorded("sqs")["Records"]
    records = [{**record, "messageId": str(number), "body": body} for number, body in enumerate(bodies)]
    with a_process():
        assert job({"Records": records}, None) == {"batchItemFailures": []}


def _from_the_bus(event: StoredEvent) -> str:
    """A message of the queue that the bus's rule fills."""
    return json.dumps({"detail": detail(event)})


def _underway(world: Cloud) -> list[Delivery]:
    found = world.outside["sqs"].receive_message(QueueUrl=world.urls["deliver"], MaxNumberOfMessages=10)
    return [codec.decode(each["Body"], Delivery) for each in found["Messages"]]
