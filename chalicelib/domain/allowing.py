"""What an outage took is given back (B11): what runs is extended, what defaulted by a lapse in it is set aside."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case import Case
from chalicelib.domain.deadline import Deadline, DeadlineKind, Extension, ExtensionReason
from chalicelib.domain.events import DeadlineExtended, OutageAllowed
from chalicelib.domain.lapses import lapse_passed
from chalicelib.domain.model import Dispute, Status
from chalicelib.domain.outage import Outage, Unmended
from chalicelib.domain.parties import Side
from chalicelib.domain.setting_aside import default_of, set_default_aside


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A deadline that passed unmet."""

    kind: DeadlineKind
    due: datetime


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an outage would give back to a dispute now."""

    extended: tuple[Deadline, ...] = ()
    set_aside: Lapsed | None = None
    """The lapse whose default is set aside."""

    @property
    def nothing(self) -> bool:
        return not self.extended and self.set_aside is None


def allowance(dispute: Dispute, outage: Outage) -> Allowance:
    """Each outage once: what was given back for it isn't given again."""
    scope = outage.scope
    if outage.id in dispute.outages or not scope.concerns(dispute):
        return Allowance()
    lapsed = default_lapse(dispute)
    covered = lapsed is not None and scope.covers(lapsed.kind, lapsed.due)
    if covered:
        return Allowance(set_aside=lapsed)
    return Allowance(tuple(each for each in dispute.deadlines if scope.covers(each.kind, each.due)))


def extended_until(deadline: Deadline, outage: Outage, now: datetime) -> datetime:
    """Where the deadline stands then: what has passed meanwhile is no time to act in."""
    return max(deadline.due, now) + outage.extra


def unmended(dispute: Dispute, outage: Outage) -> Unmended | None:
    """Why a lapse in the outage can't be undone in this dispute; None where it can be, or was."""
    if outage.id in dispute.outages or allowance(dispute, outage).set_aside:
        return None
    match dispute.status:
        case Status.FINAL | Status.CLOSED:
            return Unmended.FINAL
        case Status.WITHDRAWN:
            return Unmended.WITHDRAWN
        case _:
            return Unmended.NO_DEFAULT


def default_lapse(dispute: Dispute) -> Lapsed | None:
    """The lapse that made the default that stands and can be set aside; None where no lapse made it."""
    if default_of(dispute) is None:
        return None
    answered = dispute.response or dispute.settlement
    if answered is None:
        until = dispute.response_until
        return Lapsed(DeadlineKind.RESPONSE, until) if until else None
    since_then = [
        each.until
        for each in dispute.requests
        if each.lapsed and each.until and each.side is Side.RESPONDENT and each.asked_at >= answered.at
    ]
    return Lapsed(DeadlineKind.SUPPLEMENT, min(since_then)) if since_then else None


def allow(case: Case, outage: Outage) -> None:
    """Before what has passed is carried out: else the very deadlines that this is for would fall first."""
    given, agreed_by = allowance(case.dispute, outage), outage.agreed_by
    if given.nothing or agreed_by is None:
        return
    case.record(OutageAllowed(outage.id, outage.declared_by, agreed_by))
    for each in given.extended:
        case.record(DeadlineExtended(each.id, _extension(case, each, outage)))
    if given.set_aside:
        set_default_aside(case, outage.id)
    lapse_passed(case)


def _extension(case: Case, deadline: Deadline, outage: Outage) -> Extension:
    until = extended_until(deadline, outage, case.at)
    return Extension(case.at, case.by, deadline.due, until, ExtensionReason.PLATFORM_FAULT, outage=outage.id)
