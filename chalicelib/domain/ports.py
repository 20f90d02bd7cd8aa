"""What the use cases need from outside. The store and its in-memory twin pass one contract suite."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from chalicelib.domain.erasure import ErasingBucket, ErasingStore
from chalicelib.domain.events import Recorded
from chalicelib.domain.model import Dispute, Failure, Status
from chalicelib.domain.parties import By
from chalicelib.domain.piece import Arrival, Imprinted, Lookalike, Piece, PieceRecorded
from chalicelib.domain.quota import Failures, QuotaChange

type Clock = Callable[[], datetime]
"""Now, as an aware UTC instant with milliseconds."""

type NewId = Callable[[], str]
"""A fresh ULID."""


@dataclass(frozen=True, slots=True)
class PrivateText:
    """What somebody wrote, in an item that can be erased."""

    id: str
    salt: str
    text: str


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """Whose key it is, and what the request was: method, path and body, by their SHA-256."""

    caller: str
    key: str
    fingerprint: str


IDEMPOTENCY_KEYS_LIVE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Answered:
    """An idempotency record: which request it was of, and what came of it."""

    fingerprint: str
    dispute: str
    """Or the outage, where the request was about one."""
    seq: int
    """Its number after the command."""
    piece: str | None
    """The piece that the request registered, for routes that answer with one."""
    at: datetime

    def expired(self, now: datetime) -> bool:
        """The key may be used for another request; a record goes some time later."""
        return now - self.at > IDEMPOTENCY_KEYS_LIVE


@dataclass(frozen=True, slots=True)
class DisputeChange:
    """`before` is the number that was read; 0 for a dispute that is opened."""

    before: int
    after: Dispute
    events: tuple[Recorded, ...]
    missing_count: int
    """Needed requirements for which nothing is registered, as lists show it."""
    erase_from: datetime | None = None
    """When to look into what is to be erased, where the change has moved that."""


@dataclass(frozen=True, slots=True)
class PieceChange:
    before: int
    after: Piece
    events: tuple[PieceRecorded, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """What ONE transaction writes. It has events of the dispute, of pieces, or of both; never none."""

    id: str
    """ULID, fresh for each try and made just before it: names the outbox item, and the feed is in its order."""
    at: datetime
    by: By
    dispute_id: str
    dispute: DisputeChange | None = None
    pieces: tuple[PieceChange, ...] = ()
    quota: tuple[QuotaChange, ...] = ()
    texts: tuple[PrivateText, ...] = ()
    idempotency: IdempotencyKey | None = None
    answer_piece: str | None = None
    imprinted: Imprinted | None = None
    """A picture that is from now on found by its imprint."""
    lookalikes: tuple[Lookalike, ...] = ()


class Raced(Exception):
    """A commit lost a race and wrote nothing: read and decide anew."""


class VersionRaced(Raced):
    """The dispute or a piece is not what it was."""


class QuotaRaced(Raced):
    """The quota that filing found free no longer is."""


class IdempotencyRaced(Raced):
    """The same key was committed meanwhile; outranks every other reason."""


class UnsupportedQuery(Exception):
    """No index serves this combination; `supported` says which are served."""

    def __init__(self, supported: tuple[str, ...]) -> None:
        self.supported = supported
        super().__init__("; ".join(supported))


@dataclass(frozen=True, slots=True)
class Loaded:
    """The first read of a command: the snapshot, the idempotency record and the pieces that it names, together."""

    dispute: Dispute | None
    answered: Answered | None
    pieces: Mapping[str, Piece]


class Sort(StrEnum):
    NEWEST = "newest"
    DEADLINE = "deadline"
    UPDATED = "updated"


class Queue(StrEnum):
    REVIEW = "review"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class DisputeFilter:
    """One access pattern; the store refuses a combination that has no index (`UnsupportedQuery`)."""

    respondent: str | None = None
    complainant: str | None = None
    status: Status | None = None
    reason: str | None = None
    order_id: str | None = None
    external_id: str | None = None
    confidential: bool = False
    """Whether a confidential dispute is found by its complainant (D2)."""
    queue: Queue | None = None
    due_before: datetime | None = None
    updated_since: datetime | None = None
    sort: Sort | None = None
    """None: the one order that the list has, or newest first."""


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """What a list shows of a dispute."""

    id: str
    external_id: str
    respondent: str
    complainant: str
    order_id: str
    reason: str
    status: Status
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    """The next deadline of a party or a reviewer, claims apart."""
    due_party: str | None
    zone: str
    missing_count: int
    """Needed requirements for which nothing is registered yet."""
    escalations: int
    claimed_until: datetime | None
    in_default: bool
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Page[T]:
    items: tuple[T, ...]
    next: str | None
    """Where to go on, as the store says it; `http/` seals it before anybody sees it."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it lies in the store: `body` is its canonical JSON exactly as hashed."""

    id: str
    """`<dispute>:<seq>`, or `<piece>:<seq>`: stable, for consumers to drop what they have seen."""
    dispute: str
    aggregate: str
    """The dispute's id, or the piece's."""
    seq: int
    type: str
    schema: int
    at: datetime
    body: str
    previous_hash: str
    hash: str
    commit: str


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that has passed, as the index says; whoever carries it out reads the dispute again."""

    dispute: str
    deadline: str
    due: datetime


@dataclass(frozen=True, slots=True)
class OutboxItem:
    id: str
    dispute: str
    at: datetime
    events: tuple[StoredEvent, ...]


class Booking(StrEnum):
    FAILED = "failed"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Why a quota's counts are what they are: each failure that was added, and each that was taken back (B5, B7)."""

    booking: Booking
    failure: Failure
    at: datetime
    by: By


