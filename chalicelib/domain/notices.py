"""Which notices follow from what happened, for whom (C6). Pure; every kind of event has its line in a table.

A party is told of its own disputes and webhooks only, and of nothing that its timeline wouldn't show. Each notice has a
cause, the same however often its event comes; what no longer holds is none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.domain import events as e
from chalicelib.domain import piece as p
from chalicelib.domain import quota
from chalicelib.domain.deadline import Deadline, DeadlineKind
from chalicelib.domain.events import Event, Recorded
from chalicelib.domain.model import AppealStatus, Dispute, Failure, ResponseKind
from chalicelib.domain.parties import Side
from chalicelib.domain.piece import PieceEvent, PieceRecorded
from chalicelib.domain.quota import Failures
from chalicelib.domain.topics import (
    ActionWanted,
    AppealLodged,
    AppealOutcome,
    AppealUndone,
    CaseClosed,
    ClaimContested,
    ClaimWithdrawn,
    DeadlineMoved,
    DeadlineNear,
    DefaultUndone,
    EvidenceLacking,
    InDefault,
    OfDispute,
    QuotaState,
    RulingFinal,
    RulingMade,
    SettlementAnswer,
    Topic,
    WebhookDown,
    code_of,
    running_deadline,
)
from chalicelib.domain.webhooks import Webhook, host_and_target
from evidence.model import Finding, Verdict
from policies.calendar import Month, elapsed
from policies.model import OnLapse, QuotaPolicy, ReminderPolicy, Term


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that one party is told. `at` is when it came about, whenever it was told."""

    cause: str
    """What it follows from; with the party it names the notice, which is therefore written once."""
    party: str
    subject: str
    """The id of the dispute, or of the webhook, that the topic is of."""
    at: datetime
    topic: Topic


type _Told = Iterable[tuple[Side, OfDispute]]
type _Rule = Callable[[Any, Recorded, Dispute], _Told]
type _PieceRule = Callable[[Any, Dispute, str], OfDispute | None]

_BOTH: Final = (Side.RESPONDENT, Side.COMPLAINANT)


def of_event(recorded: Recorded, dispute: Dispute, now: datetime) -> tuple[Notice, ...]:
    """What the parties are told of an event of the dispute, which may have gone on since: `dispute` is as it is now."""
    rule = RULES[type(recorded.event)]
    found = rule(recorded.event, recorded, dispute) if rule else ()
    return tuple(_notices(f"{dispute.id}:{recorded.seq}", recorded.at, dispute, found, now))


def of_piece(recorded: PieceRecorded, piece_id: str, dispute: Dispute, now: datetime) -> tuple[Notice, ...]:
    """What the side whose piece it is, is told of an event of the piece."""
    rule, ref = PIECE_RULES[type(recorded.event)], dispute.piece(piece_id)
    if rule is None or ref is None:
        return ()
    topic = rule(recorded.event, dispute, piece_id)
    found = ((ref.side, topic),) if topic else ()
    return tuple(_notices(f"{piece_id}:{recorded.seq}", recorded.at, dispute, found, now))


def of_quota(
    recorded: Recorded, dispute: Dispute, failures: Failures, limits: QuotaPolicy, now: datetime
) -> tuple[Notice, ...]:
    """How the respondent's quota stands now that the event has counted a failure, or taken one back (B5, B7)."""
    failure = quota_touched(recorded.event)
    if failure is None:
        return ()
    month, zone = Month(failure.year, failure.month), dispute.policy.zone
    block = quota.refusal(failures, limits, zone, now)
    topic = QuotaState(
        appeal=failure.appeal,
        counted=isinstance(recorded.event, e.AppealDecided),
        month=str(month),
        failed_in_month=failures.in_month(month),
        per_month=limits.per_month,
        failed_in_year=failures.in_year(month.year),
        per_year=limits.per_year,
        reopens=block.reopens if block else None,
        until=month.next().start(zone),
    )
    cause = f"{dispute.id}:{recorded.seq}:quota"
    return tuple(_notices(cause, recorded.at, dispute, [(Side.RESPONDENT, topic)], now))


def of_webhook(before: Webhook | None, after: Webhook | None) -> tuple[Notice, ...]:
    """What its owner is told once an attempt has changed the webhook: that it is disabled from now on."""
    if before is None or after is None or before.disabled or after.disabled is None:
        return ()
    disabled, (host, _) = after.disabled, host_and_target(after.url)
    topic = WebhookDown(host, after.failing_since or disabled.at, disabled.at, disabled.why)
    return (Notice(f"{after.id}:{after.seq}:{code_of(topic)}", after.owner, after.id, disabled.at, topic),)


def quota_touched(event: Event) -> Failure | None:
    """The failure that the event counts, or takes back."""
    match event:
        case e.AppealDecided(counted=failure) | e.AppealSetAside(taken_back=failure):
            return failure
        case _:
            return None


