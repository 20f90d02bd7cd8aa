"""The jobs as AWS runs them, put together by their own composition root, over moto."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib import bootstrap
from chalicelib.domain import commands as c
from chalicelib.domain.claim import Item, Order, Remedy
from chalicelib.service.commands import Request
from chalicelib.store import clients
from policies.model import RemedyKind
from tests.build import BUYER_PARTY, PLATFORM, SHOP, yuan
from tests.contract.template import create_table
from tests.iam import recorder

_QUEUES = {
    "DUE_QUEUE_URL": "due",
    "UPLOAD_QUEUE_URL": "uploads",
    "RECOGNISE_QUEUE_URL": "unread",
    "OUTAGE_QUEUE_URL": "outages",
    "NOTICE_QUEUE_URL": "notices",
    "DELIVER_QUEUE_URL": "deliver",
    "UNDELIVERED_QUEUE_URL": "undelivered",
    "BUNDLE_QUEUE_URL": "bundles",
    "AUDIT_QUEUE_URL": "audit",
    "DUE_DEAD_LETTERS_URL": "due-dead",
}
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "TABLE_NAME": "recourse",
    "EVIDENCE_BUCKET": "recourse-evidence",
    "ANCHOR_BUCKET": "recourse-anchors",
    "BUS_NAME": "recourse",
    "DEFAULT_POLICY": "marketplace",
}


@dataclass(frozen=True)
class Cloud:
    """What is there around the jobs."""

    due_url: str
    upload_url: str
    unread_url: str
    outage_url: str
    notice_url: str
    seen_url: str
    """A queue behind the bus: what consumers get."""
    deliver_url: str
    undelivered_url: str
    bundle_url: str
    audit_url: str
    due_dead_url: str

    def messages(self, url: str) -> list[str]:
        """Takes what lies in a queue."""
        found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [each["Body"] for each in found.get("Messages", [])]

    def open(self, external_id: str = "EXT-1", *, ago: timedelta = timedelta()) -> str:
        """A dispute that was opened some time ago; gives its id."""
        commands, now = bootstrap.commands(), bootstrap.utc_now() - ago
        order = Order("O-1", "Sample shop", (Item("SKU-1", "Teapot", 1, yuan(100)),))
        command = c.Open(
            external_id,
            commands.policy_ref(None, now),
            SHOP,
            BUYER_PARTY,
            order,
            "not_received",
            Remedy(RemedyKind.REFUND_ONLY, yuan(100)),
            None,
        )
        return commands.open(command, Request(PLATFORM, now)).dispute.id


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    for name, value in _ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        _listened_to()
        urls = {variable: _queue(name) for variable, name in _QUEUES.items()}
        for variable, value in {**urls, **_keys()}.items():
            monkeypatch.setenv(variable, value)
        create_table(boto3.client("dynamodb"), "recourse")
        _bucket()
        seen_url = _queue("seen")
        _bus(seen_url)
        _forget()
        yield _cloud(urls, seen_url)
        _forget()


def _cloud(urls: Mapping[str, str], seen_url: str) -> Cloud:
    return Cloud(
        due_url=urls["DUE_QUEUE_URL"],
        upload_url=urls["UPLOAD_QUEUE_URL"],
        unread_url=urls["RECOGNISE_QUEUE_URL"],
        outage_url=urls["OUTAGE_QUEUE_URL"],
        notice_url=urls["NOTICE_QUEUE_URL"],
        seen_url=seen_url,
        deliver_url=urls["DELIVER_QUEUE_URL"],
        undelivered_url=urls["UNDELIVERED_QUEUE_URL"],
        bundle_url=urls["BUNDLE_QUEUE_URL"],
        audit_url=urls["AUDIT_QUEUE_URL"],
        due_dead_url=urls["DUE_DEAD_LETTERS_URL"],
    )


def _queue(name: str) -> str:
    return str(boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"])


def _keys() -> dict[str, str]:
    kms = boto3.client("kms")
    signing = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    made = {"SIGNING_KEY": signing, "WEBHOOK_KEY": kms.create_key()}
    return {variable: each["KeyMetadata"]["Arn"] for variable, each in made.items()}


def _listened_to() -> None:
    """The session that every client of ours is made of is made once."""
    recorder.attach(clients.session().get_component("event_emitter"))


def _bucket() -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=os.environ["EVIDENCE_BUCKET"])
    s3.put_bucket_versioning(Bucket=os.environ["EVIDENCE_BUCKET"], VersioningConfiguration={"Status": "Enabled"})
    s3.create_bucket(Bucket=os.environ["ANCHOR_BUCKET"], ObjectLockEnabledForBucket=True)


def _bus(seen_url: str) -> None:
    events = boto3.client("events")
    events.create_event_bus(Name="recourse")
    events.put_rule(Name="all", EventBusName="recourse", EventPattern='{"source": ["recourse"]}', State="ENABLED")
    arn = boto3.client("sqs").get_queue_attributes(QueueUrl=seen_url, AttributeNames=["QueueArn"])["Attributes"]
    events.put_targets(Rule="all", EventBusName="recourse", Targets=[{"Id": "seen", "Arn": arn["QueueArn"]}])


def _forget() -> None:
    """The composition root makes everything once a process; each test is a process of its own."""
    made: Any
    for made in vars(bootstrap).values():
        if hasattr(made, "cache_clear"):
            made.cache_clear()
