"""Bundles, anchors and verifying on the engine: through the packaged functions, their queues, keys and buckets."""

import hashlib
import json
import subprocess
import sys
import urllib.request
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ulid import ULID

from chalicelib.bootstrap import utc_now
from chalicelib.domain import commands as c
from chalicelib.domain.claim import Item, Order, Remedy
from chalicelib.service.commands import Commands, Request
from chalicelib.store import keys
from chalicelib.store.anchor_bucket import S3AnchorBook
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.evidence_bucket import S3Bucket
from policies.book import PolicyBook
from policies.model import RemedyKind
from tests.build import BUYER_PARTY, PLATFORM, SHOP, yuan
from tests.e2e.test_deployment import eventually
from tests.engine_fixtures import Api, Service
from tools.people import Cast
from tools.stack import Stack
from tools.verify import verify

ROOT = Path(__file__).parents[2]
EVENTS, PROOF = ROOT / "tests" / "events", ROOT / "examples" / "stamped_delivery_proof.jpg"
SCHEDULE = json.loads((EVENTS / "schedule.json").read_text(encoding="utf-8"))


def invoke(service: Service, function: str, event: dict[str, Any]) -> Any:
    """As its trigger calls it, without waiting for that."""
    answer = service.client("lambda").invoke(FunctionName=service.outputs[function], Payload=json.dumps(event).encode())
    assert "FunctionError" not in answer, service.logs(function)
    return json.loads(answer["Payload"].read())


# Bundles


@pytest.fixture(scope="module")
def dispute(service: Service) -> str:
    """With a picture of the shop's."""
    cast = Cast(service.api_url, service.token_for)
    opened = cast.open("BUNDLED-1", shop="bundled", reason="not_received", amount=100)
    cast.shop("bundled").submit(opened, "proof_of_delivery", PROOF, stage="response")
    return opened


@pytest.fixture(scope="module")
def shop(service: Service) -> Api:
    return service.api("merchant", ["shop:bundled"])


@pytest.fixture(scope="module")
def bundle(service: Service, dispute: str, shop: Api) -> str:
    """Where it is read, once it is made."""
    asked = shop.post(f"/v1/disputes/{dispute}/bundle", {}, key="bundled")
    assert (asked.status, asked.json["state"]) == (202, "requested")
    place = asked.headers["Location"]
    assert eventually(lambda: shop.get(place).json["state"] == "ready"), service.logs("BundleName")
    return place


