"""C6: which notices follow from which event, for whom; and that nothing is told that no longer holds."""

from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import get_args, get_type_hints

import msgspec
import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.claim import Text
from chalicelib.domain.deadline import DeadlineKind, ExtensionReason
from chalicelib.domain.events import Event
from chalicelib.domain.evolve import fold
from chalicelib.domain.model import AppealStatus, Cause, Closure, Dispute, SetAsideTarget, Stage
from chalicelib.domain.notices import PIECE_RULES, RULES, Notice, of_event, of_piece, of_quota
from chalicelib.domain.parties import Side
from chalicelib.domain.piece import PieceEvent, PieceInspected, PieceRecognised
from chalicelib.domain.quota import Failures
from chalicelib.domain.told import told
from chalicelib.domain.topics import TOPICS, EvidenceLacking, QuotaState, RulingMade, code_of
from chalicelib.domain.viewer import Viewer
from policies.calendar import Month
from policies.model import OnLapse
from tests.build import (
    BUYER,
    BUYER_PARTY,
    COLLEAGUE,
    MERCHANT,
    MILLISECOND,
    NOON,
    PLATFORM,
    SHOP,
    UNREADABLE,
    Docket,
    a_policy,
    doubtful,
    failed,
    marketplace,
    text,
)

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
LIMITS = marketplace().appeal.quota


def notices(docket: Docket, now: datetime | None = None) -> list[Notice]:
    """Of everything that happened, as if all of it were only told now."""
    now = now or docket.dispute.updated_at
    return [each for recorded in docket.recorded for each in of_event(recorded, docket.dispute, now)]


def as_it_happened(docket: Docket) -> list[Notice]:
    """Of each commit, told at once."""
    found: list[Notice] = []
    for last, recorded in enumerate(docket.recorded, 1):
        together = [each for each in docket.recorded if each.at == recorded.at]
        if recorded is not together[-1]:
            continue
        dispute = fold(docket.recorded[:last])
        assert dispute is not None
        found += [notice for each in together for notice in of_event(each, dispute, recorded.at)]
    return found


def said(found: list[Notice]) -> list[tuple[str, str]]:
    return [(each.party, code_of(each.topic)) for each in found]


def set_aside(docket: Docket, target: SetAsideTarget, at: datetime) -> None:
    docket.do(c.AskSetAside(target, Cause.PLATFORM_FAULT, None), by=PLATFORM, at=at)
    docket.do(c.AnswerSetAside(agreed=True), by=COLLEAGUE, at=at)


def test_each_kind_of_event_has_its_line():
    assert set(RULES) == set(get_args(Event.__value__))
    assert set(PIECE_RULES) == set(get_args(PieceEvent.__value__))


def test_the_shop_is_told_what_is_wanted_and_by_when_and_the_buyer_nothing_yet():
    docket = Docket().open()
    (notice,) = notices(docket)
    assert (notice.party, code_of(notice.topic)) == (SHOP, "action_wanted")
    assert (notice.topic.kind, notice.topic.due) == (DeadlineKind.RESPONSE, docket.due(DeadlineKind.RESPONSE))
    assert notice.at == NOON


def test_what_is_met_meanwhile_is_wanted_no_more():
    docket = Docket().open()
    docket.contest()
    assert said(notices(docket)) == [(BUYER_PARTY, "claim_contested")]


def test_a_notice_that_comes_after_its_deadline_is_none():
    docket = Docket().open()
    due = docket.due(DeadlineKind.RESPONSE)
    assert notices(docket, due)
    assert notices(docket, due + MILLISECOND) == []


def test_an_extension_is_told_to_whom_the_deadline_binds_until_the_next_one():
    docket = Docket().open()
    (deadline,) = docket.dispute.deadlines
    docket.extend(deadline.id, deadline.due + HOUR)
    (_, moved) = notices(docket)
    assert (moved.party, moved.topic.due, moved.topic.reason) == (
        SHOP,
        deadline.due + HOUR,
        ExtensionReason.CARRIER_DELAY,
    )
    docket.extend(deadline.id, deadline.due + 2 * HOUR)
    assert [each.topic.due for each in notices(docket)] == [deadline.due + 2 * HOUR] * 2


