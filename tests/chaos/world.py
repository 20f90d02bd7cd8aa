"""The service on moto: its real store, bucket, queues and bus, its routes and its jobs, and a clock to turn.

Each request and each event meets a process of its own, as after a cold start: nothing is remembered between two. The
composition root's parts are handed out by this world; the jobs' handlers are the ones that are deployed.
"""

import copy
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, fields
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
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends
from PIL import Image

from chalicelib import bootstrap, metrics
from chalicelib.bootstrap import Api
from chalicelib.http.deps import Deps
from chalicelib.jobs.anchor import anchor
from chalicelib.jobs.announce import announce
from chalicelib.jobs.bundle import bundle
from chalicelib.jobs.deliver import deliver
from chalicelib.jobs.erase import erase
from chalicelib.jobs.inspect import inspect
from chalicelib.jobs.lapse import lapse
from chalicelib.jobs.notify import notify
from chalicelib.jobs.outage import outage
from chalicelib.jobs.publish import publish
from chalicelib.jobs.recognise import recognise
from chalicelib.jobs.sweep import sweep
from chalicelib.jobs.verify import verify
from chalicelib.service.delivering import Deliverer
from chalicelib.settings import Settings
from chalicelib.store import keys
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.evidence_bucket import S3Bucket
from tests.api.build import AUDIENCE, ISSUER, World
from tests.chaos.auditing import kept, put_back, slow_auditor
from tests.chaos.composing import a_process, composed
from tests.chaos.copying import copied_cheaply
from tests.chaos.wire import Call, Wire
from tests.contract.template import create_table
from tests.fakes import Postman
from tests.iam import recorder

REGION, ACCOUNT = "us-east-1", "123456789012"
TABLE, BUCKET, ANCHORS, BUS = "recourse", "recourse-evidence", "recourse-anchors", "recourse"
EVENTS = Path(__file__).parents[1] / "events"

_ENVIRONMENT = {
    "DEFAULT_POLICY": "marketplace",
    "RECOGNISER": "onnx",
    "WEBHOOK_KEY": "alias/webhooks",
    "SIGNING_KEY": "alias/signing",
    "ANCHOR_BUCKET": ANCHORS,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "TABLE_NAME": TABLE,
    "EVIDENCE_BUCKET": BUCKET,
    "BUS_NAME": BUS,
    "ISSUER": ISSUER,
    "AUDIENCE": AUDIENCE,
    "JWKS_URI": f"{ISSUER}/jwks.json",
}


_CONFIG = Config(signature_version="s3v4", retries={"total_max_attempts": 1})
_QUEUE_URL = "_QUEUE_URL"
_WANTED = [each.name.upper() for each in fields(Settings)]
_BY_A_RULE = "announce"
"""The queue that the bus fills, and no function."""
_QUEUES = [*(each.removesuffix(_QUEUE_URL).lower() for each in _WANTED if each.endswith(_QUEUE_URL)), _BY_A_RULE]
_WORKERS: dict[str, tuple[Any, int]] = {
    "due": (lapse, 10),
    "upload": (inspect, 1),
    "recognise": (recognise, 1),
    "outage": (outage, 1),
    "notice": (notify, 10),
    _BY_A_RULE: (announce, 10),
    "deliver": (deliver, 1),
    "bundle": (bundle, 1),
    "audit": (verify, 1),
}
"""By their queues; and how many messages each gets at a time, as deployed."""


