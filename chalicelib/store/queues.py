"""SQS and EventBridge behind the ports."""

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any

import msgspec

from chalicelib.domain.ports import NotPublished, OutboxItem, StoredEvent
from chalicelib.domain.webhook_ports import AT_ONCE
from chalicelib.domain.webhooks import Delivery
from chalicelib.store import codec

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

SOURCE = "recourse"
_AT_ONCE = 10
"""Both services take ten entries a call."""
_CARRIED_OUT_TOGETHER = 10
"""Disputes in a message: their lapse takes most of a transaction."""
_LOOKED_AT_SECONDS = 10
_LONGEST_DELAY = timedelta(seconds=900)
"""SQS delays a message no longer."""


class SqsQueues:
    """The work queues: what is due, what is uploaded, whose text is to be read, outages, and what to tell of."""

    def __init__(  # noqa: PLR0913  (each is a queue)
        self,
        client: "SQSClient",
        *,
        due_url: str,
        upload_url: str,
        recognise_url: str,
        outage_url: str,
        notice_url: str,
    ) -> None:
        self._client = client
        self._due_url = due_url
        self._upload_url = upload_url
        self._recognise_url = recognise_url
        self._outage_url = outage_url
        self._notice_url = notice_url

    def lapse(self, disputes: Sequence[str], *, apart: bool = False) -> None:
        some = batched(disputes, 1 if apart else _CARRIED_OUT_TOGETHER, strict=False)
        self._send(self._due_url, [{"disputes": each} for each in some])

    def inspect(self, keys: Sequence[str]) -> None:
        """Says what the bucket's own notification says, so that the inspector reads one form."""
        self._send(self._upload_url, [{"Records": [{"s3": {"object": {"key": each}}}]} for each in keys])

    def recognise(self, pieces: Sequence[tuple[str, str]]) -> None:
        self._send(self._recognise_url, [{"dispute": dispute, "piece": piece} for dispute, piece in pieces])

    def remind(self, disputes: Sequence[str]) -> None:
        self._send(self._notice_url, [{"dispute": each} for each in disputes])

    def allow_for(self, outage: str, dispute: str | None = None, *, delay: int = 0) -> None:
        body = json.dumps({"outage": outage} if dispute is None else {"outage": outage, "dispute": dispute})
        self._client.send_message(QueueUrl=self._outage_url, MessageBody=body, DelaySeconds=delay)

    def _send(self, url: str, bodies: Sequence[dict[str, Any]]) -> None:
        _send(self._client, url, [{"Id": str(n), "MessageBody": json.dumps(each)} for n, each in enumerate(bodies)])


class SqsDeliveries:
    """What is to be delivered to webhooks. A wait longer than SQS's longest delay takes several messages.

    Messages are grouped by owner, which makes the queue a fair one: while one owner's receivers are slow, and its
    messages take up the workers, those of the others come first.
    """

    def __init__(self, client: "SQSClient", *, url: str, dead_letters_url: str) -> None:
        self._client = client
        self._url = url
        self._dead_letters_url = dead_letters_url

    def send(self, deliveries: Sequence[Delivery], wait: timedelta = AT_ONCE) -> None:
        delay = math.ceil(min(wait, _LONGEST_DELAY).total_seconds())
        _send(self._client, self._url, [_entry(*each, delay) for each in enumerate(deliveries)])

    def give_up(self, delivery: Delivery) -> None:
        """Grouped as well: from there it is put back as it lies."""
        _send(self._client, self._dead_letters_url, [_entry(0, delivery, 0)])


def _entry(number: int, delivery: Delivery, delay: int) -> "SendMessageBatchRequestEntryTypeDef":
    group = hashlib.sha256(delivery.owner.encode()).hexdigest()
    return {
        "Id": str(number),
        "MessageBody": codec.encode(delivery),
        "DelaySeconds": delay,
        "MessageGroupId": group,
    }


def _send(client: "SQSClient", url: str, entries: "Sequence[SendMessageBatchRequestEntryTypeDef]") -> None:
    for chunk in batched(entries, _AT_ONCE, strict=False):
        answer = client.send_message_batch(QueueUrl=url, Entries=chunk)
        if answer.get("Failed"):
            raise NotQueued(answer["Failed"][0]["Code"])


class SqsBundles:
    """`bundles.BundleQueue`."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def bundle(self, dispute_id: str, bundle_id: str) -> None:
        body = json.dumps({"dispute": dispute_id, "bundle": bundle_id})
        self._client.send_message(QueueUrl=self._url, MessageBody=body)


class SqsAudit:
    """`service.auditing.Audit`: where verifying goes on, and what is in the dead letters of deadlines."""

    def __init__(self, client: "SQSClient", *, url: str, dead_letters_url: str) -> None:
        self._client = client
        self._url = url
        self._dead_letters_url = dead_letters_url

    def go_on(self) -> None:
        self._client.send_message(QueueUrl=self._url, MessageBody="{}")

    def given_up(self) -> frozenset[str]:
        """Looked at, and left there: each is hidden for a moment only."""
        seen: dict[str, str] = {}
        while True:
            found = self._client.receive_message(
                QueueUrl=self._dead_letters_url, MaxNumberOfMessages=_AT_ONCE, VisibilityTimeout=_LOOKED_AT_SECONDS
            ).get("Messages", [])
            fresh = {each["MessageId"]: each["Body"] for each in found if each["MessageId"] not in seen}
            if not fresh:
                return frozenset(named for each in seen.values() for named in _named(each))
            seen |= fresh


class _Due(msgspec.Struct):
    """A message that `SqsQueues.lapse` has sent."""

    disputes: tuple[str, ...]


def _named(body: str) -> tuple[str, ...]:
    """The disputes that a message names; none where somebody else has put it there."""
    try:
        return codec.decode(body, _Due).disputes
    except codec.UNREADABLE:
        return ()


class NotQueued(Exception):
    """SQS took not all of a batch; whoever sent it sends it again."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class EventBridgeBus:
    """Each event is an entry of its own; `detail.id` is stable, so that consumers can drop what they have seen."""

    def __init__(self, client: "EventBridgeClient", bus_name: str) -> None:
        self._client = client
        self._bus_name = bus_name

    def publish(self, item: OutboxItem) -> None:
        for chunk in batched(self._entries(item), _AT_ONCE, strict=False):
            answer = self._client.put_events(Entries=chunk)
            if answer["FailedEntryCount"]:
                raise NotPublished(item.id)

    def _entries(self, item: OutboxItem) -> "Iterator[PutEventsRequestEntryTypeDef]":
        for event in item.events:
            yield {
                "Source": SOURCE,
                "DetailType": event.type,
                "Detail": json.dumps(detail(event), ensure_ascii=False),
                "EventBusName": self._bus_name,
                "Time": event.at,
            }


def detail(event: StoredEvent) -> dict[str, Any]:
    """What a consumer gets of an event: its stable id, its place in the chain, and what happened."""
    return {
        "id": event.id,
        "dispute": event.dispute,
        "aggregate": event.aggregate,
        "seq": event.seq,
        "schema": event.schema,
        "previous_hash": event.previous_hash,
        "hash": event.hash,
        "event": json.loads(event.body),
    }
