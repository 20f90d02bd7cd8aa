"""What arrives in time counts, for good; what is sent off is here; what would pass is contested (A5, A14, D)."""

from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.errors import AppealWouldBeDismissed, EvidenceDoubtful, NotFound, PiecesNotArrived, TooManyPieces
from chalicelib.domain.model import Basis, Cause, SetAsideTarget, Stage, Status
from policies.model import EvidenceRule, InvalidResponse
from tests.build import (
    APPEAL_REVIEWER,
    BUYER,
    COLLEAGUE,
    MERCHANT,
    MILLISECOND,
    NOON,
    PLATFORM,
    REVIEWER,
    Docket,
    a_policy,
    doubtful,
)

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
GRACE = timedelta(seconds=60)
DUE = NOON + DAY


def with_grace():
    return a_policy(response={"upload_grace_seconds": 60})


def claimed() -> Docket:
    docket = Docket().open(reason="counterfeit")
    docket.contest(pieces=[docket.submit("product_document")])
    docket.claim(NOON)
    return docket


def test_a5_under_grace_and_an_extension_what_arrives_by_their_end_is_contested_and_reviewed():
    docket = Docket(with_grace()).open()
    later = DUE + timedelta(hours=5)
    piece = docket.submit(arrives=later + GRACE)
    docket.extend(docket.dispute.deadlines[0].id, later)
    docket.sweep(later + GRACE)
    assert (docket.dispute.status, docket.dispute.response.pieces) == (Status.UNDER_REVIEW, (piece,))
    docket.claim(later + GRACE)
    assert {each.requirement for each in docket.answers()} == {"proof_of_delivery"}


def test_a5_and_what_arrives_a_millisecond_after_the_grace_isnt():
    docket = Docket(with_grace()).open()
    later = DUE + timedelta(hours=5)
    docket.extend(docket.dispute.deadlines[0].id, later)
    docket.submit(arrives=later + GRACE + MILLISECOND)
    docket.sweep(later + GRACE + MILLISECOND)
    assert docket.dispute.ruling.basis is Basis.DEFAULT


def test_a5_b3_what_is_mended_while_an_appeal_is_open_has_its_own_time_after_the_window():
    docket = Docket().ruled()
    docket.appeal(NOON + WEEK)
    free = docket.submit("appeal_evidence", stage=Stage.APPEAL, at=NOON + WEEK, arrives=NOON + WEEK + DAY)
    late = docket.submit("appeal_evidence", stage=Stage.APPEAL, at=NOON + WEEK, arrives=NOON + WEEK + DAY + MILLISECOND)
    docket.claim(NOON + WEEK + DAY + MILLISECOND, APPEAL_REVIEWER)
    assert (docket.dispute.piece(free).sealed, docket.dispute.piece(late).sealed) == (True, False)


def test_a5_b12_eligibility_is_told_by_the_clock_although_nothing_was_swept():
    docket = Docket().open()
    answer = docket.may_appeal(DUE + MILLISECOND)
    assert docket.dispute.status is Status.AWAITING_RESPONSE
    assert answer.would_be_dismissed
    assert [type(each) for each in answer.obstacles] == [AppealWouldBeDismissed]
    assert answer.window_until == DUE + MILLISECOND + WEEK


@pytest.mark.parametrize("optional", [("proof_of_delivery",), ()])
def test_a2_a14_silence_defaults_where_all_evidence_is_optional(optional):
    docket = Docket(a_policy(reason={"respondent": EvidenceRule(optional=optional)})).open()
    docket.sweep(DUE + MILLISECOND)
    assert (docket.dispute.status, docket.dispute.response) == (Status.RULED, None)
    assert docket.dispute.ruling.basis is Basis.DEFAULT


@pytest.mark.parametrize(
    "rule",
    [
        EvidenceRule(one_of=(("product_document", "proof_of_delivery"),)),
        EvidenceRule(all_of=("product_document",), optional=("proof_of_delivery",)),
    ],
)
def test_a14_a_doubtful_piece_that_isnt_needed_doesnt_cost_the_automatic_contest(rule):
    docket = Docket(a_policy(reason={"respondent": rule})).open()
    good = docket.submit("product_document")
    beside = docket.submit("proof_of_delivery", inspection=doubtful("red_stamp"))
    docket.sweep(DUE + MILLISECOND)
    assert docket.dispute.response.automatic
    assert docket.dispute.response.pieces == (good, beside)


