"""What falls when a deadline passes unmet (A2, A5, A14, A15, B1, B12)."""

from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.lapses import falls_by
from chalicelib.domain.model import Basis, Outcome, Stage, Status
from chalicelib.domain.parties import Side
from policies.model import Medium, OnLapse, RemedyKind, SupplementLapsed, WindowLapsed
from tests.build import (
    BUYER,
    MERCHANT,
    MILLISECOND,
    NOON,
    PLATFORM,
    REVIEWER,
    UNREADABLE,
    Docket,
    a_policy,
    doubtful,
    failed,
    text,
)

DUE = NOON + timedelta(hours=24)
LATE = DUE + MILLISECOND


def test_a2_silence_is_agreement_at_once_and_the_requested_remedy_falls():
    docket = Docket().open()
    docket.sweep(LATE)
    ruling = docket.dispute.ruling
    assert (docket.dispute.status, ruling.basis, ruling.outcome) == (
        Status.RULED,
        Basis.DEFAULT,
        Outcome.FOR_COMPLAINANT,
    )
    assert ruling.remedy == docket.dispute.requested_remedy
    assert (ruling.at, ruling.effective_at) == (LATE, DUE)


def test_a2_at_the_deadline_itself_nothing_falls():
    docket = Docket().open()
    assert docket.sweep(DUE).events == ()


def test_a5_only_what_is_waited_for_as_evidence_has_a_grace():
    grace = timedelta(minutes=10)
    docket = Docket(a_policy(response={"upload_grace_seconds": grace.total_seconds()})).open()
    (response,) = docket.dispute.deadlines
    assert falls_by(response, docket.policy) == DUE + grace
    docket.contest()
    (review,) = docket.dispute.deadlines
    assert falls_by(review, docket.policy) == review.due


@pytest.mark.parametrize(
    ("on_lapse", "kind"),
    [(OnLapse.REFUND_ONLY, RemedyKind.REFUND_ONLY), (OnLapse.COMPENSATION, RemedyKind.COMPENSATION)],
)
def test_a2_a_named_remedy_falls_where_the_policy_names_one(on_lapse, kind):
    docket = Docket(a_policy(reason={"on_lapse": on_lapse})).open()
    docket.sweep(LATE)
    assert docket.dispute.ruling.remedy.kind is kind


def test_a2_where_the_platform_intervenes_a_reviewer_chooses_and_the_respondent_is_in_default():
    docket = Docket(a_policy(reason={"on_lapse": OnLapse.PLATFORM_INTERVENES})).open()
    docket.sweep(LATE)
    assert (docket.dispute.status, docket.dispute.in_default) == (Status.UNDER_REVIEW, True)
    docket.rule(LATE, basis=Basis.DEFAULT)
    assert docket.dispute.ruling.basis is Basis.DEFAULT


def test_a14_what_has_arrived_and_would_pass_is_contested_as_it_stands():
    docket = Docket().open()
    piece = docket.submit()
    docket.sweep(LATE)
    assert docket.dispute.status is Status.UNDER_REVIEW
    assert (docket.dispute.response.automatic, docket.dispute.response.pieces) == (True, (piece,))
    assert docket.pieces[piece].sealed_at == LATE


def test_a14_without_auto_contest_it_defaults():
    docket = Docket(a_policy(response={"auto_contest": False})).open()
    docket.submit()
    docket.sweep(LATE)
    assert docket.dispute.ruling.basis is Basis.DEFAULT


def test_a14_what_would_not_pass_is_not_contested_for_the_shop():
    docket = Docket().open()
    docket.submit(inspection=UNREADABLE)
    docket.sweep(LATE)
    assert docket.dispute.ruling.basis is Basis.DEFAULT


def test_a13_a14_a_shop_isnt_in_default_on_the_word_of_a_machine():
    docket = Docket().open()
    piece = docket.submit(inspection=doubtful("waybill_number"))
    docket.sweep(LATE)
    assert (docket.dispute.response.automatic, docket.dispute.response.pieces) == (True, (piece,))


