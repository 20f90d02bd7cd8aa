"""B11: who may declare an outage and agree to it, and which ones can be worked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.errors import (
    ConflictOfInterest,
    InvalidOutage,
    NotPermitted,
    OutageAnswered,
    SecondPersonNeeded,
)
from chalicelib.domain.outage import Declaration, OutageState, Scope, Unmended, answer, declare
from tests.build import (
    BUYER,
    MERCHANT,
    MILLISECOND,
    NOON,
    PLATFORM,
    REVIEWER,
    SHOP,
    Docket,
)
from tests.unit.domain.outages import DUE, HOUR, OPERATOR, SECOND, agreed, allow, declared


def test_b11_nothing_is_given_before_a_second_person_agrees():
    docket = Docket().open()
    assert allow(docket, declared(), DUE) == []
    with pytest.raises(SecondPersonNeeded):
        answer(declared(), OPERATOR, DUE, agreed=True)


def test_whoever_may_declines_and_an_outage_is_answered_once():
    declined = answer(declared(), OPERATOR, DUE, agreed=False)
    assert declined.state is OutageState.DECLINED
    for each in (declined, agreed()):
        with pytest.raises(OutageAnswered):
            answer(each, SECOND, DUE, agreed=True)


@pytest.mark.parametrize("actor", [OPERATOR, REVIEWER, PLATFORM, MERCHANT, BUYER])
def test_no_person_gives_time_back_in_a_single_dispute(actor):
    with pytest.raises(NotPermitted):
        Docket().open().do(c.AllowForOutage(agreed()), by=actor, at=DUE)


def test_nobody_declares_or_agrees_who_belongs_to_a_party():
    of_a_shop = replace(SECOND, parties=frozenset({SHOP}))
    with pytest.raises(ConflictOfInterest):
        answer(declared(), of_a_shop, DUE, agreed=True)
    with pytest.raises(ConflictOfInterest):
        declare(Declaration(Scope(DUE, DUE + HOUR), None, "x", None), "outage-1", of_a_shop, DUE)


@pytest.mark.parametrize(
    ("since", "until", "problem"),
    [
        (timedelta(0), timedelta(0), "ends_before_it_begins"),
        (-timedelta(days=31), MILLISECOND, "too_long"),
        (-timedelta(days=60) - MILLISECOND, -timedelta(days=59), "too_old"),
        (timedelta(0), timedelta(days=7) + MILLISECOND, "too_far_ahead"),
    ],
)
def test_a_window_must_be_one_that_can_be_worked(since, until, problem):
    with pytest.raises(InvalidOutage) as refusal:
        declare(Declaration(Scope(NOON + since, NOON + until), None, "x", None), "outage-1", OPERATOR, NOON)
    assert refusal.value.problem == problem


def test_b11_an_outage_isnt_agreed_to_when_its_lapses_may_be_forgotten():
    late = DUE - HOUR + timedelta(days=60)
    assert answer(declared(), SECOND, late, agreed=True).state is OutageState.AGREED
    with pytest.raises(InvalidOutage):
        answer(declared(), SECOND, late + MILLISECOND, agreed=True)
    assert answer(declared(), SECOND, late + MILLISECOND, agreed=False).state is OutageState.DECLINED


def test_an_outage_can_be_shown_as_it_was_declared_and_answered():
    first, second = declared(), agreed()
    third = second.worked(second.progress.and_unmended(Unmended.FINAL), DUE, done=False)
    assert (third.as_of(1), third.as_of(2), third.as_of(3)) == (first, second, third)
    declined = answer(first, SECOND, DUE, agreed=False)
    assert (declined.as_of(1), declined.as_of(2)) == (first, declined)
