"""The jobs as AWS runs them, put together by their own composition root, over moto."""

import os
from collections.abc import Iterator
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
from policies.model import RemedyKind
from tests.build import BUYER_PARTY, PLATFORM, SHOP, yuan
from tests.contract.template import create_table
from tests.iam import recorder

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
        sqs = boto3.client("sqs")
        urls = {
            name: sqs.create_queue(QueueName=name)["QueueUrl"]
            for name in (
                "due",
                "uploads",
                "unread",
                "outages",
                "notices",
                "deliver",
                "undelivered",
                "seen",
                "bundles",
                "audit",
                "due-dead",
            )
        }
        monkeypatch.setenv("DUE_QUEUE_URL", urls["due"])
        monkeypatch.setenv("UPLOAD_QUEUE_URL", urls["uploads"])
        monkeypatch.setenv("RECOGNISE_QUEUE_URL", urls["unread"])
        monkeypatch.setenv("OUTAGE_QUEUE_URL", urls["outages"])
        monkeypatch.setenv("DELIVER_QUEUE_URL", urls["deliver"])
        monkeypatch.setenv("UNDELIVERED_QUEUE_URL", urls["undelivered"])
        monkeypatch.setenv("BUNDLE_QUEUE_URL", urls["bundles"])
        monkeypatch.setenv("AUDIT_QUEUE_URL", urls["audit"])
        monkeypatch.setenv("DUE_DEAD_LETTERS_URL", urls["due-dead"])
        key = boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        monkeypatch.setenv("SIGNING_KEY", key["KeyMetadata"]["Arn"])
        monkeypatch.setenv("WEBHOOK_KEY", boto3.client("kms").create_key()["KeyMetadata"]["Arn"])
        monkeypatch.setenv("NOTICE_QUEUE_URL", urls["notices"])
        create_table(boto3.client("dynamodb"), "recourse")
        _bucket()
        _bus(urls["seen"])
        _forget()
        yield Cloud(
            urls["due"],
            urls["uploads"],
            urls["unread"],
            urls["outages"],
            urls["notices"],
            urls["seen"],
            urls["deliver"],
            urls["undelivered"],
            urls["bundles"],
            urls["audit"],
            urls["due-dead"],
        )
        _forget()


def _listened_to() -> None:
    """The session that every client is made of is made once."""
    if boto3.DEFAULT_SESSION is None:
        boto3.setup_default_session()
    recorder.attach(boto3.DEFAULT_SESSION)


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