def test_a5_a_piece_that_arrived_late_never_arrived():
    docket = Docket().open()
    docket.submit(at=NOON, arrives=LATE)
    docket.sweep(LATE)
    assert docket.dispute.ruling.basis is Basis.DEFAULT


def test_a5_the_default_waits_for_a_piece_under_way_until_the_grace_is_over():
    docket = Docket(a_policy(response={"upload_grace_seconds": 60})).open()
    docket.do(c.RegisterPiece("proof_of_delivery", Stage.RESPONSE, None, Medium.IMAGE), by=MERCHANT, at=DUE)
    end = DUE + timedelta(seconds=60)
    assert docket.sweep(end).events == ()
    docket.sweep(end + MILLISECOND)
    assert docket.dispute.ruling.basis is Basis.DEFAULT


def test_g_lapsing_twice_or_late_changes_nothing_more():
    docket = Docket().open()
    docket.sweep(LATE)
    assert docket.sweep(LATE).events == ()
    assert docket.sweep(LATE + timedelta(hours=1)).events == ()


def test_b1_when_the_window_is_over_the_ruling_is_final():
    docket = Docket().ruled()
    window = docket.due(DeadlineKind.APPEAL_WINDOW)
    assert window == NOON + timedelta(days=7)
    assert docket.sweep(window).events == ()
    docket.sweep(window + MILLISECOND)
    assert (docket.dispute.status, docket.dispute.deadlines) == (Status.FINAL, ())


def test_b1_full_liability_falls_on_who_doesnt_appeal_where_the_policy_says_so():
    docket = Docket(a_policy(appeal={"window_lapsed": WindowLapsed.FULL_LIABILITY})).ruled(share=3_000)
    docket.sweep(docket.due(DeadlineKind.APPEAL_WINDOW) + MILLISECOND)
    ruling = docket.dispute.ruling
    assert (docket.dispute.status, ruling.version, ruling.borne_by(docket.shop)) == (Status.FINAL, 2, 10_000)
    assert ruling.outcome is Outcome.FOR_COMPLAINANT


def test_a_late_review_is_escalated_and_stays_due():
    docket = Docket().open()
    docket.contest()
    first = docket.due(DeadlineKind.REVIEW)
    docket.sweep(first + MILLISECOND)
    assert docket.dispute.escalations == 1
    assert docket.due(DeadlineKind.REVIEW) == first + MILLISECOND + timedelta(hours=72)


def test_a_claim_expires_and_the_review_is_free_again():
    docket = Docket().open()
    docket.contest()
    docket.claim(NOON)
    docket.sweep(docket.dispute.claim.expires + MILLISECOND)
    assert docket.dispute.claim is None


def _asked(policy=None):
    docket = Docket(policy).open()
    docket.contest()
    docket.claim(NOON)
    docket.do(c.RequestEvidence((Side.RESPONDENT,), ("freight_receipt",), text()), by=REVIEWER, at=NOON)
    return docket


def test_a15_when_more_evidence_doesnt_come_the_review_goes_on_with_what_is_there():
    docket = _asked()
    docket.sweep(docket.due(DeadlineKind.SUPPLEMENT) + MILLISECOND)
    assert (docket.dispute.status, docket.dispute.requests[0].lapsed) == (Status.UNDER_REVIEW, True)
    docket.rule(docket.dispute.updated_at)
    assert docket.dispute.status is Status.RULED


def test_a15_or_the_respondent_is_in_default_where_the_policy_says_so():
    docket = _asked(a_policy(supplement={"supplement_lapsed": SupplementLapsed.DEFAULT}))
    docket.sweep(docket.due(DeadlineKind.SUPPLEMENT) + MILLISECOND)
    assert (docket.dispute.status, docket.dispute.ruling.basis) == (Status.RULED, Basis.DEFAULT)


