"""What a party reads of its message centre. Whose it is, the caller's token says; what is another's isn't there (E)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import NotFound, TooBusy
from chalicelib.domain.message_ports import Counted, Message, MessageCentre
from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import PLATFORM, Actor, Role, Side
from chalicelib.domain.ports import Page, Raced
from chalicelib.domain.topics import OfDispute, WebhookDown
from chalicelib.domain.webhooks import Webhook
from policies.book import PolicyBook
from policies.model import Policy


@dataclass(frozen=True, slots=True)
class Told:
    """A message of a dispute, and what its sentences are made of: the dispute as it is now, and its policy."""

    message: Message
    topic: OfDispute
    dispute: Dispute
    policy: Policy
    current: bool
    """It still holds."""

    @property
    def zone(self) -> str:
        return self.policy.zone


@dataclass(frozen=True, slots=True)
class ToldOfWebhook:
    """A message of a webhook, with times in the default policy's zone."""

    message: Message
    topic: WebhookDown
    zone: str
    current: bool


@dataclass(frozen=True, slots=True)
class Messages:
    centre: MessageCentre
    book: PolicyBook
    default_policy: str

    def inbox(self, party: str, actor: Actor) -> "Inbox":
        """A shop's, a buyer's and the platform's own. Raises NotFound.

        The platform's systems read for any buyer, too, for whom they act. D2: the platform's people who belong to a
        shop might learn who complains of it.
        """
        systems = actor.role is Role.PLATFORM and not actor.parties
        own = {PLATFORM} if actor.role is Role.PLATFORM else actor.parties
        if party not in own and not (systems and party.startswith("buyer:")):
            raise NotFound
        return Inbox(self.centre, self.book, self.default_policy, party)


@dataclass(frozen=True, slots=True)
class Inbox:
    """One party's messages, for whoever may read them."""

    centre: MessageCentre
    book: PolicyBook
    default_policy: str
    party: str

    def told(self, now: datetime, *, unread: bool, limit: int, after: str | None) -> Page[Told | ToldOfWebhook]:
        """One Query, and one read of what the messages are of. What is gone has none any more."""
        page = self.centre.messages(self.party, now, unread=unread, limit=limit, after=after)
        subjects = self.centre.subjects([each.notice for each in page.items])
        told = (self._told(each, subjects.get(each.notice.subject), now) for each in page.items)
        return Page(tuple(each for each in told if each), page.next)

    def unread(self, now: datetime) -> Counted:
        return self.centre.unread(self.party, now)

    def read(self, ids: Sequence[str], now: datetime) -> Counted:
        """Ids that aren't the party's mark nothing, like those that aren't there. Raises TooBusy."""
        try:
            return Counted(self.centre.read(self.party, ids, now), more=False)
        except Raced:
            raise TooBusy from None

    def read_until(self, until: datetime, now: datetime) -> Counted:
        """Raises TooBusy."""
        try:
            return self.centre.read_until(self.party, until, now)
        except Raced:
            raise TooBusy from None

    def _is_of(self, dispute: Dispute) -> bool:
        """Once who complained is erased, a case is nobody's any more but the shop's."""
        return self.party in {dispute.party_of(each) for each in Side}

    def _told(self, message: Message, subject: Dispute | Webhook | None, now: datetime) -> Told | ToldOfWebhook | None:
        match message.notice.topic, subject:
            case WebhookDown() as topic, Webhook() as webhook:
                zone = self.book.in_force(self.default_policy, now).zone
                return ToldOfWebhook(message, topic, zone, topic.holds(webhook, now))
            case topic, Dispute() as dispute if not isinstance(topic, WebhookDown) and self._is_of(dispute):
                pin = dispute.policy
                policy = self.book.pinned(pin.id, pin.version, pin.digest)
                return Told(message, topic, dispute, policy, topic.holds(dispute, now))
            case _:
                return None
