"""Each job on the events that AWS sends it."""

import json
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import pytest
from PIL import Image

from chalicelib import bootstrap
from chalicelib.domain import commands as c
from chalicelib.domain.model import Basis, Stage, Status
from chalicelib.domain.piece import Piece, PieceStatus
from chalicelib.jobs.inspect import inspect
from chalicelib.jobs.lapse import lapse
from chalicelib.jobs.publish import publish
from chalicelib.jobs.sweep import sweep
from chalicelib.service.commands import Request
from policies.model import Medium
from tests.build import MERCHANT

EVENTS = Path(__file__).parents[1] / "events"
OVERDUE = timedelta(hours=24, minutes=1)


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return found


def sqs(*bodies: str) -> dict[str, Any]:
    """The recorded event, with these bodies."""
    event = recorded("sqs")
    (record,) = event["Records"]
    event["Records"] = [{**record, "messageId": f"message-{n}", "body": body} for n, body in enumerate(bodies)]
    return event


def dispute(dispute_id: str):
    found = bootstrap.store().load(dispute_id).dispute
    assert found is not None
    return found


def test_g_the_sweep_queues_what_is_due_and_the_worker_lapses_it(cloud):
    overdue, fresh = cloud.open("EXT-1", ago=OVERDUE), cloud.open("EXT-2")
    assert sweep(recorded("schedule"), None)["due"] == 1
    bodies = cloud.messages(cloud.due_url)
    assert [json.loads(each) for each in bodies] == [{"disputes": [overdue]}]
    assert lapse(sqs(*bodies), None) == {"batchItemFailures": []}
    assert dispute(overdue).ruling.basis is Basis.DEFAULT
    assert dispute(fresh).status is Status.AWAITING_RESPONSE


def test_g_lapsing_twice_late_or_for_nothing_changes_nothing(cloud):
    overdue = cloud.open(ago=OVERDUE)
    body = json.dumps({"disputes": [overdue]})
    lapse(sqs(body, body), None)
    before = dispute(overdue)
    gone = json.dumps({"disputes": ["01K00000000000000000000000"]})
    assert lapse(sqs(body, gone), None) == {"batchItemFailures": []}
    assert dispute(overdue) == before


def test_g_a_message_names_ten_disputes(cloud):
    overdue = {cloud.open(f"EXT-{number}", ago=OVERDUE) for number in range(12)}
    sweep(recorded("schedule"), None)
    bodies = cloud.messages(cloud.due_url)
    assert sorted(len(json.loads(each)["disputes"]) for each in bodies) == [2, 10]
    assert lapse(sqs(*bodies), None) == {"batchItemFailures": []}
    assert {dispute(each).status for each in overdue} == {Status.RULED}


def test_h_what_cant_be_carried_out_together_comes_again_each_in_a_message_of_its_own(cloud):
    overdue, gone = cloud.open(ago=OVERDUE), "01K00000000000000000000000"
    assert lapse(sqs(json.dumps({"disputes": [overdue, gone]})), None) == {"batchItemFailures": []}
    assert dispute(overdue).status is Status.AWAITING_RESPONSE
    bodies = cloud.messages(cloud.due_url)
    assert sorted(json.loads(each)["disputes"] for each in bodies) == sorted([[overdue], [gone]])
    assert lapse(sqs(*bodies), None) == {"batchItemFailures": []}
    assert dispute(overdue).status is Status.RULED


@pytest.mark.parametrize("poison", ["not json", "{}", "[]"])
def test_h_a_poisoned_message_fails_alone(cloud, poison):
    overdue = cloud.open(ago=OVERDUE)
    report = lapse(sqs(poison, json.dumps({"disputes": [overdue]})), None)
    assert report == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert dispute(overdue).status is Status.RULED


def registered(dispute_id: str, when: datetime | None = None) -> Piece:
    command = c.RegisterPiece("proof_of_delivery", Stage.RESPONSE, None, Medium.IMAGE)
    bootstrap.commands().execute(dispute_id, command, Request(MERCHANT, when or bootstrap.utc_now()))
    return bootstrap.store().pieces(dispute_id)[-1]


