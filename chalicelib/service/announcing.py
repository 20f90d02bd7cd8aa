"""From an event on the bus to one delivery for each webhook that is to hear of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import PLATFORM, Actor, Role
from chalicelib.domain.ports import Store
from chalicelib.domain.told import told
from chalicelib.domain.viewer import Viewer
from chalicelib.domain.webhook_ports import Deliveries, WebhookStore
from chalicelib.domain.webhooks import AUTOMATIC, Delivery, Happening, public_name


@dataclass(frozen=True, slots=True)
class Announced:
    """An event as it came over the bus: which it is, and what only decides who hears of it."""

    happening: Happening
    kind: str
    dispute: str
    of_piece: bool
    caused_by: Role
    data: dict[str, Any] = field(repr=False)


def announced(detail: dict[str, Any]) -> Announced:
    """From the detail that the bus carries. Raises KeyError and ValueError for what is no event of ours."""
    body = detail["event"]
    of_piece = detail["aggregate"] != detail["dispute"]
    happening = Happening(
        detail["id"],
        public_name(body["type"], of_piece=of_piece),
        datetime.fromisoformat(body["at"]),
        detail["dispute"],
        detail["aggregate"],
        detail["seq"],
    )
    return Announced(happening, body["type"], detail["dispute"], of_piece, Role(body["by"]["role"]), body["data"])


@dataclass(frozen=True, slots=True)
class Announcer:
    """The same event twice makes the same deliveries twice; who carries them out knows what was delivered."""

    disputes: Store
    webhooks: WebhookStore
    deliveries: Deliveries

    def announce(self, event: Announced) -> int:
        """How many webhooks are to hear of it; none, where the dispute is gone."""
        dispute = self.disputes.load(event.dispute).dispute
        if dispute is None:
            return 0
        found = tuple(self._deliveries(event, dispute))
        if found:
            self.deliveries.send(found)
        return len(found)

    def _deliveries(self, event: Announced, dispute: Dispute) -> Iterator[Delivery]:
        happening = event.happening
        for owner in _audience(event, dispute):
            for each in self.webhooks.of_owner(owner):
                if each.disabled is None and happening.type in each.events:
                    yield Delivery(each.id, owner, happening, AUTOMATIC, happening.at)


def _audience(event: Announced, dispute: Dispute) -> tuple[str, ...]:
    """The platform hears what is in its feed, a respondent what its timeline shows (promise E)."""
    return (PLATFORM, dispute.respondent) if _shown(event, dispute) else (PLATFORM,)


def _shown(event: Announced, dispute: Dispute) -> bool:
    if event.of_piece:
        return False
    respondent = Actor(dispute.respondent, Role.MERCHANT, frozenset({dispute.respondent}))
    return told(event.kind, Viewer.of(dispute, respondent), event.data, event.caused_by) is not None