def reminders(dispute: Dispute, policy: ReminderPolicy, now: datetime) -> tuple[Notice, ...]:
    """Of each running deadline of a party, the latest reminder whose time has come: kept, passed or moved, it has none.

    A lead that isn't shorter than the time that the deadline has had since it began, or was moved, reminds of nothing:
    the notice of that says enough.
    """
    sides = {dispute.named(each): each for each in _BOTH}
    found: list[Notice] = []
    for deadline in dispute.deadlines:
        side, lead = sides.get(deadline.party), _lead(deadline, policy, now)
        if side is not None and lead is not None:
            near = DeadlineNear(deadline.id, deadline.kind, deadline.due, deadline.request)
            cause = f"{deadline.id}:{deadline.due.isoformat()}:{lead.total_seconds():.0f}"
            found += _notices(cause, deadline.due - lead, dispute, [(side, near)], now)
    return tuple(found)


def leads(policy: ReminderPolicy, kind: DeadlineKind) -> tuple[timedelta, ...]:
    """How long before a deadline of the kind its party is reminded; none for a reviewer's."""
    terms: Mapping[DeadlineKind, tuple[Term, ...]] = {
        DeadlineKind.RESPONSE: policy.response,
        DeadlineKind.SETTLEMENT_CONFIRMATION: policy.settlement_confirmation,
        DeadlineKind.SUPPLEMENT: policy.supplement,
        DeadlineKind.APPEAL_WINDOW: policy.appeal_window,
    }
    return tuple(map(elapsed, terms.get(kind, ())))


def every_lead(policies: Iterable[ReminderPolicy]) -> tuple[timedelta, ...]:
    """Each once, the shortest first."""
    return tuple(sorted({each for policy in policies for kind in DeadlineKind for each in leads(policy, kind)}))


def _lead(deadline: Deadline, policy: ReminderPolicy, now: datetime) -> timedelta | None:
    """The shortest of those whose time has come."""
    since = deadline.extensions[-1].at if deadline.extensions else deadline.started_at
    whole = deadline.due - since
    come = (each for each in leads(policy, deadline.kind) if each < whole and now >= deadline.due - each)
    return min(come, default=None)


def _notices(cause: str, at: datetime, dispute: Dispute, told: _Told, now: datetime) -> Iterator[Notice]:
    """Of what holds now. Once who complains is erased, nobody is there who could be told."""
    for side, topic in told:
        gone = side is Side.COMPLAINANT and dispute.texts_erased_at
        if topic.holds(dispute, now) and not gone:
            yield Notice(f"{cause}:{code_of(topic)}", dispute.party_of(side), dispute.id, at, topic)


# What is told of each event of a dispute


def _deadline_set(event: e.DeadlineSet, _recorded: Recorded, dispute: Dispute) -> _Told:
    """With the end that it has now."""
    running = running_deadline(dispute, event.deadline.id)
    if running:
        wanted = ActionWanted(running.id, running.kind, running.due, running.request)
        yield from ((side, wanted) for side in _BOTH if dispute.named(side) == running.party)


def _deadline_extended(event: e.DeadlineExtended, _recorded: Recorded, dispute: Dispute) -> _Told:
    running = running_deadline(dispute, event.deadline)
    if running:
        moved = DeadlineMoved(
            running.id, running.kind, event.extension.due_after, running.request, event.extension.reason
        )
        yield from ((side, moved) for side in _BOTH if dispute.named(side) == running.party)


def _responded(event: e.Responded, _recorded: Recorded, _dispute: Dispute) -> _Told:
    """Of its own answer a shop is told where it was sent off for it (A14); what is accepted is ruled on at once."""
    if event.response.kind is ResponseKind.CONTESTED:
        contested = ClaimContested(event.response.automatic)
        yield Side.COMPLAINANT, contested
        if event.response.automatic:
            yield Side.RESPONDENT, contested


def _settlement_answered(event: e.SettlementAnswered, _recorded: Recorded, _dispute: Dispute) -> _Told:
    yield Side.RESPONDENT, SettlementAnswer(event.confirmed, event.lapsed)


def _defaulted(_event: e.Defaulted, _recorded: Recorded, dispute: Dispute) -> _Told:
    """Where a ruling falls at once, its own notice says so."""
    if dispute.on_lapse is OnLapse.PLATFORM_INTERVENES:
        yield from ((side, InDefault()) for side in _BOTH)


def _ruled(event: e.Ruled, _recorded: Recorded, dispute: Dispute) -> _Told:
    ruling = event.ruling
    amount = ruling.borne_by(dispute.respondent)
    bears = replace(dispute.requested_remedy.money, amount=amount) if amount else None
    made = RulingMade(ruling.version, ruling.outcome, ruling.basis, ruling.remedy, bears)
    return ((side, made) for side in _BOTH)


