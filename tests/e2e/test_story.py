"""The packaged service as its users use it: over HTTP, on real pictures, with the jobs at work."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from tests.engine_fixtures import Service
from tools import demo
from tools.people import Cast, Json, Person
from tools.seed import seed

EVERY_STATE = {"awaiting_response", "under_review", "ruled", "final", "closed", "withdrawn"}


@pytest.fixture(scope="module")
def cast(service: Service) -> Cast:
    return Cast(service.api_url, service.token_for)


@pytest.fixture(scope="module")
def seen_url(service: Service) -> str:
    """A queue behind the event bus: what consumers get."""
    sqs, events, bus = service.client("sqs"), service.client("events"), service.outputs["BusNameInUse"]
    url: str = sqs.create_queue(QueueName="seen")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="seen", EventBusName=bus, EventPattern='{"source": ["recourse"]}', State="ENABLED")
    events.put_targets(Rule="seen", EventBusName=bus, Targets=[{"Id": "seen", "Arn": arn}])
    return url


@pytest.fixture(scope="module")
def hesitant(cast: Cast) -> str:
    """A shop that doesn't answer, while the story of the others is told."""
    cast.open("NEAR-1", shop="hesitant-e2e", reason="quality", amount=100, policy="demo")
    return "hesitant-e2e"


def test_a_dispute_in_each_state_is_seeded(service: Service, cast: Cast):
    seed(service.api_url, service.token_for)
    rows = cast.shop("S1").get("/disputes", limit="100")["items"]
    assert {each["status"] for each in rows} == EVERY_STATE


