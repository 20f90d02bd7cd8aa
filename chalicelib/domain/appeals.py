"""Appeals: who may file one, how it is decided, what counts (B1 to B7, B12)."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import commands as c
from chalicelib.domain import quota
from chalicelib.domain.case import Case
from chalicelib.domain.checklist import answered
from chalicelib.domain.deadline import Deadline, DeadlineKind, Falls
from chalicelib.domain.errors import (
    AppealAfterDefaultRefused,
    AppealUsed,
    AppealWindowClosed,
    AppealWouldBeDismissed,
    EvidenceDoubtful,
    EvidenceIncomplete,
    InvalidRuling,
    MeaninglessStatement,
    NotFound,
    NothingToAppeal,
    Refusal,
    UnknownGrounds,
)
from chalicelib.domain.events import (
    AppealDecided,
    AppealFiled,
    AppealWithdrawn,
    Cleared,
    Finalised,
    Ruled,
)
from chalicelib.domain.model import (
    FAILED,
    Appeal,
    AppealStatus,
    Basis,
    Dispute,
    Failure,
    Outcome,
    PieceRef,
    Ruling,
    Stage,
)
from chalicelib.domain.moves import appeal_used, on_default
from chalicelib.domain.responses import named, require_here
from chalicelib.domain.reviews import APPEAL_REVIEWER, release, require_second_eye
from chalicelib.domain.rulings import appealable, check_invalid, check_shares, require_holder
from evidence.model import Readiness
from policies.calendar import Month
from policies.model import AppealAfterDefault, FailureCountedIn


@dataclass(frozen=True, slots=True)
class Eligibility:
    """B12: may the respondent appeal now, why not, from when, until when, and at what risk."""

    obstacles: tuple[Refusal, ...]
    """Everything in the way, in the order in which filing would refuse it."""
    window_until: datetime | None
    month: Month
    failed_in_month: int
    failed_in_year: int
    per_month: int
    per_year: int
    reopens: datetime | None
    """When the quota allows an appeal again, where it doesn't now."""
    failures: tuple[Failure, ...]
    """Those that count in the month's year, oldest first."""
    pending: tuple[quota.Pending, ...]
    reopens_if_pending_fail: datetime | None
    """From when the shop could appeal again if all that is pending failed now; None: it would not be blocked."""
    would_be_dismissed: bool
    key_evidence: Readiness

    @property
    def may(self) -> bool:
        return not self.obstacles


def eligibility(
    case: Case, pieces: tuple[PieceRef, ...], *, accept_dismissal: bool, submit_anyway: bool
) -> Eligibility:
    """The one function that answers the question (B12) and guards the command."""
    dispute, failures, limits = case.dispute, case.facts.failures, case.facts.in_force.appeal.quota
    zone, key = case.policy.zone, case.standing(case.policy.appeal.key_evidence, pieces)
    month = Month.of(case.now, zone)
    block = quota.refusal(failures, limits, zone, case.now)
    doomed = quota.refusal(quota.all_fail(failures, month), limits, zone, case.now)
    dismissed = on_default(dispute) and case.policy.appeal.appeal_after_default is AppealAfterDefault.DISMISS
    obstacles = (
        _nothing_to_appeal(dispute),
        _used(case),
        _window_closed(case),
        block,
        _after_default(case, accept_dismissal=accept_dismissal),
        None if dismissed else _evidence(key, submit_anyway=submit_anyway),
    )
    return Eligibility(
        obstacles=tuple(each for each in obstacles if each),
        window_until=_window_until(case),
        month=month,
        failed_in_month=failures.in_month(month),
        failed_in_year=failures.in_year(month.year),
        per_month=limits.per_month,
        per_year=limits.per_year,
        reopens=block.reopens if block else None,
        failures=tuple(sorted(failures.year(month.year).failures, key=lambda each: each.at)),
        pending=failures.pending,
        reopens_if_pending_fail=doomed.reopens if doomed else None,
        would_be_dismissed=dismissed,
        key_evidence=key,
    )


