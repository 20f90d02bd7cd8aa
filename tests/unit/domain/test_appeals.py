"""Appeals (A4, B1, B2, B3, B4, B6, B7, B10, B12): who may file one, how it is decided, what counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import (
    AppealAfterDefaultRefused,
    AppealUsed,
    AppealWindowClosed,
    AppealWouldBeDismissed,
    ConflictOfInterest,
    EvidenceDoubtful,
    EvidenceIncomplete,
    InvalidRuling,
    MeaninglessStatement,
    NotFound,
    NothingToAppeal,
    NotYourReview,
    UnknownGrounds,
    WrongState,
)
from chalicelib.domain.model import AppealStatus, Basis, Outcome, Stage, Status
from chalicelib.domain.parties import Actor, Role
from chalicelib.domain.quota import Failures
from evidence.model import Defect
from policies.model import AppealAfterDefault, AppealWindowFrom, Bilingual, Ground, Reappeal
from tests.build import (
    APPEAL_REVIEWER,
    MERCHANT,
    MILLISECOND,
    NOON,
    SHOP,
    UNREADABLE,
    Docket,
    a_policy,
    doubtful,
    failed,
    text,
)

WEEK = timedelta(days=7)
DAY = timedelta(hours=24)


def defaulted(policy=None) -> Docket:
    docket = Docket(policy).open()
    docket.sweep(NOON + DAY + MILLISECOND)
    return docket


def test_b1_an_appeal_is_in_time_until_seven_days_after_and_not_a_millisecond_longer():
    in_time = Docket().ruled()
    in_time.appeal(NOON + WEEK)
    assert in_time.dispute.open_appeal.filed_at == NOON + WEEK

    late = Docket().ruled()
    piece = late.submit("appeal_evidence", stage=Stage.APPEAL)
    with pytest.raises(AppealWindowClosed) as refusal:
        late.appeal(NOON + WEEK + MILLISECOND, pieces=[piece])
    assert refusal.value.ended == NOON + WEEK


@pytest.mark.parametrize(
    ("start", "swept_after", "ends_after"),
    [
        (AppealWindowFrom.NOTIFIED, timedelta(minutes=3), timedelta(minutes=3) + WEEK),
        (AppealWindowFrom.RULED, timedelta(minutes=3), WEEK),
    ],
)
def test_b1_the_window_of_a_default_carried_out_late_starts_as_the_policy_says(start, swept_after, ends_after):
    docket = Docket(a_policy(appeal={"appeal_window_from": start})).open()
    due = NOON + DAY
    docket.sweep(due + swept_after)
    assert docket.due(DeadlineKind.APPEAL_WINDOW) == due + ends_after


def test_b2_one_appeal_a_dispute_and_a_withdrawn_one_is_used_up():
    for end in ("denied", "withdrawn"):
        docket = Docket().ruled()
        appeal = docket.appeal(NOON)
        if end == "denied":
            docket.decide_appeal(NOON)
        else:
            docket.do(c.WithdrawAppeal(appeal), by=MERCHANT, at=NOON)
        assert docket.dispute.status is Status.RULED
        with pytest.raises(AppealUsed) as refusal:
            docket.appeal(NOON)
        assert refusal.value.status == end


def test_b2_a_failed_appeal_may_be_followed_by_another_where_the_policy_says_so():
    docket = Docket(a_policy(appeal={"reappeal_after_failure": Reappeal.ALLOW})).ruled()
    docket.appeal(NOON)
    docket.decide_appeal(NOON)
    docket.appeal(NOON)
    assert len(docket.dispute.appeals) == 2


def test_b3_an_appeal_without_its_key_evidence_is_refused_and_costs_nothing():
    docket = Docket().ruled()
    before = docket.failures
    with pytest.raises(EvidenceIncomplete):
        docket.appeal(NOON, pieces=[])
    broken = docket.submit("appeal_evidence", stage=Stage.APPEAL, inspection=UNREADABLE)
    with pytest.raises(EvidenceIncomplete):
        docket.appeal(NOON, pieces=[broken])
    assert (docket.dispute.appeals, docket.failures) == ((), before)


def test_b3_evidence_can_be_mended_until_a_reviewer_takes_the_appeal():
    docket = Docket().ruled()
    docket.appeal(NOON + WEEK)
    after_the_window = NOON + WEEK + DAY
    mended = docket.submit("appeal_evidence", stage=Stage.APPEAL, at=after_the_window)
    docket.claim(after_the_window, APPEAL_REVIEWER)
    assert docket.dispute.piece(mended).sealed
    with pytest.raises(WrongState):
        docket.submit("appeal_evidence", stage=Stage.APPEAL, at=after_the_window)


def test_b4_an_appeal_is_against_grounds_that_the_policy_knows():
    policy = a_policy(appeal={"grounds": (Ground.AMOUNT,)})
    docket = Docket(policy).ruled()
    with pytest.raises(UnknownGrounds) as refusal:
        docket.appeal(NOON)
    assert refusal.value.known == (Ground.AMOUNT,)
    piece = docket.submit("appeal_evidence", stage=Stage.APPEAL)
    docket.do(c.FileAppeal((Ground.AMOUNT,), text(), (piece,)), by=MERCHANT, at=NOON)
    assert docket.dispute.open_appeal.grounds == (Ground.AMOUNT,)


def test_a_meaningless_appeal_is_refused_and_costs_nothing():
    docket = Docket().ruled()
    piece = docket.submit("appeal_evidence", stage=Stage.APPEAL)
    says = Bilingual("No.", "无。")
    with pytest.raises(MeaninglessStatement):
        docket.do(
            c.FileAppeal((Ground.AMOUNT,), text(), (piece,)),
            by=MERCHANT,
            at=NOON,
            defect=Defect("meaningless", says, says),
        )


def test_a4_b6_an_appeal_against_a_default_is_refused_until_its_dismissal_is_accepted():
    docket = defaulted()
    at = docket.dispute.updated_at
    with pytest.raises(AppealWouldBeDismissed) as refusal:
        docket.appeal(at, pieces=[])
    assert (refusal.value.basis, refusal.value.counts) == ("default", True)
    assert docket.failures.years == ()


def test_b6_with_accept_dismissal_it_is_filed_dismissed_at_once_and_counts():
    docket = defaulted()
    at = docket.dispute.updated_at
    decision = docket.do(c.FileAppeal((Ground.ATTRIBUTION,), text(), (), accept_dismissal=True), by=MERCHANT, at=at)
    appeal = docket.dispute.appeals[0]
    assert (appeal.status, appeal.decided_by.role) == (AppealStatus.DISMISSED, Role.SYSTEM)
    (change,) = decision.quota
    assert (change.check.per_month, change.add, change.pend, change.settle) == (3, appeal.counted, None, None)
    assert docket.failures.in_year(2026) == 1


def test_b6_dismissals_of_defaults_dont_count_where_the_policy_says_so():
    docket = defaulted(a_policy(appeal={"count_default_dismissals": False}))
    docket.appeal(docket.dispute.updated_at, pieces=[], accept_dismissal=True)
    assert docket.dispute.appeals[0].counted is None
    assert docket.failures.in_year(2026) == 0


def test_b6_or_a_default_cant_be_appealed_at_all():
    docket = defaulted(a_policy(appeal={"appeal_after_default": AppealAfterDefault.REFUSE}))
    with pytest.raises(AppealAfterDefaultRefused):
        docket.appeal(docket.dispute.updated_at, pieces=[], accept_dismissal=True)


def test_there_is_nothing_to_appeal_before_a_ruling_or_in_ones_favour_or_after_accepting():
    waiting = Docket().open()
    favoured = Docket().open()
    favoured.contest()
    favoured.rule(NOON, outcome=Outcome.FOR_RESPONDENT)
    accepted = Docket().open()
    accepted.do(c.Accept(None), by=MERCHANT, at=NOON)
    for docket in (waiting, favoured, accepted):
        with pytest.raises(NothingToAppeal):
            docket.appeal(NOON, pieces=[])


def test_whoever_decides_the_appeal_isnt_who_ruled():
    both = Actor("both", Role.REVIEWER)
    docket = Docket().ruled(by=both)
    docket.appeal(NOON)
    with pytest.raises(ConflictOfInterest):
        docket.claim(NOON, Actor("both", Role.APPEAL_REVIEWER))


def test_only_the_holder_decides_the_appeal():
    docket = Docket().ruled()
    appeal = docket.appeal(NOON)
    with pytest.raises(NotYourReview):
        docket.do(
            c.DecideAppeal(appeal, AppealStatus.DENIED, None, None, (), (), (), text()), by=APPEAL_REVIEWER, at=NOON
        )


def test_b7_b10_a_granted_appeal_makes_a_new_version_of_the_ruling_final_and_counts_nothing():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.decide_appeal(NOON, AppealStatus.GRANTED)
    ruling = docket.dispute.ruling
    assert (ruling.version, ruling.outcome, ruling.appeal) == (2, Outcome.FOR_RESPONDENT, docket.dispute.appeals[0].id)
    assert docket.dispute.status is Status.FINAL
    assert docket.failures.in_year(2026) == 0
    assert "AppealDecided" in docket.events


def test_b7_a_partly_granted_appeal_lessens_the_share_and_is_no_failure():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.decide_appeal(NOON, AppealStatus.PARTLY_GRANTED, share=4_000)
    assert docket.dispute.ruling.borne_by(SHOP) == 4_000
    assert docket.failures.in_year(2026) == 0


@pytest.mark.parametrize(("status", "share"), [(AppealStatus.PARTLY_GRANTED, 0), (AppealStatus.GRANTED, 5_000)])
def test_relief_must_be_what_it_says(status, share):
    docket = Docket().ruled(share=5_000)
    docket.appeal(NOON)
    with pytest.raises(InvalidRuling):
        docket.decide_appeal(NOON, status, share=share)


def test_b7_a_withdrawn_appeal_is_no_failure_and_no_longer_pending():
    docket = Docket().ruled()
    appeal = docket.appeal(NOON)
    assert len(docket.failures.pending) == 1
    docket.do(c.WithdrawAppeal(appeal), by=MERCHANT, at=NOON)
    assert not docket.failures.pending
    assert docket.failures.in_year(2026) == 0


def test_b7_an_appeal_filed_before_the_block_is_still_decided():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.failures = failed(instants=[NOON] * 4)
    docket.decide_appeal(NOON, AppealStatus.GRANTED)
    assert docket.dispute.appeals[0].status is AppealStatus.GRANTED


def test_another_appeals_id_isnt_decided_or_withdrawn():
    docket = Docket().ruled()
    docket.appeal(NOON)
    with pytest.raises(NotFound):
        docket.do(c.WithdrawAppeal("other"), by=MERCHANT, at=NOON)


def test_an_appeal_that_outlives_the_window_makes_it_final_when_decided():
    docket = Docket().ruled()
    docket.appeal(NOON + WEEK)
    docket.sweep(NOON + WEEK + MILLISECOND)
    assert docket.dispute.status is Status.RULED
    docket.decide_appeal(NOON + WEEK + DAY)
    assert (docket.dispute.status, docket.dispute.deadlines) == (Status.FINAL, ())


def test_a_late_appeal_review_is_escalated():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.sweep(docket.due(DeadlineKind.APPEAL_REVIEW) + MILLISECOND)
    assert docket.dispute.escalations == 1
    assert docket.dispute.open_appeal


def test_b12_the_question_gets_the_answer_that_filing_would_get():
    docket = Docket().ruled()
    answer = docket.may_appeal(NOON)
    assert [type(each) for each in answer.obstacles] == [EvidenceIncomplete]
    assert answer.window_until == NOON + WEEK
    assert [each.requirement for each in answer.key_evidence.blocking] == ["appeal_evidence"]
    docket.submit("appeal_evidence", stage=Stage.APPEAL)
    assert docket.may_appeal(NOON).may
    docket.appeal(NOON, pieces=[docket.dispute.pieces[-1].id])
    assert [type(each) for each in docket.may_appeal(NOON).obstacles] == [AppealUsed]


def test_a13_b12_key_evidence_that_a_machine_doubts_is_told_beforehand():
    docket = Docket().ruled()
    docket.submit("appeal_evidence", stage=Stage.APPEAL, inspection=doubtful("identifies_dispute"))
    assert [type(each) for each in docket.may_appeal(NOON).obstacles] == [EvidenceDoubtful]
    docket.appeal(NOON, pieces=[docket.dispute.pieces[-1].id], submit_anyway=True)
    assert docket.dispute.open_appeal


def test_b12_it_tells_the_use_of_the_quota_what_is_pending_and_what_if_all_of_it_fails():
    docket = Docket().ruled()
    docket.appeal(NOON)
    (year,) = failed(instants=[NOON] * 3).years
    docket.failures = Failures((replace(year, pending=docket.failures.pending),))
    answer = docket.may_appeal(NOON)
    assert (answer.failed_in_month, answer.failed_in_year, answer.per_month, answer.per_year) == (3, 3, 3, 10)
    assert len(answer.failures) == 3
    assert len(answer.pending) == 1
    assert answer.reopens is None
    assert answer.reopens_if_pending_fail == NOON.replace(month=11, day=30, hour=16)


def test_b12_what_if_all_of_it_fails_is_told_of_the_year_too():
    docket = Docket().ruled()
    docket.appeal(NOON)
    (year,) = failed(instants=[NOON.replace(month=month) for month in range(1, 11)]).years
    docket.failures = Failures((replace(year, pending=docket.failures.pending),))
    answer = docket.may_appeal(NOON)
    assert (answer.failed_in_month, answer.failed_in_year, answer.reopens) == (0, 10, None)
    assert answer.reopens_if_pending_fail == NOON.replace(month=12, day=31, hour=16)


def test_b12_a_default_is_told_before_anybody_walks_into_it():
    docket = defaulted()
    answer = docket.may_appeal(docket.dispute.updated_at)
    assert answer.would_be_dismissed
    assert [type(each) for each in answer.obstacles] == [AppealWouldBeDismissed]
    assert docket.dispute.ruling.basis is Basis.DEFAULT