def test_an_extended_review_is_nobodys_notice():
    docket = Docket().open()
    docket.contest()
    (review,) = docket.dispute.deadlines
    before = said(notices(docket))
    docket.extend(review.id, review.due + HOUR)
    assert said(notices(docket)) == before


def test_each_side_is_told_what_it_is_asked_for_in_addition_and_not_what_the_other_is():
    docket = Docket().open()
    docket.contest()
    requests = docket.ask_for("product_document", sides=(Side.RESPONDENT, Side.COMPLAINANT))
    asked = [each for each in notices(docket) if code_of(each.topic) == "action_wanted"]
    assert [(each.party, each.topic.request) for each in asked] == [(SHOP, requests[0]), (BUYER_PARTY, requests[1])]


def test_the_buyer_is_asked_whether_it_was_settled_and_the_shop_hears_the_answer():
    docket = Docket().open()
    docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    assert said(notices(docket)) == [(BUYER_PARTY, "action_wanted")]
    docket.do(c.AnswerSettlement(confirmed=False), by=BUYER, at=NOON + HOUR)
    assert said(notices(docket)) == [(SHOP, "settlement_answered")]


def test_a14_a_shop_whose_evidence_was_sent_off_for_it_is_told_so():
    docket = Docket().open()
    docket.submit()
    docket.sweep(docket.due(DeadlineKind.RESPONSE) + MILLISECOND)
    assert said(notices(docket)) == [(BUYER_PARTY, "claim_contested"), (SHOP, "claim_contested")]


def test_a2_a_default_is_told_by_its_ruling_and_the_shop_until_when_it_may_appeal():
    docket = Docket().open()
    docket.sweep(docket.due(DeadlineKind.RESPONSE) + MILLISECOND)
    assert said(notices(docket)) == [(SHOP, "ruling_made"), (BUYER_PARTY, "ruling_made"), (SHOP, "action_wanted")]


def test_a2_where_a_reviewer_chooses_the_remedy_both_are_told_of_the_default():
    docket = Docket(a_policy(reason={"on_lapse": OnLapse.PLATFORM_INTERVENES})).open()
    docket.sweep(docket.due(DeadlineKind.RESPONSE) + MILLISECOND)
    assert said(notices(docket)) == [(SHOP, "in_default"), (BUYER_PARTY, "in_default")]


def test_a_ruling_says_what_the_shop_bears():
    docket = Docket().ruled(share=4_000)
    made = next(each.topic for each in notices(docket) if isinstance(each.topic, RulingMade))
    assert (made.version, made.respondent_bears.amount, made.respondent_bears.currency) == (1, 4_000, "CNY")


def test_a_ruling_that_was_set_aside_meanwhile_isnt_announced_as_standing():
    docket = Docket().open()
    lapsed = docket.due(DeadlineKind.RESPONSE) + MILLISECOND
    docket.sweep(lapsed)
    set_aside(docket, SetAsideTarget.DEFAULT, lapsed + HOUR)
    assert said(notices(docket)) == [
        (SHOP, "default_set_aside"),
        (BUYER_PARTY, "default_set_aside"),
        (SHOP, "action_wanted"),
    ]


def test_b10_an_appeals_outcome_reaches_both_sides_and_a_new_ruling_takes_the_place_of_the_first():
    docket = Docket().ruled()
    docket.appeal(NOON + HOUR)
    assert (BUYER_PARTY, "appeal_filed") in said(notices(docket))
    docket.decide_appeal(NOON + 2 * HOUR, AppealStatus.GRANTED)
    assert said(notices(docket)) == [
        (SHOP, "appeal_outcome"),
        (BUYER_PARTY, "appeal_outcome"),
        (SHOP, "ruling_made"),
        (BUYER_PARTY, "ruling_made"),
    ]
    versions = [each.topic.version for each in notices(docket) if isinstance(each.topic, RulingMade)]
    assert versions == [2, 2]