def _window_until(case: Case) -> datetime | None:
    """When the window ends, as far as is known now: a block by the quota may still be given back."""
    running = case.dispute.deadline(DeadlineKind.APPEAL_WINDOW)
    return max(running.due, window_end(case, running)) if running else case.dispute.appeal_window_until


def window_end(case: Case, window: Deadline) -> datetime:
    """B12: with `pause_window_while_blocked`, the time in which the quota blocked the respondent doesn't count."""
    limits, zone = case.facts.in_force.appeal.quota, case.policy.zone
    if not case.policy.appeal.pause_window_while_blocked or _used(case):
        return window.due
    due = window.due - window.paused
    return quota.paused_until(case.facts.failures, limits, zone, window.started_at, due)


def _nothing_to_appeal(dispute: Dispute) -> Refusal | None:
    return None if dispute.ruling and appealable(dispute.ruling) else NothingToAppeal()


def _used(case: Case) -> Refusal | None:
    used = appeal_used(case.dispute, case.policy)
    return AppealUsed(appeal=used.id, status=used.status) if used else None


def _window_closed(case: Case) -> Refusal | None:
    until = case.dispute.appeal_window_until
    running = case.dispute.deadline(DeadlineKind.APPEAL_WINDOW)
    if until is None or until >= case.now or (running and not running.passed(case.now)):
        return None
    return AppealWindowClosed(ended=until) if case.dispute.open_appeal is None else None


def _after_default(case: Case, *, accept_dismissal: bool) -> Refusal | None:
    ruling = case.dispute.ruling
    if ruling is None or not on_default(case.dispute):
        return None
    if case.policy.appeal.appeal_after_default is AppealAfterDefault.REFUSE:
        return AppealAfterDefaultRefused(basis=ruling.basis)
    counts = case.policy.appeal.count_default_dismissals
    return None if accept_dismissal else AppealWouldBeDismissed(basis=ruling.basis, counts=counts)


def _evidence(key: Readiness, *, submit_anyway: bool) -> Refusal | None:
    """B3: missing key evidence is refused before it is filed."""
    if not key.complete:
        return EvidenceIncomplete(blocking=tuple(each.requirement for each in key.blocking))
    if key.doubtful and not submit_anyway:
        return EvidenceDoubtful(doubtful=tuple(each.requirement for each in key.doubtful))
    return None


def file_appeal(case: Case, command: c.FileAppeal) -> None:
    refs = named(case, command.pieces, Stage.APPEAL, None)
    answer = eligibility(case, refs, accept_dismissal=command.accept_dismissal, submit_anyway=command.submit_anyway)
    if answer.obstacles:
        raise answer.obstacles[0]
    if case.facts.statement_defect:
        raise MeaninglessStatement(defect=case.facts.statement_defect.code)
    require_here(case, refs)
    ruling = case.dispute.ruling
    if ruling is None:
        raise NothingToAppeal
    if not set(command.grounds) <= set(case.policy.appeal.grounds):
        raise UnknownGrounds(grounds=command.grounds, known=case.policy.appeal.grounds)
    _file(case, command, ruling)
    if answer.would_be_dismissed:
        with case.by_the_clock():
            decide(case, case.dispute.appeals[-1], AppealStatus.DISMISSED)


def _file(case: Case, command: c.FileAppeal, ruling: Ruling) -> None:
    appeal = Appeal(
        id=case.facts.new_id(),
        party=case.dispute.respondent,
        filed_at=case.now,
        filed_by=case.by,
        against=ruling.version,
        grounds=command.grounds,
        statement=command.statement,
        pieces=command.pieces,
    )
    case.record(AppealFiled(appeal))
    case.set_deadline(DeadlineKind.APPEAL_REVIEW, APPEAL_REVIEWER, case.policy.appeal.decide.within, Falls.ESCALATION)


def decide(case: Case, appeal: Appeal, status: AppealStatus, command: c.DecideAppeal | None = None) -> None:
    """Records the decision and, where it failed, the period in which that counts."""
    default = command is None
    counts = status in FAILED and (not default or case.policy.appeal.count_default_dismissals)
    case.record(
        AppealDecided(
            appeal=appeal.id,
            status=status,
            rationale=command.rationale if command else None,
            checklist=command.checklist if command else (),
            invalid_pieces=command.invalid_pieces if command else (),
            counted=_failure(case, appeal) if counts else None,
        )
    )
    release(case, Cleared.SUPERSEDED)
    case.clear(Cleared.KEPT, DeadlineKind.APPEAL_REVIEW)


