"""What of a dispute a caller may see (promise E). Whether they may see it at all, `moves.require_sight` says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from chalicelib.domain.confidential import knows_complainant
from chalicelib.domain.deadline import Deadline, DeadlineKind
from chalicelib.domain.model import Dispute, PieceRef
from chalicelib.domain.parties import Actor, Role, Side

_SIDES: Final = {Role.MERCHANT: Side.RESPONDENT, Role.BUYER: Side.COMPLAINANT}


@dataclass(frozen=True, slots=True)
class Viewer:
    """A party sees its own side's doings, and staff by role only; staff see all."""

    dispute: Dispute
    side: Side | None
    """None for staff."""
    pieces: frozenset[str]
    """Those of the dispute that it may know of."""
    knows_complainant: bool
    """D2: of a confidential dispute, not everybody does."""

    @classmethod
    def of(cls, dispute: Dispute, actor: Actor) -> Self:
        side = _SIDES.get(actor.role)
        pieces = frozenset(each.id for each in dispute.pieces if _knows(side, each))
        return cls(dispute, side, pieces, knows_complainant(dispute, actor))

    @property
    def staff(self) -> bool:
        return self.side is None

    @property
    def complainant(self) -> bool:
        return self.side is Side.COMPLAINANT

    def is_of(self, side: Side) -> bool:
        return self.side in (None, side)

    def known(self, pieces: Sequence[str]) -> tuple[str, ...]:
        return tuple(each for each in pieces if self.staff or each in self.pieces)

    def knows_request(self, request: str | None) -> bool:
        asked = self.dispute.request(request) if request else None
        return asked is None or self.is_of(asked.side)

    def knows_deadline(self, deadline: Deadline) -> bool:
        """Who holds a review until when, and what the other side was asked for, is none of a party's business."""
        return self.staff or (deadline.kind is not DeadlineKind.REVIEW_CLAIM and self.knows_request(deadline.request))


def _knows(side: Side | None, piece: PieceRef) -> bool:
    """As `queries` has it: the respondent also knows what the complainant's side has sent off."""
    return side is None or piece.side is side or (side is Side.RESPONDENT and piece.sealed)
