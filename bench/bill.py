"""What AWS would charge for, counted while disputes are really carried through: the deployed handlers on moto.

CPU is each handler's own, without what stands in for AWS and without the counting itself. The bus is followed by hand:
to the queues that the template's rules feed.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from io import StringIO
from typing import Any, override

from chalice.local import LambdaContext
from moto.core.models import botocore_stubber
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from PIL import Image

from app import app
from bench.paths import SAMPLES
from bench.units import STORED, Attributes, Charge, Meter, size_of, stored
from chalicelib import bootstrap, metrics
from chalicelib.http.deps import provide
from chalicelib.service.auditing import Auditor
from chalicelib.service.checking_anchors import AnchorVerifier
from chalicelib.service.verifying import Verifier
from chalicelib.store.checking import CheckItem
from evidence.ocr.onnx import OnnxRecogniser
from evidence.text import Line
from tests.api.build import Reply
from tests.chaos.auditing import MotoChecker
from tests.chaos.wire import Call, Idle
from tests.chaos.world import ACCOUNT, BUCKET, REGION, TABLE, Cloud, cloud_of
from tests.contract.template import template

API = "api_handler"
LEAST_MOVED = 128 * 1024
"""Bytes of an object that S3's lifecycle moves to another class."""
PLATFORM_LINES = 330
"""Bytes that Lambda itself logs of an invocation: START, END and REPORT."""

PHOTOS = [SAMPLES / "documents" / f"{kind}_0.jpg" for kind in ("easy_redstamp", "medium_waybill", "hard_invoice")]
"""Of 12 megapixels each."""


@dataclass(slots=True)
class Used:
    """By one function."""

    runs: int = 0
    cpu: float = 0.0
    logged: int = 0
    """Bytes, Lambda's own lines among them."""
    answered: int = 0
    """Bytes that went out to callers."""
    calls: Counter[str] = field(default_factory=Counter)
    charges: list[Charge] = field(default_factory=list)


@dataclass(slots=True)
class Bill:
    """Of some disputes, by function; and what happens between the functions."""

    used: dict[str, Used] = field(default_factory=dict)
    uploads: int = 0
    events: int = 0
    queued: Counter[str] = field(default_factory=Counter)
    """Messages that S3 and the bus put into queues."""
    viewed: int = 0
    """Bytes of pictures that went out."""
    stored: int = 0
    """Bytes of the table and its indexes, that stay."""
    backed_up: int = 0
    """Bytes of the table alone."""
    kept: int = 0
    """Bytes of the bucket, that stay until pictures are erased."""
    moved: int = 0
    """Objects of it that are large enough to be moved to a cheaper class."""
    batches: int = 0
    """That were taken from queues: each is received, and deleted."""

    def of(self, function: str) -> Used:
        return self.used.setdefault(function, Used())

    @property
    def charges(self) -> Iterator[Charge]:
        return (charge for each in self.used.values() for charge in each.charges)

    def calls(self, *names: str) -> int:
        return sum(each.calls[name] for each in self.used.values() for name in names)