def test_a15_what_has_arrived_for_a_request_counts_as_sent():
    docket = _asked(a_policy(supplement={"supplement_lapsed": SupplementLapsed.DEFAULT}))
    piece = docket.submit("freight_receipt", stage=Stage.SUPPLEMENT, request=docket.dispute.requests[0].id)
    docket.sweep(docket.due(DeadlineKind.SUPPLEMENT) + MILLISECOND)
    assert docket.dispute.requests[0].pieces == (piece,)
    assert docket.dispute.status is Status.UNDER_REVIEW


def test_a15_the_complainants_silence_never_puts_the_respondent_in_default():
    docket = Docket(a_policy(supplement={"supplement_lapsed": SupplementLapsed.DEFAULT})).open()
    docket.contest()
    docket.claim(NOON)
    docket.do(c.RequestEvidence((Side.COMPLAINANT,), ("claim_photo",), None), by=REVIEWER, at=NOON)
    docket.sweep(docket.due(DeadlineKind.SUPPLEMENT) + MILLISECOND)
    assert docket.dispute.status is Status.UNDER_REVIEW


def test_b12_a_window_pauses_while_the_quota_blocks_where_the_policy_says_so():
    policy = a_policy(appeal={"pause_window_while_blocked": True})
    docket = Docket(policy).ruled(NOON)
    # Blocked from the 5th until the end of November: the four days left of the window begin again on 1 December.
    docket.failures = failed(instants=[NOON + timedelta(days=3)] * 4)
    window = docket.due(DeadlineKind.APPEAL_WINDOW)
    docket.sweep(window + MILLISECOND)
    assert docket.dispute.status is Status.RULED
    extended = docket.dispute.deadline(DeadlineKind.APPEAL_WINDOW)
    assert extended.extensions[-1].reason == "quota_block"
    reopens = NOON.replace(month=11, day=30, hour=16)
    assert extended.due == reopens + timedelta(days=4)


def test_b12_a_window_doesnt_pause_by_default():
    docket = Docket().ruled(NOON)
    docket.failures = failed(instants=[NOON + timedelta(days=3)] * 4)
    docket.sweep(docket.due(DeadlineKind.APPEAL_WINDOW) + MILLISECOND)
    assert docket.dispute.status is Status.FINAL


def test_a_supplement_that_lapses_beside_another_ones_waits_for_it():
    docket = Docket().open()
    docket.contest()
    docket.claim(NOON)
    docket.do(c.RequestEvidence((Side.RESPONDENT, Side.COMPLAINANT), ("claim_photo",), None), by=REVIEWER, at=NOON)
    mine, theirs = docket.dispute.requests
    piece = docket.submit("claim_photo", by=BUYER, stage=Stage.SUPPLEMENT, request=theirs.id)
    docket.do(c.SupplyEvidence(theirs.id, (piece,), None), by=BUYER, at=NOON)
    assert docket.dispute.deadline(DeadlineKind.REVIEW) is None
    docket.sweep(docket.due(DeadlineKind.SUPPLEMENT) + MILLISECOND)
    assert docket.dispute.deadline(DeadlineKind.REVIEW) is not None
    assert docket.dispute.request(mine.id).lapsed
    assert docket.do(c.WithdrawDispute(None), by=PLATFORM, at=docket.dispute.updated_at).dispute.deadlines == ()


def test_a_deadline_tells_what_set_it_off():
    docket = Docket().ruled()
    assert docket.dispute.deadline(DeadlineKind.APPEAL_WINDOW).started_by == "Ruled"
    defaulted = Docket().open()
    assert defaulted.dispute.deadline(DeadlineKind.RESPONSE).started_by == "DisputeOpened"
    defaulted.sweep(LATE)
    assert defaulted.dispute.deadline(DeadlineKind.APPEAL_WINDOW).started_by == "Ruled"
