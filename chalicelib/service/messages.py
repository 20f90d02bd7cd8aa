"""What a party reads of its message centre. Whose it is, the caller's token says; what is another's isn't there (E)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import NotFound, TooBusy
from chalicelib.domain.message_ports import Counted, Message, MessageCentre
from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import Actor, Role, Side
from chalicelib.domain.ports import Page, Raced
from policies.book import PolicyBook
from policies.model import Policy


@dataclass(frozen=True, slots=True)
class Told:
    """A message, and what its sentences are made of: the dispute as it is now, and its policy."""

    message: Message
    dispute: Dispute
    policy: Policy
    current: bool
    """It still holds."""


@dataclass(frozen=True, slots=True)
class Messages:
    centre: MessageCentre
    book: PolicyBook

    def inbox(self, party: str, actor: Actor) -> "Inbox":
        """A shop's and a buyer's own; the platform's systems read for any buyer, for whom they act. Raises NotFound.

        D2: the platform's people who belong to a shop might learn who complains of it.
        """
        systems = actor.role is Role.PLATFORM and not actor.parties
        own = party.startswith("buyer:") if systems else party in actor.parties
        if not own:
            raise NotFound
        return Inbox(self.centre, self.book, party)


@dataclass(frozen=True, slots=True)
class Inbox:
    """One party's messages, for whoever may read them."""

    centre: MessageCentre
    book: PolicyBook
    party: str

    def told(self, now: datetime, *, unread: bool, limit: int, after: str | None) -> Page[Told]:
        """One Query, and one read of the disputes."""
        page = self.centre.messages(self.party, now, unread=unread, limit=limit, after=after)
        disputes = self.centre.many(tuple(dict.fromkeys(each.notice.dispute for each in page.items)))
        there = ((each, disputes.get(each.notice.dispute)) for each in page.items)
        mine = ((each, dispute) for each, dispute in there if dispute and self._is_of(dispute))
        return Page(tuple(self._told(each, dispute, now) for each, dispute in mine), page.next)

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

    def _told(self, message: Message, dispute: Dispute, now: datetime) -> Told:
        pin = dispute.policy
        current = message.notice.topic.holds(dispute, now)
        return Told(message, dispute, self.book.pinned(pin.id, pin.version, pin.digest), current)
