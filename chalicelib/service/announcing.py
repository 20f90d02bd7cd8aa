"""From an event on the bus to one delivery for each webhook that is to hear of it.

Nothing is taken from a message but where to look, so that whoever can put something on the bus can't make us tell it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import PLATFORM, Actor, Role
from chalicelib.domain.ports import StoredEvent
from chalicelib.domain.told import told
from chalicelib.domain.viewer import Viewer
from chalicelib.domain.webhook_ports import Deliveries, Events, WebhookStore
from chalicelib.domain.webhooks import AUTOMATIC, Delivery, Happening, public_name


@dataclass(frozen=True, slots=True)
class Announcer:
    """The same event twice makes the same deliveries twice; who carries them out knows what was delivered."""

    events: Events
    webhooks: WebhookStore
    deliveries: Deliveries

    def announce(self, dispute_id: str, aggregate: str, seq: int) -> int:
        """How many webhooks are to hear of it; none, where the event or its dispute isn't there."""
        event = self.events.event(dispute_id, aggregate, seq)
        dispute = self.events.load(dispute_id).dispute
        if event is None or dispute is None:
            return 0
        found = tuple(self._deliveries(event, dispute))
        if found:
            self.deliveries.send(found)
        return len(found)

    def _deliveries(self, event: StoredEvent, dispute: Dispute) -> Iterator[Delivery]:
        kind = public_name(event.type, of_piece=_of_piece(event))
        happening = Happening(event.id, kind, event.at, event.dispute, event.aggregate, event.seq)
        for owner in _audience(event, dispute):
            for each in self.webhooks.of_owner(owner):
                if each.disabled is None and kind in each.events:
                    yield Delivery(each.id, owner, happening, AUTOMATIC, event.at)


def _audience(event: StoredEvent, dispute: Dispute) -> tuple[str, ...]:
    """The platform hears what is in its feed, a respondent what its timeline shows (promise E)."""
    return (PLATFORM, dispute.respondent) if _shown(event, dispute) else (PLATFORM,)


def _shown(event: StoredEvent, dispute: Dispute) -> bool:
    if _of_piece(event):
        return False
    respondent = Actor(dispute.respondent, Role.MERCHANT, frozenset({dispute.respondent}))
    body = json.loads(event.body)
    return told(event.type, Viewer.of(dispute, respondent), body["data"], Role(body["by"]["role"])) is not None


def _of_piece(event: StoredEvent) -> bool:
    return event.aggregate != event.dispute