def test_a14_but_of_a_group_the_one_that_is_there_is_needed():
    rule = EvidenceRule(one_of=(("product_document", "proof_of_delivery"),))
    docket = Docket(a_policy(reason={"respondent": rule})).open()
    piece = docket.submit("proof_of_delivery", inspection=doubtful("red_stamp"))
    with pytest.raises(EvidenceDoubtful) as refusal:
        docket.contest(pieces=[piece])
    assert refusal.value.doubtful == ("proof_of_delivery",)
    docket.contest(pieces=[piece], submit_anyway=True)
    assert docket.dispute.status is Status.UNDER_REVIEW


def test_d_claiming_doesnt_seal_what_came_late_or_is_under_way():
    docket = Docket().open(reason="counterfeit")
    docket.contest(pieces=[docket.submit("product_document")])
    in_time = docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM, arrives=NOON + DAY)
    late = docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM, arrives=NOON + DAY + MILLISECOND)
    under_way = docket.register("claim_photo", by=BUYER, stage=Stage.CLAIM)
    docket.claim(NOON + DAY + MILLISECOND)
    sealed = [docket.dispute.piece(each).sealed for each in (in_time, late, under_way)]
    assert sealed == [True, False, False]


def test_d_claiming_an_appeal_doesnt_seal_what_was_submitted_before_the_ruling():
    docket = claimed()
    photo = docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
    docket.rule(NOON, claim=False)
    docket.appeal(NOON)
    docket.claim(NOON, APPEAL_REVIEWER)
    assert not docket.dispute.piece(photo).sealed
    assert [each.sealed for each in docket.dispute.pieces_of(Stage.APPEAL)] == [True]


def test_d_claiming_the_review_doesnt_seal_what_was_submitted_for_an_appeal():
    docket = Docket().open()
    docket.sweep(DUE + MILLISECOND)
    now = docket.dispute.updated_at
    kept = docket.submit("appeal_evidence", at=now, stage=Stage.APPEAL)
    docket.do(c.AskSetAside(SetAsideTarget.DEFAULT, Cause.PLATFORM_FAULT, None), by=PLATFORM, at=now)
    docket.do(c.AnswerSetAside(agreed=True), by=COLLEAGUE, at=now)
    docket.contest(now)
    docket.claim(now)
    assert not docket.dispute.piece(kept).sealed


@pytest.mark.parametrize("arrives", [None, DUE + MILLISECOND])
def test_a3_d_under_decide_at_once_a_named_piece_that_isnt_here_is_refused_and_not_lost(arrives):
    docket = Docket(a_policy(response={"invalid_response": InvalidResponse.DECIDE_AT_ONCE})).open()
    piece = docket.submit(arrives=arrives) if arrives else docket.register()
    with pytest.raises(PiecesNotArrived) as refusal:
        docket.contest(pieces=[piece])
    assert refusal.value.pieces == (piece,)
    assert docket.dispute.status is Status.AWAITING_RESPONSE
    assert docket.pieces[piece].sealed_at is None


def test_e_the_other_sides_piece_isnt_there_to_be_withdrawn():
    docket = Docket().open(reason="counterfeit")
    own = docket.submit("product_document")
    theirs = docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
    for piece, stranger in ((theirs, MERCHANT), (own, BUYER), (own, PLATFORM)):
        with pytest.raises(NotFound):
            docket.do(c.WithdrawPiece(piece), by=stranger, at=NOON)
    assert [each.id for each in docket.dispute.pieces] == [own, theirs]


def test_the_complainant_may_submit_more_while_the_dispute_is_under_review():
    docket = claimed()
    photo = docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
    assert docket.dispute.piece(photo).stage is Stage.CLAIM


def test_at_most_38_pieces_of_both_sides_are_unsent_at_a_time():
    docket = Docket().open(reason="counterfeit")
    for _ in range(19):
        docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
        docket.submit("product_document")
    with pytest.raises(TooManyPieces) as refusal:
        docket.submit("product_document")
    assert (refusal.value.limit, refusal.value.of) == (38, "unsent")


def test_at_most_90_pieces_are_in_a_dispute_sealed_or_not():
    docket = claimed()
    while len(docket.dispute.pieces) < 90:
        docket.do(c.ReleaseReview(), by=REVIEWER, at=NOON)
        for _ in range(min(20, 90 - len(docket.dispute.pieces))):
            docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
        docket.claim(NOON)
    with pytest.raises(TooManyPieces) as refusal:
        docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
    assert (refusal.value.limit, refusal.value.of) == (90, "a_dispute")
