"""The service in memory with its jobs: each event goes through the handler that is deployed."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from chalicelib.domain.model import Dispute
from chalicelib.domain.piece import Piece
from chalicelib.domain.ports import OutboxItem, UploadForm
from chalicelib.jobs.inspect import inspect
from chalicelib.jobs.lapse import lapse
from chalicelib.jobs.notify import notify
from chalicelib.jobs.outage import outage
from chalicelib.jobs.publish import publish
from chalicelib.jobs.recognise import recognise
from chalicelib.jobs.sweep import sweep
from chalicelib.service.lapsing import Lapser
from chalicelib.service.lost_bundles import LostBundles
from chalicelib.service.lost_uploads import LostUploads
from chalicelib.service.publishing import Publisher
from chalicelib.service.reminding import Reminding
from chalicelib.service.sweeping import Sweeper
from chalicelib.store import attributes, keys
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.keys import Key
from chalicelib.store.memory import MemoryTable
from chalicelib.store.table import Item
from policies.book import PolicyBook
from tests.api.build import World, picture
from tests.chaos.composing import composed

type Job = Callable[..., Any]
"""A handler that takes messages."""

EVENTS = Path(__file__).parents[1] / "events"


def recorded(name: str) -> dict[str, Any]:
    """An event as AWS sends it."""
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


_TOKENS_ARE_OLD = 600
"""Seconds."""


class Table(MemoryTable):
    """One that can be looked at and put back to what it was, and knows what it was asked for since then."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[Key] = Counter()

    def get(self, keys: Sequence[Key]) -> Mapping[Key, Item]:
        self.asked.update(keys)
        return super().get(keys)

    @property
    def items(self) -> dict[Key, Item]:
        return dict(self._items)

    def set(self, items: dict[Key, Item]) -> None:
        self.asked.clear()
        for each in self.items.keys() - items.keys():
            self._remove(each)
        for key, item in items.items():
            if self._items.get(key) is not item:
                self._put(key, item)


@dataclass(frozen=True, slots=True)
class Saved:
    items: dict[Key, Item]
    now: datetime


