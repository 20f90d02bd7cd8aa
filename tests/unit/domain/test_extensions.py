"""Which deadlines staff may extend, how far and how often (A5)."""

from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import ConflictOfInterest, ExtensionRefused, NoSuchDeadline, NotFound, NotPermitted
from chalicelib.domain.model import Closure, Stage
from chalicelib.domain.parties import Actor, Role
from tests.build import BUYER, MERCHANT, MILLISECOND, NOON, SHOP, Docket, a_policy, text

INSIDER = Actor("clerk", Role.PLATFORM, frozenset({SHOP}))
"""The platform's, and of the shop's party all the same."""


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


def test_the_bound_of_extensions_is_counted_from_where_the_deadline_first_stood():
    docket = Docket().open()
    deadline = docket.dispute.deadlines[0]
    docket.extend(deadline.id, deadline.due + hours(40))
    with pytest.raises(ExtensionRefused) as refusal:
        docket.extend(deadline.id, deadline.due + hours(80))
    assert (refusal.value.problem, refusal.value.at_most) == ("too_late", deadline.due + hours(72))
    docket.extend(deadline.id, deadline.due + hours(72))
    assert docket.due(DeadlineKind.RESPONSE) == deadline.due + hours(72)


def test_a_reviewers_hold_on_a_review_isnt_extended():
    docket = Docket().open()
    docket.contest()
    docket.claim(NOON)
    hold = docket.dispute.deadline(DeadlineKind.REVIEW_CLAIM)
    with pytest.raises(NoSuchDeadline):
        docket.extend(hold.id, hold.due + hours(1))


def test_a5_a_deadline_that_has_passed_and_waits_in_its_grace_isnt_extended():
    docket = Docket(a_policy(response={"upload_grace_seconds": 60})).open()
    deadline = docket.dispute.deadlines[0]
    docket.register(at=deadline.due)
    with pytest.raises(NoSuchDeadline):
        docket.extend(deadline.id, deadline.due + hours(1), at=deadline.due + MILLISECOND)
    assert docket.sweep(deadline.due + MILLISECOND).events == ()


def test_staff_of_the_shops_party_extend_nothing():
    docket = Docket().open()
    deadline = docket.dispute.deadlines[0]
    with pytest.raises(ConflictOfInterest):
        docket.extend(deadline.id, deadline.due + hours(1), by=INSIDER)


def test_staff_of_the_shops_party_close_nothing():
    docket = Docket().open()
    docket.do(c.Accept(None), by=MERCHANT, at=NOON)
    closure = Closure(docket.dispute.requested_remedy, "R-1", NOON)
    with pytest.raises(ConflictOfInterest):
        docket.do(c.Close(closure), by=INSIDER, at=NOON)


@pytest.mark.parametrize("command", [c.WithdrawDispute(None), c.AnswerSettlement(confirmed=True)])
def test_staff_of_the_shops_party_dont_act_for_the_complainant(command):
    docket = Docket().open()
    docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    with pytest.raises(NotPermitted):
        docket.do(command, by=INSIDER, at=NOON)
    docket.do(command, by=BUYER, at=NOON)


def test_staff_of_the_shops_party_submit_no_evidence_for_the_complainant():
    docket = Docket().open(reason="counterfeit")
    with pytest.raises(NotFound):
        docket.submit("claim_photo", by=INSIDER, stage=Stage.CLAIM)
    photo = docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
    with pytest.raises(NotFound):
        docket.do(c.WithdrawPiece(photo), by=INSIDER, at=NOON)