class Store(ErasingStore, Protocol):
    """All reads are consistent, but lists and indexes. A commit is in one transaction, or refused."""

    def load(self, dispute_id: str, key: IdempotencyKey | None = None, pieces: Sequence[str] = ()) -> Loaded:
        """One BatchGetItem."""
        ...

    def load_all(self, dispute_ids: Sequence[str]) -> tuple[Loaded, ...]:
        """In this order: one BatchGetItem for fifty of them."""
        ...

    def named(self, pieces: Sequence[tuple[str, str]]) -> Mapping[str, Piece]:
        """Of several disputes, each named with its dispute's; by their own ids. One BatchGetItem for a hundred."""
        ...

    def facts(
        self, dispute_id: str, pieces: Sequence[str], *, policy: str, respondent: str, years: Sequence[int]
    ) -> tuple[Mapping[str, Piece], Failures]:
        """The second read: one BatchGetItem over pieces and quota items (either may be asked for alone)."""
        ...

    def answered(self, key: IdempotencyKey) -> Answered | None: ...

    def as_of(self, dispute_id: str, seq: int) -> Dispute | None:
        """The dispute as it was after its `seq`-th event: the fold of the events up to there."""
        ...

    def commit(self, *commits: Commit) -> int:
        """The first one, and as many of those after it as ONE transaction takes; gives how many. All of them, or none.

        Raises `IdempotencyRaced`, `ExternalIdTaken`, `VersionRaced`, `QuotaRaced`, in that order of rank.
        """
        ...

    def texts(self, dispute_id: str, ids: Sequence[str]) -> Mapping[str, str]:
        """What was written, by text id; what has been erased is absent."""
        ...

    def disputes(self, wanted: DisputeFilter, *, limit: int, after: str | None = None) -> Page[DisputeRow]: ...

    def ledger(self, policy: str, respondent: str, year: int) -> tuple[LedgerEntry, ...]:
        """The whole ledger of a quota year, by instant."""
        ...

    def timeline(self, dispute_id: str, *, limit: int, after: str | None = None) -> Page[StoredEvent]: ...

    def pieces(self, dispute_id: str) -> tuple[Piece, ...]: ...

    def twins(self, sha256: str, *, limit: int = 20) -> tuple[tuple[str, str], ...]:
        """(dispute, piece) of every piece with these bytes, through an index."""
        ...

    def alike(self, keys: Sequence[str], now: datetime, *, limit: int) -> tuple[Imprinted, ...]:
        """Pictures that share one of these keys and haven't expired, each once; of each key the `limit` latest."""
        ...

    def lookalikes(self, dispute_id: str, piece_id: str) -> tuple[Imprinted, ...]:
        """Where the same picture was seen, before and since."""
        ...

    def awaited(self, since: datetime, until: datetime, *, limit: int, after: str | None = None) -> Page[Piece]:
        """Files registered in between that wait for a look, or to have their text read, oldest first, by an index."""
        ...

    def feed(self, *, limit: int, after: str | None = None, until: datetime | None = None) -> Page[StoredEvent]:
        """Every event of the commits made before `until`, in their order; `next` is never None.

        A commit shows some time after it was made. Who follows the feed asks `until` a few seconds ago, or skips what
        was overtaken.
        """
        ...

    def due(self, end: datetime, *, since: datetime | None = None) -> Iterator[Due]:
        """Running deadlines that end from `since` on and before `end`, the earliest first; read as they are taken."""
        ...

    def outbox(self, older_than: datetime, *, limit: int, after: OutboxItem | None = None) -> tuple[OutboxItem, ...]:
        """What isn't published yet, oldest first, from behind `after` on. None left: the end."""
        ...

    def published(self, outbox_id: str) -> None:
        """Removes the item; nothing where it is gone."""
        ...


