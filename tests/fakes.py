"""The outside, where a test is about something else: queues and bus that remember, a recogniser that is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chalicelib.domain.anchors import AnchorTaken
from chalicelib.domain.ports import OutboxItem
from chalicelib.domain.webhook_ports import AT_ONCE
from chalicelib.domain.webhooks import Delivery, Outcome
from evidence.text import Box, Line, RecogniserError


class Sent:
    """Queues and bus that remember."""

    def __init__(self) -> None:
        self.due: list[str] = []
        self.uploads: list[str] = []
        self.unread: list[tuple[str, str]] = []
        self.outages: list[tuple[str, str | None]] = []
        self.near: list[str] = []
        self.bundles: list[tuple[str, str]] = []
        self.published: list[OutboxItem] = []
        self.down: Exception | None = None
        self.refused: frozenset[str] = frozenset()
        self.takes: Callable[[], object] = lambda: None
        """What sending does to the clock."""

    def lapse(self, disputes, *, apart=False) -> None:
        del apart
        self.takes()
        self.due.extend(disputes)

    def inspect(self, keys) -> None:
        self.uploads.extend(keys)

    def recognise(self, pieces) -> None:
        self.unread.extend(pieces)

    def remind(self, disputes) -> None:
        self.takes()
        if self.down:
            raise self.down
        self.near.extend(disputes)

    def allow_for(self, outage, dispute=None, *, delay=0) -> None:
        del delay
        self.outages.append((outage, dispute))

    def bundle(self, dispute_id, bundle_id) -> None:
        self.bundles.append((dispute_id, bundle_id))

    def publish(self, item: OutboxItem) -> None:
        self.takes()
        if self.down:
            raise self.down
        if item.id in self.refused:
            raise ValueError(item.id)
        self.published.append(item)


class Reads:
    """A recogniser that reads what it is told to, whatever it is shown."""

    def __init__(self) -> None:
        self.lines: tuple[Line, ...] = ()
        self.broken = False
        self.looks = 0

    def says(self, *texts: str) -> None:
        """Lines under each other, read well."""
        height = 1 / (len(texts) + 1)
        self.lines = tuple(
            Line(text, Box(0.1, number * height, 0.9, (number + 0.6) * height), 0.98)
            for number, text in enumerate(texts)
        )

    def read(self, picture) -> tuple[Line, ...]:
        del picture
        self.looks += 1
        if self.broken:
            raise RecogniserError("out of order")
        return self.lines


class Sealed:
    """Seals with a key of its own, bound to the webhook, as KMS does."""

    def __init__(self) -> None:
        self._cipher = AESGCM(bytes(32))

    def seal(self, secret: bytes, webhook_id: str) -> str:
        return self._cipher.encrypt(bytes(12), secret, webhook_id.encode()).hex()

    def open(self, sealed: str, webhook_id: str) -> bytes:
        return self._cipher.decrypt(bytes(12), bytes.fromhex(sealed), webhook_id.encode())


class Underway:
    """The queue of deliveries; `waits` has how long each was put off."""

    def __init__(self) -> None:
        self.waiting: list[Delivery] = []
        self.waits: list[timedelta] = []
        self.dead: list[Delivery] = []

    def send(self, deliveries, wait: timedelta = AT_ONCE) -> None:
        self.waiting.extend(deliveries)
        self.waits.append(wait)

    def give_up(self, delivery: Delivery) -> None:
        self.dead.append(delivery)


@dataclass(frozen=True)
class Posted:
    url: str
    headers: Mapping[str, str]
    body: bytes


GONE = "https://gone.example.com/recourse"


@dataclass
class Postman:
    """A courier that is told what the receivers answer: 200, and at GONE 410, unless `answers` has something else."""

    answers: list[Outcome] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None
    """What happens once, while the next request is under way."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        self.posted.append(Posted(url, headers, body))
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return self.answers.pop(0) if self.answers else Outcome(7, 410 if url == GONE else 200)


class Anchors:
    """An anchor book that remembers."""

    def __init__(self) -> None:
        self.kept: dict[int, bytes] = {}

    def numbers(self) -> dict[int, str]:
        return dict.fromkeys(self.kept, "first")

    def read(self, number: int, version: str) -> bytes:
        assert version == "first"
        return self.kept[number]

    def put(self, number: int, content: bytes) -> None:
        if number in self.kept:
            raise AnchorTaken(number)
        self.kept[number] = content


class Shelf:
    """Archives in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, key: str, archive: Path) -> None:
        self.kept[key] = archive.read_bytes()

    def link(self, key: str, *, seconds: int) -> str:
        return f"https://shelf.invalid/{key}?seconds={seconds}"