@cache
def _picture(pixels: int) -> bytes:
    """A square one."""
    out = BytesIO()
    Image.radial_gradient("L").resize((pixels, pixels)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@contextmanager
def cloud_of[C: "Cloud"](kind: type[C]) -> Iterator[C]:
    """An empty one. Only one at a time, for there is one moto, and one environment."""
    before = dict(os.environ)
    os.environ.update(_ENVIRONMENT)
    try:
        with mock_aws(), copied_cheaply():
            world = kind()
            os.environ.update({f"{name.upper()}{_QUEUE_URL}": url for name, url in world.urls.items()})
            os.environ["DUE_DEAD_LETTERS_URL"] = world.outside["sqs"].create_queue(QueueName="due-dead")["QueueUrl"]
            with composed(world.parts, world.client):
                yield world
    finally:
        os.environ.clear()
        os.environ.update(before)


def cloud() -> AbstractContextManager["Cloud"]:
    return cloud_of(Cloud)


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
        session: Any = _session()
        self.wire = Wire(self._carried_out)
        services = ("dynamodb", "s3", "sqs", "events", "kms")
        self._inside: dict[str, Any] = {}
        self.outside = {each: session.client(each, config=_CONFIG) for each in services}
        """Clients that nobody watches: the world around the service."""
        self.pixels = 64
        """Of a side of what is uploaded: too few to be looked at for long, unless a scenario is about that."""
        self.bus: list[dict[str, Any]] = []
        """The details of the events that the bus took, in order."""
        self.postman = Postman()
        self.urls = self._made()
        super().__init__(store=DisputeStore(self._table()), bucket=cast("Any", S3Bucket(self.client("s3"), BUCKET)))

    def _made(self) -> dict[str, str]:
        create_table(self.outside["dynamodb"], TABLE)
        self.outside["s3"].create_bucket(Bucket=BUCKET)
        self.outside["s3"].put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        self.outside["s3"].create_bucket(Bucket=ANCHORS, ObjectLockEnabledForBucket=True)
        self.outside["events"].create_event_bus(Name=BUS)
        key = self.outside["kms"].create_key()["KeyMetadata"]["KeyId"]
        self.outside["kms"].create_alias(AliasName=_ENVIRONMENT["WEBHOOK_KEY"], TargetKeyId=key)
        key = self.outside["kms"].create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        self.outside["kms"].create_alias(AliasName=_ENVIRONMENT["SIGNING_KEY"], TargetKeyId=key)
        at_once = {"VisibilityTimeout": "0"}
        return {
            name: self.outside["sqs"].create_queue(QueueName=name, Attributes=at_once)["QueueUrl"] for name in _QUEUES
        }

    def _carried_out(self, call: Call) -> None:
        if call.operation == "PutEvents":
            self.bus += [json.loads(each["Detail"]) for each in call.body["Entries"]]

    @property
    def published(self) -> list[str]:
        """The ids of the events that the bus took."""
        return [each["id"] for each in self.bus]

    def client(self, service: str) -> Any:
        """The service's own, which is watched."""
        if service not in self._inside:
            session: Any = _session()
            self._inside[service] = self.wire.tap(session.client(service, config=_CONFIG))
        return self._inside[service]

    @property
    def parts(self) -> dict[str, Any]:
        """What the composition root is given."""
        return {
            "utc_now": self.clock,
            "new_id": self.new_id,
            "new_salt": self.new_salt,
            "book": lambda: self.book,
            "table": self._table,
            "_recogniser": lambda: self.reads,
            "deliverer": self._deliverer,
            "auditor": slow_auditor,
        }

    def _deliverer(self) -> Deliverer:
        """As the composition root's, but that it reaches nobody outside."""
        root = bootstrap
        given = root.webhook_store(), root.sealer(), self.postman, root.deliveries(), self.clock, self.new_id
        return Deliverer(*given, lambda: 0.5, metrics.emit)

    def _table(self) -> DynamoTable:
        """It doesn't wait before it tries again."""
        return DynamoTable(self.client("dynamodb"), TABLE, pause=lambda _attempt: None)

    def send(self, *args: Any, **more: Any) -> Any:
        """Every request meets a process of its own."""
        with a_process():
            api = bootstrap.api()
            self.deps = copy.replace(self.deps, **{name: getattr(api, name) for name in _PARTS})
            return super().send(*args, **more)

    queues = tuple(_WORKERS)

    @staticmethod
    def worker_of(queue: str) -> str:
        """The module of chalicelib/jobs that takes the queue's messages."""
        worker, _ = _WORKERS[queue]
        return str(getattr(worker, "func", worker).__name__)

    # --- what happens outside ---

    def put(self, key: str) -> None:
        """A client's upload arrives now, and the bucket notifies the queue."""
        self.outside["s3"].put_object(Bucket=BUCKET, Key=key, Body=self.picture())
        s3_backends[ACCOUNT]["aws"].buckets[BUCKET].keys[key].last_modified = self.now.replace(tzinfo=None)
        said = recorded("s3_notification")
        said["Records"][0]["s3"]["object"]["key"] = key
        self.enqueue("upload", json.dumps(said))

    def picture(self) -> bytes:
        """What is uploaded."""
        return _picture(self.pixels)

    def enqueue(self, queue: str, body: str) -> None:
        self.outside["sqs"].send_message(QueueUrl=self.urls[queue], MessageBody=body)

    def waiting(self, queue: str) -> list[dict[str, Any]]:
        """What a worker is given next; it stays until it is `taken`."""
        if not _messages(queue):
            return []
        wanted = {"QueueUrl": self.urls[queue], "MaxNumberOfMessages": _WORKERS[queue][1]}
        found: list[dict[str, Any]] = self.outside["sqs"].receive_message(**wanted).get("Messages", [])
        return found

    def taken(self, queue: str, messages: Sequence[dict[str, Any]]) -> None:
        for each in messages:
            self.outside["sqs"].delete_message(QueueUrl=self.urls[queue], ReceiptHandle=each["ReceiptHandle"])

    # --- jobs, as AWS runs them ---

    def sweep(self) -> dict[str, int]:
        """Raises JobFailed."""
        with a_process():
            found: dict[str, int] = sweep(recorded("schedule"), None)
        return found

    def erase(self) -> dict[str, int]:
        """Raises JobFailed."""
        with a_process():
            found: dict[str, int] = erase(recorded("schedule"), None)
        return found

    def anchor(self) -> dict[str, int]:
        """Raises JobFailed."""
        with a_process():
            found: dict[str, int] = anchor(recorded("schedule"), None)
        return found

    def worked(self, queue: str, messages: Sequence[dict[str, Any]]) -> list[str]:
        """Hands messages to the queue's worker; gives the ids of those that failed."""
        record = recorded("sqs")["Records"][0]
        records = [{**record, "messageId": each["MessageId"], "body": each["Body"]} for each in messages]
        with a_process():
            report = _WORKERS[queue][0]({"Records": records}, None)
        return [each["itemIdentifier"] for each in report["batchItemFailures"]]

    def deliver(self, queue: str) -> int:
        """One batch: what is done leaves the queue. Gives how many were handed out."""
        messages = self.waiting(queue)
        if messages:
            failed = self.worked(queue, messages)
            self.taken(queue, [each for each in messages if each["MessageId"] not in failed])
        return len(messages)

    def publish(self) -> list[str]:
        """The table's stream, from the first outbox item that is there; gives what failed."""
        record = recorded("dynamodb_stream")["Records"][0]
        records = [
            {**record, "dynamodb": {**record["dynamodb"], "SequenceNumber": str(number), "NewImage": each}}
            for number, each in enumerate(self.outbox())
        ]
        with a_process():
            report = publish({"Records": records}, None)
        return [each["itemIdentifier"] for each in report["batchItemFailures"]]

    def outbox(self) -> list[dict[str, Any]]:
        """The oldest first."""
        partitions = [each for name, each in _table().items.items() if name.value.startswith("OUTBOX#")]
        found = [item.to_json()["Attributes"] for each in partitions for item in each.values()]
        return sorted(found, key=lambda each: each[keys.OUTBOX.sort]["S"])

    def items(self) -> list[dict[str, Any]]:
        """Every item of the table, in the order of its keys; a scan says the same, and takes ten times as long."""
        found = [each.to_json()["Attributes"] for each in _table().all_items()]
        return sorted(found, key=lambda each: (each["pk"]["S"], each["sk"]["S"]))

    # --- beginning again ---

    def save(self) -> Saved:
        bucket = s3_backends[ACCOUNT]["aws"]
        return Saved(
            copy.deepcopy(dict(dynamodb_backends[ACCOUNT][REGION].tables)),
            {name: kept(bucket.buckets[name]) for name in (BUCKET, ANCHORS)},
            copy.deepcopy(bucket.tagger),
            {name: copy.deepcopy(_messages(name)) for name in self.urls},
            self.now,
            next(self._numbers),
            len(self.bus),
        )

    def restore(self, saved: Saved) -> None:
        """Ids go on from the same number, so that the same steps give the same ids."""
        bucket = s3_backends[ACCOUNT]["aws"]
        tables = dynamodb_backends[ACCOUNT][REGION].tables
        tables.clear()
        tables.update(copy.deepcopy(saved.tables))
        for name, objects in saved.objects.items():
            put_back(bucket.buckets[name], objects)
        bucket.tagger = copy.deepcopy(saved.tags)
        for name, messages in saved.messages.items():
            _messages(name)[:] = copy.deepcopy(messages)
        self.now = saved.now
        self._numbers = count(saved.number)
        del self.bus[saved.published :]
        self.postman.posted.clear()
        self.postman.answers.clear()

    def settle(self) -> None:
        """The jobs do their work, undisturbed: two sweeps, and one where it finds nothing."""
        for _ in range(2):
            self.later(minutes=3)
            self._nothing_delayed()
            self.publish()
            found = any(self.sweep().values())
            if not (self._drained() or found):
                break
            self.publish()

    def _nothing_delayed(self) -> None:
        """Moto's queues go by another clock."""
        for each in (message for queue in self.urls for message in _messages(queue)):
            each.delayed_until = 0

    def _drained(self) -> int:
        """How many messages were handed out until none waits."""
        handed = 0
        while some := sum(self.deliver(queue) for queue in _WORKERS):
            handed += some
        return handed


@cache
def _session() -> boto3.Session:
    """It has read the services' models, which takes most of the time."""
    session = boto3.Session("testing", "testing", region_name=REGION)
    recorder.attach(session.events)
    return session


_PARTS = {each.name for each in fields(Api)} & {each.name for each in fields(Deps)} - {"tokens"}
"""What views work with, as the composition root makes it; tokens are verified by keys of the tests' own."""


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