@pytest.mark.usefixtures("hesitant")
def test_the_story_of_four_shops_is_told_to_its_end(cast: Cast, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    demo.tell(cast, "e2e", tmp_path)
    told = capsys.readouterr().out
    *_, table = told.split("How it ended")
    ends = [line.split() for line in table.splitlines() if "-e2e" in line]
    assert ends == [
        ["silent-e2e", "ruled", "for_complainant", "default", "¥129.00", "none"],
        ["diligent-e2e", "final", "for_respondent", "merits", "¥0.00", "granted"],
        ["mistaken-e2e", "final", "for_complainant", "accepted", "¥129.00", "none"],
        *[["stubborn-e2e", "ruled", "for_complainant", "merits", "¥129.00", "denied"]] * 4,
        ["stubborn-e2e", "ruled", "for_complainant", "merits", "¥129.00", "none"],
    ]
    assert "file_truncated" in told
    assert "appeal_quota_exceeded" in told
    assert "[ruling_made] Order" in told
    assert "判定支持买家诉求（商家逾期未有效举证）。" in told
    assert "[met] waybill_number: JT2820833383902" in told
    assert "[not_met] accepted_kind" in told
    assert "该项不接受此类凭证：聊天或钱包转账记录。" in told
    with Image.open(tmp_path / "e2e" / "waybill_number.jpg") as crop:
        assert crop.width > crop.height


def test_c6_a_shop_reads_what_it_was_told_and_marks_it(cast: Cast):
    shop = cast.shop("stubborn-e2e")
    found = _told(shop, lambda told: sum(each["code"] == "quota_state" for each in told) >= 4)
    blocked = next(each for each in found if each["code"] == "quota_state")
    assert "You can appeal again from" in blocked["message"]["en"]
    assert "(Asia/Shanghai)" in blocked["message"]["en"]
    assert cast.shop("nobody").get("/messages")["items"] == []
    asked = {"until": found[0]["at"]}
    assert shop.post("/messages/read", asked)["read"] == len(found)
    assert shop.post("/messages/read", asked)["read"] == 0
    assert all(each["read_at"] for each in shop.get("/messages", limit="100")["items"])


def test_c6_a_shop_was_reminded_by_the_sweep_before_its_time_was_over(cast: Cast, hesitant: str):
    """It had 90 seconds, of which the last 75 are near; the story took longer than that, or nearly."""
    told = _told(cast.shop(hesitant), lambda told: any(each["code"] == "deadline_near" for each in told))
    (near,) = [each for each in told if each["code"] == "deadline_near"]
    assert near["at"] < near["due_at"]


def _told(shop: Person, enough: Callable[[list[Json]], bool]) -> list[Json]:
    """The shop's messages, once they are enough."""
    end = time.monotonic() + 90
    while True:
        told: list[Json] = shop.get("/messages", limit="100")["items"]
        if enough(told):
            return told
        assert time.monotonic() < end, [each["code"] for each in told]
        time.sleep(1)


def test_b11_the_silent_shop_is_given_back_what_an_outage_took(service: Service, cast: Cast):
    """The work is sent for as the sweep would, so that nobody has to wait for it."""
    (defaulted,) = [each["id"] for each in cast.shop("silent-e2e").get("/disputes")["items"]]
    running = cast.open("OUT-1", shop="silent-e2e", reason="not_received", amount=100)
    first, second = (Person(service.api_url, service.token_for("operator", sub=each)) for each in ("op-1", "op-2"))
    now = datetime.now(UTC).replace(microsecond=0)
    window = {"since": (now - timedelta(hours=1)).isoformat(), "until": (now + timedelta(hours=25)).isoformat()}
    asked = {**window, "respondents": ["shop:silent-e2e"], "extra_hours": 5, "cause": "Uploads failed."}
    outage = first.post("/outages", asked)["id"]
    would = {each["dispute"]: each["would"] for each in _all(first, f"/outages/{outage}/preview")}
    assert would == {running: "extend", defaulted: "set_aside"}
    second.post(f"/outages/{outage}/agreement", {"agreed": True})
    assert _worked(service, first, outage)["result"]["disputes"] == 2
    (deadline,) = cast.platform.get(f"/disputes/{running}")["deadlines"]
    assert [each["outage"] for each in deadline["extensions"]] == [outage]
    told = [each["type"] for each in _all(cast.platform, f"/disputes/{defaulted}/timeline")]
    assert told.count("DefaultSetAside") == told.count("OutageAllowed") == 1


def _all(person: Person, path: str) -> list[Json]:
    page = person.get(path)
    items: list[Json] = page["items"]
    while page["next"]:
        page = person.get(path, cursor=page["next"])
        items += page["items"]
    return items


def _worked(service: Service, operator: Person, outage: str) -> Json:
    """The outage, once its work is done."""
    sqs, end = service.client("sqs"), time.monotonic() + 60
    while (told := operator.get(f"/outages/{outage}"))["state"] != "done":
        assert time.monotonic() < end, service.logs("OutageName")
        sqs.send_message(QueueUrl=service.outputs["OutageQueueUrl"], MessageBody=json.dumps({"outage": outage}))
        time.sleep(1)
    return told


def test_c_every_event_of_a_dispute_reaches_the_bus_once_or_more_and_in_the_end_the_feed(
    service: Service, cast: Cast, seen_url: str
):
    dispute = cast.open("BUS-1", shop="S9", reason="not_received", amount=100)
    cast.shop("S9").post(f"/disputes/{dispute}/acceptance")
    wanted = [each["id"] for each in cast.platform.get(f"/disputes/{dispute}/timeline", limit="100")["items"]]
    assert _seen(service, seen_url, dispute, len(wanted)) == set(wanted)
    assert [each for each in _feed(cast) if each.startswith(dispute)] == wanted


def _seen(service: Service, url: str, dispute: str, many: int) -> set[str]:
    sqs, seen, end = service.client("sqs"), set[str](), time.monotonic() + 30
    while len(seen) < many and time.monotonic() < end:
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", []):
            detail = json.loads(message["Body"])["detail"]
            seen |= {detail["id"]} if detail["dispute"] == dispute else set()
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return seen


def _feed(cast: Cast) -> list[str]:
    """Every event that the feed tells of, each once, in its order; it is thirty seconds behind."""
    time.sleep(31)
    ids: dict[str, None] = {}
    answer = cast.platform.get("/events", limit="100")
    while answer["items"]:
        ids |= dict.fromkeys(each["id"] for each in answer["items"])
        answer = cast.platform.get("/events", limit="100", after=answer["next"])
    return list(ids)


def test_h_no_message_is_left_in_a_dead_letter_queue(service: Service):
    for name in ("Due", "Upload", "Recognise", "Outage", "Publish"):
        output = f"{name}DeadLettersUrl"
        wanted = ["ApproximateNumberOfMessages"]
        asked = service.client("sqs").get_queue_attributes(QueueUrl=service.outputs[output], AttributeNames=wanted)
        assert asked["Attributes"] == {"ApproximateNumberOfMessages": "0"}, output