def test_a_ruling_that_becomes_final_later_has_a_notice_of_that():
    docket = Docket().ruled()
    docket.sweep(docket.due(DeadlineKind.APPEAL_WINDOW) + MILLISECOND)
    assert said(notices(docket))[-2:] == [(SHOP, "ruling_final"), (BUYER_PARTY, "ruling_final")]
    accepted = Docket().open()
    accepted.do(c.Accept(None), by=MERCHANT, at=NOON)
    assert said(notices(accepted)) == [(SHOP, "ruling_made"), (BUYER_PARTY, "ruling_made")]


def test_a_withdrawn_claim_and_a_closed_case_end_it_for_both():
    withdrawn = Docket().open()
    withdrawn.do(c.WithdrawDispute(None), by=BUYER, at=NOON)
    assert said(notices(withdrawn)) == [(SHOP, "claim_withdrawn"), (BUYER_PARTY, "claim_withdrawn")]
    closed = closed_case()
    assert said(notices(closed))[-2:] == [(SHOP, "case_closed"), (BUYER_PARTY, "case_closed")]


def closed_case() -> Docket:
    docket = Docket().open()
    docket.do(c.Accept(None), by=MERCHANT, at=NOON)
    done = Closure(docket.dispute.ruling.remedy, "RF-1", NOON)
    docket.do(c.Close(done), by=PLATFORM, at=NOON + HOUR)
    return docket


# Findings


def lacking(docket: Docket, piece: str, now: datetime = NOON) -> list[Notice]:
    events = docket.piece_events[piece]
    return [notice for each in events for notice in of_piece(each, piece, docket.dispute, now)]


def test_a13_a_file_that_cant_be_used_is_told_to_its_side_at_once():
    docket = Docket().open()
    piece = docket.submit(inspection=UNREADABLE)
    (notice,) = lacking(docket, piece)
    assert notice.party == SHOP
    assert notice.topic == EvidenceLacking(piece, "proof_of_delivery", "corrupt", ())


def test_a13_points_that_arent_met_are_told_and_what_is_fine_isnt():
    docket = Docket().open()
    piece = docket.submit(inspection=doubtful("red_stamp"))
    assert [each.topic.points for each in lacking(docket, piece)] == [("red_stamp",)]
    assert lacking(docket, docket.submit()) == []


def test_points_are_told_once_the_text_was_read_and_not_before():
    docket = Docket().open()
    piece = docket.register()
    looked_at = doubtful("red_stamp")
    docket.pieces[piece], first = track(docket, piece, PieceInspected(looked_at, None, text_wanted=True))
    docket.pieces[piece], second = track(docket, piece, PieceRecognised(None, looked_at.findings, None))
    assert of_piece(first, piece, docket.dispute, NOON) == ()
    assert len(of_piece(second, piece, docket.dispute, NOON)) == 1


def track(docket: Docket, piece: str, event: PieceEvent):
    docket._track(piece, event, NOON)  # noqa: SLF001  (the builder's own way to inspect)
    return docket.pieces[piece], docket.piece_events[piece][-1]


def test_what_was_sent_off_or_withdrawn_or_has_no_time_left_lacks_nothing_that_could_be_mended():
    docket = Docket().open()
    sealed, withdrawn = (docket.submit(inspection=doubtful("red_stamp")) for _ in range(2))
    docket.do(c.WithdrawPiece(withdrawn), by=MERCHANT, at=NOON)
    assert lacking(docket, withdrawn) == []
    assert lacking(docket, sealed)
    docket.contest(pieces=(sealed,), submit_anyway=True)
    assert lacking(docket, sealed) == []


def test_what_the_buyer_sent_is_told_to_the_buyer():
    docket = Docket().open(reason="quality")
    piece = docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM, inspection=UNREADABLE)
    assert [each.party for each in lacking(docket, piece)] == [BUYER_PARTY]


# The quota


def quota_told(docket: Docket, failures: Failures, now: datetime) -> list[QuotaState]:
    found = [notice for each in docket.recorded for notice in of_quota(each, docket.dispute, failures, LIMITS, now)]
    assert all(each.party == SHOP for each in found)
    return [each.topic for each in found if isinstance(each.topic, QuotaState)]


