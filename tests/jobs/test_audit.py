"""The jobs that verify, anchor and bundle, over moto."""

import json
import os
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import boto3
import pytest

from chalicelib import bootstrap
from chalicelib.domain.errors import NotFound
from chalicelib.domain.parties import Actor, Role
from chalicelib.jobs.anchor import anchor
from chalicelib.jobs.bundle import bundle
from chalicelib.jobs.verify import verify
from chalicelib.service.bundling import BrokenCase
from chalicelib.service.commands import Request
from chalicelib.store.keys import CHECKED, event
from tests.build import MERCHANT
from tests.jobs.test_jobs import sqs
from tools.bundle import bundler
from tools.stack import Stack
from tools.verify import report
from tools.verify import verify as check_table

A_DAY = timedelta(days=1)


def tick() -> dict[str, Any]:
    return {
        "version": "0",
        "detail": {},
        "id": "1",
        "source": "aws.events",
        "time": "",
        "region": "",
        "resources": [],
    } | {
        "detail-type": "Scheduled Event",
        "account": "123456789012",
    }


def metered(capsys, metric: str) -> list[float]:
    """What the metric said, run by run."""
    lines = [json.loads(each) for each in capsys.readouterr().out.splitlines() if each.startswith("{")]
    return [each[metric][0] for each in lines if metric in each]


def violations(capsys) -> list[float]:
    return metered(capsys, "Violations")


def audited() -> None:
    """From the beginning, and all of it."""
    bootstrap.table().delete(CHECKED)
    assert verify(sqs("{}"), None) == {"batchItemFailures": []}


def test_a_table_in_order_has_no_violations(cloud, capsys):
    cloud.open()
    settle()
    audited()
    assert violations(capsys) == [0]


def settle() -> None:
    """What the publisher does with the outbox."""
    for each in bootstrap.store().outbox(bootstrap.utc_now() + A_DAY, limit=100):
        bootstrap.store().published(each.id)


def test_an_event_that_is_gone_is_counted_and_named_in_the_log(cloud, capsys, caplog):
    dispute = cloud.open()
    settle()
    bootstrap.table().delete(event(dispute, 2))
    audited()
    assert violations(capsys)[0] > 0
    assert {(each.subject, each.what) for each in caplog.records if each.message == "violation"} >= {(dispute, "chain")}


def test_a_deadline_in_the_dead_letters_is_known_of(cloud, capsys):
    dispute = cloud.open(ago=timedelta(days=2))
    settle()
    audited()
    boto3.client("sqs").send_message(QueueUrl=cloud.due_dead_url, MessageBody=json.dumps({"disputes": [dispute]}))
    audited()
    assert violations(capsys) == [1, 0]


ODD = [
    "not json",
    "[]",
    "7",
    "null",
    '{"dispute": "D2"}',
    '{"disputes": 5}',
    '{"disputes": [null]}',
    '{"disputes": ["D2", 1]}',
]


def test_what_cant_be_read_in_the_dead_letters_names_nothing_and_stops_no_run(cloud, capsys):
    dispute = cloud.open(ago=timedelta(days=2))
    settle()
    nested = '{"disputes": ["D2"], "more": %s}' % ("[" * 100_000 + "]" * 100_000)
    for each in [*ODD, nested, json.dumps({"disputes": [dispute]})]:
        boto3.client("sqs").send_message(QueueUrl=cloud.due_dead_url, MessageBody=each)
    audited()
    assert violations(capsys) == [0]


def test_a_run_that_takes_too_long_goes_on_in_another_one(cloud, capsys):
    cloud.open()
    settle()
    slow = replace(bootstrap.auditor(), seconds=map(float, range(0, 100_000, 1000)).__next__)
    slow.work()
    (rest,) = cloud.messages(cloud.audit_url)
    verify(sqs(rest), None)
    assert violations(capsys) == [0, 0]
    assert cloud.messages(cloud.audit_url) == []


def test_what_is_checked_is_noted_so_that_another_message_of_the_same_day_has_nothing_to_do(cloud, capsys):
    dispute = cloud.open()
    settle()
    verify(sqs("{}"), None)
    bootstrap.table().delete(event(dispute, 2))
    verify(sqs("{}"), None)
    assert violations(capsys) == [0, 0]
    audited()
    assert violations(capsys)[0] > 0


