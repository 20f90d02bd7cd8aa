"""What webhooks need from outside, beside what all else does: see `ports`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from chalicelib.domain.notices import Notice
from chalicelib.domain.ports import IDEMPOTENCY_KEYS_LIVE, IdempotencyKey, Loaded, Page, StoredEvent
from chalicelib.domain.webhooks import Attempt, Delivery, Happening, Outcome, Webhook

AT_ONCE: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a request led to: the webhook as it left it, and the run that it began."""

    webhook: Webhook
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """An idempotency record. `kept` is None where the key was used for something that is no webhook."""

    fingerprint: str
    at: datetime
    kept: Kept | None

    def expired(self, now: datetime) -> bool:
        return now - self.at > IDEMPOTENCY_KEYS_LIVE


@dataclass(frozen=True, slots=True)
class WebhookCommit:
    """What ONE transaction writes: a webhook made, changed or deleted, an attempt, a request that is remembered."""

    id: str
    at: datetime
    before: Webhook | None = None
    after: Webhook | None = None
    """The same as `before` where it doesn't change."""
    key: IdempotencyKey | None = None
    run: str | None = None
    attempt: Attempt | None = None
    notices: tuple[Notice, ...] = ()
    """What the owner is told of it."""


class WebhookStore(Protocol):
    """The store and its in-memory twin pass one contract suite."""

    def find(self, owners: Sequence[str], webhook_id: str) -> Webhook | None:
        """Consistent; None for one that is somebody else's."""
        ...

    def of_owner(self, owner: str) -> tuple[Webhook, ...]:
        """Consistent, the oldest first."""
        ...

    def remembered(self, key: IdempotencyKey) -> Remembered | None: ...

    def commit(self, commit: WebhookCommit) -> None:
        """Raises `IdempotencyRaced` for a key or an attempt that is there already, `VersionRaced`, TooManyWebhooks."""
        ...

    def attempted(self, delivery: Delivery) -> Attempt | None:
        """The log's entry of just this attempt."""
        ...

    def attempts(self, webhook_id: str, now: datetime, *, limit: int, after: str | None = None) -> Page[Attempt]:
        """The newest first, through an index. What has expired is absent."""
        ...

    def happening(self, webhook_id: str, event_id: str, now: datetime) -> Happening | None:
        """What the webhook was told, or not, of an event; None where no attempt is kept."""
        ...


class Events(Protocol):
    """What happened, and to what. All reads are consistent."""

    def load(self, dispute_id: str) -> Loaded: ...

    def event(self, dispute_id: str, aggregate: str, seq: int) -> StoredEvent | None:
        """One of the dispute, or of a piece of it."""
        ...


class Sealer(Protocol):
    """Encrypts secrets, bound to what they are for."""

    def seal(self, secret: bytes, webhook_id: str) -> str: ...

    def open(self, sealed: str, webhook_id: str) -> bytes: ...


class Deliveries(Protocol):
    """The queue of what is to be delivered."""

    def send(self, deliveries: Sequence[Delivery], wait: timedelta = AT_ONCE) -> None:
        """They come back after `wait`, or sooner: then whoever works on them puts them off again."""
        ...

    def give_up(self, delivery: Delivery) -> None:
        """Sets it aside with the dead letters, from where it can be put back."""
        ...


class Courier(Protocol):
    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Never follows a redirect, never connects to what isn't public, and never raises for what a receiver does."""
        ...
