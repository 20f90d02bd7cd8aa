"""A table in which everything there is has happened, and what somebody who can write to it could do to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from types import MappingProxyType

from chalicelib.domain.records import Section
from chalicelib.service.verifying import Verified, Verifier
from chalicelib.store.attributes import key_of
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.instants import stamp
from chalicelib.store.keys import Key
from chalicelib.store.memory import MemoryTable
from chalicelib.store.pages import whole
from chalicelib.store.records import TableRecords
from chalicelib.store.table import Item, Put, Range, Table
from tests.api.build import World
from tests.api.hooks import URL


def items_of(table: Table) -> dict[Key, Item]:
    """Everything in it."""
    names, after = table.partitions(None)
    found = {key_of(item): item for name in names for item in whole(table, Range(None, name))}
    assert after is None
    return found


@dataclass
class Premises:
    """A table and a bucket to do harm to."""

    world: World
    items: Mapping[Key, Item]
    table: MemoryTable = field(default_factory=MemoryTable)

    def __post_init__(self) -> None:
        for item in self.items.values():
            self.put(item)

    def put(self, item: Item) -> None:
        self.table.write([Put(item)], "harm")

    def drop(self, key: Key) -> None:
        self.table.delete(key)

    def verified(self, *partitions: str) -> Verified:
        """These alone, or everything."""
        verifier = verifier_of(self.table, self.world)
        return verifier.sections(map(Section, partitions)) if partitions else verifier.whole()

    def of(self, prefix: str) -> Iterator[Item]:
        """The items whose sort keys begin so, in their order."""
        ordered = sorted(self.items.items(), key=lambda each: (each[0].pk, each[0].sk))
        return (item for key, item in ordered if key.sk.startswith(prefix))


def verifier_of(table: Table, world: World) -> Verifier:
    return Verifier(TableRecords(table, at_once=7), world.bucket, world.clock, lambda: None, world.book)


@cache
def _lived() -> tuple[World, Mapping[Key, Item]]:
    """Disputes at every stage: contested, defaulted, ruled, with appeals open, denied, and set aside.

    And what requests led to that are of no event: an outage and a webhook.
    """
    table = MemoryTable()
    world = World(store=DisputeStore(table), hooks_table=table)
    world.opened(external_id="EXT-open")
    world.defaulted(external_id="EXT-default")
    for number, outcome in enumerate(("denied", "denied", None)):
        dispute, appeal = world.appealed(external_id=f"EXT-{number}")
        _inspect(world, dispute)
        if outcome:
            _decide(world, dispute, appeal)
    _set_aside(world, dispute_of(world, "EXT-1"))
    world.contested(external_id="EXT-contested")
    _beside_events(world)
    for item in items_of(table).values():
        key = str(item["pk"])
        if key.startswith("OUTBOX#"):
            world.store.published(key.removeprefix("OUTBOX#"))
    return world, MappingProxyType(items_of(table))


def premises() -> Premises:
    """A table of the test's own; the bucket isn't to be changed."""
    return Premises(*_lived())


def dispute_of(world: World, external_id: str) -> str:
    found = world.platform.get(f"/v1/disputes?external_id={external_id}").body["items"]
    return str(found[0]["id"])


def _inspect(world: World, dispute: str) -> None:
    for piece in world.store.pieces(dispute):
        assert piece.key
        world.inspector.inspect(piece.key)


def _decide(world: World, dispute: str, appeal: str) -> None:
    assert world.appeal_reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
    said = {
        "status": "denied",
        "checklist": world.answers(dispute, world.appeal_reviewer),
        "rationale": "The form isn't signed by the recipient.",
    }
    reply = world.appeal_reviewer.post(f"/v1/disputes/{dispute}/appeals/{appeal}/decision", said)
    assert reply.status == 200, reply.text


def _beside_events(world: World) -> None:
    operator = world.caller("operator")
    outage = {"since": stamp(world.now), "until": stamp(world.now + timedelta(hours=1)), "cause": "Uploads failed."}
    for by, path, said in (
        (operator, "/v1/outages", outage),
        (world.merchant, "/v1/webhooks", {"url": URL, "events": ["dispute.ruled"]}),
    ):
        reply = by.post(path, said)
        assert reply.status == 201, reply.text


def _set_aside(world: World, dispute: str) -> None:
    said = {"target": "appeal", "cause": "review_error"}
    reply = world.platform.post(f"/v1/disputes/{dispute}/set-aside", said)
    assert reply.status == 200, reply.text
    agreed = world.caller("platform", sub="platform-2").post(
        f"/v1/disputes/{dispute}/set-aside/agreement", {"agreed": True}
    )
    assert agreed.status == 200, agreed.text
