"""B11: what can be set aside and what can't, what becomes of the rest, and who has no say."""

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import ConflictOfInterest, NothingToSetAside
from chalicelib.domain.model import AppealStatus, Basis, SetAsideTarget, Status
from chalicelib.domain.parties import Actor, Role
from policies.model import InvalidResponse, OnLapse, Reappeal, SupplementLapsed
from tests.build import (
    BUYER,
    MEANINGLESS,
    MERCHANT,
    MILLISECOND,
    NOON,
    SHOP,
    Docket,
    a_policy,
    text,
)
from tests.unit.domain.setting_aside import agree, ask, defaulted, set_aside

DEFAULT, APPEAL = SetAsideTarget.DEFAULT, SetAsideTarget.APPEAL


def dismissed(docket: Docket) -> Docket:
    docket.appeal(docket.dispute.updated_at, pieces=[], accept_dismissal=True)
    return docket


@pytest.mark.parametrize("agreed", [True, False])
def test_b11_nobody_of_a_party_answers_for_it(agreed):
    docket = defaulted()
    ask(docket, DEFAULT)
    insider = Actor("insider", Role.PLATFORM, frozenset({SHOP}))
    with pytest.raises(ConflictOfInterest):
        agree(docket, by=insider, agreed=agreed)
    assert docket.dispute.set_aside is not None


def test_b11_what_an_invalid_answer_cost_at_once_can_be_set_aside():
    docket = Docket(a_policy(response={"invalid_response": InvalidResponse.DECIDE_AT_ONCE})).open()
    docket.contest(defect=MEANINGLESS)
    assert docket.dispute.ruling.basis is Basis.INVALID_EVIDENCE
    set_aside(docket, DEFAULT)
    assert (docket.dispute.status, docket.dispute.ruling) == (Status.AWAITING_RESPONSE, None)
    assert docket.dispute.response is None


def test_b11_what_a_reviewer_found_invalid_cant():
    docket = Docket().open()
    piece = docket.submit()
    docket.contest(pieces=[piece])
    docket.rule(NOON, basis=Basis.INVALID_EVIDENCE, invalid_pieces=(piece,))
    with pytest.raises(NothingToSetAside):
        ask(docket, DEFAULT)


def test_b11_a_default_that_awaits_the_reviewers_remedy_can_be_set_aside():
    docket = defaulted(reason={"on_lapse": OnLapse.PLATFORM_INTERVENES})
    assert docket.dispute.status is Status.UNDER_REVIEW
    docket.claim(docket.dispute.updated_at)
    set_aside(docket, DEFAULT)
    dispute = docket.dispute
    assert (dispute.status, dispute.in_default, dispute.claim) == (Status.AWAITING_RESPONSE, False, None)
    assert [each.kind for each in dispute.deadlines] == [DeadlineKind.RESPONSE]


def test_b11_a_review_without_a_default_cant():
    docket = Docket().open()
    docket.contest()
    with pytest.raises(NothingToSetAside):
        ask(docket, DEFAULT)


def test_b11_nothing_of_the_ruling_that_was_set_aside_runs_on():
    docket = defaulted()
    window = docket.due(DeadlineKind.APPEAL_WINDOW)
    set_aside(docket, DEFAULT)
    assert [each.kind for each in docket.dispute.deadlines] == [DeadlineKind.RESPONSE]
    assert docket.dispute.appeal_window_until is None
    docket.contest(docket.dispute.updated_at)
    docket.sweep(window + MILLISECOND)
    assert docket.dispute.status is Status.UNDER_REVIEW


def test_b11_the_response_and_the_settlement_before_it_are_as_if_they_hadnt_been():
    docket = Docket(a_policy(supplement={"supplement_lapsed": SupplementLapsed.DEFAULT})).open()
    docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    docket.do(c.AnswerSettlement(confirmed=False), by=BUYER, at=NOON)
    docket.ask_for("freight_receipt")
    docket.sweep(docket.due(DeadlineKind.SUPPLEMENT) + MILLISECOND)
    assert docket.dispute.ruling.basis is Basis.DEFAULT
    set_aside(docket, DEFAULT)
    assert (docket.dispute.response, docket.dispute.settlement) == (None, None)

    contested = Docket(a_policy(supplement={"supplement_lapsed": SupplementLapsed.DEFAULT})).open()
    contested.contest()
    contested.ask_for("freight_receipt")
    contested.sweep(contested.due(DeadlineKind.SUPPLEMENT) + MILLISECOND)
    set_aside(contested, DEFAULT)
    assert contested.dispute.response is None


def test_b11_what_was_asked_outlives_the_end_of_an_appeal():
    docket = defaulted()
    ask(docket, DEFAULT)
    asked = docket.dispute.set_aside
    dismissed(docket)
    assert docket.dispute.appeals[0].status is AppealStatus.DISMISSED
    assert docket.dispute.set_aside == asked
    agree(docket)
    assert docket.dispute.status is Status.AWAITING_RESPONSE


def test_b11_who_agreed_to_one_appeals_setting_aside_hasnt_agreed_to_anothers():
    docket = Docket(a_policy(appeal={"reappeal_after_failure": Reappeal.ALLOW})).ruled()
    first = docket.appeal(NOON)
    docket.decide_appeal(NOON)
    ask(docket, APPEAL)
    assert docket.dispute.set_aside.of == first
    docket.appeal(NOON)
    docket.decide_appeal(NOON)
    with pytest.raises(NothingToSetAside):
        agree(docket)
    assert docket.failures.in_year(2026) == 2


def test_b7_b11_a_failure_in_a_dispute_that_was_withdrawn_since_can_be_taken_back():
    docket = dismissed(dismissed(defaulted(appeal={"reappeal_after_failure": Reappeal.ALLOW})))
    assert docket.failures.in_year(2026) == 2
    set_aside(docket, DEFAULT)
    assert docket.failures.in_year(2026) == 1
    docket.do(c.WithdrawDispute(None), by=BUYER, at=docket.dispute.updated_at)
    set_aside(docket, APPEAL)
    assert docket.dispute.status is Status.WITHDRAWN
    assert docket.failures.in_year(2026) == 0
