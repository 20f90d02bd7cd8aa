"""What the parties do before a ruling (A1, A3, A5, A6, A14)."""

from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.claim import Money
from chalicelib.domain.deadline import DeadlineKind, ExtensionReason
from chalicelib.domain.errors import (
    DeadlinePassed,
    EvidenceDoubtful,
    EvidenceIncomplete,
    MeaninglessStatement,
    NotFound,
    NotPermitted,
    PieceIsSealed,
    PiecesNotArrived,
    TooManyPieces,
    UnknownPieces,
    UnknownReason,
    UnknownRequirement,
    WrongCurrency,
    WrongMedium,
    WrongParty,
    WrongState,
)
from chalicelib.domain.model import Basis, Cause, Outcome, ResponseKind, SetAsideTarget, Stage, Status
from chalicelib.domain.parties import Actor, Role, Side
from chalicelib.domain.piece import Arrival
from evidence.model import Defect
from policies.model import Bilingual, InvalidResponse, Medium
from tests.build import (
    BUYER,
    MERCHANT,
    MILLISECOND,
    NOON,
    PLATFORM,
    REVIEWER,
    SEEN_FINE,
    SHOP,
    UNREADABLE,
    Docket,
    a_policy,
    contrarian,
    doubtful,
    text,
)

DAY = timedelta(hours=24)
MEANINGLESS = Defect(
    "meaningless", Bilingual("Says nothing.", "无意义。"), Bilingual("Say what happened.", "请说明情况。")
)


@pytest.mark.parametrize(("reason", "hours"), [("not_received", 24), ("quality", 48), ("counterfeit", 48)])
def test_a1_the_reason_says_by_when_the_respondent_must_answer(reason, hours):
    docket = Docket().open(NOON, reason=reason)
    assert docket.due(DeadlineKind.RESPONSE) == NOON + timedelta(hours=hours)


def test_a1_a_deadline_explains_itself():
    deadline = Docket().open().dispute.deadline(DeadlineKind.RESPONSE)
    assert (deadline.party, deadline.started_by, deadline.zone) == (SHOP, "DisputeOpened", "Asia/Shanghai")
    assert (deadline.started_at, deadline.falls, deadline.extensions) == (NOON, "default", ())


def test_opening_pins_the_policy_and_copies_what_falls():
    dispute = Docket().open().dispute
    assert (dispute.policy.id, dispute.policy.version, dispute.on_lapse) == (
        "marketplace",
        1,
        "grant_requested_remedy",
    )
    assert dispute.seq == 2


def test_a6_only_a_reason_of_the_policy_opens_a_dispute():
    with pytest.raises(UnknownReason) as refusal:
        Docket().open(reason="weather")
    assert "not_received" in refusal.value.known


@pytest.mark.parametrize("shop", ["buyer:B1", "platform:x", "S1"])
def test_a_claim_is_against_a_party_of_the_kind_that_the_policy_is_for(shop):
    with pytest.raises(WrongParty) as refusal:
        Docket(shop=shop).open()
    assert refusal.value.kind == "shop"


def test_an_amount_in_another_currency_than_the_policys_is_refused():
    with pytest.raises(WrongCurrency):
        Docket().open(amount=Money(100, "EUR"))


def test_a5_a_response_at_the_deadline_is_in_time_and_a_millisecond_later_is_late():
    due = NOON + DAY
    in_time = Docket().open()
    piece = in_time.submit(at=due)
    in_time.contest(due, pieces=[piece])
    assert in_time.dispute.status is Status.UNDER_REVIEW

    late = Docket().open()
    piece = late.submit(at=due)
    with pytest.raises(DeadlinePassed) as refusal:
        late.contest(due + MILLISECOND, pieces=[piece])
    assert (refusal.value.due, refusal.value.now, refusal.value.kind) == (due, due + MILLISECOND, "response")


@pytest.mark.parametrize(
    "command",
    [
        c.Accept(None),
        c.ReportSettlement(text()),
        c.Contest(text(), ()),
        c.RegisterPiece("proof_of_delivery", Stage.RESPONSE, None, Medium.IMAGE),
    ],
)
def test_a5_the_late_party_is_refused_although_nothing_was_swept(command):
    docket = Docket().open()
    with pytest.raises(DeadlinePassed):
        docket.do(command, by=MERCHANT, at=NOON + DAY + MILLISECOND)
    assert docket.dispute.status is Status.AWAITING_RESPONSE


def test_a5_anybody_elses_command_is_decided_with_the_passed_deadline_carried_out_first():
    docket = Docket().open()
    with pytest.raises(WrongState):
        docket.do(c.WithdrawDispute(None), by=BUYER, at=NOON + DAY + MILLISECOND)
    docket.do(
        c.AskSetAside(target=SetAsideTarget.DEFAULT, cause=Cause.FORCE_MAJEURE, note=None),
        by=PLATFORM,
        at=NOON + DAY + MILLISECOND,
    )
    assert docket.events[2:] == ["DeadlineCleared", "Defaulted", "Ruled", "DeadlineSet", "SetAsideAsked"]