class Aside:
    """CPU time that isn't the service's."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._depth = 0

    def of[**P, R](self, act: Callable[P, R]) -> Callable[P, R]:
        def aside(*args: P.args, **more: P.kwargs) -> R:
            self._depth += 1
            begun = time.process_time()
            try:
                return act(*args, **more)
            finally:
                self._depth -= 1
                self.seconds += 0 if self._depth else time.process_time() - begun

        return aside


class Reader:
    """Reads with the models that are deployed; of what it has read before it says how long that took."""

    def __init__(self, aside: Aside) -> None:
        self._aside = aside
        self._known: dict[bytes, tuple[tuple[Line, ...], float]] = {}

    def read(self, picture: Image.Image) -> tuple[Line, ...]:
        name = self._aside.of(lambda: sha256(picture.tobytes()).digest())()
        if name in self._known:
            lines, took = self._known[name]
            self._aside.seconds -= took
            return lines
        begun = time.process_time()
        lines = _models().read(picture)
        self._known[name] = lines, time.process_time() - begun
        return lines


@cache
def _models() -> OnnxRecogniser:
    return OnnxRecogniser.load()


class Counting(Idle):
    """Notes each call to AWS for the function that makes it."""

    def __init__(self, cloud: "Billed") -> None:
        self._cloud = cloud

    @override
    def after(self, call: Call, answer: dict[str, Any]) -> None:
        self._cloud.bill.of(self._cloud.running).calls[call.name] += 1


class Billed(Cloud):
    """`bill` holds what was used since it was put there."""

    def __init__(self) -> None:
        self.bill = Bill()
        self.running = API
        self.photo = PHOTOS[0]
        self._aside = Aside()
        super().__init__()
        self._meter = Meter(self.client("dynamodb"), self._aside.of(_held))
        self.reads: Any = Reader(self._aside)
        self._checker = MotoChecker(self.outside["kms"])

    @override
    def client(self, service: str) -> Any:
        fresh = service not in self._inside
        client = super().client(service)
        if fresh:
            client.meta.events.unregister("before-send", botocore_stubber)
            client.meta.events.register("before-send", self._aside.of(botocore_stubber))
        return client

    @property
    @override
    def parts(self) -> dict[str, Any]:
        return super().parts | {"auditor": self._auditor}

    def _auditor(self) -> Auditor:
        """As the composition root's, but that it checks all of the table in one day, and in one run."""
        root = bootstrap
        verifier = Verifier(root.records(), root.bucket(), root.utc_now, lambda: None)
        anchors = AnchorVerifier(root.records(), root.anchor_book(), self._checker)
        return Auditor(verifier, anchors, root.audit(), CheckItem(root.table()), 1, float, metrics.emit)

    @contextmanager
    def function(self, name: str) -> Iterator[Used]:
        """What happens inside is that function's."""
        used, self.running = self.bill.of(name), name
        charged, aside, begun, said = len(self._meter.charges), self._aside.seconds, time.process_time(), StringIO()
        with self.wire.watched(Counting(self)), redirect_stdout(said):
            yield used
        used.cpu += time.process_time() - begun - (self._aside.seconds - aside)
        used.runs += 1
        used.logged += len(said.getvalue().encode()) + PLATFORM_LINES
        used.charges += self._meter.charges[charged:]

    @override
    def handle(self, event: dict[str, Any]) -> Reply:
        with provide(self.deps), self.function(API) as used:
            answer = app(event, LambdaContext("api", 1024))
        used.answered += len(answer["body"].encode())
        return Reply(answer["statusCode"], answer["headers"], answer["body"])

    @override
    def picture(self) -> bytes:
        return self.photo.read_bytes()

    @override
    def put(self, key: str) -> None:
        self.bill.uploads += 1
        super().put(key)

    @override
    def enqueue(self, queue: str, body: str) -> None:
        self.bill.queued[queue] += 1
        super().enqueue(queue, body)

    @override
    def worked(self, queue: str, messages: Sequence[dict[str, Any]]) -> list[str]:
        self.bill.batches += 1
        with self.function(self.worker_of(queue)):
            failed = super().worked(queue, messages)
        if failed:
            raise RuntimeError(f"{queue}: {failed}")
        return failed

    @override
    def outbox(self) -> list[dict[str, Any]]:
        """The first alone: each commit comes in a batch of its own."""
        return super().outbox()[:1]

    @override
    def publish(self) -> list[str]:
        """All commits, and what the rules on the bus make of their events."""
        before = len(self.bus)
        while self.outbox():
            with self.function("publish"):
                super().publish()
        for detail in self.bus[before:]:
            self.bill.events += 1
            for queue in _fed_by(str(detail["event"]["type"])):
                self.enqueue(queue, json.dumps({"detail": detail}))
        return []

    @contextmanager
    def staying(self) -> Iterator[Bill]:
        """What is used from here on, and what of it stays in the table and in the bucket."""
        bill = self.bill = Bill()
        before = self._there()
        yield bill
        bill.stored, bill.backed_up, bill.kept, bill.moved = (
            now - then for now, then in zip(self._there(), before, strict=True)
        )

    def _there(self) -> tuple[int, int, int, int]:
        items, sizes = self.items(), self.sizes_kept()
        alone = sum(size_of(each) + STORED for each in items)
        return sum(map(stored, items)), alone, sum(sizes), sum(each >= LEAST_MOVED for each in sizes)

    def sizes_kept(self, prefix: str = "") -> list[int]:
        """In bytes, of the objects in the bucket."""
        pages = self.outside["s3"].get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return [each["Size"] for page in pages for each in page.get("Contents", ())]

    @override
    def sweep(self) -> dict[str, int]:
        with self.function("sweep"):
            return super().sweep()

    @override
    def erase(self) -> dict[str, int]:
        with self.function("erase"):
            return super().erase()

    @override
    def anchor(self) -> dict[str, int]:
        with self.function("anchor"):
            return super().anchor()


def _held(key: Attributes) -> Attributes | None:
    """By moto itself: whoever follows the clients' calls takes them for the service's."""
    table = dynamodb_backends[ACCOUNT][REGION].tables[TABLE]
    found = table.get_item(DynamoType(dict(key["pk"])), DynamoType(dict(key["sk"])))
    held: Attributes | None = found.to_json()["Attributes"] if found else None
    return held


@cache
def _fed_by(type_: str) -> tuple[str, ...]:
    """The queues of the rules on the bus that an event of this type fits."""
    rules = {"NoticeRule": "notice", "WebhookRule": "announce"}
    patterns = {queue: template()["Resources"][rule]["Properties"]["EventPattern"] for rule, queue in rules.items()}
    return tuple(queue for queue, each in patterns.items() if type_ in each.get("detail-type", [type_]))


def billed() -> AbstractContextManager[Billed]:
    """An empty cloud."""
    return cloud_of(Billed)