def checked(archive: Path, key: Path) -> subprocess.CompletedProcess[str]:
    """By the script alone, as whoever is handed the bundle runs it: nothing of the project can be imported."""
    command = [sys.executable, "-I", str(ROOT / "tools" / "check_bundle.py"), str(archive), "--key", str(key)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def test_a_bundle_is_fetched_by_its_link_and_checked_offline_and_refused_once_it_was_altered(
    service: Service, shop: Api, bundle: str, tmp_path: Path
):
    made = shop.get(bundle).json
    archive, key = tmp_path / "bundle.zip", tmp_path / "recourse.pem"
    assert "X-Amz-Expires=300" in made["link"]["url"]
    with urllib.request.urlopen(made["link"]["url"], timeout=60) as content:
        archive.write_bytes(content.read())
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == made["sha256"]
    key.write_text(Api(service.api_url).get("/v1/bundle-key").json["pem"])
    assert checked(archive, key).stdout == "The bundle is whole and as it was signed.\n"
    with zipfile.ZipFile(archive) as file:
        content = {each: file.read(each) for each in file.namelist()}
    assert [each for each in content if each.startswith("evidence/")]
    content["rulings.json"] = b'[{"outcome": "for_respondent"}]'
    with zipfile.ZipFile(archive, "w") as file:
        for name, each in content.items():
            file.writestr(name, each)
    refused = checked(archive, key)
    assert (refused.returncode, "rulings.json isn't what was signed" in refused.stdout) == (1, True)


def test_nobody_elses_bundle_is_there(service: Service, bundle: str, dispute: str):
    other = service.api("merchant", ["shop:another"])
    absent = bundle.replace(dispute, "01K00000000000000000000000")
    assert (other.get(bundle).status, other.get(bundle).body) == (404, other.get(absent).body)
    assert Api(service.api_url).get(bundle).status == 401


# Anchors and verifying


def an_hour_ago() -> datetime:
    return utc_now() - timedelta(hours=1)


@pytest.fixture(scope="module")
def settled(service: Service) -> str:
    """A dispute that was opened an hour ago: anchors leave out what has just happened."""
    table = DynamoTable(service.client("dynamodb"), service.outputs["TableName"])
    bucket = S3Bucket(service.client("s3"), service.outputs["EvidenceBucketName"])
    commands = Commands(
        DisputeStore(table),
        bucket,
        PolicyBook.from_folder(),
        lambda: str(ULID.from_datetime(an_hour_ago())),
        "marketplace",
    )
    order = Order("O-1", "Sample shop", (Item("SKU-1", "Teapot", 1, yuan(100)),))
    remedy = Remedy(RemedyKind.REFUND_ONLY, yuan(100))
    policy = commands.policy_ref(None, an_hour_ago())
    command = c.Open("SETTLED-1", policy, SHOP, BUYER_PARTY, order, "not_received", remedy, None)
    return commands.open(command, Request(PLATFORM, an_hour_ago())).dispute.id


def stack(service: Service) -> Stack:
    return Stack(service.engine.session(), service.engine.url, service.outputs)


def test_chains_are_anchored_by_the_function_and_the_table_is_found_to_be_as_anchored(service: Service, settled: str):
    assert invoke(service, "AnchorName", SCHEDULE)["anchors"] == 1
    book = S3AnchorBook(service.client("s3"), service.outputs["AnchorBucketName"])
    (first,) = book.numbers().items()
    assert settled in book.read(*first).decode()
    assert invoke(service, "AnchorName", SCHEDULE)["anchors"] == 0
    assert eventually(lambda: verify(stack(service)).violations == ())
    assert verify(stack(service)).anchors == 1


def audited(service: Service) -> set[tuple[str, str]]:
    """What the function has logged of one run that begins anew, so that it checks everything."""
    note = {"pk": {"S": keys.CHECKED.pk}, "sk": {"S": keys.CHECKED.sk}}
    service.client("dynamodb").delete_item(TableName=service.outputs["TableName"], Key=note)
    before = len(service.logs("VerifyName").splitlines())
    (message,) = json.loads((EVENTS / "sqs.json").read_text(encoding="utf-8"))["Records"]
    assert invoke(service, "VerifyName", {"Records": [{**message, "body": "{}"}]}) == {"batchItemFailures": []}
    lines = service.logs("VerifyName").splitlines()[before:]
    said = [json.loads(each) for each in lines if each.startswith("{")]
    found = {(each["subject"], each["what"]) for each in said if each.get("message") == "violation"}
    (counted,) = [each["Violations"] for each in said if "Violations" in each]
    assert bool(sum(counted)) is bool(found)
    return found


def test_the_function_finds_nothing_and_then_the_event_that_was_altered_straight_in_the_table(
    service: Service, settled: str
):
    assert eventually(lambda: audited(service) == set())
    key = keys.event(settled, 1)
    where = {"TableName": service.outputs["TableName"], "Key": {"pk": {"S": key.pk}, "sk": {"S": key.sk}}}
    dynamodb = service.client("dynamodb")
    body = dynamodb.get_item(**where, ConsistentRead=True)["Item"]["body"]["S"]
    write = {"UpdateExpression": "SET body = :b"}
    altered = body.replace("not_received", "counterfeit")
    dynamodb.update_item(**where, **write, ExpressionAttributeValues={":b": {"S": altered}})
    assert altered != body
    assert (settled, "chain") in audited(service)
    dynamodb.update_item(**where, **write, ExpressionAttributeValues={":b": {"S": body}})
    assert audited(service) == set()
