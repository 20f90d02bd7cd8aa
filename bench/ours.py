"""Our API over HTTP, with the engine as its platform; and the jobs for what is overdue.

The API is the packaged zip, in a process of its own under Lambda's runtime client, with a small gateway before it.
"""

import json
import os
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from chalice.local import LambdaContext

from bench import stock
from bench.local import Platform, client_of
from bench.processes import cpu_of, cpu_of_process
from chalicelib.bootstrap import utc_now
from chalicelib.jobs.lapse import lapse
from chalicelib.jobs.sweep import sweep
from tests.jobs.test_jobs import recorded
from tests.package.alone import SETTINGS, link_runtime, started
from tools import people
from tools.package import ZIP
from tools.paths import BUILD
from tools.ports import LOOPBACK, free_port
from tools.processes import process

_BATCH = 10
"""Messages that the worker is handed at once."""


@dataclass(frozen=True, slots=True)
class Ours:
    platform: Platform
    function: int
    """The process of the API."""
    gateway: int
    cast: people.Cast
    shop: people.Person

    def cpu(self) -> float:
        return cpu_of_process(self.function)

    def gateway_cpu(self) -> float:
        return cpu_of(self.gateway)

    def platform_cpu(self) -> float:
        return cpu_of(self.platform.engine.pid or 0)

    def open(self, content: bytes) -> None:
        """The file goes to the store, not to us."""
        dispute = self.cast.open(f"EXT-{uuid4().hex}", shop="S1", reason="not_received", amount=12_900)
        asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
        registered = self.shop.post(f"/disputes/{dispute}/evidence", asked)
        people.upload(registered["upload"], content)

    def page(self, rows: int) -> None:
        found = self.cast.reviewer.get("/reviews", queue="review", limit=str(rows))
        if len(found["items"]) != rows:
            raise ValueError(f"{len(found['items'])} rows")

    def escalate(self, number: int) -> float:
        """Seconds of CPU for so many disputes that have just become overdue: the sweep, and the worker."""
        stock.overdue(client_of("dynamodb", self.platform), self.platform.table, number, utc_now())
        begun = time.process_time()
        self._sweep()
        took = time.process_time() - begun
        events = [_event(each) for each in self._queued()]
        queued = [
            each for event in events for record in event["Records"] for each in json.loads(record["body"])["disputes"]
        ]
        if len(queued) != number:
            raise ValueError(f"{len(queued)} were queued")
        begun = time.process_time()
        for each in events:
            self._lapse(each)
        return took + time.process_time() - begun

    def _sweep(self) -> None:
        with _quiet():
            sweep(recorded("schedule"), LambdaContext("sweep", 512))

    def _lapse(self, event: dict[str, Any]) -> None:
        with _quiet():
            report = lapse(event, LambdaContext("lapse", 512))
        if report["batchItemFailures"]:
            raise ValueError(str(report))

    def _queued(self) -> Iterator[list[dict[str, str]]]:
        """What Lambda would hand to the worker."""
        sqs, queue = client_of("sqs", self.platform), self.platform.outputs["DueQueueUrl"]
        while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=_BATCH).get("Messages"):
            for each in found:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
            yield found


@contextmanager
def running(platform: Platform, waiting: int) -> Iterator[Ours]:
    """With so many disputes in the reviewers' queue."""
    stock.under_review(client_of("dynamodb", platform), platform.table, waiting)
    os.environ.update(platform.environment)
    port, function = free_port(), platform.folder / "function"
    runtime = link_runtime(platform.folder / "runtime")
    with zipfile.ZipFile(BUILD / ZIP) as archive:
        archive.extractall(function)
    told = {name: each for name, each in platform.environment.items() if name in SETTINGS or name.startswith("AWS_")}
    before = [sys.executable, "-m", "bench.gateway", str(port)]
    with (
        process(before, platform.environment, platform.folder / "gateway.log", port) as gateway,
        started(function, runtime, "app.app", f"{LOOPBACK}:{port}", **told) as api,
    ):
        cast = people.Cast(f"http://{LOOPBACK}:{port}", platform.identity.token_for)
        yield Ours(platform, api, gateway, cast, cast.shop("S1"))


def _event(messages: list[dict[str, str]]) -> dict[str, Any]:
    return {"Records": [{"messageId": each["MessageId"], "body": each["Body"]} for each in messages]}


@contextmanager
def _quiet() -> Iterator[None]:
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        yield
