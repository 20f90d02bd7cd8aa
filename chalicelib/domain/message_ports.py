"""The message centre (C6): what the use cases of messages need from outside, beside `ports`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.events import Recorded
from chalicelib.domain.model import Dispute
from chalicelib.domain.notices import Notice
from chalicelib.domain.piece import PieceRecorded
from chalicelib.domain.ports import Page
from chalicelib.domain.webhooks import Webhook

MESSAGES_LIVE = timedelta(days=400)
"""A quota's calendar year, and a month, can be looked back on. Then they are gone, read or not."""

MOST_UNREAD = 100
"""Unread messages are counted up to here, and so many are marked at once: what that costs is bounded."""


@dataclass(frozen=True, slots=True)
class Message:
    """A notice as it lies in its party's message centre."""

    id: str
    """ULID-shaped, of the notice's instant; the same for the same party and cause."""
    notice: Notice
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    count: int
    more: bool
    """There are more than that."""


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it lies in the store, and its dispute as it is now; None where it isn't there."""

    dispute: Dispute | None
    event: Recorded | PieceRecorded | None


class MessageCentre(Protocol):
    """What has expired is absent. Lists of what is unread may lag behind by a moment."""

    def happened(self, dispute_id: str, aggregate: str, seq: int) -> Happened:
        """One BatchGetItem."""
        ...

    def subjects(self, notices: Sequence[Notice]) -> Mapping[str, Dispute | Webhook]:
        """What they are of as it is now, by id, of up to 50 notices in one BatchGetItem; what is gone is left out.

        A webhook is found by its owner only: the party that the notice is for.
        """
        ...

    def tell(self, notices: Sequence[Notice]) -> int:
        """Writes each that isn't there yet, and says how many those were."""
        ...

    def messages(
        self, party: str, now: datetime, *, unread: bool, limit: int, after: str | None = None
    ) -> Page[Message]:
        """Newest first; one Query."""
        ...

    def unread(self, party: str, now: datetime) -> Counted:
        """One Query over an index that holds only what is unread; up to MOST_UNREAD."""
        ...

    def read(self, party: str, ids: Sequence[str], now: datetime) -> int:
        """Marks the party's messages of up to MOST_UNREAD ids; those that are read stay as they are. Raises `Raced`."""
        ...

    def read_until(self, party: str, until: datetime, now: datetime) -> Counted:
        """Marks what is unread and tells of this instant or an earlier one, up to MOST_UNREAD. Raises `Raced`."""
        ...

    def reminded_until(self) -> datetime | None:
        """Up to which instant the sweep has looked for reminders; None before the first time."""
        ...

    def note_reminded(self, until: datetime) -> None: ...