def upload(key: str | None) -> None:
    assert key is not None
    out = BytesIO()
    Image.radial_gradient("L").resize((600, 600)).convert("RGB").save(out, "JPEG")
    boto3.client("s3").put_object(Bucket="recourse-evidence", Key=key, Body=out.getvalue())


def notification(key: str | None) -> str:
    """What S3 puts into the queue, as recorded."""
    said = recorded("s3_notification")
    said["Records"][0]["s3"]["object"]["key"] = key
    return json.dumps(said)


def test_d_an_upload_is_inspected_when_the_bucket_says_that_it_came(cloud):
    opened = cloud.open()
    piece = registered(opened)
    upload(piece.key)
    assert inspect(sqs(notification(piece.key), notification(piece.key)), None) == {"batchItemFailures": []}
    (found,) = bootstrap.store().pieces(opened)
    assert found.status is PieceStatus.INSPECTED
    assert found.arrival.sha256
    assert found.clean_key
    clean = boto3.client("s3").get_object(Bucket="recourse-evidence", Key=found.clean_key)
    assert clean["ContentType"] == "image/jpeg"


def test_s3s_test_message_and_keys_of_nobody_are_let_pass(cloud):
    cloud.open()
    said = json.dumps(recorded("s3_test"))
    assert inspect(sqs(said, notification("uploads/a/b/c")), None) == {"batchItemFailures": []}


def image_of(outbox_id: str) -> dict[str, Any]:
    """The outbox item as the table's stream brings it."""
    key = {"pk": {"S": f"OUTBOX#{outbox_id}"}, "sk": {"S": "OUTBOX"}}
    return boto3.client("dynamodb").get_item(TableName="recourse", Key=key)["Item"]


def stream(*images: dict[str, Any]) -> dict[str, Any]:
    event = recorded("dynamodb_stream")
    (record,) = event["Records"]
    event["Records"] = [
        {**record, "dynamodb": {**record["dynamodb"], "SequenceNumber": str(n), "NewImage": image}}
        for n, image in enumerate(images)
    ]
    return event


def outbox():
    return bootstrap.store().outbox(bootstrap.utc_now() + timedelta(minutes=1), limit=10)


def test_c_a_commit_is_published_event_by_event_and_leaves_the_outbox(cloud):
    opened = cloud.open()
    (item,) = outbox()
    assert publish(stream(image_of(item.id)), None) == {"batchItemFailures": []}
    assert outbox() == ()
    seen = [json.loads(each) for each in cloud.messages(cloud.seen_url)]
    assert [(each["detail-type"], each["detail"]["id"]) for each in seen] == [
        ("DisputeOpened", f"{opened}:1"),
        ("DeadlineSet", f"{opened}:2"),
    ]


def test_c_from_the_first_that_fails_the_stream_comes_again(cloud):
    for number in range(3):
        cloud.open(f"EXT-{number}")
    images = [image_of(each.id) for each in outbox()]
    del images[1]["events"]
    assert publish(stream(*images), None) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert len(outbox()) == 2


def test_c_a_record_without_an_image_is_reported_like_any_other_that_fails(cloud):
    for number in range(2):
        cloud.open(f"EXT-{number}")
    event = stream(*(image_of(each.id) for each in outbox()))
    del event["Records"][1]["dynamodb"]["NewImage"]
    assert publish(event, None) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert len(outbox()) == 1


def test_c_what_the_stream_lost_the_sweep_publishes(cloud):
    cloud.open(ago=timedelta(minutes=2))
    assert sweep(recorded("schedule"), None)["republished"] == 1
    assert outbox() == ()


def test_h_an_upload_whose_notification_was_lost_is_queued_by_the_sweep(cloud):
    opened = cloud.open(ago=timedelta(minutes=10))
    upload(registered(opened, bootstrap.utc_now() - timedelta(minutes=5)).key)
    assert sweep(recorded("schedule"), None)["lost_uploads"] == 1
    assert inspect(sqs(*cloud.messages(cloud.upload_url)), None) == {"batchItemFailures": []}
    assert bootstrap.store().pieces(opened)[0].inspection is not None