class Town(World):
    """`deliver` does what Lambda does; what the service itself queues lies in `sent`."""

    def __init__(self, book: PolicyBook | None = None) -> None:
        self.table = Table()
        super().__init__(store=DisputeStore(self.table), book=book or PolicyBook.from_folder())
        self.publisher = Publisher(self.store, self.sent)
        self.reminding = Reminding(self.store, self.store, self.sent, self.book, self.clock)
        lost = (
            LostUploads(self.store, self.store, self.bucket, self.sent, self.clock),
            LostBundles(self.desk.bundler.register, self.sent, self.clock),
        )
        self.sweeper = Sweeper(
            self.store, self.sent, self.publisher, self.clock, self.store, self.reminding, *lost, self.book
        )
        self.lapser = Lapser(self.commands, self.clock)
        self.failed: list[str] = []
        """The bodies that `hand` got back."""

    def claims(self, *args: Any, **more: Any) -> dict[str, Any]:
        """Of a token that was issued some minutes ago, as most are."""
        claims = super().claims(*args, **more)
        return claims | {"iat": claims["iat"] - _TOKENS_ARE_OLD}

    def save(self) -> Saved:
        return Saved(self.table.items, self.now)

    def restore(self, saved: Saved) -> None:
        """Table and clock as they were, empty queues, and nothing published; what lies in the bucket stays."""
        self.table.set(saved.items)
        self.now = saved.now
        for each in (*self._queues(), self.sent.published, self.failed):
            each.clear()

    def gone(self, dispute: str) -> None:
        """Takes away all that there is of a dispute."""
        partition = keys.dispute_partition(dispute)
        self.table.set({key: item for key, item in self.table.items.items() if key.pk != partition})

    # --- what parties do ---

    def registered(self, dispute: str, requirement: str = "proof_of_delivery", **more: Any) -> tuple[str, UploadForm]:
        """A file that is to come; gives the piece's id and the form for it."""
        asked = {"requirement": requirement, "stage": "response", "media_type": "image/jpeg", **more}
        reply = self.merchant.post(f"/v1/disputes/{dispute}/evidence", asked)
        assert reply.status == HTTPStatus.CREATED, reply.text
        form, expires_at = reply.body["upload"], datetime.fromisoformat(reply.body["upload"]["expires_at"])
        return str(reply.body["piece"]["id"]), UploadForm(form["url"], form["fields"], expires_at)

    def upload(self, form: UploadForm, content: bytes | None = None) -> str:
        """Arrives now; gives the version's id. Raises UploadRefused."""
        return self.bucket.upload(form, picture() if content is None else content, at=self.now)

    # --- what lies there ---

    def dispute(self, dispute: str) -> Dispute:
        found = self.store.load(dispute).dispute
        assert found is not None
        return found

    def piece(self, dispute: str, piece: str) -> Piece:
        (found,) = [each for each in self.store.pieces(dispute) if each.id == piece]
        return found

    def outbox(self) -> tuple[OutboxItem, ...]:
        return self.store.outbox(self.now.replace(year=self.now.year + 1), limit=10_000)

    # --- events, as AWS makes them ---

    def stream(self) -> list[dict[str, Any]]:
        """A record for each commit that isn't published."""
        images = (attributes.write(self.table.items[keys.outbox(each.id)]) for each in self.outbox())
        (record,) = recorded("dynamodb_stream")["Records"]
        return [
            {**record, "dynamodb": {**record["dynamodb"], "SequenceNumber": f"{n}", "NewImage": image}}
            for n, image in enumerate(images)
        ]

    def batch(self, job: Job, bodies: Sequence[str]) -> list[int]:
        """A batch of messages; gives the places of those that are reported as failed."""
        (record,) = recorded("sqs")["Records"]
        records = [{**record, "messageId": f"{n}", "body": body} for n, body in enumerate(bodies)]
        with self.at_work():
            report = job({"Records": records}, None)
        return [int(each["itemIdentifier"]) for each in report["batchItemFailures"]]

    def hand(self, job: Job, body: str) -> None:
        """One message, that isn't expected to fail."""
        self.failed += [body for _ in self.batch(job, [body])]

    def publish(self, records: Sequence[dict[str, Any]]) -> list[str]:
        """A batch of the stream; gives the sequence number from which it comes again."""
        with self.at_work():
            report = publish({"Records": records}, None)
        return [each["itemIdentifier"] for each in report["batchItemFailures"]]

    def sweep(self) -> dict[str, int]:
        """Raises JobFailed."""
        with self.at_work():
            found: dict[str, int] = sweep(recorded("schedule"), None)
        return found

    def settle(self) -> None:
        """Two sweeps, and all that they queue."""
        for _ in range(2):
            self.later(minutes=3)
            self.sweep()
            while bodies := self.queued():
                for job, body in bodies:
                    self.hand(job, body)

    def queued(self) -> list[tuple[Job, str]]:
        """Takes what the service itself has put into its queues, as it lies there."""
        found = [
            *((lapse, json.dumps({"disputes": [each]})) for each in self.sent.due),
            *((inspect, notification(each)) for each in self.sent.uploads),
            *((recognise, json.dumps({"dispute": one, "piece": other})) for one, other in self.sent.unread),
            *((notify, json.dumps({"dispute": each})) for each in self.sent.near),
            *((outage, json.dumps({"outage": one, "dispute": other})) for one, other in self.sent.outages),
        ]
        for each in self._queues():
            each.clear()
        return found

    def _queues(self) -> tuple[list[Any], ...]:
        return self.sent.due, self.sent.uploads, self.sent.unread, self.sent.near, self.sent.outages

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The composition root hands out this town's parts to whatever job runs inside."""
        names = ("inspector", "lapser", "notifier", "outage_worker", "publisher", "recognition", "sweeper")
        with composed({name: _giving(getattr(self, name)) for name in names}, _no_aws):
            yield


def _giving(part: object) -> Callable[[], object]:
    return lambda: part


def _no_aws(service: str) -> None:
    raise AssertionError(f"a town has no {service}")


def notification(key: str | None) -> str:
    """What S3 puts into the queue."""
    said = recorded("s3_notification")
    said["Records"][0]["s3"]["object"]["key"] = key
    return json.dumps(said)
