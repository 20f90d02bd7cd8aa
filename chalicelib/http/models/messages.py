"""A party's messages."""

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.domain.message_ports import MOST_UNREAD
from chalicelib.domain.topics import TOPICS
from chalicelib.http.models.common import Bilingual, Id, In, Instant, InstantIn, LocalInstant, MoneyOut, Out
from chalicelib.http.models.lists import Buyer, PageQuery, Shop


class MessagesQuery(PageQuery):
    shop: Shop | None = None
    """Whose, where your token has several."""
    buyer: Buyer | None = None
    """Whose; the platform's systems may name a buyer."""
    unread: bool = False
    """Only what isn't read yet."""


class MessageOut(Out):
    id: str
    code: Annotated[str, Field(json_schema_extra={"enum": list(TOPICS)})]
    """What it is about; stable, for programs."""
    at: Instant
    """When it came about."""
    at_local: LocalInstant
    zone: str
    """The policy's; times in `message` are its, too."""
    party: str
    dispute: str | None
    """What it is of: a dispute, or a webhook."""
    order_id: str | None
    webhook: str | None
    message: Bilingual
    due_at: Instant | None
    """The end of the deadline that it is about."""
    due_at_local: LocalInstant | None
    piece: str | None
    request: str | None
    appeal: str | None
    bears: MoneyOut | None
    """What a ruling leaves to the shop; null where that is nothing."""
    current: bool
    """It still holds: the deadline runs, the ruling stands, the piece can be replaced, the webhook is disabled."""
    read_at: Instant | None


class UnreadOut(Out):
    count: int
    """Up to 100."""
    more: bool
    """There are more than that."""


class MessagesOut(Out):
    items: tuple[MessageOut, ...]
    next: str | None
    unread: UnreadOut
    server_time: Instant


class ReadIn(In):
    """Which messages are read: by their ids, or all up to an instant. One of the two."""

    shop: Shop | None = None
    buyer: Buyer | None = None
    ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_UNREAD)] | None = None
    until: InstantIn | None = None
    """Inclusive, by `at`."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "ReadIn":
        if (self.ids is None) == (self.until is None):
            raise PydanticCustomError("one_of_two", "one of two", {"fields": "ids, until"})
        return self


class ReadOut(Out):
    read: int
    """How many were unread before."""
    more: bool
    """There are more up to that instant: ask again."""
    unread: UnreadOut
    server_time: Instant
