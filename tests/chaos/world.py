"""The service on moto: its real store, bucket, queues and bus, its routes and its jobs, and a clock to turn.

Each request and each event meets a process of its own, as after a cold start: nothing is remembered between two. The
composition root's parts are handed out by this world; the jobs' handlers are the ones that are deployed.
"""

import copy
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, cast

import boto3
from botocore.config import Config
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends
from PIL import Image

from chalicelib import bootstrap
from chalicelib.jobs.inspect import inspect
from chalicelib.jobs.lapse import lapse
from chalicelib.jobs.publish import publish
from chalicelib.jobs.recognise import recognise
from chalicelib.jobs.sweep import sweep
from chalicelib.service.commands import Commands
from chalicelib.service.inspection import Inspector
from chalicelib.service.lapsing import Lapser
from chalicelib.service.publishing import Publisher
from chalicelib.service.queries import Queries
from chalicelib.service.recognition import Recognition
from chalicelib.service.sweeping import Sweeper
from chalicelib.store import keys
from chalicelib.store.dynamo import DynamoStore
from chalicelib.store.evidence_bucket import S3Bucket
from chalicelib.store.messages import EventBridgeBus, SqsQueues
from tests.api.build import World
from tests.chaos.wire import Call, Wire
from tests.contract.template import create_table

REGION, ACCOUNT = "us-east-1", "123456789012"
TABLE, BUCKET, BUS = "recourse", "recourse-evidence", "recourse"
EVENTS = Path(__file__).parents[1] / "events"
_AT_ONCE = {"due": 10, "uploads": 1, "unread": 1}
"""Messages that each worker gets at a time, as deployed."""


