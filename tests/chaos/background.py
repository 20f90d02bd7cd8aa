"""Every job; messages and webhooks, which are about no dispute's state."""

import json
from typing import Final

from tests.build import at
from tests.chaos.attempts import Ask, Attempt, Publish, Scheduled, Work, of
from tests.chaos.registry import besides, job
from tests.chaos.world import Cloud
from tests.fakes import GONE

LEGIBLE: Final = 480
"""Pixels that each side of a picture needs."""


@job("sweep")
def sweep(world: Cloud) -> Attempt:
    """Something is due, an upload's event was lost, and commits are stuck in the outbox."""
    world.opened()
    world.later(hours=23, minutes=50)
    world.submitted(world.opened(external_id="EXT-2"))
    world.taken("upload", world.waiting("upload"))
    world.later(minutes=11)
    return Scheduled(world.sweep)


@job("inspect")
def inspect(world: Cloud) -> Attempt:
    world.pixels = LEGIBLE
    world.submitted(world.opened())
    return Work(world, "upload")


@job("inspect")
def inspect_a_picture_seen_before(world: Cloud) -> Attempt:
    """Lookalikes are found, and named on both sides."""
    world.pixels = LEGIBLE
    world.submitted(world.opened(respondent="shop:S2"), by=world.caller("merchant", "shop:S2"))
    world.deliver("upload")
    world.submitted(world.opened(external_id="EXT-2"))
    return Work(world, "upload")


@job("recognise")
def recognise(world: Cloud) -> Attempt:
    world.pixels = LEGIBLE
    world.submitted(world.opened())
    world.deliver("upload")
    world.reads.says("签收单", "运单号 SF1234567890", "收件人 王芳", "派件人 李雷", "2026年11月2日")
    return Work(world, "recognise")


@job("publish")
def publish(world: Cloud) -> Attempt:
    """Two commits, one of them of more events than one call takes."""
    dispute = world.claimed()
    world.reviewer.post(of(dispute, "/ruling"), world.a_ruling(dispute))
    return Publish(world)


@job("notify")
def tell_a_party(world: Cloud) -> Attempt:
    """C6: the bus brings what concerns it, twice; one notice comes of each thing that happened."""
    dispute = world.opened()
    for _ in range(2):
        _from_the_bus(world, "notice", dispute)
    return Work(world, "notice")


@job("notify")
def remind_a_party(world: Cloud) -> Attempt:
    world.now = at("2026-12-01T12:00:00+08:00")
    dispute = world.opened()
    world.later(hours=23)
    world.enqueue("notice", json.dumps({"dispute": dispute}))
    return Work(world, "notice")


@besides
def mark_messages_as_read(world: Cloud) -> Attempt:
    _from_the_bus(world, "notice", world.opened())
    world.deliver("notice")
    (message,) = world.merchant.get("/v1/messages").body["items"]
    return Ask(world.merchant, "/v1/messages/read", {"ids": [message["id"]]}, keyed=False)


@besides
def ask_for_a_bundle(world: Cloud) -> Attempt:
    return Ask(world.merchant, of(world.claimed(), "/bundle"), {})


@job("bundle")
def make_a_bundle(world: Cloud) -> Attempt:
    world.merchant.post(of(world.claimed(), "/bundle"))
    return Work(world, "bundle")


@job("anchor")
def anchor_what_has_happened(world: Cloud) -> Attempt:
    """A second time, so that it goes on from where the first one ended."""
    world.claimed()
    world.later(minutes=16)
    world.anchor()
    world.opened(external_id="EXT-2")
    world.later(minutes=16)
    return Scheduled(world.anchor)


@job("verify")
def verify_the_table_and_the_anchors(world: Cloud) -> Attempt:
    """In several runs."""
    world.claimed()
    world.publish()
    world.later(minutes=16)
    world.anchor()
    world.enqueue("audit", "{}")
    return Work(world, "audit", to_the_end=True)


def _from_the_bus(world: Cloud, queue: str, dispute: str) -> None:
    """A rule queues the dispute's events."""
    world.publish()
    for each in world.bus:
        if each["dispute"] == dispute:
            world.enqueue(queue, json.dumps({"detail": each}))


# --- webhooks ---

_URL: Final = "https://hooks.example.com/recourse"
_WANTED: Final = {"url": _URL, "events": ["dispute.opened"]}


def _hooked(world: Cloud, wanted: object = _WANTED) -> str:
    """The path of a webhook of the shop."""
    made = world.merchant.post("/v1/webhooks", wanted, key="hooked").body
    return f"/v1/webhooks/{made['webhook']['id']}"


def _announced(world: Cloud) -> None:
    """A delivery waits for its first attempt."""
    _from_the_bus(world, "announce", world.opened())
    world.deliver("announce")


@besides
def register_a_webhook(world: Cloud) -> Attempt:
    return Ask(world.merchant, "/v1/webhooks", _WANTED)


@besides
def change_a_webhook(world: Cloud) -> Attempt:
    return Ask(world.merchant, _hooked(world), {"events": ["dispute.opened", "dispute.ruled"]})


@besides
def replace_its_secret(world: Cloud) -> Attempt:
    return Ask(world.merchant, _hooked(world) + "/secret", {})


@besides
def try_a_webhook(world: Cloud) -> Attempt:
    return Ask(world.merchant, _hooked(world) + "/test", {})


@besides
def delete_a_webhook(world: Cloud) -> Attempt:
    return Ask(world.merchant, _hooked(world), method="DELETE")


@besides
def replay_an_event(world: Cloud) -> Attempt:
    path = _hooked(world)
    _announced(world)
    world.deliver("deliver")
    (attempt,) = world.merchant.get(path + "/attempts").body["items"]
    return Ask(world.merchant, f"{path}/attempts/{attempt['event']}/replay", {})


@job("announce")
def announce_an_event(world: Cloud) -> Attempt:
    _hooked(world)
    _from_the_bus(world, "announce", world.opened())
    return Work(world, "announce")


@job("deliver")
def deliver_an_event(world: Cloud) -> Attempt:
    _hooked(world)
    _announced(world)
    return Work(world, "deliver")


@job("deliver")
def disable_a_webhook_and_tell_its_owner(world: Cloud) -> Attempt:
    """Its receiver answers that it is gone."""
    _hooked(world, {**_WANTED, "url": GONE})
    _announced(world)
    return Work(world, "deliver")
