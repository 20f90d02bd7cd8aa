"""After its time nothing personal of a case is left anywhere, and its chains hold all the same."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, cast

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws
from PIL import Image

from chalicelib.domain.evolve import fold
from chalicelib.domain.model import Dispute
from chalicelib.domain.piece import PieceStatus
from chalicelib.domain.records import Section
from chalicelib.service.erasing import Eraser
from chalicelib.store import codec, keys
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.evidence_bucket import S3Bucket
from chalicelib.store.memory import MemoryTable
from chalicelib.store.memory_bucket import MemoryBucket
from chalicelib.store.table import Table, text
from tests.api.build import REMEDY, SHOP, Caller, World, a_claim
from tests.contract.template import create_table
from tests.harm import verifier_of

CANARIES = {
    "complainant": "B-canary-complainant",
    "subject": "canary-subject",
    "title": "Canary teapot",
    "sku": "SKU-CANARY",
    "waybill": "CANARY1234567890",
    "claim": "The canary claims that nothing arrived.",
    "response": "The canary answers that it was handed over.",
    "rationale": "The canary rules that the signature is another's.",
    "note": "The canary's lawyer asked for the files.",
    "seen": "CANARY5556667778",
    "image": "CANARY-IN-THE-IMAGE",
}
IMAGES, TEXTS = timedelta(days=181), timedelta(days=3 * 366)


class Uploading(S3Bucket):
    """With the hand of a client that uploads."""

    def put(self, key: str, content: bytes, *, at: datetime) -> str:
        del at
        version: str = self._client.put_object(Bucket=self._bucket, Key=key, Body=content)["VersionId"]
        return version


@dataclass(frozen=True)
class House:
    """A service, and everything that it has stored."""

    world: World
    table: Table
    client: Any = None

    @property
    def eraser(self) -> Eraser:
        return Eraser(self.world.commands, self.world.clock)

    def erase(self, after: timedelta) -> None:
        """Runs often enough, some time later."""
        self.world.now += after
        self.eraser.run()
        self.world.later(minutes=16)
        self.eraser.run()

    def dump(self) -> str:
        """All items with every attribute, and all objects in every version."""
        return repr(self._items()) + repr(self.objects())

    def _items(self) -> list[Any]:
        if isinstance(self.table, MemoryTable):
            return list(self.table._items.values())  # noqa: SLF001  (a dump is no access pattern)
        pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName="recourse")
        return [item for page in pages for item in page["Items"]]

    def objects(self) -> list[Any]:
        bucket = self.world.bucket
        if isinstance(bucket, MemoryBucket):
            return [dict(bucket._versions), bucket._clean]  # noqa: SLF001
        listed = self.client.list_object_versions(Bucket="evidence")
        assert not listed.get("DeleteMarkers")
        return [(each["Key"], self._content(each["Key"], each["VersionId"])) for each in listed.get("Versions", ())]

    def _content(self, key: str, version: str) -> bytes:
        content: bytes = self.client.get_object(Bucket="evidence", Key=key, VersionId=version)["Body"].read()
        return content


@pytest.fixture(params=["memory"])
def house(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """At the time that the bucket's clock shows: that tells when an upload arrived."""
    now = datetime.now(UTC) - timedelta(seconds=1)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    if request.param == "memory":
        table: Table = MemoryTable()
        yield House(World(now=now, store=DisputeStore(table)), table)
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        create_table(boto3.client("dynamodb"), "recourse")
        client = boto3.client("s3", config=Config(signature_version="s3v4"))
        client.create_bucket(Bucket="evidence")
        client.put_bucket_versioning(Bucket="evidence", VersioningConfiguration={"Status": "Enabled"})
        table = DynamoTable(boto3.client("dynamodb"), "recourse")
        bucket = cast("MemoryBucket", Uploading(client, "evidence"))
        yield House(World(now=now, store=DisputeStore(table), bucket=bucket), table, client)


everywhere = pytest.mark.parametrize("house", ["memory", "moto"], indirect=True)


def photo() -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").resize((600, 600)).convert("RGB").save(out, "JPEG", comment=CANARIES["image"].encode())
    return out.getvalue()


def claim(**changes: Any) -> dict[str, Any]:
    price = {"amount": 10000, "currency": "CNY"}
    order = {
        "id": "O-1",
        "shop_name": "Sample shop",
        "items": [{"sku": CANARIES["sku"], "title": CANARIES["title"], "quantity": 1, "price": price}],
        "shipments": [{"direction": "outbound", "carrier": "SF", "waybill_no": CANARIES["waybill"]}],
    }
    parties = {"complainant": f"buyer:{CANARIES['complainant']}", "statement": CANARIES["claim"]}
    return a_claim(**parties, order=order, **changes)


