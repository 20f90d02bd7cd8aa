"""Webhooks: registered, changed, tried out, and the log of what was sent."""

from chalicelib.domain.errors import (
    IdempotencyKeyReused,
    NotFound,
    TooBusy,
    TooManyWebhooks,
    UnknownEventTypes,
    VersionConflict,
    WebhookAddressRefused,
    WebhookDisabled,
    WebhookJustTested,
)
from chalicelib.domain.parties import PLATFORM, Actor, Role
from chalicelib.http.call import Call
from chalicelib.http.endpoint import PREFIX, Answer, Routes
from chalicelib.http.fields import problem as field_problem
from chalicelib.http.models import webhooks as out
from chalicelib.http.models.lists import PageQuery
from chalicelib.http.models.requests import NothingIn
from chalicelib.http.problems import InvalidBody, InvalidCursor, InvalidQuery
from chalicelib.service.webhooks import Begun, Done

routes = Routes(__name__)

_CHANGES = (NotFound, VersionConflict, IdempotencyKeyReused, TooBusy)
_WORDED = (WebhookAddressRefused, UnknownEventTypes)


@routes.post(
    "/webhooks",
    takes=out.WebhookIn,
    gives=out.WebhookSecretOut,
    status=201,
    refuses=(NotFound, TooManyWebhooks, IdempotencyKeyReused, TooBusy, *_WORDED),
)
def register_webhook(call: Call, body: out.WebhookIn) -> Answer:
    """Register a webhook.

    Each event of the types that you name is sent to the address, signed as Standard Webhooks has it. The secret is in
    this answer and in no other.
    """
    owner = _owner(call.actor, body.shop)
    if owner is None:
        kind = "extra_forbidden" if call.actor.role is Role.PLATFORM else "missing"
        raise InvalidBody(errors=(field_problem("shop", kind),))
    done = call.deps.webhooks.register(body.wanted(owner), call.request())
    return _with_secret(call, done, location=f"{PREFIX}/webhooks/{done.webhook.id}")


@routes.get("/webhooks", query=out.WebhooksQuery, gives=out.WebhooksOut, refuses=(NotFound,))
def list_webhooks(call: Call, query: out.WebhooksQuery) -> Answer:
    """List webhooks.

    Your shop's, or the platform's; with a token of several shops, say which.
    """
    owner = _owner(call.actor, query.shop)
    if owner is None:
        kind = "extra_forbidden" if call.actor.role is Role.PLATFORM else "missing"
        raise InvalidQuery(errors=(field_problem("shop", kind),))
    found = call.deps.webhooks.of(call.actor, owner)
    return Answer(out.WebhooksOut(items=tuple(map(out.WebhookOut.of, found))))


@routes.get("/webhooks/{webhook_id}", gives=out.WebhookOut, refuses=(NotFound,))
def get_webhook(call: Call, webhook_id: str) -> Answer:
    """Read a webhook.

    Whether it is enabled, and if not, since when and why.
    """
    webhook = call.deps.webhooks.one(webhook_id, call.actor)
    return Answer(out.WebhookOut.of(webhook), etag=webhook.seq)


@routes.post("/webhooks/{webhook_id}", takes=out.WebhookChangeIn, gives=out.WebhookOut, refuses=(*_CHANGES, *_WORDED))
def change_webhook(call: Call, body: out.WebhookChangeIn, webhook_id: str) -> Answer:
    """Change a webhook.

    Its address, its types, or whether it is enabled. What came up while it was disabled isn't sent by itself.
    """
    return _done(call.deps.webhooks.change(webhook_id, body.change(), call.request()))


@routes.delete("/webhooks/{webhook_id}", gives=out.WebhookOut, refuses=_CHANGES)
def delete_webhook(call: Call, webhook_id: str) -> Answer:
    """Delete a webhook.

    Nothing is sent to it any more, not even what is under way.
    """
    return _done(call.deps.webhooks.delete(webhook_id, call.request()))


@routes.post("/webhooks/{webhook_id}/secret", takes=NothingIn, gives=out.WebhookSecretOut, refuses=_CHANGES)
def rotate_webhook_secret(call: Call, _body: NothingIn, webhook_id: str) -> Answer:
    """Make a new secret.

    For 24 hours each request carries two signatures, by the new secret and by the one before; an older one signs no
    more. The new one is in this answer and in no other.
    """
    return _with_secret(call, call.deps.webhooks.rotate(webhook_id, call.request()))


@routes.post(
    "/webhooks/{webhook_id}/test",
    takes=NothingIn,
    gives=out.DeliveryOut,
    status=202,
    refuses=(*_CHANGES, WebhookDisabled, WebhookJustTested),
)
def try_webhook(call: Call, _body: NothingIn, webhook_id: str) -> Answer:
    """Try a webhook out.

    Sends an event of the type webhook.test, once, and once a minute at most. What came of it is in the attempts, some
    seconds later.
    """
    return _begun(call.deps.webhooks.test(webhook_id, call.request()))


@routes.get(
    "/webhooks/{webhook_id}/attempts", query=PageQuery, gives=out.AttemptsOut, refuses=(NotFound, InvalidCursor)
)
def list_webhook_attempts(call: Call, query: PageQuery, webhook_id: str) -> Answer:
    """Read the log of attempts.

    Each request of the last thirty days: of which event, when, what was answered or why nothing was, how long it took.
    """
    bound = {"attempts": webhook_id}
    after = call.deps.cursors.open(query.cursor, call.holder, bound)
    page = call.deps.webhooks.attempts(webhook_id, call.actor, call.at, limit=query.limit, after=after)
    following = call.deps.cursors.seal(page.next, call.holder, bound)
    return Answer(out.AttemptsOut(items=tuple(map(out.AttemptOut.of, page.items)), next=following))


@routes.post(
    "/webhooks/{webhook_id}/attempts/{event_id}/replay",
    takes=NothingIn,
    gives=out.DeliveryOut,
    status=202,
    refuses=(*_CHANGES, WebhookDisabled),
)
def replay_webhook_event(call: Call, _body: NothingIn, webhook_id: str, event_id: str) -> Answer:
    """Send an event once more.

    One that is in the log, under the same id: a receiver that has had it drops it.
    """
    return _begun(call.deps.webhooks.replay(webhook_id, event_id, call.request()))


def _owner(actor: Actor, shop: str | None) -> str | None:
    """Whose webhooks; None where the caller has to say it, or may not."""
    if actor.role is Role.PLATFORM:
        return None if shop else PLATFORM
    if shop:
        return f"shop:{shop}"
    return next(iter(actor.parties)) if len(actor.parties) == 1 else None


def _done(done: Done) -> Answer:
    return Answer(out.WebhookOut.of(done.webhook), etag=done.webhook.seq)


def _with_secret(call: Call, done: Done, location: str | None = None) -> Answer:
    secret = call.deps.webhooks.secret(done.webhook)
    return Answer(out.WebhookSecretOut.of(done.webhook, secret), etag=done.webhook.seq, location=location)


def _begun(begun: Begun) -> Answer:
    return Answer(out.DeliveryOut(webhook=begun.webhook.id, event=begun.happening.id, run=begun.run))
