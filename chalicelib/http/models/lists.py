"""Lists: disputes, queues, timelines, the feed. `next` goes on where a page ends; null at the end."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from chalicelib.domain.model import Status
from chalicelib.domain.ports import Queue, Sort
from chalicelib.http.models.common import (
    Instant,
    LocalInstant,
    Out,
    OutsideId,
    Query,
    Slug,
    utc_milliseconds,
)
from chalicelib.http.models.dispute import ByOut

type Limit = Annotated[int, Field(ge=1, le=100)]
type Cursor = Annotated[str, Field(min_length=1, max_length=1024)]
type When = Annotated[AwareDatetime, AfterValidator(utc_milliseconds)]
type Shop = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", examples=["S1"])]
type Buyer = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", examples=["B1"])]


class PageQuery(Query):
    limit: Limit = 20
    cursor: Cursor | None = None
    """`next` of the page before; only of this list, and only your own."""


class DisputesQuery(PageQuery):
    """Some combinations have an index, and only those work; a 400 says which they are."""

    shop: Shop | None = None
    buyer: Buyer | None = None
    status: Status | None = None
    reason: Slug | None = None
    order_id: OutsideId | None = None
    external_id: OutsideId | None = None
    due_before: When | None = None
    updated_since: When | None = None
    sort: Sort | None = None


class QueueQuery(PageQuery):
    queue: Queue


class FeedQuery(Query):
    limit: Limit = 100
    after: Cursor | None = None
    """`next` of the answer before; without it, from the first event on."""


class RowOut(Out):
    id: str
    external_id: str
    respondent: str
    complainant: str | None
    """null where the dispute is confidential: who handles it reads the dispute."""
    order_id: str
    reason: str
    status: Status
    opened_at: Instant
    updated_at: Instant
    due_at: Instant | None
    """The next deadline of anybody."""
    due_at_local: LocalInstant | None
    due_party: str | None
    zone: str
    past_due: bool
    missing_count: int
    """Needed requirements for which nothing is registered yet."""
    escalations: int
    claimed_until: Instant | None
    """Shown to staff."""
    in_default: bool


class RowsOut(Out):
    items: tuple[RowOut, ...]
    next: str | None
    server_time: Instant


class EventOut(Out):
    """One event of a dispute. Its hash is SHA-256 over the one before it and the event as stored."""

    id: str
    seq: int
    type: str
    at: Instant
    by: ByOut
    data: dict[str, Any] | None
    """null where it is the other side's business."""
    previous_hash: str
    hash: str


class TimelineOut(Out):
    dispute: str
    items: tuple[EventOut, ...]
    next: str | None


class FeedEventOut(EventOut):
    dispute: str
    aggregate: str
    """The dispute, or the piece of evidence, whose event it is."""
    schema_version: Annotated[int, Field(alias="schema")]


class FeedOut(Out):
    """At least once, in the order of commits: consumers drop the ids that they have seen."""

    items: tuple[FeedEventOut, ...]
    next: str
    """Ask with it for what comes after; it stays good for as long as you like."""


class HealthOut(Out):
    status: Literal["ok"]
    server_time: Instant