def denied(at: datetime) -> Docket:
    docket = Docket().ruled()
    docket.appeal(at)
    docket.decide_appeal(at)
    return docket


@pytest.mark.parametrize(("count", "blocked"), [(1, False), (3, False), (4, True)])
def test_b5_a_shop_is_told_how_its_quota_stands_after_a_failure(count, blocked):
    at = NOON + HOUR
    (state,) = quota_told(denied(at), failed(instants=[at] * count), at)
    reopens = Month(2026, 12).start("Asia/Shanghai") if blocked else None
    assert (state.failed_in_month, state.per_month, state.reopens) == (count, 3, reopens)
    assert (state.month, state.until) == ("2026-11", Month(2026, 12).start("Asia/Shanghai"))


def test_b5_a_count_of_a_month_that_is_over_is_no_longer_told():
    docket, at = denied(NOON + HOUR), NOON + HOUR
    over = Month(2026, 12).start("Asia/Shanghai")
    assert quota_told(docket, failed(instants=[at]), over - MILLISECOND)
    assert quota_told(docket, failed(instants=[at]), over) == []


def test_b7_a_failure_that_was_taken_back_is_told_instead_of_the_failure():
    docket = denied(NOON + HOUR)
    set_aside(docket, SetAsideTarget.APPEAL, NOON + 2 * HOUR)
    (state,) = quota_told(docket, Failures(), NOON + 2 * HOUR)
    assert (state.counted, state.failed_in_month) == (False, 0)
    assert (SHOP, "appeal_set_aside") in said(notices(docket))
    assert (SHOP, "appeal_outcome") not in said(notices(docket))


# What a notice never says


def stories() -> list[Docket]:
    settled, asked, aside = Docket().open(), Docket().open(), denied(NOON + HOUR)
    settled.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    settled.do(c.AnswerSettlement(confirmed=True), by=BUYER, at=NOON + HOUR)
    asked.contest()
    asked.ask_for("product_document", sides=(Side.RESPONDENT, Side.COMPLAINANT))
    set_aside(aside, SetAsideTarget.APPEAL, NOON + 2 * HOUR)
    return [settled, asked, aside, closed_case()]


@pytest.mark.parametrize("docket", stories(), ids=["settled", "asked", "set aside", "closed"])
def test_promise_e_a_party_is_told_of_nothing_that_its_timeline_withholds(docket):
    events = {f"{docket.dispute.id}:{each.seq}": each for each in docket.recorded}
    found = as_it_happened(docket)
    assert found
    for notice in found:
        recorded = events[notice.cause.rpartition(":")[0]]
        viewer = Viewer.of(docket.dispute, MERCHANT if notice.party == SHOP else BUYER)
        shown = told(
            type(recorded.event).__name__, viewer, msgspec.to_builtins(recorded.event, str_keys=True), recorded.by.role
        )
        assert shown is not None, notice


def test_a_notice_is_the_same_however_often_it_is_made_and_no_two_share_a_cause():
    for docket in stories():
        found = as_it_happened(docket)
        assert found == as_it_happened(docket)
        assert len({(each.party, each.cause) for each in found}) == len(found)


def _types(kind: object) -> set[object]:
    """Everything that a value of the kind is made of."""
    parts = get_args(kind) or (get_type_hints(kind).values() if is_dataclass(kind) else ())
    return {kind}.union(*(_types(each) for each in parts))


@pytest.mark.parametrize("kind", TOPICS.values())
def test_no_topic_holds_words_or_whatever_erasure_would_have_to_find(kind):
    assert Text not in _types(kind)
    assert Dispute not in _types(kind)
    ids = {"deadline", "request", "piece", "requirement", "defect", "points", "appeal", "month", "host"}
    hints = get_type_hints(kind)
    assert {each.name for each in fields(kind) if str in _types(hints[each.name])} <= ids | {
        "remedy",
        "respondent_bears",
    }
