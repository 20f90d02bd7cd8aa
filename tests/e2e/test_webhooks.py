"""Webhooks on the engine: from a command to the log of attempts, by way of stream, bus, rule, queues, key and roles."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.test_deployment import eventually, in_queue
from tests.engine_fixtures import Api, Service
from tools.people import Cast

# `.invalid` has no address, in no network: on one machine nothing may be reached, and nothing is.
URL = "https://hooks.invalid/recourse"


@pytest.fixture
def shop(service: Service) -> Api:
    return service.api("merchant", ["shop:hooked"])


def test_an_event_reaches_the_log_of_a_webhook_and_a_test_does(service: Service, shop: Api):
    made = shop.post("/v1/webhooks", {"url": URL, "events": ["dispute.opened"]}, key="made").json
    assert len(b64decode(made["secret"].removeprefix("whsec_"))) == 32
    path = f"/v1/webhooks/{made['webhook']['id']}"
    cast = Cast(service.api_url, service.token_for)
    dispute = cast.open("HOOKED-1", shop="hooked", reason="not_received", amount=100)
    test = shop.post(f"{path}/test", {}, key="test")
    assert test.status == 202
    wanted = {f"{dispute}:1", test.json["event"]}
    assert eventually(lambda: {each["event"] for each in attempts(shop, path)} == wanted), service.logs(
        "AnnounceName"
    ) + service.logs("DeliverName")
    assert {each["trouble"] for each in attempts(shop, path)} == {"unresolved"}
    assert shop.get(path).json["failing_since"]
    assert shop.post("/v1/webhooks", {"url": URL, "events": ["dispute.opened"]}, key="made").json == made
    assert eventually(lambda: in_queue(service, "AnnounceQueueUrl") == 0), service.logs("AnnounceName")
    for each in ("AnnounceDeadLettersUrl", "DeliverDeadLettersUrl"):
        assert in_queue(service, each) == 0


def test_what_is_deleted_is_sent_nothing_more(shop: Api):
    made = shop.post("/v1/webhooks", {"url": URL, "events": ["dispute.ruled"]}, key="other").json
    path = f"/v1/webhooks/{made['webhook']['id']}"
    rotated = shop.post(f"{path}/secret", {}, key="rotated").json
    assert rotated["secret"] != made["secret"]
    assert shop.delete(path, key="deleted").status == 200
    assert shop.get(path).status == 404
    assert shop.post(f"{path}/test", {}, key="late").status == 404


def test_who_fails_for_days_is_disabled_and_its_owner_told_so(service: Service):
    shop = service.api("merchant", ["shop:failing"])
    made = shop.post("/v1/webhooks", {"url": URL, "events": ["dispute.opened"]}, key="failing").json["webhook"]
    has_failed_since(service, "shop:failing", made["id"], datetime.now(UTC) - timedelta(days=6))
    Cast(service.api_url, service.token_for).open("HOOKED-2", shop="failing", reason="not_received", amount=100)
    path = f"/v1/webhooks/{made['id']}"
    assert eventually(lambda: shop.get(path).json["disabled_why"] == "failing"), service.logs("DeliverName")
    told = [each for each in shop.get("/v1/messages?unread=true").json["items"] if each["webhook"]]
    assert [(each["webhook"], each["code"], each["current"]) for each in told] == [
        (made["id"], "webhook_disabled", True)
    ]
    assert "hooks.invalid" in told[0]["message"]["zh-Hans"]


def has_failed_since(service: Service, owner: str, webhook: str, at: datetime) -> None:
    """As if days had gone by."""
    table, key = {"TableName": service.outputs["TableName"]}, {"pk": {"S": f"W#{owner}"}, "sk": {"S": webhook}}
    client = service.client("dynamodb")
    row = json.loads(client.get_item(**table, Key=key)["Item"]["row"]["S"])
    failing = json.dumps(row | {"failing_since": at.isoformat(timespec="milliseconds")})
    values, names = {":row": {"S": failing}}, {"#row": "row"}
    client.update_item(
        **table,
        Key=key,
        UpdateExpression="SET #row = :row",
        ExpressionAttributeValues=values,
        ExpressionAttributeNames=names,
    )


def attempts(shop: Api, path: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = shop.get(f"{path}/attempts?limit=100").json["items"]
    return found