@dataclass(frozen=True, slots=True)
class UploadForm:
    url: str
    fields: Mapping[str, str]
    expires_at: datetime


class EvidenceBucket(ErasingBucket, Protocol):
    """The object store of uploads (`uploads/…`), clean copies (`clean/…`) and bundles (`bundles/…`)."""

    def upload_form(self, key: str, *, media_type: str, max_bytes: int, expires_at: datetime) -> UploadForm: ...

    def find(self, key: str) -> Arrival | None:
        """The first version that arrived under the key; None where nothing has. Its `sha256` is None."""
        ...

    def read(self, key: str, version_id: str, *, max_bytes: int) -> bytes:
        """At most `max_bytes` + 1 bytes. Raises `KeyError` where the object is gone."""
        ...

    def keep(self, key: str, version_id: str) -> None:
        """An upload is cleared away after 30 days unless it is kept. Raises `KeyError` where it is gone."""
        ...

    def put_clean(self, key: str, content: bytes, media_type: str) -> None: ...

    def read_clean(self, key: str) -> bytes:
        """A clean copy. Raises `KeyError` where it is gone."""
        ...

    def view_link(self, key: str, *, version_id: str | None, attachment: bool, seconds: int) -> str: ...


class Queues(Protocol):
    """Where the sweep puts what it found; workers read everything again before they act."""

    def lapse(self, disputes: Sequence[str], *, apart: bool = False) -> None:
        """Some in a message; or each in one of its own."""
        ...

    def inspect(self, keys: Sequence[str]) -> None: ...

    def recognise(self, pieces: Sequence[tuple[str, str]]) -> None:
        """(dispute, piece) of files whose text is to be read."""
        ...

    def remind(self, disputes: Sequence[str]) -> None: ...

    def allow_for(self, outage: str, dispute: str | None = None, *, delay: int = 0) -> None:
        """The next batch of an outage's work, or one dispute of it; to be had after so many seconds."""
        ...


class Bus(Protocol):
    def publish(self, item: OutboxItem) -> None:
        """At least once, each event under its stable id. Raises `NotPublished`; what went out may go out again."""
        ...


class NotPublished(Exception):
    """The bus took nothing, or not all; the item stays in the outbox."""
