"""What the clock brings about is on record: which deadline, of what kind, since when it was due, and what fell."""

from datetime import timedelta

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind, ExtensionReason, Falls
from chalicelib.domain.events import (
    AppealSetAside,
    Cleared,
    DeadlineCleared,
    DeadlineExtended,
    DeadlineSet,
    DefaultSetAside,
    EvidenceRequestLapsed,
    ReviewEscalated,
    ReviewReleased,
    SetAsideAsked,
    SetAsideDeclined,
    SettlementAnswered,
)
from chalicelib.domain.model import Cause, Outcome, SetAsideTarget, Stage, Status
from chalicelib.domain.parties import Side
from policies.model import OnLapse, SupplementLapsed, WindowLapsed
from tests.build import (
    BUYER,
    COLLEAGUE,
    MERCHANT,
    MILLISECOND,
    NOON,
    PLATFORM,
    Docket,
    a_policy,
    failed,
    text,
)
from tests.unit.domain.setting_aside import agree, ask

DUE = NOON + timedelta(hours=24)
LATE = DUE + MILLISECOND


def of_kind(docket: Docket, kind: type):
    return [each.event for each in docket.recorded if isinstance(each.event, kind)]


def last(docket: Docket, kind: type):
    return of_kind(docket, kind)[-1]


def contested(policy=None) -> Docket:
    docket = Docket(policy).open()
    docket.contest()
    return docket


def test_a_deadline_that_lapsed_is_named_with_its_kind_and_instant():
    docket = Docket().open()
    deadline = docket.dispute.deadline(DeadlineKind.RESPONSE)
    docket.sweep(LATE)
    assert of_kind(docket, DeadlineCleared) == [
        DeadlineCleared(deadline.id, DeadlineKind.RESPONSE, DUE, Cleared.LAPSED)
    ]


def test_a14_the_claimants_evidence_isnt_sent_off_as_the_shops_response():
    docket = Docket().open(reason="quality")
    docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
    mine = docket.submit("product_document")
    report = docket.submit("settlement_report")
    due = docket.due(DeadlineKind.RESPONSE)
    docket.sweep(due + MILLISECOND)
    assert docket.dispute.response.pieces == (mine, report)


def test_a_settlement_that_nobody_confirms_is_denied_by_silence():
    docket = Docket().open()
    docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    due = docket.due(DeadlineKind.SETTLEMENT_CONFIRMATION)
    docket.sweep(due + MILLISECOND)
    assert last(docket, SettlementAnswered) == SettlementAnswered(confirmed=False, lapsed=True)
    assert docket.dispute.status is Status.UNDER_REVIEW


def test_a_late_review_is_escalated_by_its_kind_and_stays_whose_it_was():
    docket = contested()
    before = docket.dispute.deadline(DeadlineKind.REVIEW)
    docket.sweep(before.due + MILLISECOND)
    after = docket.dispute.deadline(DeadlineKind.REVIEW)
    assert last(docket, ReviewEscalated) == ReviewEscalated(DeadlineKind.REVIEW)
    assert (after.party, after.falls, after.term) == (before.party, Falls.ESCALATION, before.term)


def test_a_claim_that_ran_out_is_told_from_one_that_was_given_back():
    docket = contested()
    docket.claim(NOON)
    claim = docket.dispute.deadline(DeadlineKind.REVIEW_CLAIM)
    docket.sweep(claim.due + MILLISECOND)
    assert last(docket, ReviewReleased) == ReviewReleased("reviewer-1", expired=True)
    assert last(docket, DeadlineCleared) == DeadlineCleared(claim.id, claim.kind, claim.due, Cleared.LAPSED)


def test_a15_what_the_clock_sends_off_for_the_shop_is_cleared_as_lapsed_and_not_as_kept():
    docket = contested()
    (request,) = docket.ask_for("freight_receipt")
    docket.submit("freight_receipt", stage=Stage.SUPPLEMENT, request=request)
    docket.sweep(docket.due(DeadlineKind.SUPPLEMENT) + MILLISECOND)
    (cleared,) = [each for each in of_kind(docket, DeadlineCleared) if each.kind is DeadlineKind.SUPPLEMENT]
    assert cleared.why is Cleared.LAPSED


def test_a15_a_default_by_a_supplement_takes_effect_at_that_supplements_deadline():
    docket = contested(a_policy(supplement={"supplement_lapsed": SupplementLapsed.DEFAULT}))
    docket.ask_for("freight_receipt")
    due = docket.due(DeadlineKind.SUPPLEMENT)
    docket.sweep(due + timedelta(hours=1))
    ruling = docket.dispute.ruling
    assert (ruling.at, ruling.effective_at) == (due + timedelta(hours=1), due)