def _failure(case: Case, appeal: Appeal) -> Failure:
    """B5: in the month of the policy's zone, of the decision or of the filing."""
    filed = case.policy.appeal.quota.failure_counted_in is FailureCountedIn.FILED
    month = Month.of(appeal.filed_at if filed else case.at, case.policy.zone)
    dispute = case.dispute
    return Failure(dispute.policy.id, dispute.respondent, month.year, month.month, case.at, dispute.id, appeal.id)


def withdraw_appeal(case: Case, command: c.WithdrawAppeal) -> None:
    """B7: no failure. B2: used up all the same."""
    appeal = _open(case, command.appeal)
    case.record(AppealWithdrawn(appeal.id))
    case.clear(Cleared.SUPERSEDED, DeadlineKind.APPEAL_REVIEW, DeadlineKind.REVIEW_CLAIM)
    settle_window(case)


def _open(case: Case, appeal_id: str) -> Appeal:
    appeal = case.dispute.open_appeal
    if appeal is None or appeal.id != appeal_id:
        raise NotFound
    return appeal


def decide_appeal(case: Case, command: c.DecideAppeal) -> None:
    appeal = _open(case, command.appeal)
    require_holder(case)
    require_second_eye(case)
    granted = command.status in (AppealStatus.GRANTED, AppealStatus.PARTLY_GRANTED)
    if not granted and command.status not in FAILED:
        raise InvalidRuling(problem="appeal_outcome_unknown")
    check_invalid(case, command.invalid_pieces)
    if command.status is not AppealStatus.DISMISSED:
        command = replace(command, checklist=answered(case, command.checklist))
    if not granted and (command.outcome or command.remedy or command.liabilities):
        raise InvalidRuling(problem="nothing_new")
    if granted:
        _check_relief(case, command)
    decide(case, appeal, command.status, command)
    if granted:
        _rule_anew(case, appeal, command)
    settle_window(case)


def _check_relief(case: Case, command: c.DecideAppeal) -> None:
    before = case.dispute.ruling
    if before is None or command.outcome is None:
        raise InvalidRuling(problem="new_outcome_missing")
    check_shares(case, command.outcome, command.remedy, command.liabilities)
    _check_less(case, command, before)


def _check_less(case: Case, command: c.DecideAppeal, before: Ruling) -> None:
    respondent = case.dispute.respondent
    after = sum(each.money.amount for each in command.liabilities if each.party == respondent)
    cleared = command.outcome is Outcome.FOR_RESPONDENT
    if after >= before.borne_by(respondent) and not cleared:
        raise InvalidRuling(problem="no_relief")
    if cleared and command.status is AppealStatus.PARTLY_GRANTED:
        raise InvalidRuling(problem="too_much_relief")


def _rule_anew(case: Case, appeal: Appeal, command: c.DecideAppeal) -> None:
    case.record(
        Ruled(
            Ruling(
                version=len(case.dispute.rulings) + 1,
                outcome=command.outcome or Outcome.FOR_RESPONDENT,
                basis=Basis.MERITS,
                remedy=command.remedy,
                liabilities=command.liabilities,
                at=case.at,
                effective_at=case.at,
                by=case.by,
                checklist=command.checklist,
                invalid_pieces=command.invalid_pieces,
                rationale=command.rationale,
                appeal=appeal.id,
            )
        )
    )


def settle_window(case: Case) -> None:
    """Once no appeal is open: final when relief was given, or the window is over; else when it will be (B1, B11)."""
    relieved = case.dispute.appeals[-1].status in (AppealStatus.GRANTED, AppealStatus.PARTLY_GRANTED)
    if relieved or case.dispute.deadline(DeadlineKind.APPEAL_WINDOW) is None:
        case.clear_all()
        case.record(Finalised())
