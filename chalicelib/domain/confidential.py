"""Who may know who complains (D2)."""

from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import Actor, Role
from chalicelib.domain.ports import DisputeRow


def knows_complainant(case: Dispute | DisputeRow, actor: Actor) -> bool:
    """Of a confidential case: the complainant, the platform's impartial people, and the reviewer who holds it.

    A row doesn't say who holds it: lists tell no reviewer.
    """
    match actor.role:
        case _ if not case.confidential:
            return True
        case Role.PLATFORM:
            return case.respondent not in actor.parties
        case Role.BUYER:
            return case.complainant in actor.parties
        case _:
            return isinstance(case, Dispute) and case.claim is not None and case.claim.reviewer == actor.id


def finds_by_complainant(actor: Actor) -> bool:
    """Whether a list by complainant shows this caller confidential cases, too: who belongs to a shop might learn."""
    return actor.role is Role.BUYER or (actor.role is Role.PLATFORM and not actor.parties)
