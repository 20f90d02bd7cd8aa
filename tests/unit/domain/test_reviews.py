"""Claiming, asking for more, ruling, extending, closing (A3, A12, A13, A15)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.claim import Money
from chalicelib.domain.deadline import DeadlineKind, ExtensionReason
from chalicelib.domain.errors import (
    ChecklistUnanswered,
    ClosureMismatch,
    ConflictOfInterest,
    EvidenceIncomplete,
    ExtensionRefused,
    InvalidRuling,
    NoSuchDeadline,
    NotYourReview,
    RequestLimitReached,
    ReviewTaken,
    UnknownPieces,
    WrongState,
)
from chalicelib.domain.model import Answer, Basis, Closure, Liability, Outcome, Stage, Status
from chalicelib.domain.parties import PLATFORM as PLATFORM_PARTY
from chalicelib.domain.parties import Actor, Role, Side
from evidence.model import Inspection, Verdict
from tests.build import (
    BUYER,
    BUYER_PARTY,
    MERCHANT,
    MILLISECOND,
    NOON,
    OTHER_REVIEWER,
    PLATFORM,
    REVIEWER,
    SHOP,
    Docket,
    doubtful,
    text,
)


def contested() -> Docket:
    docket = Docket().open(reason="counterfeit")
    docket.contest(pieces=[docket.submit("product_document")])
    return docket


def cny(amount: int) -> Money:
    return Money(amount, "CNY")


def test_only_the_holder_of_an_unexpired_claim_rules():
    docket = contested()
    with pytest.raises(NotYourReview):
        docket.rule(NOON, claim=False)
    docket.claim(NOON)
    with pytest.raises(NotYourReview):
        docket.rule(NOON, by=OTHER_REVIEWER, claim=False)
    expires = docket.dispute.claim.expires
    with pytest.raises(NotYourReview):
        docket.rule(expires + MILLISECOND, claim=False)
    docket.rule(expires, claim=False)
    assert docket.dispute.status is Status.RULED


def test_a_review_that_somebody_holds_cant_be_taken_until_released_or_expired():
    docket = contested()
    docket.claim(NOON)
    with pytest.raises(ReviewTaken):
        docket.claim(NOON, OTHER_REVIEWER)
    docket.do(c.ReleaseReview(), by=REVIEWER, at=NOON)
    docket.claim(NOON, OTHER_REVIEWER)
    docket.claim(docket.dispute.claim.expires + MILLISECOND, REVIEWER)
    assert docket.dispute.claim.reviewer == REVIEWER.id


def test_nobody_rules_on_a_party_that_they_belong_to():
    docket = contested()
    for party in (SHOP, BUYER_PARTY):
        with pytest.raises(ConflictOfInterest):
            docket.claim(NOON, Actor("insider", Role.REVIEWER, frozenset({party})))


def test_claiming_seals_what_stands_there():
    docket = Docket().open(reason="counterfeit")
    photo = docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
    docket.contest(pieces=[docket.submit("product_document")])
    docket.claim(NOON)
    assert docket.dispute.piece(photo).sealed


def test_a13_each_open_point_of_the_checklist_needs_the_reviewers_answer():
    docket = contested()
    docket.claim(NOON)
    answers = docket.answers()
    assert {each.requirement for each in answers} == {"product_document"}
    with pytest.raises(ChecklistUnanswered) as refusal:
        docket.rule(NOON, claim=False, checklist=answers[1:])
    assert refusal.value.points == (f"respondent:product_document.{answers[0].point}",)
    with pytest.raises(InvalidRuling):
        docket.rule(NOON, claim=False, checklist=(*answers, answers[0]))
    docket.rule(NOON, claim=False, checklist=answers)
    assert docket.dispute.ruling.checklist == tuple(replace(each, machine=Verdict.OPEN) for each in answers)


def certain(verdict: Verdict) -> Inspection:
    """The machine is sure of the waybill number alone."""
    return replace(
        doubtful("waybill_number"),
        findings=tuple(replace(each, verdict=verdict) for each in doubtful("waybill_number").findings),
    )


def test_a13_what_the_machine_is_sure_of_need_not_be_answered_and_can_be_overruled():
    for overruling in ((), (Answer("proof_of_delivery", "waybill_number", met=False),)):
        docket = Docket().open()
        piece = docket.submit(inspection=certain(Verdict.MET))
        docket.contest(pieces=[piece])
        docket.claim(NOON)
        wanted = docket.answers()
        assert "waybill_number" not in {each.point for each in wanted}
        docket.rule(NOON, claim=False, checklist=(*wanted, *overruling))
        kept = {each.point: (each.met, each.machine) for each in docket.dispute.ruling.checklist}
        assert kept.get("waybill_number") == ((False, Verdict.MET) if overruling else None)


def test_a13_what_the_machine_says_isnt_met_is_the_reviewers_to_answer():
    docket = Docket().open()
    docket.contest(pieces=[docket.submit(inspection=certain(Verdict.NOT_MET))], submit_anyway=True)
    docket.claim(NOON)
    answers = docket.answers()
    assert "waybill_number" in {each.point for each in answers}
    docket.rule(NOON, claim=False, checklist=answers)
    kept = {each.point: (each.met, each.machine) for each in docket.dispute.ruling.checklist}
    assert kept["waybill_number"] == (True, Verdict.NOT_MET)


def test_a12_whether_the_picture_shows_what_is_claimed_is_on_the_checklist():
    docket = contested()
    docket.claim(NOON)
    assert "relevance" in {each.point for each in docket.answers()}


@pytest.mark.parametrize(
    "parts",
    [
        {"liabilities": (Liability(SHOP, cny(9_999)),)},
        {"liabilities": (Liability(SHOP, cny(5_000)), Liability(SHOP, cny(5_000)))},
        {"liabilities": (Liability(BUYER_PARTY, cny(10_000)),)},
        {"liabilities": (Liability(SHOP, Money(10_000, "USD")),)},
        {"liabilities": (Liability(SHOP, cny(11_000)), Liability(PLATFORM_PARTY, cny(-1_000)))},
        {"liabilities": (Liability(SHOP, cny(6_000)), Liability(PLATFORM_PARTY, cny(4_000)))},
        {"outcome": Outcome.FOR_RESPONDENT, "remedy": "kept", "liabilities": (Liability(SHOP, cny(10_000)),)},
        {"outcome": Outcome.SPLIT},
        {"outcome": Outcome.NOBODY_AT_FAULT},
        {"basis": Basis.DEFAULT},
        {"basis": Basis.ACCEPTED},
        {"basis": Basis.INVALID_EVIDENCE},
    ],
)
def test_a_ruling_that_isnt_consistent_is_refused(parts):
    docket = contested()
    docket.claim(NOON)
    if parts.get("remedy") == "kept":
        parts = {**parts, "remedy": docket.dispute.requested_remedy}
    with pytest.raises(InvalidRuling):
        docket.rule(NOON, claim=False, **parts)


def test_no_more_is_awarded_than_was_claimed():
    docket = contested()
    docket.claim(NOON)
    claimed = docket.dispute.requested_remedy
    with pytest.raises(InvalidRuling):
        docket.rule(
            NOON,
            claim=False,
            remedy=replace(claimed, money=cny(10_001)),
            liabilities=(Liability(SHOP, cny(10_001)),),
        )


def test_the_platform_may_bear_a_part():
    docket = contested()
    docket.rule(
        NOON,
        outcome=Outcome.SPLIT,
        liabilities=(Liability(SHOP, cny(7_000)), Liability(PLATFORM_PARTY, cny(3_000))),
    )
    assert docket.dispute.ruling.borne_by(SHOP) == 7_000


def test_a_ruling_for_the_respondent_is_final_at_once_for_there_is_nothing_to_appeal():
    docket = contested()
    docket.rule(NOON, outcome=Outcome.FOR_RESPONDENT)
    assert (docket.dispute.status, docket.dispute.ruling.liabilities) == (Status.FINAL, ())


def test_a3_evidence_found_invalid_counts_as_none():
    docket = contested()
    piece = docket.dispute.pieces[0].id
    docket.rule(NOON, basis=Basis.INVALID_EVIDENCE, invalid_pieces=(piece,))
    assert (docket.dispute.ruling.basis, docket.dispute.ruling.invalid_pieces) == (Basis.INVALID_EVIDENCE, (piece,))


def test_a3_but_not_where_what_is_left_is_complete():
    docket = Docket().open(reason="counterfeit")
    bad, good = docket.submit("product_document"), docket.submit("product_document")
    docket.contest(pieces=[bad, good])
    docket.claim(NOON)
    with pytest.raises(InvalidRuling):
        docket.rule(NOON, claim=False, basis=Basis.INVALID_EVIDENCE, invalid_pieces=(bad,))
    with pytest.raises(UnknownPieces):
        docket.rule(NOON, claim=False, invalid_pieces=("elsewhere",))


def test_a15_more_can_be_asked_at_most_twice_a_side():
    docket = contested()
    for number in (1, 2):
        docket.claim(NOON)
        docket.do(c.RequestEvidence((Side.RESPONDENT,), ("freight_receipt",), None), by=REVIEWER, at=NOON)
        request = docket.dispute.requests[-1].id
        piece = docket.submit("freight_receipt", stage=Stage.SUPPLEMENT, request=request)
        docket.do(c.SupplyEvidence(request, (piece,), None), by=MERCHANT, at=NOON)
        assert len(docket.dispute.requests) == number
    docket.claim(NOON)
    with pytest.raises(RequestLimitReached) as refusal:
        docket.do(c.RequestEvidence((Side.RESPONDENT,), ("freight_receipt",), None), by=REVIEWER, at=NOON)
    assert refusal.value.limit == 2
    docket.do(c.RequestEvidence((Side.COMPLAINANT,), ("claim_photo",), None), by=REVIEWER, at=NOON)


def test_a15_while_more_is_wanted_nobody_rules_and_what_comes_must_be_complete():
    docket = contested()
    docket.claim(NOON)
    docket.do(c.RequestEvidence((Side.RESPONDENT,), ("freight_receipt",), None), by=REVIEWER, at=NOON)
    with pytest.raises(WrongState):
        docket.claim(NOON)
    with pytest.raises(EvidenceIncomplete):
        docket.do(c.SupplyEvidence(docket.dispute.requests[0].id, (), None), by=MERCHANT, at=NOON)


def test_a_deadline_is_extended_with_a_reason_and_within_the_policys_bound():
    docket = Docket().open()
    deadline, due = docket.dispute.deadlines[0].id, docket.due(DeadlineKind.RESPONSE)

    def extend(hours: int) -> None:
        command = c.ExtendDeadline(deadline, due + timedelta(hours=hours), ExtensionReason.CARRIER_DELAY, text())
        docket.do(command, by=PLATFORM, at=NOON)

    for hours in (0, -1, 73):
        with pytest.raises(ExtensionRefused):
            extend(hours)
    extend(10)
    extend(72)
    with pytest.raises(ExtensionRefused):
        extend(72)
    assert [each.reason for each in docket.dispute.deadlines[0].extensions] == [ExtensionReason.CARRIER_DELAY] * 2
    assert docket.dispute.deadlines[0].first_due == due


def test_a_deadline_that_has_passed_cant_be_extended():
    docket = Docket().open()
    deadline, due = docket.dispute.deadlines[0].id, docket.due(DeadlineKind.RESPONSE)
    with pytest.raises(NoSuchDeadline):
        docket.do(
            c.ExtendDeadline(deadline, due + timedelta(hours=1), ExtensionReason.CARRIER_DELAY, None),
            by=PLATFORM,
            at=due + MILLISECOND,
        )


def test_closing_says_what_was_carried_out_and_it_is_what_was_awarded():
    docket = Docket().open()
    docket.do(c.Accept(None), by=MERCHANT, at=NOON)
    remedy = docket.dispute.requested_remedy
    for wrong in (
        Closure(None, "R-1", NOON),
        Closure(replace(remedy, money=cny(1)), "R-1", NOON),
        Closure(remedy, "R-1", NOON + MILLISECOND),
        Closure(remedy, "R-1", NOON - MILLISECOND),
    ):
        with pytest.raises(ClosureMismatch):
            docket.do(c.Close(wrong), by=PLATFORM, at=NOON)
    docket.do(c.Close(Closure(remedy, "R-1", NOON)), by=PLATFORM, at=NOON)
    assert (docket.dispute.status, docket.dispute.closure.reference) == (Status.CLOSED, "R-1")


def test_a_dispute_that_isnt_final_cant_be_closed():
    docket = Docket().ruled()
    with pytest.raises(WrongState):
        docket.do(c.Close(Closure(docket.dispute.requested_remedy, "R", NOON)), by=PLATFORM, at=NOON)
