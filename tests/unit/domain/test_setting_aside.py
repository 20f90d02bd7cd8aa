"""B11: setting aside a default or a failed appeal, by two people."""

from datetime import timedelta

import pytest

from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import ConflictOfInterest, NothingToSetAside, SecondPersonNeeded, WrongState
from chalicelib.domain.events import AppealSetAside, DefaultSetAside
from chalicelib.domain.model import SetAsideTarget, Status
from chalicelib.domain.parties import Actor, Role
from tests.build import MILLISECOND, NOON, PLATFORM, SHOP, Docket, failed
from tests.unit.domain.setting_aside import agree, ask, defaulted

LATE = NOON + timedelta(hours=24) + MILLISECOND


def test_b11_a_default_that_is_set_aside_awaits_the_response_anew():
    docket = defaulted()
    ask(docket, SetAsideTarget.DEFAULT)
    agree(docket)
    dispute = docket.dispute
    assert (dispute.status, dispute.ruling, dispute.in_default) == (Status.AWAITING_RESPONSE, None, False)
    assert docket.due(DeadlineKind.RESPONSE) == LATE + timedelta(hours=24)
    docket.contest(LATE)
    docket.rule(LATE)
    assert docket.dispute.ruling.version == 2


def test_b11_two_people_who_asks_and_who_agrees():
    docket = defaulted()
    ask(docket, SetAsideTarget.DEFAULT)
    with pytest.raises(SecondPersonNeeded):
        agree(docket, by=PLATFORM)
    agree(docket, by=PLATFORM, agreed=False)
    assert docket.dispute.set_aside is None
    with pytest.raises(WrongState) as why:
        agree(docket)
    assert (why.value.action, why.value.status) == ("answer_set_aside", Status.RULED)


def test_b11_not_once_the_ruling_is_final():
    docket = defaulted()
    ask(docket, SetAsideTarget.DEFAULT)
    after = docket.due(DeadlineKind.APPEAL_WINDOW) + MILLISECOND
    with pytest.raises(WrongState):
        agree(docket, at=after)
    docket.sweep(after)
    assert docket.dispute.status is Status.FINAL
    with pytest.raises(NothingToSetAside) as why:
        ask(docket, SetAsideTarget.DEFAULT)
    assert why.value.target is SetAsideTarget.DEFAULT


def test_b11_only_a_default_is_set_aside_not_a_ruling_on_the_merits():
    with pytest.raises(NothingToSetAside):
        ask(Docket().ruled(), SetAsideTarget.DEFAULT)


def test_b11_nobody_sets_aside_for_a_party_that_they_belong_to():
    with pytest.raises(ConflictOfInterest):
        ask(defaulted(), SetAsideTarget.DEFAULT, by=Actor("x", Role.REVIEWER, frozenset({SHOP})))


def test_b7_b11_the_failure_of_an_appeal_that_is_set_aside_is_taken_back_from_its_period():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.decide_appeal(NOON)
    assert docket.failures.in_year(2026) == 1
    counted = docket.dispute.appeals[0].counted
    ask(docket, SetAsideTarget.APPEAL)
    decision_at = docket.dispute.updated_at
    agree(docket, at=decision_at)
    assert docket.failures.in_year(2026) == 0
    assert docket.recorded[-1].event.taken_back == counted
    assert docket.dispute.appeals[0].counted is None


def test_b7_b11_the_failure_of_an_appeal_that_was_dismissed_for_the_default_goes_with_the_default():
    docket = defaulted()
    docket.appeal(LATE, accept_dismissal=True)
    (dismissed,) = docket.dispute.appeals
    assert docket.failures.in_year(2026) == 1
    ask(docket, SetAsideTarget.DEFAULT)
    request = docket.dispute.set_aside.id
    agree(docket)
    set_aside = [each.event for each in docket.recorded if isinstance(each.event, AppealSetAside | DefaultSetAside)]
    assert set_aside == [AppealSetAside(request, dismissed.id, dismissed.counted), DefaultSetAside(request)]
    assert docket.failures.in_year(2026) == 0
    docket.contest(LATE)
    docket.rule(LATE)
    docket.appeal(LATE)
    assert docket.dispute.open_appeal


def test_b11_after_that_the_shop_may_appeal_again_while_the_window_lasts():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.decide_appeal(NOON)
    ask(docket, SetAsideTarget.APPEAL)
    agree(docket)
    docket.appeal(NOON + timedelta(days=1))
    assert docket.dispute.open_appeal


def test_b7_the_failure_of_a_final_dispute_can_be_taken_back_and_its_ruling_stands():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.decide_appeal(NOON)
    docket.sweep(docket.due(DeadlineKind.APPEAL_WINDOW) + MILLISECOND)
    ruling = docket.dispute.ruling
    ask(docket, SetAsideTarget.APPEAL)
    agree(docket)
    assert (docket.dispute.status, docket.dispute.ruling) == (Status.FINAL, ruling)
    assert docket.failures.in_year(2026) == 0


def test_b11_an_appeal_that_didnt_fail_cant_be_set_aside():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.failures = failed(instants=[])
    with pytest.raises(NothingToSetAside):
        ask(docket, SetAsideTarget.APPEAL)