def _finalised(_event: e.Finalised, recorded: Recorded, dispute: Dispute) -> _Told:
    """Of a ruling that is final as it is made, there is one notice."""
    ruling = dispute.ruling
    if ruling and ruling.at != recorded.at:
        yield from ((side, RulingFinal(ruling.version)) for side in _BOTH)


def _appeal_filed(event: e.AppealFiled, _recorded: Recorded, _dispute: Dispute) -> _Told:
    yield Side.COMPLAINANT, AppealLodged(event.appeal.id)


def _appeal_withdrawn(event: e.AppealWithdrawn, _recorded: Recorded, _dispute: Dispute) -> _Told:
    yield Side.COMPLAINANT, AppealOutcome(event.appeal, AppealStatus.WITHDRAWN)


def _appeal_decided(event: e.AppealDecided, _recorded: Recorded, _dispute: Dispute) -> _Told:
    return ((side, AppealOutcome(event.appeal, event.status)) for side in _BOTH)


def _default_set_aside(_event: e.DefaultSetAside, _recorded: Recorded, _dispute: Dispute) -> _Told:
    return ((side, DefaultUndone()) for side in _BOTH)


def _appeal_set_aside(event: e.AppealSetAside, _recorded: Recorded, _dispute: Dispute) -> _Told:
    return ((side, AppealUndone(event.appeal)) for side in _BOTH)


def _withdrawn(_event: e.DisputeWithdrawn, _recorded: Recorded, _dispute: Dispute) -> _Told:
    return ((side, ClaimWithdrawn()) for side in _BOTH)


def _closed(event: e.DisputeClosed, _recorded: Recorded, _dispute: Dispute) -> _Told:
    return ((side, CaseClosed(event.closure.remedy)) for side in _BOTH)


RULES: Final[Mapping[type[Event], _Rule | None]] = {
    e.DisputeOpened: None,
    e.DeadlineSet: _deadline_set,
    e.DeadlineCleared: None,
    e.DeadlineExtended: _deadline_extended,
    e.EvidenceRegistered: None,
    e.EvidenceWithdrawn: None,
    e.EvidenceSealed: None,
    e.Responded: _responded,
    e.SettlementReported: None,
    e.SettlementAnswered: _settlement_answered,
    e.Defaulted: _defaulted,
    e.SentToReview: None,
    e.EvidenceRequested: None,
    e.EvidenceSupplied: None,
    e.EvidenceRequestLapsed: None,
    e.ReviewClaimed: None,
    e.ReviewReleased: None,
    e.ReviewEscalated: None,
    e.Ruled: _ruled,
    e.AppealFiled: _appeal_filed,
    e.AppealWithdrawn: _appeal_withdrawn,
    e.AppealDecided: _appeal_decided,
    e.SetAsideAsked: None,
    e.SetAsideDeclined: None,
    e.OutageAllowed: None,
    e.DefaultSetAside: _default_set_aside,
    e.AppealSetAside: _appeal_set_aside,
    e.DisputeWithdrawn: _withdrawn,
    e.Finalised: _finalised,
    e.DisputeClosed: _closed,
    e.HoldPlaced: None,
    e.HoldLifted: None,
    e.Erased: None,
}
"""Every event, and what is told of it; None: nothing. What is opened, asked for or reported begins a deadline, and what
an outage gives back moves one or sets something aside: by that, whom it concerns hears of it."""


# What is told of each event of a piece, to its own side


def _inspected(event: p.PieceInspected, dispute: Dispute, piece_id: str) -> OfDispute | None:
    """At once where the file can't be used; its points, once its text was read."""
    seen = event.inspection
    if seen.defect:
        return _lacking(dispute, piece_id, seen.defect.code, ())
    return None if event.text_wanted else _lacking(dispute, piece_id, None, seen.findings)


def _recognised(event: p.PieceRecognised, dispute: Dispute, piece_id: str) -> OfDispute | None:
    return _lacking(dispute, piece_id, None, event.findings)


def _lacking(dispute: Dispute, piece_id: str, defect: str | None, findings: Sequence[Finding]) -> OfDispute | None:
    ref = dispute.piece(piece_id)
    points = tuple(each.point for each in findings if each.verdict is Verdict.NOT_MET)
    return EvidenceLacking(piece_id, ref.requirement, defect, points) if ref and (defect or points) else None


PIECE_RULES: Final[Mapping[type[PieceEvent], _PieceRule | None]] = {
    p.PieceRegistered: None,
    p.PieceArrived: None,
    p.PieceInspected: _inspected,
    p.PieceRecognised: _recognised,
    p.PieceSealed: None,
    p.PieceWithdrawn: None,
    p.PieceErased: None,
}

TOLD_OF: Final = frozenset(
    kind.__name__ for table in (RULES, PIECE_RULES) for kind, rule in table.items() if rule is not None
)
"""The types of events that can lead to a notice: only these need be brought."""