def test_a5_events_are_never_back_dated():
    docket = Docket().open()
    docket.submit(at=NOON + timedelta(minutes=5))
    docket.contest(NOON + timedelta(minutes=4))
    instants = [each.at for each in docket.recorded]
    assert instants == sorted(instants)


def test_accepting_grants_the_requested_remedy_at_once_and_for_good():
    docket = Docket().open()
    docket.do(c.Accept(None), by=MERCHANT, at=NOON)
    ruling = docket.dispute.ruling
    assert (docket.dispute.status, ruling.basis, ruling.outcome) == (
        Status.FINAL,
        Basis.ACCEPTED,
        Outcome.FOR_COMPLAINANT,
    )
    assert ruling.remedy == docket.dispute.requested_remedy
    assert docket.dispute.deadlines == ()


def test_a_settlement_the_complainant_confirms_ends_it_with_nobody_at_fault():
    docket = Docket().open()
    docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    assert docket.dispute.deadline(DeadlineKind.RESPONSE) is None
    docket.do(c.AnswerSettlement(confirmed=True), by=BUYER, at=NOON)
    ruling = docket.dispute.ruling
    assert (docket.dispute.status, ruling.outcome, ruling.basis, ruling.liabilities) == (
        Status.FINAL,
        Outcome.NOBODY_AT_FAULT,
        Basis.SETTLED,
        (),
    )


def test_a_settlement_that_is_denied_or_not_confirmed_in_time_goes_to_review():
    denied = Docket().open()
    denied.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    denied.do(c.AnswerSettlement(confirmed=False), by=PLATFORM, at=NOON)
    assert denied.dispute.status is Status.UNDER_REVIEW

    silent = Docket().open()
    silent.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    silent.sweep(silent.due(DeadlineKind.SETTLEMENT_CONFIRMATION) + MILLISECOND)
    assert silent.dispute.status is Status.UNDER_REVIEW
    assert silent.dispute.settlement.confirmed is False


def test_a3_a_meaningless_answer_is_refused_and_can_be_replaced_while_there_is_time():
    docket = Docket().open()
    piece = docket.submit()
    with pytest.raises(MeaninglessStatement):
        docket.contest(pieces=[piece], defect=MEANINGLESS)
    docket.contest(pieces=[piece])
    assert docket.dispute.response.kind is ResponseKind.CONTESTED


@pytest.mark.parametrize("invalid", [{"defect": MEANINGLESS}, {"pieces": []}])
def test_a3_under_decide_at_once_an_invalid_answer_loses_there_and_then(invalid):
    docket = Docket(a_policy(response={"invalid_response": InvalidResponse.DECIDE_AT_ONCE})).open()
    docket.contest(NOON, **invalid)
    assert (docket.dispute.status, docket.dispute.ruling.basis) == (Status.RULED, Basis.INVALID_EVIDENCE)
    assert docket.dispute.response.kind is ResponseKind.INVALID


def test_a14_missing_or_unusable_evidence_blocks_contesting():
    docket = Docket().open()
    with pytest.raises(EvidenceIncomplete) as refusal:
        docket.contest(pieces=[])
    assert refusal.value.blocking == ("proof_of_delivery",)
    broken = docket.submit(inspection=UNREADABLE)
    with pytest.raises(EvidenceIncomplete):
        docket.contest(pieces=[broken])


def test_a14_what_is_doubtful_can_be_sent_all_the_same_and_a_reviewer_sees_it():
    docket = Docket().open()
    piece = docket.submit(inspection=doubtful("red_stamp"))
    with pytest.raises(EvidenceDoubtful):
        docket.contest(pieces=[piece])
    docket.contest(pieces=[piece], submit_anyway=True)
    assert docket.dispute.response.submit_anyway


def test_a14_a_piece_that_has_arrived_but_isnt_inspected_counts_as_open_not_as_missing():
    docket = Docket().open()
    docket.contest(pieces=[docket.submit(inspection=None)])
    assert docket.dispute.status is Status.UNDER_REVIEW


def test_a14_a_piece_that_never_arrived_is_missing():
    docket = Docket().open()
    docket.do(c.RegisterPiece("proof_of_delivery", Stage.RESPONSE, None, Medium.IMAGE), by=MERCHANT, at=NOON)
    with pytest.raises(EvidenceIncomplete):
        docket.contest(pieces=[docket.dispute.pieces[-1].id])


def test_d_what_is_sent_off_is_here():
    docket = Docket().open()
    arrived = docket.submit()
    docket.do(c.RegisterPiece("proof_of_delivery", Stage.RESPONSE, None, Medium.IMAGE), by=MERCHANT, at=NOON)
    under_way = docket.dispute.pieces[-1].id
    with pytest.raises(PiecesNotArrived) as refusal:
        docket.contest(pieces=[arrived, under_way])
    assert refusal.value.pieces == (under_way,)


