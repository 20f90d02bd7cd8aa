"""The composition root: what runs in AWS, put together. Called in http/ and jobs/ only; once a process, when needed.

Each function imports what it alone needs: the API loads no Pillow, a job no web.
"""
# ruff: noqa: PLC0415  (imports inside the functions are what keeps each cold start small)

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from chalicelib import metrics
from chalicelib.domain.ports import Bus, EvidenceBucket, NewId, Queues
from chalicelib.settings import Settings, TokenSettings

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

    from chalicelib.domain.bundles import BundleQueue
    from chalicelib.domain.ports import Clock
    from chalicelib.domain.webhook_ports import Deliveries, Sealer, WebhookStore
    from chalicelib.service.anchoring import Anchorer
    from chalicelib.service.announcing import Announcer
    from chalicelib.service.auditing import Audit, Auditor
    from chalicelib.service.bundles import Bundles
    from chalicelib.service.bundling import Bundler
    from chalicelib.service.commands import Commands
    from chalicelib.service.delivering import Deliverer
    from chalicelib.service.erasing import Eraser
    from chalicelib.service.inspection import Inspector
    from chalicelib.service.lapsing import Lapser
    from chalicelib.service.messages import Messages
    from chalicelib.service.notifying import Notifier
    from chalicelib.service.outage_work import OutageWorker
    from chalicelib.service.outages import Outages
    from chalicelib.service.publishing import Publisher
    from chalicelib.service.queries import Queries
    from chalicelib.service.recognition import Recognition
    from chalicelib.service.sweeping import Sweeper
    from chalicelib.service.webhooks import Webhooks
    from chalicelib.store.anchor_bucket import S3AnchorBook
    from chalicelib.store.bundles import S3Shelf, TableBundles
    from chalicelib.store.disputes import DisputeStore
    from chalicelib.store.records import TableRecords
    from chalicelib.store.signing import KmsSigner
    from chalicelib.store.table import Table
    from evidence.text import Recogniser
    from policies.book import PolicyBook


@dataclass(frozen=True, slots=True)
class Api:
    """What the API is made of, its own doings with HTTP and tokens apart."""

    commands: "Commands"
    queries: "Queries"
    outages: "Outages"
    webhooks: "Webhooks"
    messages: "Messages"
    bundles: "Bundles"
    signing: "KmsSigner"
    settings: Settings
    tokens: TokenSettings
    clock: "Clock"
    new_id: NewId