def submitted(world: World, dispute: str, by: Caller, **more: str) -> str:
    """A photo, uploaded, looked at twice."""
    asked = {"media_type": "image/jpeg", "requirement": "proof_of_delivery", "stage": "response", **more}
    reply = by.post(f"/v1/disputes/{dispute}/evidence", asked)
    assert reply.status == 201, reply.text
    key, piece = reply.body["upload"]["fields"]["key"], str(reply.body["piece"]["id"])
    world.bucket.put(key, photo(), at=world.now)
    world.bucket.put(key, photo() + b"again", at=world.now)
    assert world.inspector.inspect(key)
    world.reads.says("SF Express", f"Waybill {CANARIES['seen']}", "Signed by 张三")
    world.recognition.recognise(dispute, piece)
    return piece


def ruled_case(world: World) -> str:
    """A case with all that is personal in it, from its opening to its final ruling; gives its id."""
    buyer = world.caller("buyer", f"buyer:{CANARIES['complainant']}", sub=CANARIES["subject"])
    dispute = str(world.platform.post("/v1/disputes", claim()).body["id"])
    spare = submitted(world, dispute, world.merchant)
    assert world.merchant.delete(f"/v1/disputes/{dispute}/evidence/{spare}").status == 200
    piece = submitted(world, dispute, world.merchant)
    answer = {"statement": CANARIES["response"], "pieces": [piece], "submit_anyway": True}
    assert world.merchant.post(f"/v1/disputes/{dispute}/response", answer).status == 200
    assert world.reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
    asked = {"sides": ["complainant"], "requirements": ["claim_photo"], "note": CANARIES["note"]}
    request = world.reviewer.post(f"/v1/disputes/{dispute}/evidence-requests", asked).body["evidence_requests"][0]["id"]
    hers = submitted(world, dispute, buyer, requirement="claim_photo", stage="supplement", request=request)
    sent = {"pieces": [hers], "statement": CANARIES["claim"], "submit_anyway": True}
    assert buyer.post(f"/v1/disputes/{dispute}/evidence-requests/{request}/answer", sent).status == 200
    assert world.reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
    ruling = world.a_ruling(dispute, outcome="for_respondent", remedy=None, liabilities=[])
    ruled = world.reviewer.post(f"/v1/disputes/{dispute}/ruling", ruling | {"rationale": CANARIES["rationale"]})
    assert (ruled.status, ruled.body["status"]) == (200, "final"), ruled.text
    return dispute


def left(house: House, *names: str) -> list[str]:
    """The canaries that are anywhere, in the names that are asked for or in all."""
    there = house.dump()
    return [name for name in names or CANARIES if CANARIES[name] in there or json.dumps(CANARIES[name])[1:-1] in there]


def check_chains(house: House, dispute: str) -> None:
    check_by_hand(house, dispute)
    verified = verifier_of(house.table, house.world).sections([Section(f"D#{dispute}")])
    assert (verified.disputes, verified.violations) == (1, ())


def check_by_hand(house: House, dispute: str) -> None:
    """Every chain to the hash that its snapshot holds, and each state the fold of its events."""
    store = house.world.store
    found = house.table.get([keys.snapshot(dispute)])[keys.snapshot(dispute)]
    events = store.timeline(dispute, limit=500).items
    codec.verify_chain(events, head=text(found, "hash"))
    told = fold(codec.recorded(each.body) for each in events)
    assert told == codec.decode(text(found, "state"), Dispute)
    feed = store.feed(limit=500).items
    for piece in store.pieces(dispute):
        codec.verify_chain([each for each in feed if each.aggregate == piece.id])


def test_no_event_and_no_state_holds_what_is_personal(house: House):
    dispute = ruled_case(house.world)
    events = [each.body for each in house.world.store.feed(limit=500).items]
    assert [name for name, canary in CANARIES.items() if any(canary in body for body in events)] == []
    state = text(house.table.get([keys.snapshot(dispute)])[keys.snapshot(dispute)], "state")
    assert [name for name, canary in CANARIES.items() if canary in state] == []
    assert left(house) == [name for name in CANARIES if name != "subject"]
    check_chains(house, dispute)


