"""What an owner does with its webhooks. Each request takes effect once: the key is written with what it changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import webhooks as rules
from chalicelib.domain.errors import IdempotencyKeyReused, NotFound, TooBusy, VersionConflict
from chalicelib.domain.parties import PLATFORM, Actor, Role
from chalicelib.domain.ports import IdempotencyRaced, NewId, Page, Raced
from chalicelib.domain.webhook_ports import Deliveries, Kept, Sealer, WebhookCommit, WebhookStore
from chalicelib.domain.webhooks import TEST, Attempt, Change, Delivery, Happening, Secret, Wanted, Webhook
from chalicelib.service.commands import Request

_TRIES = 5
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Done:
    """The webhook as the request left it; of a replay, as it left it then."""

    webhook: Webhook
    at: datetime
    run: str | None = None
    """The delivery that it asked for."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A delivery that was asked for; the log will tell what came of it."""

    webhook: Webhook
    happening: Happening
    run: str


@dataclass(frozen=True, slots=True)
class Webhooks:
    """`new_secret(n)` is a source of fresh random bytes."""

    store: WebhookStore
    sealer: Sealer
    deliveries: Deliveries
    new_id: NewId
    new_secret: Callable[[int], bytes]

    # --- reading ---

    def of(self, actor: Actor, owner: str) -> tuple[Webhook, ...]:
        """Raises NotFound for another's."""
        if owner not in owners(actor):
            raise NotFound
        return self.store.of_owner(owner)

    def one(self, webhook_id: str, actor: Actor) -> Webhook:
        """Raises NotFound, also for what is another's."""
        found = self.store.find(owners(actor), webhook_id)
        if found is None:
            raise NotFound
        return found

    def attempts(self, webhook_id: str, actor: Actor, now: datetime, *, limit: int, after: str | None) -> Page[Attempt]:
        return self.store.attempts(self.one(webhook_id, actor).id, now, limit=limit, after=after)

    def secret(self, webhook: Webhook) -> bytes:
        """The newest one. It is shown in the answer to the request that made it, and nowhere else."""
        return self.sealer.open(webhook.secrets[0].sealed, webhook.id)

    # --- changing ---

    def register(self, wanted: Wanted, request: Request) -> Done:
        """Raises NotFound, WebhookAddressRefused, UnknownEventTypes, TooManyWebhooks, and what `_once` raises."""
        if wanted.owner not in owners(request.actor):
            raise NotFound
        return self._once(request, lambda: self._register(wanted, request))

    def change(self, webhook_id: str, wanted: Change, request: Request) -> Done:
        """Raises NotFound, WebhookAddressRefused, UnknownEventTypes, and what `_once` raises."""
        return self._changed(webhook_id, request, lambda found: rules.change(found, wanted, request.at))

    def rotate(self, webhook_id: str, request: Request) -> Done:
        """A new secret. Raises NotFound, and what `_once` raises."""
        return self._changed(
            webhook_id, request, lambda found: rules.rotate(found, self._fresh_secret(found.id), request.at)
        )

    def delete(self, webhook_id: str, request: Request) -> Done:
        """Raises NotFound, and what `_once` raises."""
        return self._changed(webhook_id, request, lambda _: None)

    def test(self, webhook_id: str, request: Request) -> Begun:
        """Sends an event that tells of nothing.

        Raises NotFound, WebhookDisabled, WebhookJustTested, and what `_once` raises.
        """
        done = self._once(request, lambda: self._begin_test(webhook_id, request))
        run = _run(done)
        return self._send(done.webhook, Happening(run, TEST, done.at), run, done.at)

    def replay(self, webhook_id: str, event_id: str, request: Request) -> Begun:
        """Delivers an event of the log once more. Raises NotFound, WebhookDisabled, and what `_once` raises."""
        done = self._once(request, lambda: self._begin_replay(webhook_id, event_id, request))
        happening = self._logged(webhook_id, event_id, done.at)
        return self._send(done.webhook, happening, _run(done), done.at)

    # --- how ---

    def _register(self, wanted: Wanted, request: Request) -> Done:
        webhook = rules.register(wanted, self.new_id(), request.at)
        secret = Secret(self._fresh_secret(webhook.id))
        return self._commit(None, replace(webhook, secrets=(secret,)), request)

    def _changed(self, webhook_id: str, request: Request, change: Callable[[Webhook], Webhook | None]) -> Done:
        def act() -> Done:
            before = self._matching(webhook_id, request)
            return self._commit(before, change(before), request)

        return self._once(request, act)

    def _begin_test(self, webhook_id: str, request: Request) -> Done:
        webhook = self._matching(webhook_id, request)
        return self._commit(webhook, rules.test(webhook, request.at), request, run=self.new_id())

    def _begin_replay(self, webhook_id: str, event_id: str, request: Request) -> Done:
        """A run of its own, which the key remembers."""
        webhook = self._matching(webhook_id, request)
        self._logged(webhook_id, event_id, request.at)
        rules.require_enabled(webhook)
        return self._commit(webhook, webhook, request, run=self.new_id())

    def _logged(self, webhook_id: str, event_id: str, now: datetime) -> Happening:
        """What the log knows of an event, tests apart. Raises NotFound."""
        happening = self.store.happening(webhook_id, event_id, now)
        if happening is None or happening.type == TEST:
            raise NotFound
        return happening

    def _send(self, webhook: Webhook, happening: Happening, run: str, at: datetime) -> Begun:
        """Also when the request is repeated: it may have died before. Who delivers, knows what was delivered."""
        self.deliveries.send([Delivery(webhook.id, webhook.owner, happening, run, at, asked=True)])
        return Begun(webhook, happening, run)

    def _once(self, request: Request, act: Callable[[], Done]) -> Done:
        """Raises IdempotencyKeyReused, VersionConflict, TooBusy."""
        for _ in range(_TRIES):
            before = self._replayed(request)
            if before:
                return before
            try:
                return act()
            except IdempotencyRaced:
                continue
            except Raced:
                if request.if_match is not None:
                    raise VersionConflict(expected=request.if_match, current=None) from None
        raise TooBusy

    def _replayed(self, request: Request) -> Done | None:
        """What came of the same request before. Whose it is need not be asked: a key is the caller's own."""
        if request.key is None:
            return None
        record = self.store.remembered(request.key)
        if record is None or record.expired(request.at):
            return None
        if record.kept is None or record.fingerprint != request.key.fingerprint:
            raise IdempotencyKeyReused
        return _done(record.kept, record.at)

    def _matching(self, webhook_id: str, request: Request) -> Webhook:
        webhook = self.one(webhook_id, request.actor)
        if request.if_match not in (None, webhook.seq):
            raise VersionConflict(expected=request.if_match, current=webhook.seq)
        return webhook

    def _commit(
        self, before: Webhook | None, after: Webhook | None, request: Request, *, run: str | None = None
    ) -> Done:
        webhook = after or before
        if webhook is None:
            raise ValueError("nothing is committed")
        self.store.commit(WebhookCommit(self.new_id(), request.at, before, after, request.key, run))
        return _done(Kept(webhook, run), request.at)

    def _fresh_secret(self, webhook_id: str) -> str:
        return self.sealer.seal(self.new_secret(SECRET_BYTES), webhook_id)


def owners(actor: Actor) -> Sequence[str]:
    """Whose webhooks are the actor's: its parties', or the platform's."""
    return (PLATFORM,) if actor.role is Role.PLATFORM else tuple(sorted(actor.parties))


def _run(done: Done) -> str:
    if done.run is None:
        raise ValueError("the request began no delivery")
    return done.run


def _done(kept: Kept, at: datetime) -> Done:
    return Done(kept.webhook, at, kept.run)
