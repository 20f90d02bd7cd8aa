"""What a reviewer may rule, on what evidence, and which points it has to answer (A3, A4, A12, A13)."""

from dataclasses import replace

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.claim import Money
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import ChecklistUnanswered, InvalidRuling, WrongState
from chalicelib.domain.model import Basis, Liability, Outcome, Stage, Status
from chalicelib.domain.parties import PLATFORM as PLATFORM_PARTY
from chalicelib.domain.parties import Side
from evidence.model import Finding, Inspection, Verdict
from policies.model import Bilingual, Medium, OnLapse
from tests.build import APPEAL_REVIEWER, BUYER, MERCHANT, MILLISECOND, NOON, REVIEWER, SHOP, Docket, a_policy, text


def in_default() -> Docket:
    docket = Docket(a_policy(reason={"on_lapse": OnLapse.PLATFORM_INTERVENES})).open()
    docket.sweep(docket.due(DeadlineKind.RESPONSE) + MILLISECOND)
    docket.claim(docket.dispute.updated_at)
    return docket


def both_with_a_receipt() -> tuple[Docket, str, str]:
    """Contested and claimed, each side with a freight receipt; gives the shop's and the buyer's."""
    docket = Docket().open(reason="shipping_fee")
    theirs = docket.submit("freight_receipt", by=BUYER, stage=Stage.CLAIM)
    own = docket.submit("freight_receipt")
    docket.contest(pieces=[own])
    docket.claim(NOON)
    return docket, own, theirs


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"basis": Basis.DEFAULT, "outcome": Outcome.FOR_RESPONDENT}, "basis_for_the_complainant"),
        ({"basis": Basis.MERITS}, "not_in_default"),
        ({"basis": Basis.INVALID_EVIDENCE}, "not_in_default"),
    ],
)
def test_a4_of_a_respondent_in_default_a_reviewer_rules_by_default_and_for_the_complainant(parts, problem):
    docket = in_default()
    with pytest.raises(InvalidRuling) as refusal:
        docket.rule(docket.dispute.updated_at, claim=False, **parts)
    assert refusal.value.problem == problem
    assert docket.dispute.status is Status.UNDER_REVIEW


def test_a3_the_complainants_evidence_doesnt_make_up_for_the_respondents_that_is_invalid():
    docket, own, _ = both_with_a_receipt()
    docket.rule(NOON, claim=False, basis=Basis.INVALID_EVIDENCE, invalid_pieces=(own,))
    assert docket.dispute.ruling.basis is Basis.INVALID_EVIDENCE


@pytest.mark.parametrize("named", ["nothing", "the buyer's"])
def test_a3_who_submitted_nothing_submitted_nothing_invalid(named):
    docket = Docket().open(reason="shipping_fee")
    theirs = docket.submit("freight_receipt", by=BUYER, stage=Stage.CLAIM)
    docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    docket.do(c.AnswerSettlement(confirmed=False), by=BUYER, at=NOON)
    docket.claim(NOON)
    invalid = () if named == "nothing" else (theirs,)
    with pytest.raises(InvalidRuling) as refusal:
        docket.rule(NOON, claim=False, basis=Basis.INVALID_EVIDENCE, invalid_pieces=invalid)
    assert refusal.value.problem == "rest_is_complete"
    docket.rule(NOON, claim=False)
    assert docket.dispute.ruling.basis is Basis.MERITS


def test_a13_what_one_sides_evidence_shows_leaves_the_other_sides_point_open():
    docket = Docket().open(reason="shipping_fee")
    said = Bilingual("It is shown.", "已体现。")
    shown = Inspection(
        Medium.IMAGE, "image/jpeg", findings=(Finding("amount", Verdict.MET, "shown", said, confidence=1.0),)
    )
    docket.submit("freight_receipt", by=BUYER, stage=Stage.CLAIM)
    docket.contest(pieces=[docket.submit("freight_receipt", inspection=shown)])
    docket.claim(NOON)
    assert [each.side for each in docket.answers() if each.point == "amount"] == [Side.COMPLAINANT]


def test_a13_the_points_of_each_sides_evidence_are_answered_apart():
    docket, _, _ = both_with_a_receipt()
    answers = docket.answers()
    shop = tuple(each for each in answers if each.side is Side.RESPONDENT)
    buyer = tuple(each for each in answers if each.side is Side.COMPLAINANT)
    assert [each.point for each in shop] == [each.point for each in buyer]
    with pytest.raises(ChecklistUnanswered) as refusal:
        docket.rule(NOON, claim=False, checklist=shop)
    assert refusal.value.points == tuple(f"complainant:{each.requirement}.{each.point}" for each in buyer)
    docket.rule(NOON, claim=False, checklist=answers)
    assert docket.dispute.ruling.checklist == tuple(replace(each, machine=Verdict.OPEN) for each in answers)


def test_a13_evidence_that_came_after_the_claim_isnt_on_the_checklist():
    docket = Docket().open(reason="counterfeit")
    docket.contest(pieces=[docket.submit("product_document")])
    docket.claim(NOON)
    docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
    assert {each.requirement for each in docket.answers()} == {"product_document"}
    docket.do(c.ReleaseReview(), by=REVIEWER, at=NOON)
    docket.claim(NOON)
    assert {each.requirement for each in docket.answers()} == {"product_document", "claim_photo"}


def test_a13_the_checklist_of_an_appeal_is_of_the_appeals_evidence_alone():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.claim(NOON, APPEAL_REVIEWER)
    assert {each.requirement for each in docket.answers()} == {"appeal_evidence"}


@pytest.mark.parametrize("share", [0, 10_000])
def test_of_a_split_the_respondent_bears_a_part_and_neither_nothing_nor_all(share):
    docket = Docket().open()
    docket.contest()
    docket.claim(NOON)
    shares = {SHOP: share, PLATFORM_PARTY: 10_000 - share}
    with pytest.raises(InvalidRuling) as refusal:
        docket.rule(
            NOON,
            claim=False,
            outcome=Outcome.SPLIT,
            liabilities=tuple(Liability(party, Money(amount, "CNY")) for party, amount in shares.items()),
        )
    assert refusal.value.problem == "respondent_bears_a_part"


@pytest.mark.parametrize("answer", [c.Accept(None), c.ReportSettlement(text())])
def test_a4_who_is_in_default_has_answered_and_cant_take_the_mark_away(answer):
    docket = Docket(a_policy(reason={"on_lapse": OnLapse.PLATFORM_INTERVENES})).open()
    docket.sweep(docket.due(DeadlineKind.RESPONSE) + MILLISECOND)
    with pytest.raises(WrongState):
        docket.do(answer, by=MERCHANT, at=docket.dispute.updated_at)
