"""What a command's decision needs to have read, so that nothing more is: pieces, and years of the quota."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.model import Dispute, PieceRef, Stage
from policies.calendar import year_of
from policies.model import Policy


@dataclass(frozen=True, slots=True)
class Needs:
    pieces: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    arrivals: bool = True
    """Whether the object store is asked for pieces whose arrival isn't recorded yet."""


def needs(dispute: Dispute, command: c.Command, policy: Policy, now: datetime) -> Needs:
    by_lapse = _of_lapses(dispute, now)
    of_command = {each.id for each in _of_command(dispute, command)}
    pieces = tuple(each.id for each in dispute.pieces if each.id in of_command or each in by_lapse)
    return Needs(
        pieces,
        _years(dispute, command, policy, now),
        arrivals=bool(by_lapse) or not isinstance(command, c.WithdrawPiece),
    )


def named(command: c.Command) -> tuple[str, ...]:
    """The pieces that a command itself names, to be read along with the dispute; whether they are its, is seen then."""
    match command:
        case c.WithdrawPiece(piece):
            return (piece,)
        case c.Contest(pieces=ids) | c.SupplyEvidence(pieces=ids) | c.FileAppeal(pieces=ids):
            return ids
        case _:
            return ()


def _of_lapses(dispute: Dispute, now: datetime) -> tuple[PieceRef, ...]:
    refs: list[PieceRef] = []
    for each in dispute.deadlines:
        if each.passed(now) and each.kind is DeadlineKind.RESPONSE:
            refs.extend(dispute.pieces_of(Stage.RESPONSE))
        if each.passed(now) and each.kind is DeadlineKind.SUPPLEMENT:
            refs.extend(dispute.pieces_of(Stage.SUPPLEMENT, each.request))
    return tuple(refs)


def _of_command(dispute: Dispute, command: c.Command) -> tuple[PieceRef, ...]:
    match command:
        case c.ClaimReview():
            return tuple(each for each in dispute.pieces if not each.sealed)
        case c.Rule():
            return tuple(each for each in dispute.pieces if each.sealed and each.stage is not Stage.APPEAL)
        case c.DecideAppeal():
            return tuple(each for each in dispute.pieces if each.sealed and each.stage is Stage.APPEAL)
        case _:
            return tuple(each for each in dispute.pieces if each.id in named(command))


def _years(dispute: Dispute, command: c.Command, policy: Policy, now: datetime) -> tuple[int, ...]:
    """Those whose counts matter: of filing now (and what is pending from last year), or of a window that may pause."""
    this = year_of(now, dispute.policy.zone)
    window = dispute.deadline(DeadlineKind.APPEAL_WINDOW)
    years = {this, this - 1} if isinstance(command, c.FileAppeal) else set()
    if window and window.passed(now) and policy.appeal.pause_window_while_blocked:
        years |= set(range(year_of(window.started_at, window.zone), this + 1))
    return tuple(sorted(years))
