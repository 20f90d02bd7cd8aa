"""What lies in the table, as it lies there: for whoever checks it from outside, and takes nothing on trust."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from chalicelib.domain.anchors import Place
from chalicelib.domain.events import Recorded
from chalicelib.domain.model import Dispute
from chalicelib.domain.piece import Piece, PieceRecorded
from chalicelib.domain.ports import Answered, LedgerEntry, PrivateText, StoredEvent
from chalicelib.domain.quota import QuotaYear


class What(StrEnum):
    """What is wrong."""

    UNREADABLE = "unreadable"
    """An item isn't of the form in which it was written."""
    CHAIN = "chain"
    """An event was altered, dropped, added or moved."""
    SNAPSHOT = "snapshot"
    """A state isn't the fold of its events, or what lists show isn't of the state."""
    DEADLINES = "deadlines"
    OVERDUE = "overdue"
    """A deadline has lapsed, and nobody has carried it out."""
    TEXT = "text"
    EXTERNAL_ID = "external_id"
    QUOTA = "quota"
    """Counts, ledger and the disputes' own failures differ."""
    IDEMPOTENCY = "idempotency"
    OUTBOX = "outbox"
    EVIDENCE = "evidence"
    ERASURE = "erasure"
    """What is to be erased wouldn't be, or nobody has erased it."""
    ANCHOR = "anchor"
    """A chain's head that was anchored is in the chain no more, or an anchor isn't what was written."""


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that can't be if the service alone has written the table. It holds no personal data."""

    subject: str
    """The dispute's id; of what belongs to none, the partition or the anchor."""
    what: What
    detail: str


@dataclass(frozen=True, slots=True)
class Part:
    """One of so many parts of the table, all alike large: each partition is in one of them."""

    number: int
    """From 0."""
    of: int


WHOLE: Final = Part(0, 1)


@dataclass(frozen=True, slots=True)
class Section:
    """What is read of a partition at once: all of it, but of somebody's idempotency records only some."""

    partition: str
    after: str | None = None
    """After this sort key, exclusive; None from the first on."""
    upto: str | None = None
    """Up to this sort key, inclusive; None to the end."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some sections, few enough to be read while somebody waits, and where to go on once all of them are checked."""

    sections: tuple[Section, ...]
    place: str | None
    """None at the end of what there is."""


@dataclass(frozen=True, slots=True)
class Chain[Value, Event]:
    """A dispute or a piece, as its snapshot says, and its events in the order of their keys."""

    id: str
    value: Value | None
    stored: tuple[StoredEvent, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """All that lies in one dispute's partition, and what points to it from elsewhere."""

    id: str
    dispute: Chain[Dispute, Recorded]
    pieces: tuple[Chain[Piece, PieceRecorded], ...]
    deadlines: Mapping[str, datetime]
    """When each is due that the sweep would find."""
    texts: Mapping[str, PrivateText]
    erasure: datetime | None
    """When the eraser is to look into it; None where it wouldn't."""
    quotas: Mapping[int, QuotaYear]
    """The respondent's, of the years that the dispute's appeals are counted in."""
    external_id_of: str | None
    """The dispute that its external id was taken by."""
    flaws: tuple[Violation, ...]
    """What was wrong with single items and with the chains."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A ledger entry, and the commit that wrote it."""

    entry: LedgerEntry
    commit: str


@dataclass(frozen=True, slots=True)
class QuotaRecord:
    """A respondent's quota of a calendar year."""

    id: str
    policy: str
    respondent: str
    year: QuotaYear
    ledger: tuple[Booked, ...]
    disputes: Mapping[str, Chain[Dispute, Recorded]]
    """Those that the counts and the ledger name."""
    flaws: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """An idempotency record, and the event that it answers from."""

    key: str
    answered: Answered
    commit: str
    event: StoredEvent | None
    of_another: bool
    """It answers from an outage, a bundle or a webhook, not from an event."""


@dataclass(frozen=True, slots=True)
class KeysRecord:
    """Some of a caller's idempotency records: somebody may have very many."""

    id: str
    keys: tuple[KeyRecord, ...]
    flaws: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class OutboxRecord:
    """What a commit left to publish, since when; None where that can't be read."""

    id: str
    at: datetime | None
    flaws: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """An external id, the dispute that it was taken by, and the external id that this dispute says it has."""

    id: str
    dispute: str
    said: str | None


type Record = CaseRecord | QuotaRecord | KeysRecord | OutboxRecord | ClaimRecord


class Records(Protocol):
    """The whole table. The only place that scans."""

    def sections(self, after: str | None = None, part: Part = WHOLE) -> Sequence[Stretch]:
        """Some of what lies in the part, each once, in no order that means anything; a stretch at the least.

        An `after` that can't be read counts as none.
        """
        ...

    def changed(self, until: datetime, after: str | None) -> Sequence[Stretch]:
        """Disputes that changed before `until`, by the feed, and the quotas that their appeals are counted in.

        One that changed once more before `until` comes then. Where there is no more, one stretch has nothing, and
        the place `after`. Without `after` there is nothing, and it begins at `until`; the place is never None.
        """
        ...

    def to_come(self, place: str, now: datetime) -> bool:
        """Whether the place, in what changed, lies after now: nobody can have come so far."""
        ...

    def read(self, section: Section) -> Record | None:
        """Everything in it, consistently; None for a kind of partition that nothing is checked in."""
        ...

    def events(self, places: Sequence[Place]) -> Mapping[Place, StoredEvent]:
        """The events there, consistently; absent where there is none, or none that can be read."""
        ...
