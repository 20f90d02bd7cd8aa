"""B11: what an outage took is given back, on two people's word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.allowing import Lapsed, allowance, default_lapse, unmended
from chalicelib.domain.deadline import DeadlineKind, ExtensionReason
from chalicelib.domain.errors import (
    ExtensionRefused,
)
from chalicelib.domain.events import DefaultSetAside, OutageAllowed
from chalicelib.domain.evolve import fold
from chalicelib.domain.model import Basis, Closure, SetAsideTarget, Status
from chalicelib.domain.outage import Progress, Unmended, answer
from chalicelib.domain.parties import By, Role, Side
from policies.model import InvalidResponse, OnLapse, SupplementLapsed
from tests.build import (
    BUYER,
    MEANINGLESS,
    MERCHANT,
    MILLISECOND,
    NOON,
    PLATFORM,
    SHOP,
    Docket,
    a_policy,
    text,
)
from tests.unit.domain.outages import DUE, HOUR, SECOND, agreed, allow, declared
from tests.unit.domain.setting_aside import ask, defaulted, set_aside


def test_b11_two_people_nothing_is_given_for_an_outage_that_nobody_agreed_to_or_that_was_declined():
    docket = Docket().open()
    declined = answer(declared(), SECOND, DUE, agreed=False)
    for outage in (declared(), declined):
        assert outage.agreed_by is None
        assert allow(docket, outage, DUE) == []
    assert docket.due(DeadlineKind.RESPONSE) == DUE


def test_h_what_failed_gets_its_time_although_the_rest_is_done():
    docket = Docket().open()
    done = agreed().worked(Progress(), DUE, done=True)
    assert allow(docket, done, DUE) == ["OutageAllowed", "DeadlineExtended"]


# What runs


def test_a_deadline_that_runs_is_extended_and_says_for_which_outage():
    docket = Docket().open()
    assert allow(docket, agreed(), DUE - HOUR) == ["OutageAllowed", "DeadlineExtended"]
    (extension,) = docket.dispute.deadlines[0].extensions
    assert (extension.due_before, extension.due_after) == (DUE, DUE + 2 * HOUR)
    assert (extension.reason, extension.outage) == (ExtensionReason.PLATFORM_FAULT, "outage-1")
    assert extension.by == By("recourse", Role.SYSTEM)
    docket.contest(DUE + 2 * HOUR)


def test_the_case_names_who_asked_and_who_agreed():
    docket = Docket().open()
    allow(docket, agreed(), DUE)
    event = docket.recorded[-2].event
    assert event == OutageAllowed("outage-1", By("operator-1", Role.OPERATOR), By("operator-2", Role.OPERATOR))


def test_so_many_hours_are_added_where_the_outage_says_so():
    docket = Docket().open()
    allow(docket, agreed(extra=30 * HOUR), DUE)
    assert docket.due(DeadlineKind.RESPONSE) == DUE + 30 * HOUR


def test_what_has_passed_and_isnt_carried_out_yet_is_extended_from_now():
    docket = Docket().open()
    late = DUE + 10 * HOUR
    allow(docket, agreed(now=late), late)
    assert docket.due(DeadlineKind.RESPONSE) == late + 2 * HOUR
    assert docket.dispute.status is Status.AWAITING_RESPONSE
    docket.contest(late)


def test_twice_changes_nothing():
    docket = Docket().open()
    outage = agreed(extra=MILLISECOND)
    allow(docket, outage, DUE)
    before = docket.dispute
    assert allow(docket, outage, DUE) == []
    assert docket.dispute == before


def test_another_outage_gives_its_own_time():
    docket = Docket().open()
    allow(docket, agreed(), DUE)
    allow(docket, replace(agreed(DUE + 2 * HOUR), id="outage-2"), DUE)
    assert [each.outage for each in docket.dispute.deadlines[0].extensions] == ["outage-1", "outage-2"]


@pytest.mark.parametrize(
    "other",
    [
        {"around": DUE + HOUR + MILLISECOND},
        {"around": DUE - HOUR - MILLISECOND},
        {"respondents": ("shop:S2",)},
        {"reasons": ("quality",)},
        {"kinds": (DeadlineKind.APPEAL_WINDOW,)},
    ],
)
def test_what_isnt_of_the_outage_is_left_alone(other):
    docket = Docket().open()
    outage = agreed(**other)
    assert allow(docket, outage, DUE) == []
    docket.sweep(DUE + MILLISECOND)
    assert allow(docket, outage, DUE + MILLISECOND) == []
    assert docket.dispute.outages == ()


@pytest.mark.parametrize("around", [DUE - HOUR, DUE + HOUR])
def test_both_ends_of_the_window_belong_to_it(around):
    docket = Docket().open()
    assert allow(docket, agreed(around, respondents=(SHOP,), reasons=("not_received",)), DUE - HOUR)


def test_what_isnt_of_the_outage_falls_as_ever_though_in_the_same_commit():
    docket = Docket().open()
    docket.contest(NOON)
    docket.claim(NOON)
    review = docket.due(DeadlineKind.REVIEW)
    outage = agreed(review, kinds=(DeadlineKind.REVIEW, DeadlineKind.REVIEW_CLAIM))
    events = allow(docket, outage, review)
    assert events == ["OutageAllowed", "DeadlineExtended", "ReviewReleased", "DeadlineCleared"]


def test_a_reviewers_hold_isnt_extended():
    docket = Docket().open()
    docket.contest(NOON)
    docket.claim(NOON)
    hold = docket.due(DeadlineKind.REVIEW_CLAIM)
    assert allow(docket, agreed(hold, kinds=tuple(DeadlineKind)), NOON) == []


def test_reviewers_deadlines_are_extended_only_where_the_outage_names_them():
    docket = Docket().open()
    docket.contest(NOON)
    review = docket.due(DeadlineKind.REVIEW)
    assert allow(docket, agreed(review), NOON) == []
    assert allow(docket, agreed(review, kinds=(DeadlineKind.REVIEW,)), NOON)
    assert docket.due(DeadlineKind.REVIEW) == review + 2 * HOUR


def test_an_outage_goes_beyond_the_policys_bound_and_uses_up_none_of_it():
    docket = Docket().open()
    deadline = docket.dispute.deadlines[0]
    docket.extend(deadline.id, DUE + 72 * HOUR)
    outage = agreed(DUE + 72 * HOUR, extra=100 * HOUR)
    allow(docket, outage, DUE + 72 * HOUR)
    assert docket.due(DeadlineKind.RESPONSE) == DUE + 172 * HOUR
    with pytest.raises(ExtensionRefused) as refusal:
        docket.extend(deadline.id, DUE + 173 * HOUR, at=DUE + 72 * HOUR)
    assert (refusal.value.problem, refusal.value.at_most) == ("too_late", DUE + 172 * HOUR)


def test_an_extension_for_an_outage_isnt_counted_among_those_that_the_policy_allows():
    docket = Docket().open()
    for number in range(3):
        around = docket.due(DeadlineKind.RESPONSE)
        allow(docket, replace(agreed(around, now=around), id=f"outage-{number}"), NOON)
    later = docket.due(DeadlineKind.RESPONSE) + HOUR
    docket.extend(docket.dispute.deadlines[0].id, later)
    assert docket.due(DeadlineKind.RESPONSE) == later


def test_b12_time_given_for_an_outage_takes_none_of_what_the_quota_gives_back():
    docket = Docket(a_policy(appeal={"pause_window_while_blocked": True})).ruled()
    window = docket.due(DeadlineKind.APPEAL_WINDOW)
    allow(docket, agreed(window), NOON)
    after = docket.dispute.deadline(DeadlineKind.APPEAL_WINDOW)
    assert (after.due, after.paused, after.made_up) == (window + 2 * HOUR, timedelta(), 2 * HOUR)


# What has lapsed


def test_b11_a_default_that_fell_in_it_is_set_aside_and_awaits_the_response_anew():
    docket = defaulted()
    later = DUE + 3 * HOUR
    events = allow(docket, agreed(now=later), later)
    assert events == ["OutageAllowed", "DeadlineCleared", "DefaultSetAside", "DeadlineSet"]
    assert docket.recorded[-2].event == DefaultSetAside("outage-1")
    dispute = docket.dispute
    assert (dispute.status, dispute.ruling, dispute.in_default) == (Status.AWAITING_RESPONSE, None, False)
    assert docket.due(DeadlineKind.RESPONSE) == later + 24 * HOUR
    docket.contest(later)
    docket.rule(later)
    assert docket.dispute.ruling.basis is Basis.MERITS


def test_b11_a_default_before_a_reviewer_is_set_aside_too():
    docket = defaulted(reason={"on_lapse": OnLapse.PLATFORM_INTERVENES})
    docket.claim(DUE + HOUR)
    allow(docket, agreed(), DUE + HOUR)
    assert (docket.dispute.status, docket.dispute.claim) == (Status.AWAITING_RESPONSE, None)


def test_b11_a_default_by_evidence_that_never_came_is_set_aside():
    docket = Docket(a_policy(supplement={"supplement_lapsed": SupplementLapsed.DEFAULT})).open()
    docket.contest(NOON)
    docket.ask_for("product_document")
    due = docket.due(DeadlineKind.SUPPLEMENT)
    docket.sweep(due + MILLISECOND)
    assert docket.dispute.in_default
    assert default_lapse(docket.dispute).due == due
    assert allow(docket, agreed(DUE - 2 * HOUR), due + MILLISECOND) == []
    assert "DefaultSetAside" in allow(docket, agreed(due), due + MILLISECOND)


def test_b11_a_default_after_a_settlement_that_failed_is_by_the_evidence_that_was_asked_for():
    docket = Docket(a_policy(supplement={"supplement_lapsed": SupplementLapsed.DEFAULT})).open()
    docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    docket.do(c.AnswerSettlement(confirmed=False), by=BUYER, at=NOON)
    docket.ask_for("product_document")
    due = docket.due(DeadlineKind.SUPPLEMENT)
    docket.sweep(due + MILLISECOND)
    assert default_lapse(docket.dispute).kind is DeadlineKind.SUPPLEMENT


def test_b11_what_the_other_side_was_asked_for_makes_no_default():
    docket = Docket(a_policy(supplement={"supplement_lapsed": SupplementLapsed.DEFAULT})).open()
    docket.contest(NOON)
    docket.ask_for("product_document", sides=(Side.COMPLAINANT,))
    docket.sweep(docket.due(DeadlineKind.SUPPLEMENT) + MILLISECOND)
    docket.ask_for("product_document", at=docket.dispute.updated_at)
    due = docket.due(DeadlineKind.SUPPLEMENT)
    docket.sweep(due + MILLISECOND)
    assert default_lapse(docket.dispute) == Lapsed(DeadlineKind.SUPPLEMENT, due)


def test_b11_of_several_lapses_the_first_made_the_default():
    policy = a_policy(
        supplement={"supplement_lapsed": SupplementLapsed.DEFAULT}, reason={"on_lapse": OnLapse.PLATFORM_INTERVENES}
    )
    docket = Docket(policy).open()
    docket.contest(NOON)
    docket.ask_for("product_document")
    first = docket.due(DeadlineKind.SUPPLEMENT)
    docket.sweep(first + MILLISECOND)
    docket.ask_for("product_document", at=docket.dispute.updated_at)
    docket.sweep(docket.due(DeadlineKind.SUPPLEMENT) + MILLISECOND)
    assert default_lapse(docket.dispute) == Lapsed(DeadlineKind.SUPPLEMENT, first)


def test_a_default_that_no_lapse_made_is_none_of_an_outages():
    docket = Docket(a_policy(response={"invalid_response": InvalidResponse.DECIDE_AT_ONCE})).open()
    docket.contest(DUE, pieces=(), defect=MEANINGLESS)
    assert docket.dispute.in_default
    assert default_lapse(docket.dispute) is None
    assert unmended(docket.dispute, agreed()) is Unmended.NO_DEFAULT


def test_b7_the_failure_of_an_appeal_that_was_dismissed_for_the_default_is_taken_back():
    docket = defaulted()
    docket.appeal(DUE + HOUR, accept_dismissal=True)
    assert docket.failures.in_year(2026) == 1
    events = allow(docket, agreed(), DUE + HOUR)
    assert events.index("AppealSetAside") < events.index("DefaultSetAside")
    assert docket.failures.in_year(2026) == 0
    docket.contest(DUE + HOUR)
    docket.rule(DUE + HOUR)
    docket.appeal(DUE + 2 * HOUR)


def test_what_somebody_asked_by_hand_meanwhile_is_settled_by_it():
    docket = defaulted()
    ask(docket, SetAsideTarget.DEFAULT)
    allow(docket, agreed(), DUE + HOUR)
    assert docket.dispute.set_aside is None


@pytest.mark.parametrize("closed", [False, True])
def test_b11_promise_a_a_final_ruling_stays_as_it_is(closed):
    docket = defaulted()
    after = docket.due(DeadlineKind.APPEAL_WINDOW) + MILLISECOND
    docket.sweep(after)
    if closed:
        docket.do(c.Close(Closure(docket.dispute.ruling.remedy, "R-1", after)), by=PLATFORM, at=after)
    outage = agreed(now=after)
    assert allow(docket, outage, after) == []
    assert unmended(docket.dispute, outage) is Unmended.FINAL


def test_b11_an_appeal_window_that_closed_in_it_stays_closed_once_it_was_carried_out():
    docket = Docket().ruled()
    window = docket.due(DeadlineKind.APPEAL_WINDOW)
    docket.sweep(window + MILLISECOND)
    assert allow(docket, agreed(window), window + MILLISECOND) == []
    assert unmended(docket.dispute, agreed(window)) is Unmended.FINAL


def test_b1_an_appeal_window_that_closed_in_it_is_open_again_as_long_as_nobody_carried_it_out():
    docket = Docket().ruled()
    window = docket.due(DeadlineKind.APPEAL_WINDOW)
    allow(docket, agreed(window), window + HOUR)
    docket.appeal(window + 2 * HOUR)
    assert docket.dispute.open_appeal is not None


def test_why_a_lapse_isnt_mended():
    docket = Docket().open()
    docket.do(c.WithdrawDispute(None), by=BUYER, at=NOON)
    assert unmended(docket.dispute, agreed()) is Unmended.WITHDRAWN
    docket = defaulted()
    set_aside(docket, SetAsideTarget.DEFAULT)
    assert unmended(docket.dispute, agreed()) is Unmended.NO_DEFAULT


def test_what_is_mended_or_can_be_is_not_among_the_unmended():
    docket, outage = defaulted(), agreed()
    assert unmended(docket.dispute, outage) is None
    allow(docket, outage, DUE + HOUR)
    assert unmended(docket.dispute, outage) is None
    assert allowance(docket.dispute, outage).nothing


def test_the_state_is_the_fold_of_its_events():
    docket = defaulted()
    allow(docket, agreed(), DUE + HOUR)
    assert fold(docket.recorded) == docket.dispute
