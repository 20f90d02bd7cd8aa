"""Webhooks as they are asked for and shown."""

from base64 import b64encode
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from chalicelib.domain.webhooks import Attempt, Change, Trouble, Wanted, Webhook, Why
from chalicelib.http.models.common import In, Instant, Out, Query
from chalicelib.http.models.lists import Shop

type Url = Annotated[
    str, StringConstraints(min_length=1, max_length=500), Field(examples=["https://hooks.example.com/recourse"])
]
type EventType = Annotated[str, StringConstraints(min_length=1, max_length=64)]
type Events = Annotated[
    tuple[EventType, ...], Field(min_length=1, max_length=100, examples=[["dispute.opened", "dispute.ruled"]])
]

_SECRET_PREFIX = "whsec_"  # noqa: S105  # nosec B105  (the mark of a secret, none itself)


class WebhookIn(In):
    shop: Shop | None = None
    """Whose disputes; a token of one shop needn't say it. The platform hears of all, and names none."""
    url: Url
    events: Events

    def wanted(self, owner: str) -> Wanted:
        return Wanted(owner, self.url, self.events)


class WebhookChangeIn(In):
    """What is left out stays as it is."""

    url: Url | None = None
    events: Events | None = None
    enabled: bool | None = None

    def change(self) -> Change:
        return Change(self.url, self.events, self.enabled)


class WebhooksQuery(Query):
    shop: Shop | None = None


class WebhookOut(Out):
    id: str
    owner: str
    url: str
    events: tuple[str, ...]
    enabled: bool
    disabled_at: Instant | None
    disabled_why: Why | None
    failing_since: Instant | None
    """The first failure since something was delivered; after five days of nothing else the webhook is disabled."""
    former_secret_until: Instant | None
    """Until then each request carries a second signature, by the secret before."""
    created_at: Instant

    @classmethod
    def of(cls, webhook: Webhook) -> Self:
        disabled = webhook.disabled
        return cls(
            id=webhook.id,
            owner=webhook.owner,
            url=webhook.url,
            events=webhook.events,
            enabled=disabled is None,
            disabled_at=disabled.at if disabled else None,
            disabled_why=disabled.why if disabled else None,
            failing_since=webhook.failing_since,
            former_secret_until=webhook.secrets[-1].until,
            created_at=webhook.created_at,
        )


class WebhookSecretOut(Out):
    webhook: WebhookOut
    secret: str
    """Shown in this answer only: keep it. `whsec_` and base64, as Standard Webhooks' libraries take it."""

    @classmethod
    def of(cls, webhook: Webhook, secret: bytes) -> Self:
        return cls(webhook=WebhookOut.of(webhook), secret=_SECRET_PREFIX + b64encode(secret).decode())


class WebhooksOut(Out):
    items: tuple[WebhookOut, ...]


class DeliveryOut(Out):
    """What is to be delivered; `attempts` will tell what came of it."""

    webhook: str
    event: str
    run: str


class AttemptOut(Out):
    event: str
    type: str
    run: str
    """`0` of a delivery that nobody asked for; of a replay or a test, its own."""
    number: int
    """In its run, from 1."""
    at: Instant
    delivered: bool
    status: int | None
    """What the receiver answered; delivered is what answered 2xx."""
    trouble: Trouble | None
    """Why there was no answer."""
    milliseconds: int

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        return cls(
            event=attempt.happening.id,
            type=attempt.happening.type,
            run=attempt.run,
            number=attempt.number,
            at=attempt.at,
            delivered=attempt.delivered,
            status=attempt.outcome.status,
            trouble=attempt.outcome.trouble,
            milliseconds=attempt.outcome.milliseconds,
        )


class AttemptsOut(Out):
    """The newest first, of the last thirty days."""

    items: tuple[AttemptOut, ...]
    next: str | None