def test_contesting_seals_the_pieces_that_it_names_and_no_other():
    docket = Docket().open()
    sent, kept = docket.submit(), docket.submit()
    docket.contest(pieces=[sent])
    assert {each.id: each.sealed for each in docket.dispute.pieces} == {sent: True, kept: False}
    assert docket.pieces[sent].sealed_at == NOON
    with pytest.raises(PieceIsSealed):
        docket.do(c.WithdrawPiece(sent), by=MERCHANT, at=NOON)
    docket.do(c.WithdrawPiece(kept), by=MERCHANT, at=NOON)
    assert [each.id for each in docket.dispute.pieces] == [sent]


def test_contesting_names_own_pieces_of_this_occasion_once_each():
    docket = Docket().open(reason="counterfeit")
    own = docket.submit("product_document")
    theirs = docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
    for pieces in ([theirs], ["nowhere"], [own, own]):
        with pytest.raises(UnknownPieces):
            docket.contest(pieces=pieces)


def test_a_piece_is_registered_for_what_is_wanted_in_a_form_that_is_accepted():
    docket = Docket().open()
    with pytest.raises(UnknownRequirement) as refusal:
        docket.submit("weighing_record")
    assert refusal.value.wanted == ("proof_of_delivery",)
    with pytest.raises(WrongMedium):
        docket.do(c.RegisterPiece("proof_of_delivery", Stage.RESPONSE, None, Medium.STATEMENT), by=MERCHANT, at=NOON)


def test_a_statement_is_a_piece_that_is_there_as_soon_as_it_is_registered():
    docket = Docket().open(reason="quality")
    seen = SEEN_FINE
    docket.do(
        c.RegisterPiece("settlement_report", Stage.RESPONSE, None, Medium.STATEMENT, text(), seen),
        by=MERCHANT,
        at=NOON,
    )
    report = docket.dispute.pieces[-1].id
    docket.contest(pieces=[report, docket.submit("product_document")])
    assert docket.dispute.status is Status.UNDER_REVIEW


def test_at_most_so_many_pieces_a_party_and_submission():
    docket = Docket().open()
    for _ in range(docket.policy.files.max_pieces):
        docket.submit()
    with pytest.raises(TooManyPieces) as refusal:
        docket.submit()
    assert refusal.value.limit == 20


@pytest.mark.parametrize("stranger", [Actor("m", Role.MERCHANT, frozenset({"shop:S2"})), Actor("b", Role.BUYER)])
def test_e_to_a_stranger_the_dispute_isnt_there(stranger):
    with pytest.raises(NotFound):
        Docket().open().do(c.Accept(None), by=stranger, at=NOON)


@pytest.mark.parametrize("actor", [BUYER, PLATFORM, REVIEWER])
def test_only_the_respondent_answers(actor):
    with pytest.raises(NotPermitted):
        Docket().open().do(c.Accept(None), by=actor, at=NOON)


def test_the_complainant_or_the_platform_withdraws_a_dispute_and_nothing_runs_on():
    for actor in (BUYER, PLATFORM):
        docket = Docket().open()
        docket.do(c.WithdrawDispute(None), by=actor, at=NOON)
        assert (docket.dispute.status, docket.dispute.deadlines) == (Status.WITHDRAWN, ())


def test_a5_under_grace_a_piece_registered_by_the_deadline_may_still_arrive():
    docket = Docket(a_policy(response={"upload_grace_seconds": 60})).open()
    due = NOON + DAY
    in_grace = docket.submit(at=due, arrives=due + timedelta(seconds=60))
    late = docket.submit(at=due, arrives=due + timedelta(seconds=60) + MILLISECOND)
    assert docket.pieces[in_grace].in_time
    assert docket.pieces[late].late


def test_a5_an_extension_also_extends_the_time_to_arrive():
    docket = Docket().open()
    due = NOON + DAY
    docket.do(c.RegisterPiece("proof_of_delivery", Stage.RESPONSE, None, Medium.IMAGE), by=MERCHANT, at=NOON)
    piece = docket.dispute.pieces[-1].id
    later = due + timedelta(hours=1)
    deadline = docket.dispute.deadlines[0].id
    docket.do(c.ExtendDeadline(deadline, later, ExtensionReason.PLATFORM_FAULT, None), by=PLATFORM, at=NOON)
    docket.arrivals[piece] = Arrival(later, "v1", 10, None)
    docket.contest(later, pieces=[piece])
    assert docket.dispute.status is Status.UNDER_REVIEW
    assert docket.pieces[piece].arrival.at == later


def test_the_contrarian_policy_counts_days_in_its_own_zone():
    docket = Docket(contrarian())
    reason = next(name for name, each in contrarian().reasons.items() if each.respond_within.unit == "days")
    docket.open(NOON.replace(month=10, day=31), reason=reason)
    # New York puts its clocks back on 1 November 2026: three days of the calendar are an hour longer.
    assert docket.due(DeadlineKind.RESPONSE) - docket.dispute.opened_at == timedelta(days=3, hours=1)


def test_each_side_submits_on_its_own_occasion():
    docket = Docket().open(reason="counterfeit")
    with pytest.raises(WrongState):
        docket.submit("claim_photo", stage=Stage.CLAIM)
    docket.submit("claim_photo", by=PLATFORM, stage=Stage.CLAIM)
    assert docket.refs(Side.COMPLAINANT)[0].party == docket.dispute.complainant