def test_b1_full_liability_is_all_that_was_claimed_and_takes_effect_at_the_end_of_the_window():
    docket = Docket(a_policy(appeal={"window_lapsed": WindowLapsed.FULL_LIABILITY})).ruled(share=3_000)
    window = docket.due(DeadlineKind.APPEAL_WINDOW)
    docket.sweep(window + timedelta(hours=1))
    ruling = docket.dispute.ruling
    assert (ruling.remedy, ruling.outcome) == (docket.dispute.requested_remedy, Outcome.FOR_COMPLAINANT)
    assert (ruling.at, ruling.effective_at) == (window + timedelta(hours=1), window)


def test_b1_who_bears_all_already_isnt_ruled_upon_again():
    docket = Docket(a_policy(appeal={"window_lapsed": WindowLapsed.FULL_LIABILITY})).ruled()
    docket.sweep(docket.due(DeadlineKind.APPEAL_WINDOW) + MILLISECOND)
    assert (docket.dispute.status, docket.dispute.ruling.version) == (Status.FINAL, 1)


def test_b12_time_given_back_is_an_extension_by_the_clock_with_its_instants():
    docket = Docket(a_policy(appeal={"pause_window_while_blocked": True})).ruled()
    docket.failures = failed(instants=[NOON + timedelta(days=3)] * 4)
    window = docket.due(DeadlineKind.APPEAL_WINDOW)
    docket.sweep(window + MILLISECOND)
    extension = last(docket, DeadlineExtended).extension
    assert (extension.at, extension.by.id, extension.reason) == (
        window + MILLISECOND,
        "recourse",
        ExtensionReason.QUOTA_BLOCK,
    )


def test_b11_setting_a_default_aside_names_its_request_and_gives_the_shop_the_time_that_the_reason_gives():
    docket = Docket().open()
    docket.sweep(LATE)
    ask(docket, SetAsideTarget.DEFAULT)
    asked = last(docket, SetAsideAsked).request
    agree(docket)
    assert last(docket, DefaultSetAside) == DefaultSetAside(asked.id)
    deadline = last(docket, DeadlineSet).deadline
    assert (deadline.kind, deadline.party, deadline.falls) == (DeadlineKind.RESPONSE, docket.shop, Falls.DEFAULT)


def test_b11_what_was_asked_in_addition_lapses_with_the_default_that_is_set_aside():
    docket = Docket(a_policy(reason={"on_lapse": OnLapse.PLATFORM_INTERVENES})).open()
    docket.sweep(LATE)
    docket.claim(LATE)
    requests = docket.ask_for("claim_photo", sides=(Side.COMPLAINANT,), at=LATE)
    ask(docket, SetAsideTarget.DEFAULT)
    assert last(docket, SetAsideAsked).request.of == "0"
    agree(docket)
    assert [each.request for each in of_kind(docket, EvidenceRequestLapsed)] == list(requests)


def test_b11_a_request_keeps_its_note_and_what_it_is_of_and_is_declined_by_name():
    docket = Docket().open()
    docket.sweep(LATE)
    note = text("The shop's uploads failed all day.")
    command = c.AskSetAside(SetAsideTarget.DEFAULT, Cause.PLATFORM_FAULT, note)
    docket.do(command, by=PLATFORM, at=LATE)
    asked = last(docket, SetAsideAsked).request
    assert (asked.note, asked.of, asked.by.id) == (note, str(docket.dispute.ruling.version), "platform-1")
    agree(docket, agreed=False)
    assert last(docket, SetAsideDeclined) == SetAsideDeclined(asked.id)


def test_b7_a_failed_appeal_is_set_aside_by_the_name_of_the_request():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.decide_appeal(NOON)
    appeal = docket.dispute.appeals[0]
    ask(docket, SetAsideTarget.APPEAL)
    asked = last(docket, SetAsideAsked).request
    agree(docket, by=COLLEAGUE)
    assert last(docket, AppealSetAside) == AppealSetAside(asked.id, appeal.id, appeal.counted)


def test_b7_setting_aside_in_the_year_after_takes_back_from_the_year_that_counted_it():
    december = NOON + timedelta(days=50)
    docket = Docket().ruled(december)
    docket.appeal(december)
    docket.decide_appeal(december)
    ask(docket, SetAsideTarget.APPEAL)
    decision = docket.do(c.AnswerSetAside(agreed=True), by=COLLEAGUE, at=docket.dispute.updated_at + timedelta(days=5))
    (change,) = decision.quota
    assert (change.year, change.take_back, change.add) == (2026, change.take_back, None)
    assert change.take_back.month == 12
