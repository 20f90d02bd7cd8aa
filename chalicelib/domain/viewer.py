"""What of a dispute a caller may see (promise E). Whether they may see it at all, `moves.require_sight` says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from chalicelib.domain.confidential import knows_complainant
from chalicelib.domain.deadline import Deadline, DeadlineKind
from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import Actor, Role, Side

_SIDES: Final = {Role.MERCHANT: Side.RESPONDENT, Role.BUYER: Side.COMPLAINANT}


@dataclass(frozen=True, slots=True)
class Viewer:
    """A party sees its own side's doings, and staff by role only; staff see all but what is confidential (D2)."""

    dispute: Dispute
    side: Side | None
    """None for staff."""
    of_shop: bool
    """Of the respondent's people, whatever the role."""
    knows_complainant: bool
    """D2: of a confidential dispute, not everybody does."""

    @classmethod
    def of(cls, dispute: Dispute, actor: Actor) -> Self:
        of_shop = dispute.respondent in actor.parties
        return cls(dispute, _SIDES.get(actor.role), of_shop, knows_complainant(dispute, actor))

    @property
    def pieces(self) -> frozenset[str]:
        """Those of the dispute that it may know of."""
        return frozenset(each.id for each in self.dispute.pieces if self.sees(each.side, sealed=each.sealed))

    @property
    def staff(self) -> bool:
        return self.side is None

    @property
    def complainant(self) -> bool:
        return self.side is Side.COMPLAINANT

    def is_of(self, side: Side) -> bool:
        return self.side in (None, side)

    def sees(self, side: Side, *, sealed: bool) -> bool:
        """Whether it may look at a piece of that side: the respondent's people also at what the other has sent off."""
        if side is Side.RESPONDENT:
            return self.is_of(side)
        return self.complainant or (self.staff and self.knows_complainant) or (self.of_shop and sealed)

    def hears(self, side: Side) -> bool:
        """D2: whether it may read what that side has written; words tell whose they are."""
        return side is not Side.COMPLAINANT or self.knows_complainant

    def known(self, pieces: Sequence[str]) -> tuple[str, ...]:
        mine = self.pieces
        return tuple(each for each in pieces if each in mine)

    def knows_request(self, request: str | None) -> bool:
        asked = self.dispute.request(request) if request else None
        return asked is None or self.is_of(asked.side)

    def knows_deadline(self, deadline: Deadline) -> bool:
        """Who holds a review until when, and what the other side was asked for, is none of a party's business."""
        return self.staff or (deadline.kind is not DeadlineKind.REVIEW_CLAIM and self.knows_request(deadline.request))