@everywhere
def test_after_its_time_nothing_personal_is_left_anywhere_and_the_chains_hold(house: House):
    dispute = ruled_case(house.world)
    house.erase(IMAGES)
    assert left(house) == ["complainant", "title", "sku", "waybill", "claim", "response", "rationale", "note"]
    assert {each.status for each in house.world.store.pieces(dispute)} == {PieceStatus.ERASED}
    check_chains(house, dispute)
    house.erase(TEXTS)
    assert left(house) == []
    assert house.world.store.texts(dispute, ["particulars"]) == {}
    check_chains(house, dispute)
    assert house.eraser.run().due == 0


@everywhere
def test_what_was_taken_back_goes_soon_and_all_else_stays(house: House):
    world = house.world
    dispute = str(world.platform.post("/v1/disputes", claim()).body["id"])
    spare, piece = (submitted(world, dispute, world.merchant) for _ in range(2))
    assert world.merchant.delete(f"/v1/disputes/{dispute}/evidence/{spare}").status == 200
    assert house.eraser.run().due == 0
    house.erase(timedelta(minutes=16))
    there = house.dump()
    assert f"uploads/{dispute}/{spare}" not in repr(house.objects())
    assert f"uploads/{dispute}/{piece}" in there
    assert {each.id: each.status for each in world.store.pieces(dispute)}[spare] is PieceStatus.ERASED
    assert world.merchant.get(f"/v1/disputes/{dispute}/evidence/{piece}/view").status == 200
    assert house.eraser.run().due == 0
    check_chains(house, dispute)


def test_on_demand_everything_goes_within_minutes_and_nobody_is_shown_it_from_the_answer_on(house: House):
    world = house.world
    dispute = ruled_case(world)
    answer = world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "person_asked"})
    assert (answer.status, answer.body["complainant"], answer.body["order"]["shipments"]) == (200, None, [])
    shown = world.reviewer.get(f"/v1/disputes/{dispute}").text
    assert [name for name, canary in CANARIES.items() if canary in shown] == []
    house.erase(timedelta())
    assert left(house) == []
    check_chains(house, dispute)


def test_a_held_case_keeps_everything_until_another_person_lifts_the_hold(house: House):
    world = house.world
    dispute = ruled_case(world)
    held = world.platform.post(f"/v1/disputes/{dispute}/hold", {"cause": "lawsuit", "note": CANARIES["note"]})
    assert (held.status, held.body["hold"]["cause"]) == (200, "lawsuit")
    before = left(house)
    house.erase(TEXTS)
    assert left(house) == before
    assert house.eraser.run().due == 0
    assert world.caller("operator").delete(f"/v1/disputes/{dispute}/hold").status == 200
    house.erase(timedelta())
    assert left(house) == []
    check_chains(house, dispute)


def test_a_picture_that_was_seen_elsewhere_is_forgotten_there_too(house: House):
    world = house.world
    one, other = (
        str(world.platform.post("/v1/disputes", claim(external_id=f"EXT-{number}")).body["id"]) for number in "12"
    )
    spare, kept = submitted(world, one, world.merchant), submitted(world, other, world.merchant)
    assert [each.piece for each in world.store.lookalikes(other, kept)] == [spare]
    assert world.merchant.delete(f"/v1/disputes/{one}/evidence/{spare}").status == 200
    house.erase(timedelta(minutes=16))
    assert world.store.lookalikes(other, kept) == ()
    assert [each.piece for each in world.store.alike(imprint_keys(house, other), world.now, limit=50)] == [kept]
    (mine,) = [each for each in world.store.pieces(other) if each.id == kept]
    assert world.store.twins(str(mine.arrival and mine.arrival.sha256)) == ((other, kept),)


def imprint_keys(house: House, dispute: str) -> tuple[str, ...]:
    from evidence.imprint_keys import keys as of  # noqa: PLC0415  (its name is taken here)

    (piece,) = house.world.store.pieces(dispute)
    assert piece.inspection is not None
    return of(str(piece.inspection.imprint))


def test_the_shop_of_an_erased_case_still_sees_how_it_ended(house: House):
    world = house.world
    dispute = ruled_case(world)
    house.erase(IMAGES + TEXTS)
    shown = world.merchant.get(f"/v1/disputes/{dispute}").body
    assert (shown["respondent"], shown["rulings"][0]["outcome"]) == (SHOP, "for_respondent")
    assert shown["rulings"][0]["rationale"]["text"] is None
    assert world.merchant.get("/v1/disputes?shop=S1").body["items"][0]["complainant"] is None
    buyer = world.caller("buyer", f"buyer:{CANARIES['complainant']}")
    assert buyer.get(f"/v1/disputes/{dispute}").status == 404
    assert buyer.get("/v1/disputes").body["items"] == []
    assert REMEDY["amount"] == shown["requested_remedy"]["amount"]
