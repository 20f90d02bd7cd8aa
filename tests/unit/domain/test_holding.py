"""Who holds a review, what that keeps others from, and in whose name things are recorded."""

from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import NotYourReview, WrongState
from chalicelib.domain.model import Cause, SetAsideTarget, Status
from chalicelib.domain.parties import By, Role
from chalicelib.domain.piece import PieceSealed
from policies.model import WindowLapsed
from tests.build import (
    APPEAL_REVIEWER,
    BUYER,
    MERCHANT,
    MILLISECOND,
    NOON,
    OTHER_REVIEWER,
    PLATFORM,
    REVIEWER,
    Docket,
    a_policy,
    text,
)

CLOCK = By("recourse", Role.SYSTEM)
LATE = NOON + timedelta(hours=24) + MILLISECOND


def contested() -> Docket:
    docket = Docket().open()
    docket.contest()
    return docket


def test_only_the_holder_lets_go_of_a_review():
    docket = contested()
    docket.claim(NOON)
    with pytest.raises(NotYourReview):
        docket.do(c.ReleaseReview(), by=OTHER_REVIEWER, at=NOON)
    assert docket.dispute.claim.reviewer == REVIEWER.id
    docket.do(c.ReleaseReview(), by=REVIEWER, at=NOON)
    assert docket.dispute.claim is None
    assert docket.dispute.deadline(DeadlineKind.REVIEW_CLAIM) is None


def test_nothing_is_settled_behind_the_back_of_whoever_holds_the_review():
    docket = contested()
    docket.claim(NOON)
    with pytest.raises(WrongState):
        docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    docket.do(c.ReleaseReview(), by=REVIEWER, at=NOON)
    docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    assert docket.dispute.settlement_pending


def test_escalations_begin_anew_with_a_ruling_and_with_the_end_of_an_appeal():
    docket = contested()
    docket.sweep(docket.due(DeadlineKind.REVIEW) + MILLISECOND)
    assert docket.dispute.escalations == 1
    docket.rule(docket.dispute.updated_at)
    assert docket.dispute.escalations == 0
    docket.appeal(docket.dispute.updated_at)
    docket.sweep(docket.due(DeadlineKind.APPEAL_REVIEW) + MILLISECOND)
    assert docket.dispute.escalations == 1
    docket.decide_appeal(docket.dispute.updated_at)
    assert docket.dispute.escalations == 0


def test_what_the_clock_did_is_nobodys_deed_and_what_the_bystander_did_is_its_own():
    docket = Docket().open()
    piece = docket.submit()
    decision = docket.do(c.WithdrawDispute(None), by=BUYER, at=LATE)
    by = {type(each.event).__name__: each.by for each in decision.events}
    assert by.pop("DisputeWithdrawn") == By.of(BUYER) == By("complainant", Role.BUYER)
    assert {"Responded", "EvidenceSealed", "SentToReview"} <= set(by)
    review = [each.by for each in decision.events if type(each.event).__name__ == "DeadlineSet"]
    assert review == [CLOCK]
    assert {by["Responded"], by["EvidenceSealed"], by["SentToReview"]} == {CLOCK}
    (sealed,) = [each for each in docket.piece_events[piece] if isinstance(each.event, PieceSealed)]
    assert sealed.by == CLOCK


def test_a_default_is_ruled_by_the_clock_whoevers_command_brought_it_about():
    docket = Docket().open()
    ask = c.AskSetAside(SetAsideTarget.DEFAULT, Cause.FORCE_MAJEURE, None)
    decision = docket.do(ask, by=PLATFORM, at=LATE)
    assert docket.dispute.ruling.by == CLOCK
    assert [each.by for each in decision.events] == [CLOCK] * 4 + [By(PLATFORM.id, Role.PLATFORM)]


def test_full_liability_falls_by_the_clock_and_not_by_who_ruled():
    docket = Docket(a_policy(appeal={"window_lapsed": WindowLapsed.FULL_LIABILITY})).ruled(share=3_000)
    docket.sweep(docket.due(DeadlineKind.APPEAL_WINDOW) + MILLISECOND)
    assert [each.by for each in docket.dispute.rulings] == [By(REVIEWER.id, Role.REVIEWER), CLOCK]


def test_a_dismissal_that_the_shop_accepted_is_the_clocks_and_the_filing_the_shops():
    docket = Docket().open()
    docket.sweep(LATE)
    docket.appeal(LATE, pieces=[], accept_dismissal=True)
    appeal = docket.dispute.appeals[0]
    assert (appeal.filed_by, appeal.decided_by) == (By(MERCHANT.id, Role.MERCHANT), CLOCK)
    assert docket.dispute.status is Status.RULED


def test_an_appeals_decision_is_its_reviewers():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.decide_appeal(NOON)
    assert docket.dispute.appeals[0].decided_by == By(APPEAL_REVIEWER.id, Role.APPEAL_REVIEWER)
