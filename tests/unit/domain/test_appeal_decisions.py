"""What an appeal needs to be filed and to be decided, and the periods that it counts in (B1, B2, B3, B5, B7, B12)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import AppealUsed, ChecklistUnanswered, InvalidRuling, PiecesNotArrived, UnknownPieces
from chalicelib.domain.model import AppealStatus, Cause, Liability, Outcome, SetAsideTarget, Stage, Status
from policies.calendar import Month
from policies.model import Ground, Reappeal, Term, Unit, WindowLapsed
from tests.build import (
    APPEAL_REVIEWER,
    COLLEAGUE,
    MERCHANT,
    MILLISECOND,
    NOON,
    PLATFORM,
    SHOP,
    Docket,
    a_policy,
    at,
    failed,
    text,
    yuan,
)

DECEMBER = at("2026-12-01T00:00:00+08:00")


def claimed_appeal() -> Docket:
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.claim(NOON, APPEAL_REVIEWER)
    return docket


def decide(docket: Docket, **parts) -> None:
    """Denied with every point answered, unless told otherwise."""
    appeal = docket.dispute.appeals[-1].id
    command = c.DecideAppeal(appeal, AppealStatus.DENIED, None, None, (), docket.answers(), (), text())
    docket.do(replace(command, **parts), by=APPEAL_REVIEWER, at=NOON)


def full_liability() -> Docket:
    return Docket(a_policy(appeal={"window_lapsed": WindowLapsed.FULL_LIABILITY})).ruled(share=3_000)


def test_b1_full_liability_doesnt_fall_on_who_appealed_and_was_denied():
    docket = full_liability()
    docket.appeal(NOON)
    docket.decide_appeal(NOON)
    docket.sweep(docket.due(DeadlineKind.APPEAL_WINDOW) + MILLISECOND)
    assert (docket.dispute.status, docket.dispute.ruling.borne_by(SHOP)) == (Status.FINAL, 3_000)


@pytest.mark.parametrize("how", ["withdrawn", "set aside"])
def test_b1_it_falls_on_whose_appeal_was_withdrawn_or_is_as_if_it_hadnt_been(how):
    docket = full_liability()
    appeal = docket.appeal(NOON)
    if how == "withdrawn":
        docket.do(c.WithdrawAppeal(appeal), by=MERCHANT, at=NOON)
    else:
        docket.decide_appeal(NOON)
        docket.do(c.AskSetAside(SetAsideTarget.APPEAL, Cause.REVIEW_ERROR, None), by=PLATFORM, at=NOON)
        docket.do(c.AnswerSetAside(agreed=True), by=COLLEAGUE, at=NOON)
    docket.sweep(docket.due(DeadlineKind.APPEAL_WINDOW) + MILLISECOND)
    assert docket.dispute.ruling.borne_by(SHOP) == 10_000


def test_b2_reappeal_after_failure_doesnt_follow_a_withdrawal():
    docket = Docket(a_policy(appeal={"reappeal_after_failure": Reappeal.ALLOW})).ruled()
    appeal = docket.appeal(NOON)
    docket.do(c.WithdrawAppeal(appeal), by=MERCHANT, at=NOON)
    with pytest.raises(AppealUsed) as refusal:
        docket.appeal(NOON)
    assert refusal.value.status == "withdrawn"


def test_b3_d_an_appeal_isnt_filed_with_an_upload_under_way():
    docket = Docket().ruled()
    here = docket.submit("appeal_evidence", stage=Stage.APPEAL)
    under_way = docket.register("appeal_evidence", stage=Stage.APPEAL)
    with pytest.raises(PiecesNotArrived) as refusal:
        docket.appeal(NOON, pieces=[here, under_way])
    assert refusal.value.pieces == (under_way,)
    assert docket.dispute.appeals == ()


@pytest.mark.parametrize("status", [AppealStatus.DENIED, AppealStatus.GRANTED])
def test_a13_b3_each_open_point_of_an_appeals_evidence_is_answered(status):
    docket = claimed_appeal()
    outcome = Outcome.FOR_RESPONDENT if status is AppealStatus.GRANTED else None
    with pytest.raises(ChecklistUnanswered) as refusal:
        decide(docket, status=status, outcome=outcome, checklist=())
    assert "respondent:appeal_evidence.relevance" in refusal.value.points
    decide(docket, status=status, outcome=outcome)
    assert docket.dispute.appeals[0].checklist


def test_an_appeal_that_is_dismissed_wasnt_looked_at():
    docket = claimed_appeal()
    decide(docket, status=AppealStatus.DISMISSED, checklist=())
    assert docket.dispute.appeals[0].status is AppealStatus.DISMISSED


def test_a_decision_finds_invalid_only_what_lies_before_its_reviewer():
    docket = claimed_appeal()
    (of_appeal,) = docket.dispute.pieces_of(Stage.APPEAL)
    (of_response,) = docket.dispute.pieces_of(Stage.RESPONSE)
    for unknown in (of_response.id, "elsewhere"):
        with pytest.raises(UnknownPieces) as refusal:
            decide(docket, invalid_pieces=(of_appeal.id, unknown))
        assert refusal.value.pieces == (unknown,)
    decide(docket, invalid_pieces=(of_appeal.id,))
    assert docket.dispute.appeals[0].invalid_pieces == (of_appeal.id,)


@pytest.mark.parametrize("status", [AppealStatus.DENIED, AppealStatus.DISMISSED])
@pytest.mark.parametrize(
    "new", [{"outcome": Outcome.FOR_RESPONDENT}, {"liabilities": (Liability(SHOP, yuan(1)),)}, {"remedy": "same"}]
)
def test_an_appeal_that_fails_brings_nothing_new(status, new):
    docket = claimed_appeal()
    parts = {"remedy": docket.dispute.requested_remedy} if "remedy" in new else new
    with pytest.raises(InvalidRuling) as refusal:
        decide(docket, status=status, **parts)
    assert refusal.value.problem == "nothing_new"


@pytest.mark.parametrize("status", [AppealStatus.FILED, AppealStatus.WITHDRAWN])
def test_b7_a_reviewer_neither_files_an_appeal_nor_withdraws_it(status):
    docket = claimed_appeal()
    with pytest.raises(InvalidRuling) as refusal:
        decide(docket, status=status)
    assert refusal.value.problem == "appeal_outcome_unknown"
    assert docket.dispute.open_appeal is not None


def test_an_appeal_is_held_as_long_as_its_own_review_allows():
    decide_within = a_policy().appeal.decide
    longer = replace(decide_within, claim_for=Term(5, Unit.HOURS))
    docket = Docket(a_policy(appeal={"decide": longer})).open()
    docket.contest()
    docket.claim(NOON)
    assert docket.dispute.claim.expires == NOON + timedelta(hours=2)
    docket.rule(NOON, claim=False)
    docket.appeal(NOON)
    docket.claim(NOON, APPEAL_REVIEWER)
    assert docket.dispute.claim.expires == NOON + timedelta(hours=5)
    assert docket.due(DeadlineKind.REVIEW_CLAIM) == NOON + timedelta(hours=5)


def test_b5_b12_at_the_first_instant_of_a_month_in_the_policys_zone_that_month_counts():
    docket = Docket().ruled(DECEMBER - timedelta(days=1))
    docket.failures = failed(instants=[DECEMBER - timedelta(days=2)] * 4)
    docket.submit("appeal_evidence", at=DECEMBER - MILLISECOND, stage=Stage.APPEAL)
    before, after = docket.may_appeal(DECEMBER - MILLISECOND), docket.may_appeal(DECEMBER)
    assert (before.month, before.failed_in_month, before.reopens) == (Month(2026, 11), 4, DECEMBER)
    assert (after.month, after.failed_in_month, after.may) == (Month(2026, 12), 0, True)
    command = c.FileAppeal((Ground.AMOUNT,), text(), (docket.dispute.pieces[-1].id,))
    (change,) = docket.do(command, by=MERCHANT, at=DECEMBER).quota
    assert (change.year, change.check.month) == (2026, 12)


def test_b5_at_the_first_instant_of_a_year_the_filing_is_checked_and_pending_in_that_year():
    new_year = at("2027-01-01T00:00:00+08:00")
    docket = Docket().ruled(new_year - timedelta(days=1))
    piece = docket.submit("appeal_evidence", at=new_year, stage=Stage.APPEAL)
    (change,) = docket.do(c.FileAppeal((Ground.AMOUNT,), text(), (piece,)), by=MERCHANT, at=new_year).quota
    assert (change.year, change.check.month, change.pend is not None) == (2027, 1, True)


def test_b5_the_transaction_holds_the_limits_that_are_in_force():
    docket = Docket(in_force=a_policy(quota={"per_month": 5, "per_year": 7})).ruled()
    piece = docket.submit("appeal_evidence", stage=Stage.APPEAL)
    (change,) = docket.do(c.FileAppeal((Ground.AMOUNT,), text(), (piece,)), by=MERCHANT, at=NOON).quota
    assert (change.check.per_month, change.check.per_year) == (5, 7)
