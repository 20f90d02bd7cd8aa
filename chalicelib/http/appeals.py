"""Appeals, and the quota that bounds them."""

from datetime import datetime

from chalicelib.domain import commands as c
from chalicelib.domain import quota as rules
from chalicelib.domain.appeals import Eligibility
from chalicelib.domain.errors import (
    AppealAfterDefaultRefused,
    AppealQuotaExceeded,
    AppealUsed,
    AppealWindowClosed,
    AppealWouldBeDismissed,
    EvidenceDoubtful,
    EvidenceIncomplete,
    MeaninglessStatement,
    NotFound,
    NothingToAppeal,
    PiecesNotArrived,
    UnknownGrounds,
    UnknownPieces,
)
from chalicelib.domain.model import Dispute, Failure, Stage
from chalicelib.domain.parties import Side
from chalicelib.domain.quota import Failures, Pending
from chalicelib.http.answers import COMMANDS, READS, carried_out
from chalicelib.http.call import Call
from chalicelib.http.endpoint import Answer, Routes
from chalicelib.http.instants import local
from chalicelib.http.models import appeals as out
from chalicelib.http.models import requests as asked
from chalicelib.http.models.dispute import DisputeOut
from chalicelib.http.problems import UnknownPolicyId, document, language_of
from chalicelib.http.reviews import RULED
from chalicelib.http.shown_evidence import submission_out
from policies.calendar import Month
from policies.errors import UnknownPolicy
from policies.model import Policy

routes = Routes(__name__)

FILED = (
    *COMMANDS,
    AppealAfterDefaultRefused,
    AppealQuotaExceeded,
    AppealUsed,
    AppealWindowClosed,
    AppealWouldBeDismissed,
    EvidenceDoubtful,
    EvidenceIncomplete,
    MeaninglessStatement,
    NothingToAppeal,
    PiecesNotArrived,
    UnknownGrounds,
    UnknownPieces,
)


@routes.get("/disputes/{dispute_id}/appeal-eligibility", gives=out.EligibilityOut, refuses=READS)
def get_eligibility(call: Call, dispute_id: str) -> Answer:
    """Ask whether an appeal is possible.

    Now, and why not, and from when; what is missing; what it would cost. Filing asks the same code.
    """
    dispute, answer = call.deps.queries.eligibility(dispute_id, call.actor, call.at)
    return Answer(_eligibility(call, dispute, answer))


@routes.post("/disputes/{dispute_id}/appeals", takes=asked.AppealIn, gives=DisputeOut, status=201, refuses=FILED)
def file_appeal(call: Call, body: asked.AppealIn, dispute_id: str) -> Answer:
    """File an appeal.

    Against the attribution, the amount, or both; one a dispute. Refused with what stands in its way, it costs nothing.
    """
    return carried_out(call, dispute_id, body.command(call.texts))


@routes.post(
    "/disputes/{dispute_id}/appeals/{appeal_id}/withdrawal",
    takes=asked.NothingIn,
    gives=DisputeOut,
    refuses=COMMANDS,
)
def withdraw_appeal(call: Call, _body: asked.NothingIn, dispute_id: str, appeal_id: str) -> Answer:
    """Withdraw an appeal.

    It counts as no failure, and is used up.
    """
    return carried_out(call, dispute_id, c.WithdrawAppeal(appeal_id))


@routes.post(
    "/disputes/{dispute_id}/appeals/{appeal_id}/decision",
    takes=asked.AppealDecisionIn,
    gives=DisputeOut,
    refuses=RULED,
)
def decide_appeal(call: Call, body: asked.AppealDecisionIn, dispute_id: str, appeal_id: str) -> Answer:
    """Decide an appeal.

    By somebody who hasn't ruled on the dispute. Granted or partly granted, it makes a new ruling; denied or dismissed,
    it counts as a failure.
    """
    return carried_out(call, dispute_id, body.command(appeal_id, call.texts))


@routes.get("/shops/{shop}/appeal-quota", query=out.QuotaQuery, gives=out.QuotaOut, refuses=(NotFound, UnknownPolicyId))
def get_quota(call: Call, query: out.QuotaQuery, shop: str) -> Answer:
    """Read a shop's appeal quota.

    How many of its appeals failed this month and this year, which, and whether that blocks it, until when.
    """
    party, policy_id = f"shop:{shop}", query.policy or call.deps.default_policy
    try:
        policy, _, failures = call.deps.queries.quota(party, call.actor, policy_id, call.at)
    except UnknownPolicy as error:
        raise UnknownPolicyId(policy=error.policy_id) from None
    return Answer(_quota(policy, party, failures, call.at))


def _quota(policy: Policy, party: str, failures: Failures, now: datetime) -> out.QuotaOut:
    limits, month = policy.appeal.quota, Month.of(now, policy.zone)
    block = rules.refusal(failures, limits, policy.zone, now)
    doomed = rules.refusal(rules.all_fail(failures, month), limits, policy.zone, now)
    counted = sorted(failures.year(month.year).failures, key=lambda each: each.at)
    return out.QuotaOut(
        policy=policy.id,
        party=party,
        zone=policy.zone,
        month=str(month),
        failed_in_month=failures.in_month(month),
        per_month=limits.per_month,
        failed_in_year=failures.in_year(month.year),
        per_year=limits.per_year,
        blocked=block is not None,
        reopens=block.reopens if block else None,
        reopens_local=local(block.reopens, policy.zone) if block else None,
        failures=tuple(map(_failure, counted)),
        pending=tuple(map(_pending, failures.pending)),
        reopens_if_pending_fail=doomed.reopens if doomed else None,
    )


def _eligibility(call: Call, dispute: Dispute, answer: Eligibility) -> out.EligibilityOut:
    language = language_of(call.header("accept-language") or "")
    until, zone = answer.window_until, dispute.policy.zone
    return out.EligibilityOut(
        dispute=dispute.id,
        may=answer.may,
        obstacles=tuple(document(each, language) for each in answer.obstacles),
        window_until=until,
        window_until_local=local(until, zone) if until else None,
        would_be_dismissed=answer.would_be_dismissed,
        key_evidence=submission_out(Side.RESPONDENT, Stage.APPEAL, None, answer.key_evidence),
        quota=out.QuotaOut(
            policy=dispute.policy.id,
            party=dispute.respondent,
            zone=zone,
            month=str(answer.month),
            failed_in_month=answer.failed_in_month,
            per_month=answer.per_month,
            failed_in_year=answer.failed_in_year,
            per_year=answer.per_year,
            blocked=answer.reopens is not None,
            reopens=answer.reopens,
            reopens_local=local(answer.reopens, zone) if answer.reopens else None,
            failures=tuple(map(_failure, answer.failures)),
            pending=tuple(map(_pending, answer.pending)),
            reopens_if_pending_fail=answer.reopens_if_pending_fail,
        ),
        server_time=call.at,
    )


def _failure(failure: Failure) -> out.FailureOut:
    period = str(Month(failure.year, failure.month))
    return out.FailureOut(dispute=failure.dispute, appeal=failure.appeal, at=failure.at, period=period)


def _pending(pending: Pending) -> out.PendingOut:
    return out.PendingOut(dispute=pending.dispute, appeal=pending.appeal)