@cache
def _picture(pixels: int) -> bytes:
    """A square one."""
    out = BytesIO()
    Image.radial_gradient("L").resize((pixels, pixels)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Process:
    """The parts of one cold start that jobs ask the composition root for."""

    sweeper: Sweeper
    lapser: Lapser
    inspector: Inspector
    recognition: Recognition
    publisher: Publisher


_HERE: ContextVar[Process] = ContextVar("process")


@contextmanager
def _handed_out() -> Iterator[None]:
    """The composition root gives the parts of the process that asks."""
    parts = {name: getattr(bootstrap, name) for name in Process.__dataclass_fields__}
    for name in parts:
        setattr(bootstrap, name, _part(name))
    try:
        yield
    finally:
        for name, part in parts.items():
            setattr(bootstrap, name, part)


def _part(name: str) -> Callable[[], Any]:
    return lambda: getattr(_HERE.get(), name)


@contextmanager
def cloud() -> Iterator["Cloud"]:
    """An empty one. Only one at a time, for there is one moto."""
    with mock_aws(), _handed_out(), _copied_cheaply():
        yield Cloud()


@contextmanager
def _copied_cheaply() -> Iterator[None]:
    """Moto copies the whole table for each transaction. It only ever changes counters in place; all else is replaced."""
    setattr(Table, "__deepcopy__", _copy)  # noqa: B010  (Moto's class has none, and mypy knows that)
    try:
        yield
    finally:
        delattr(Table, "__deepcopy__")


def _copy(table: Table, memo: dict[int, Any]) -> Table:
    copied = copy.copy(table)
    copied.items = defaultdict(dict)
    for pk, items in table.items.items():
        copied.items[pk] = {sk: copy.deepcopy(it, memo) if pk.value.startswith("Q#") else it for sk, it in items.items()}
    return copied


@dataclass(frozen=True, slots=True)
class Saved:
    """All that there is, to begin from again."""

    tables: Any
    objects: Any
    tags: Any
    messages: dict[str, Any]
    now: datetime
    number: int
    published: int


class Cloud(World):
    """Callers and their routes as in `World`; `wire` is between the service and AWS."""

    def __init__(self) -> None:
        session = _session()
        config = Config(signature_version="s3v4", retries={"total_max_attempts": 1})
        self.wire = Wire(self._carried_out)
        services = ("dynamodb", "s3", "sqs", "events")
        self._inside = {each: self.wire.tap(session.client(each, config=config)) for each in services}
        self.outside = {each: session.client(each, config=config) for each in services}
        """Clients that nobody watches: the world around the service."""
        self.pixels = 64
        """Of a side of what is uploaded: too few to be looked at for long, unless a scenario is about that."""
        self.published: list[str] = []
        """The ids of the events that the bus took, in order."""
        self.urls = self._made()
        super().__init__(store=self.fresh_store(), bucket=cast("Any", self._bucket()))

    def _made(self) -> dict[str, str]:
        create_table(self.outside["dynamodb"], TABLE)
        self.outside["s3"].create_bucket(Bucket=BUCKET)
        self.outside["s3"].put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        self.outside["events"].create_event_bus(Name=BUS)
        at_once = {"VisibilityTimeout": "0"}
        return {
            name: self.outside["sqs"].create_queue(QueueName=name, Attributes=at_once)["QueueUrl"] for name in _AT_ONCE
        }

    def _carried_out(self, call: Call) -> None:
        if call.operation == "PutEvents":
            self.published += [json.loads(each["Detail"])["id"] for each in call.body["Entries"]]

    # --- processes ---

    def fresh_store(self) -> DynamoStore:
        return DynamoStore(self._inside["dynamodb"], TABLE, pause=lambda _attempt: None)

    def _bucket(self) -> S3Bucket:
        return S3Bucket(self._inside["s3"], BUCKET, clock=self.clock)

    def _queues(self) -> SqsQueues:
        urls = self.urls
        return SqsQueues(
            self._inside["sqs"], due_url=urls["due"], upload_url=urls["uploads"], recognise_url=urls["unread"]
        )

    def process(self) -> Process:
        store, bucket, queues = self.fresh_store(), self._bucket(), self._queues()
        parts = self.clock, self.new_id, self.new_salt
        publisher = Publisher(store, EventBridgeBus(self._inside["events"], BUS))
        return Process(
            Sweeper(store, bucket, queues, publisher, self.clock),
            Lapser(self._commands(store, bucket), self.clock),
            Inspector(store, bucket, queues, self.book, *parts),
            Recognition(store, bucket, self.book, self.reads, *parts),
            publisher,
        )

    def _commands(self, store: DynamoStore, bucket: S3Bucket) -> Commands:
        return Commands(store, bucket, self.book, self.clock, self.new_id, "marketplace")

    def send(self, *args: Any, **more: Any) -> Any:
        """Every request meets a process of its own."""
        store, bucket = self.fresh_store(), self._bucket()
        queries = Queries(store, bucket, self.book, self.new_id)
        self.deps = copy.replace(self.deps, commands=self._commands(store, bucket), queries=queries)
        return super().send(*args, **more)

    # --- what happens outside ---

    def put(self, key: str) -> None:
        """A client's upload arrives now, and the bucket notifies the queue."""
        self.outside["s3"].put_object(Bucket=BUCKET, Key=key, Body=_picture(self.pixels))
        s3_backends[ACCOUNT]["aws"].buckets[BUCKET].keys[key].last_modified = self.now.replace(tzinfo=None)
        said = recorded("s3_notification")
        said["Records"][0]["s3"]["object"]["key"] = key
        self.enqueue("uploads", json.dumps(said))

    def enqueue(self, queue: str, body: str) -> None:
        self.outside["sqs"].send_message(QueueUrl=self.urls[queue], MessageBody=body)

    def waiting(self, queue: str) -> list[dict[str, Any]]:
        """What a worker is given next; it stays until it is `taken`."""
        if not _messages(queue):
            return []
        wanted = {"QueueUrl": self.urls[queue], "MaxNumberOfMessages": _AT_ONCE[queue]}
        found: list[dict[str, Any]] = self.outside["sqs"].receive_message(**wanted).get("Messages", [])
        return found

    def taken(self, queue: str, messages: Sequence[dict[str, Any]]) -> None:
        for each in messages:
            self.outside["sqs"].delete_message(QueueUrl=self.urls[queue], ReceiptHandle=each["ReceiptHandle"])

    # --- jobs, as AWS runs them ---

    def sweep(self) -> dict[str, int]:
        """Raises SweepIncomplete."""
        with self.here():
            found: dict[str, int] = sweep(recorded("schedule"), None)
        return found

    def work(self, queue: str, messages: Sequence[dict[str, Any]]) -> list[str]:
        """Hands messages to the queue's worker; gives the ids of those that failed."""
        record = recorded("sqs")["Records"][0]
        records = [{**record, "messageId": each["MessageId"], "body": each["Body"]} for each in messages]
        workers: dict[str, Any] = {"due": lapse, "uploads": inspect, "unread": recognise}
        with self.here():
            report = workers[queue]({"Records": records}, None)
        return [each["itemIdentifier"] for each in report["batchItemFailures"]]

    def deliver(self, queue: str) -> int:
        """One batch: what is done leaves the queue. Gives how many were handed out."""
        messages = self.waiting(queue)
        if messages:
            failed = self.work(queue, messages)
            self.taken(queue, [each for each in messages if each["MessageId"] not in failed])
        return len(messages)

    def publish(self) -> list[str]:
        """The table's stream, from the first outbox item that is there; gives what failed."""
        record = recorded("dynamodb_stream")["Records"][0]
        records = [
            {**record, "dynamodb": {**record["dynamodb"], "SequenceNumber": str(number), "NewImage": each}}
            for number, each in enumerate(self.outbox())
        ]
        with self.here():
            report = publish({"Records": records}, None)
        return [each["itemIdentifier"] for each in report["batchItemFailures"]]

    def outbox(self) -> list[dict[str, Any]]:
        """As the index shows it, the oldest first."""
        wanted = {
            "TableName": TABLE,
            "IndexName": keys.OUTBOX.title,
            "KeyConditionExpression": f"{keys.OUTBOX.partition} = :outbox",
            "ExpressionAttributeValues": {":outbox": {"S": keys.OUTBOX_PARTITION}},
        }
        found: list[dict[str, Any]] = self.outside["dynamodb"].query(**wanted)["Items"]
        return found

    def items(self) -> list[dict[str, Any]]:
        """Every item of the table, in the order of its keys; a scan says the same, and takes ten times as long."""
        found = [each.to_json()["Attributes"] for each in _table().all_items()]
        return sorted(found, key=lambda each: (each["pk"]["S"], each["sk"]["S"]))

    @contextmanager
    def here(self) -> Iterator[None]:
        """A cold start: whatever job runs inside has the parts of a process of its own."""
        token = _HERE.set(self.process())
        try:
            yield
        finally:
            _HERE.reset(token)

    # --- beginning again ---

    def save(self) -> Saved:
        bucket = s3_backends[ACCOUNT]["aws"]
        return Saved(
            copy.deepcopy(dict(dynamodb_backends[ACCOUNT][REGION].tables)),
            copy.deepcopy(dict(bucket.buckets[BUCKET].keys)),
            copy.deepcopy(bucket.tagger),
            {name: copy.deepcopy(_messages(name)) for name in self.urls},
            self.now,
            next(self._numbers),
            len(self.published),
        )

    def restore(self, saved: Saved) -> None:
        """Ids go on from the same number, so that the same steps give the same ids."""
        bucket = s3_backends[ACCOUNT]["aws"]
        tables = dynamodb_backends[ACCOUNT][REGION].tables
        tables.clear()
        tables.update(copy.deepcopy(saved.tables))
        objects = bucket.buckets[BUCKET].keys
        objects.clear()
        dict.update(objects, copy.deepcopy(saved.objects))
        bucket.tagger = copy.deepcopy(saved.tags)
        for name, messages in saved.messages.items():
            _messages(name)[:] = copy.deepcopy(messages)
        self.now = saved.now
        self._numbers = count(saved.number)
        del self.published[saved.published :]

    def settle(self) -> None:
        """The jobs do their work, undisturbed: two sweeps, and one where it finds nothing."""
        for _ in range(2):
            self.later(minutes=3)
            self.publish()
            found = any(self.sweep().values())
            if not (self._drained() or found):
                break
            self.publish()

    def _drained(self) -> int:
        """How many messages were handed out until none waits."""
        handed = 0
        while some := sum(self.deliver(queue) for queue in self.urls):
            handed += some
        return handed


@cache
def _session() -> boto3.Session:
    """It has read the services' models, which takes most of the time."""
    return boto3.Session("testing", "testing", region_name=REGION)


def _table() -> Any:
    return dynamodb_backends[ACCOUNT][REGION].tables[TABLE]


def _messages(queue: str) -> list[Any]:
    """What moto holds of the queue."""
    held: list[Any] = sqs_backends[ACCOUNT][REGION].queues[queue]._messages  # noqa: SLF001  (it shows them in no other way)
    return held


def recorded(name: str) -> dict[str, Any]:
    """An event as AWS sends it."""
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return found