def utc_now() -> datetime:
    """Now, with milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def new_id() -> str:
    from ulid import ULID

    return str(ULID())


def new_salt() -> str:
    """128 bits and more: what it salts may be short."""
    return secrets.token_hex(16)


@cache
def settings() -> Settings:
    return Settings.read(os.environ)


@cache
def table() -> "Table":
    from chalicelib.store import clients
    from chalicelib.store.dynamo import DynamoTable

    return DynamoTable(clients.dynamodb(), settings().table_name)


@cache
def store() -> "DisputeStore":
    from chalicelib.store.disputes import DisputeStore

    return DisputeStore(table())


@cache
def bucket() -> EvidenceBucket:
    from chalicelib.store.evidence_bucket import S3Bucket

    return S3Bucket(_s3(), settings().evidence_bucket)


@cache
def bus() -> Bus:
    from chalicelib.store import clients
    from chalicelib.store.queues import EventBridgeBus

    return EventBridgeBus(clients.events(), settings().bus_name)


@cache
def _s3() -> "S3Client":
    from chalicelib.store import clients

    return clients.s3()


@cache
def _sqs() -> "SQSClient":
    from chalicelib.store import clients

    return clients.sqs()


@cache
def _kms() -> "KMSClient":
    from chalicelib.store import clients

    return clients.kms()


@cache
def book() -> "PolicyBook":
    from policies.book import PolicyBook

    return PolicyBook.shipped()


@cache
def commands() -> "Commands":
    from chalicelib.service.commands import Commands

    return Commands(store(), bucket(), book(), new_id, settings().default_policy, metrics.emit)


@cache
def queries() -> "Queries":
    from chalicelib.service.queries import Queries

    return Queries(store(), bucket(), book(), new_id)


@cache
def api() -> Api:
    from chalicelib.service.messages import Messages
    from chalicelib.service.outages import Outages

    messages = Messages(store(), book(), settings().default_policy)
    asked = commands(), queries(), Outages(store(), new_id), webhooks(), messages, bundles()
    return Api(*asked, signer(), settings(), TokenSettings.read(os.environ), utc_now, new_id)


@cache
def bundles() -> "Bundles":
    from chalicelib.service.bundles import Bundles

    return Bundles(queries(), bundle_register(), shelf(), bundle_queue(), new_id)


@cache
def bundle_register() -> "TableBundles":
    from chalicelib.store.bundles import TableBundles

    return TableBundles(table())


@cache
def bundle_queue() -> "BundleQueue":
    from chalicelib.store.queues import SqsBundles

    return SqsBundles(_sqs(), settings().bundle_queue_url)


@cache
def queues() -> Queues:
    from chalicelib.store.queues import SqsQueues

    said = settings()
    return SqsQueues(
        _sqs(),
        due_url=said.due_queue_url,
        upload_url=said.upload_queue_url,
        recognise_url=said.recognise_queue_url,
        outage_url=said.outage_queue_url,
        notice_url=said.notice_queue_url,
    )


@cache
def sweeper() -> "Sweeper":
    from chalicelib.service.lost_bundles import LostBundles
    from chalicelib.service.lost_uploads import LostUploads
    from chalicelib.service.reminding import Reminding
    from chalicelib.service.sweeping import Sweeper

    reminding = Reminding(store(), store(), queues(), book(), utc_now)
    lost = (
        LostUploads(store(), store(), bucket(), queues(), utc_now, metrics.emit),
        LostBundles(bundle_register(), bundle_queue(), utc_now),
    )
    return Sweeper(store(), queues(), publisher(), utc_now, store(), reminding, *lost, book(), metrics.emit)


@cache
def publisher() -> "Publisher":
    from chalicelib.service.publishing import Publisher

    return Publisher(store(), bus())


@cache
def lapser() -> "Lapser":
    from chalicelib.service.lapsing import Lapser

    return Lapser(commands(), utc_now)


@cache
def notifier() -> "Notifier":
    from chalicelib.service.notifying import Notifier

    return Notifier(store(), store(), book(), utc_now)


@cache
def outage_worker() -> "OutageWorker":
    from chalicelib.service.outage_work import OutageWorker

    return OutageWorker(commands(), store(), queues(), utc_now, new_id)


@cache
def webhook_store() -> "WebhookStore":
    from chalicelib.store.webhooks import WebhookItems

    return WebhookItems(table())


@cache
def sealer() -> "Sealer":
    from chalicelib.store.sealing import KmsSealer

    return KmsSealer(_kms(), settings().webhook_key)


@cache
def deliveries() -> "Deliveries":
    from chalicelib.store.queues import SqsDeliveries

    said = settings()
    return SqsDeliveries(_sqs(), url=said.deliver_queue_url, dead_letters_url=said.undelivered_queue_url)


@cache
def webhooks() -> "Webhooks":
    from chalicelib.service.webhooks import Webhooks

    return Webhooks(webhook_store(), sealer(), deliveries(), new_id, secrets.token_bytes)


@cache
def announcer() -> "Announcer":
    from chalicelib.service.announcing import Announcer

    return Announcer(store(), webhook_store(), deliveries())


@cache
def deliverer() -> "Deliverer":
    import random
    import ssl

    from chalicelib.service.delivering import Deliverer
    from chalicelib.store.courier import HttpsCourier

    courier = HttpsCourier(ssl.create_default_context(), utc_now)
    return Deliverer(webhook_store(), sealer(), courier, deliveries(), utc_now, new_id, random.random, metrics.emit)


@cache
def records() -> "TableRecords":
    from chalicelib.store.records import TableRecords

    return TableRecords(table(), at_once=500)


@cache
def signer() -> "KmsSigner":
    from chalicelib.store.signing import KmsSigner

    return KmsSigner(_kms(), settings().signing_key)


@cache
def anchor_book() -> "S3AnchorBook":
    from chalicelib.store.anchor_bucket import S3AnchorBook

    return S3AnchorBook(_s3(), settings().anchor_bucket)


@cache
def anchorer() -> "Anchorer":
    from chalicelib.service.anchoring import Anchorer

    return Anchorer(store(), anchor_book(), signer(), utc_now)


@cache
def audit() -> "Audit":
    from chalicelib.store.queues import SqsAudit

    said = settings()
    return SqsAudit(_sqs(), url=said.audit_queue_url, dead_letters_url=said.due_dead_letters_url)


@cache
def auditor() -> "Auditor":
    import time

    from chalicelib.service.auditing import Auditor
    from chalicelib.service.checking_anchors import AnchorVerifier
    from chalicelib.service.verifying import Verifier
    from chalicelib.store.checking import CheckItem

    verifier = Verifier(records(), bucket(), utc_now, lambda: time.sleep(1))
    anchors = AnchorVerifier(records(), anchor_book(), signer())
    book, days = CheckItem(table()), settings().table_check_days
    return Auditor(verifier, anchors, audit(), book, days, time.monotonic, metrics.emit)


@cache
def shelf() -> "S3Shelf":
    from chalicelib.store.bundles import S3Shelf

    return S3Shelf(_s3(), settings().evidence_bucket)


@cache
def bundler() -> "Bundler":
    import tempfile
    from pathlib import Path

    from chalicelib.service.bundling import Bundler

    room = Path(tempfile.gettempdir())
    return Bundler(records(), bundle_register(), shelf(), bucket(), book(), signer(), utc_now, room)


@cache
def eraser() -> "Eraser":
    from chalicelib.service.erasing import Eraser

    return Eraser(commands(), utc_now, metrics.emit)


@cache
def inspector() -> "Inspector":
    from chalicelib.service.inspection import Inspector

    reads_text = settings().recogniser != "none"
    return Inspector(store(), bucket(), queues(), book(), utc_now, new_id, new_salt, reads_text)


@cache
def recognition() -> "Recognition":
    """Raises RecogniserError where there is nothing to read text with."""
    from chalicelib.service.recognition import Recognition

    return Recognition(store(), bucket(), book(), _recogniser(), utc_now, new_id, new_salt)


def _recogniser() -> "Recogniser":
    from chalicelib.store.recognisers import recogniser

    return recogniser(settings().recogniser)
