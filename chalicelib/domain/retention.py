"""How long what is personal is kept, what stops its erasure, and what an erasure takes. Times are the policy's."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import commands as c
from chalicelib.domain.case import Case
from chalicelib.domain.errors import OnHold, SecondPersonNeeded, WrongState
from chalicelib.domain.events import Erased, HoldLifted, HoldPlaced
from chalicelib.domain.keeping import Erasable, ErasureCause, Hold
from chalicelib.domain.model import Dispute
from chalicelib.domain.piece import Piece
from chalicelib.domain.rulings import require_impartial
from policies.calendar import add
from policies.model import Policy

SETTLES = timedelta(minutes=15)
"""An upload form (10 minutes) or a look (150 seconds) that began before may still bring something for so long."""


def place_hold(case: Case, command: c.PlaceHold) -> None:
    require_impartial(case)
    case.record(HoldPlaced(Hold(command.cause, command.note, case.by, case.at)))


def lift_hold(case: Case, _command: c.LiftHold) -> None:
    """What can't be undone takes two people: what is due is erased as soon as the hold is gone."""
    require_impartial(case)
    hold = case.dispute.hold
    if hold is None:
        raise WrongState(action="lift_hold", status=case.dispute.status)
    if hold.by.id == case.facts.actor.id:
        raise SecondPersonNeeded
    case.record(HoldLifted())


def erase(case: Case, command: c.Erase) -> None:
    require_impartial(case)
    dispute = case.dispute
    if dispute.hold:
        raise OnHold(cause=dispute.hold.cause)
    what = [each for each in (Erasable.IMAGES, Erasable.TEXTS) if not is_erased(dispute, each)]
    _erase(case, what, tuple(each.piece for each in dispute.taken_back), command.cause)


def erase_due(case: Case, _command: c.EraseDue) -> None:
    dispute = case.dispute
    if dispute.hold:
        return
    due = [what for what, when in _terms(dispute, case.policy) if when <= case.at]
    pieces = tuple(each.piece for each in dispute.taken_back if each.at + SETTLES <= case.at)
    if due or pieces:
        _erase(case, due, pieces, ErasureCause.RETENTION)


def _erase(case: Case, what: list[Erasable], pieces: tuple[str, ...], cause: ErasureCause) -> None:
    withdrawn = (Erasable.WITHDRAWN,) if pieces else ()
    case.record(Erased((*what, *withdrawn), cause, pieces))


def is_erased(dispute: Dispute, what: Erasable) -> bool:
    match what:
        case Erasable.IMAGES:
            return dispute.images_erased_at is not None
        case Erasable.TEXTS:
            return dispute.texts_erased_at is not None
        case Erasable.WITHDRAWN:
            return not dispute.taken_back


def is_gone(dispute: Dispute, piece: Piece) -> bool:
    """Whether it was decided that the piece is erased: a file with the images, a statement with the texts."""
    if piece.withdrawn_at:
        return all(each.piece != piece.id for each in dispute.taken_back)
    return is_erased(dispute, Erasable.IMAGES if piece.key else Erasable.TEXTS)


def as_decided(dispute: Dispute, piece: Piece) -> Piece:
    """The piece as it is shown: what was decided holds at once, removed or not."""
    if piece.erased_at or not is_gone(dispute, piece):
        return piece
    return replace(piece, erased_at=dispute.images_erased_at if piece.key else dispute.texts_erased_at)


def next_erasure(dispute: Dispute, policy: Policy) -> datetime | None:
    """When something of the dispute is to be erased; None while it is held, open, or nothing is left."""
    if dispute.hold:
        return None
    taken_back = (each.at + SETTLES for each in dispute.taken_back)
    return min((*taken_back, *(when for _, when in _terms(dispute, policy))), default=None)


def erasure_after(before: Dispute | None, after: Dispute, policy: Policy) -> datetime | None:
    """When to look into it, where a commit has changed that: at once for what it has decided to erase."""
    if before and _decided(before) != _decided(after) and len(after.taken_back) <= len(before.taken_back):
        return after.updated_at
    following = next_erasure(after, policy)
    return None if before and next_erasure(before, policy) == following else following


def _decided(dispute: Dispute) -> tuple[object, ...]:
    return dispute.images_erased_at, dispute.texts_erased_at, dispute.taken_back


def _terms(dispute: Dispute, policy: Policy) -> Iterator[tuple[Erasable, datetime]]:
    """Until when what is left may be kept: calendar days of the policy's zone, from the end of the dispute on."""
    if dispute.ended_at is None:
        return
    kept = policy.retention
    for what, term in ((Erasable.IMAGES, kept.images), (Erasable.TEXTS, kept.texts)):
        if not is_erased(dispute, what):
            yield what, add(dispute.ended_at, term, policy.zone)
