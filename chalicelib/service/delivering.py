"""Delivers events to webhooks: signed, at most once a try, tried again by the schedule, then set aside."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from standardwebhooks import Webhook as Signer

from chalicelib.domain import webhooks as rules
from chalicelib.domain.measures import Measure, Meter
from chalicelib.domain.notices import of_webhook
from chalicelib.domain.ports import Clock, IdempotencyRaced, NewId, VersionRaced
from chalicelib.domain.webhook_ports import Courier, Deliveries, Sealer, WebhookCommit, WebhookStore
from chalicelib.domain.webhooks import Attempt, Delivery, Happening, Webhook

_log = logging.getLogger("recourse.webhooks")
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Deliverer:
    """`chance()` is a random number from 0 to 1."""

    store: WebhookStore
    sealer: Sealer
    courier: Courier
    deliveries: Deliveries
    clock: Clock
    new_id: NewId
    chance: Callable[[], float]
    meter: Meter

    def deliver(self, delivery: Delivery) -> None:
        """Safe to be called again: an attempt that the log has isn't made anew."""
        now = self.clock()
        if now < delivery.not_before:
            self.deliveries.send([delivery], delivery.not_before - now)
            return
        webhook = self.store.find((delivery.owner,), delivery.webhook)
        if webhook is None or not rules.still_wanted(webhook, delivery):
            _log.info("it is no longer wanted")
            return
        attempt = self.store.attempted(delivery) or self._attempt(webhook, delivery, now)
        if not attempt.delivered:
            self._again(delivery, attempt)

    def _attempt(self, webhook: Webhook, delivery: Delivery, now: datetime) -> Attempt:
        happening = delivery.happening
        content = body(webhook.id, happening)
        outcome = self.courier.post(webhook.url, self._headers(webhook, happening.id, content, now), content.encode())
        attempt = Attempt(webhook.id, happening, delivery.run, delivery.attempt, now, outcome)
        self._record(webhook, attempt)
        return attempt

    def _headers(self, webhook: Webhook, event_id: str, content: str, now: datetime) -> dict[str, str]:
        """As Standard Webhooks has them; one signature for each secret that holds."""
        signers = [Signer(self.sealer.open(each.sealed, webhook.id)) for each in webhook.signing(now)]
        # The library takes any zone's time for UTC: it is given UTC.
        utc = now.astimezone(UTC)
        return {
            "Content-Type": "application/json",
            "User-Agent": "recourse-webhooks",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(each.sign(event_id, utc, content) for each in signers),
        }

    def _record(self, webhook: Webhook, attempt: Attempt) -> None:
        """The attempt, what it says of the webhook, and what its owner is told of it, together.

        Where somebody changes the webhook meanwhile, once more.
        """
        now: Webhook | None = webhook
        for _ in range(_TRIES):
            after = rules.after(now, attempt) if now else None
            told = of_webhook(now, after)
            try:
                self.store.commit(WebhookCommit(self.new_id(), attempt.at, now, after, attempt=attempt, notices=told))
            except VersionRaced:
                now = self.store.find((webhook.owner,), webhook.id)
            except IdempotencyRaced:
                return
            else:
                self._measure(attempt, now, after)
                return
        raise VersionRaced(webhook.id)

    def _measure(self, attempt: Attempt, before: Webhook | None, after: Webhook | None) -> None:
        if not attempt.delivered:
            self.meter(Measure.DELIVERIES_FAILED, 1)
        if before and after and after.disabled and not before.disabled:
            self.meter(Measure.WEBHOOKS_DISABLED, 1)
            _log.warning("the webhook is disabled: %s", after.disabled.why)

    def _again(self, delivery: Delivery, attempt: Attempt) -> None:
        wait = rules.wait_after(attempt, self.chance())
        if wait is not None:
            following = replace(delivery, attempt=delivery.attempt + 1, not_before=attempt.at + wait)
            self.deliveries.send([following], wait)
        elif attempt.happening.type != rules.TEST:
            # Put back from the dead letters, it begins anew: the log has all attempts of this run.
            self.deliveries.give_up(replace(delivery, run=self.new_id(), attempt=1))


def body(webhook_id: str, happening: Happening) -> str:
    """Which event of which dispute, and nothing personal: who may see more asks the API."""
    data: dict[str, object] = {"webhook": webhook_id, "event": happening.id}
    if happening.dispute is not None:
        data |= {"dispute": happening.dispute, "aggregate": happening.aggregate, "seq": happening.seq}
    at = happening.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": happening.type, "timestamp": at, "data": data}, separators=(",", ":"))
