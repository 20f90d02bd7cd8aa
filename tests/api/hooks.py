"""Webhooks in a world: who is registered, what goes out, and what the receivers answer."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from chalicelib.domain.measures import Measure
from chalicelib.domain.webhook_ports import Courier
from chalicelib.domain.webhooks import Delivery, Webhook
from chalicelib.service.announcing import Announcer
from chalicelib.service.delivering import Deliverer
from chalicelib.service.webhooks import Webhooks
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.table import Table
from chalicelib.store.webhooks import WebhookItems
from tests.fakes import Postman, Sealed, Underway

URL = "https://hooks.example.com/recourse"
OPENED = "dispute.opened"


def hooked(by: Any, *events: str) -> Any:
    """A webhook that somebody registers: the answer, with its secret."""
    reply = by.post("/v1/webhooks", {"url": URL, "events": list(events)})
    assert reply.status == 201, reply.text
    return reply.body


def path_of(registered: Any) -> str:
    return f"/v1/webhooks/{registered['webhook']['id']}"


class Mail:
    """What goes from the outbox to the receivers of webhooks, and the log of it."""

    def __init__(
        self, disputes: DisputeStore, table: Table, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._disputes = disputes
        self._clock = clock
        self._secrets = count(1)
        self.sealed, self.underway, self.postman = Sealed(), Underway(), Postman()
        self.measured: list[tuple[Measure, float]] = []
        self._items = WebhookItems(table)
        self.webhooks = Webhooks(self._items, self.sealed, self.underway, new_id, self._new_secret)
        self._announcer = Announcer(disputes, self._items, self.underway)
        self._deliverer = Deliverer(
            self._items,
            self.sealed,
            self.postman,
            self.underway,
            clock,
            new_id,
            lambda: 0.0,
            lambda measure, value: self.measured.append((measure, value)),
        )

    def _new_secret(self, size: int) -> bytes:
        return bytes([next(self._secrets)]) * size

    @property
    def told(self) -> list[dict[str, Any]]:
        """The bodies that were sent."""
        return [json.loads(each.body) for each in self.postman.posted]

    def stored(self, owner: str) -> tuple[Webhook, ...]:
        return self._items.of_owner(owner)

    def announce(self) -> None:
        """What the bus carries to webhooks: every event that isn't published yet."""
        for item in self._disputes.outbox(datetime.max.replace(microsecond=0, tzinfo=self._clock().tzinfo), limit=100):
            for event in item.events:
                self._announcer.announce(event.dispute, event.aggregate, event.seq)
            self._disputes.published(item.id)

    def deliver(self) -> None:
        """Works on what waits, once."""
        waiting, self.underway.waiting = self.underway.waiting, []
        for each in waiting:
            self.work_on(each)

    def work_on(self, delivery: Delivery) -> None:
        self._deliverer.deliver(delivery)

    def send_by(self, courier: Courier) -> None:
        """Another one than the postman."""
        self._deliverer = replace(self._deliverer, courier=courier)

    def carry(self) -> None:
        self.announce()
        self.deliver()