def test_a_run_that_isnt_done_says_how_late_it_is(cloud, capsys):
    cloud.open()
    replace(bootstrap.auditor(), seconds=map(float, range(0, 100_000, 1000)).__next__).work()
    audited()
    first, last = metered(capsys, "CheckLag")
    assert first > timedelta(days=12).total_seconds()
    assert last == 0


def test_what_has_just_happened_is_left_to_the_next_day(cloud):
    cloud.open()
    assert anchor(tick(), None) == {"anchors": 0, "heads": 0}


def test_chains_are_anchored_once(cloud):
    dispute = cloud.open()
    the_day_after = replace(bootstrap.anchorer(), clock=lambda: bootstrap.utc_now() + A_DAY)
    assert [each.aggregate for each in the_day_after.anchor().heads] == [dispute]
    assert the_day_after.anchor() is None
    book = bootstrap.anchor_book()
    assert dispute in book.read(1, book.numbers()[1]).decode()


def test_a_bundle_that_was_asked_for_is_put_into_the_bucket(cloud):
    dispute = cloud.open()
    asked = bootstrap.bundles().ask(dispute, Request(MERCHANT, bootstrap.utc_now()))
    (message,) = cloud.messages(cloud.bundle_url)
    assert bundle(sqs(message), None) == {"batchItemFailures": []}
    made = bootstrap.bundles().read(dispute, asked.id, MERCHANT, bootstrap.utc_now())
    content = boto3.client("s3").get_object(Bucket="recourse-evidence", Key=made.key)["Body"].read()
    assert len(content) == made.made.size
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "manifest.json" in archive.namelist()


def test_a_bundle_of_nobody_is_no_dead_letter(cloud):
    dispute = cloud.open()
    stranger = Actor("stranger", Role.MERCHANT, frozenset({"shop:S2"}))
    register = bootstrap.bundler().register
    asked = bootstrap.bundles().ask(dispute, Request(MERCHANT, bootstrap.utc_now()))
    register.made(type(asked)(asked.id, dispute, stranger, asked.asked_at))
    gone = json.dumps({"dispute": dispute, "bundle": "01K00000000000000000000000"})
    of_stranger = json.dumps({"dispute": dispute, "bundle": asked.id})
    assert bundle(sqs(gone, of_stranger), None) == {"batchItemFailures": []}


@pytest.fixture
def stack(cloud) -> Stack:
    """What the commands find, on moto."""
    outputs = {
        "TableName": "recourse",
        "EvidenceBucketName": "recourse-evidence",
        "AnchorBucketName": "recourse-anchors",
        "VerifyQueueUrl": cloud.audit_url,
        "DueDeadLettersUrl": cloud.due_dead_url,
        "SigningKeyArn": os.environ["SIGNING_KEY"],
    }
    return Stack(boto3.Session(), None, outputs)


def test_the_command_says_how_much_it_has_checked_and_that_all_is_well(cloud, stack, capsys):
    cloud.open()
    settle()
    assert report(check_table(stack))
    assert capsys.readouterr().out.splitlines() == ["1 disputes, 2 events, 0 sealed files, 0 anchors", "0 violations"]


def test_the_command_names_what_is_wrong(cloud, stack, capsys):
    dispute = cloud.open()
    settle()
    bootstrap.table().delete(event(dispute, 2))
    assert not report(check_table(stack))
    assert f"VIOLATION chain: {dispute}: " in capsys.readouterr().out


def test_an_operator_writes_a_bundle_by_hand(cloud, stack, tmp_path):
    dispute = cloud.open()
    out = tmp_path / "case.zip"
    operator = Actor("somebody", Role.OPERATOR)
    bundler(stack).write(dispute, operator, out)
    with zipfile.ZipFile(out) as archive:
        assert json.loads(archive.read("manifest.json"))["dispute"] == dispute
    with pytest.raises(NotFound):
        bundler(stack).write("01K00000000000000000000000", operator, out)
    bootstrap.table().delete(event(dispute, 2))
    with pytest.raises(BrokenCase):
        bundler(stack).write(dispute, operator, out)
