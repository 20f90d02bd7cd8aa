"""A3: an answer that says nothing counts as none, wherever it is given."""

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.errors import MeaninglessStatement
from chalicelib.domain.model import Basis, Stage, Status
from evidence.model import Inspection
from policies.model import InvalidResponse, Medium, OnLapse, RemedyKind
from tests.build import MEANINGLESS, MERCHANT, NOON, Docket, a_policy, text


def decided_at_once(on_lapse: OnLapse) -> Docket:
    policy = a_policy(response={"invalid_response": InvalidResponse.DECIDE_AT_ONCE}, reason={"on_lapse": on_lapse})
    docket = Docket(policy).open()
    docket.contest(defect=MEANINGLESS)
    return docket


def test_a3_a_settlement_report_that_says_nothing_is_refused():
    docket = Docket().open()
    with pytest.raises(MeaninglessStatement) as refusal:
        docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON, defect=MEANINGLESS)
    assert refusal.value.defect == "meaningless"
    assert docket.dispute.settlement is None


def test_a3_a_statement_that_says_nothing_isnt_taken_for_evidence():
    docket = Docket().open(reason="quality")
    seen = Inspection(Medium.STATEMENT, None, defect=MEANINGLESS)
    command = c.RegisterPiece("settlement_report", Stage.RESPONSE, None, Medium.STATEMENT, text(), seen)
    with pytest.raises(MeaninglessStatement):
        docket.do(command, by=MERCHANT, at=NOON)
    assert docket.dispute.pieces == ()


def test_a2_a3_under_decide_at_once_the_remedy_falls_that_silence_would_bring():
    docket = decided_at_once(OnLapse.REFUND_ONLY)
    assert (docket.dispute.ruling.basis, docket.dispute.ruling.remedy.kind) == (
        Basis.INVALID_EVIDENCE,
        RemedyKind.REFUND_ONLY,
    )


def test_a2_a3_under_decide_at_once_the_platform_intervenes_where_it_would_after_silence():
    docket = decided_at_once(OnLapse.PLATFORM_INTERVENES)
    assert (docket.dispute.status, docket.dispute.in_default, docket.dispute.ruling) == (
        Status.UNDER_REVIEW,
        True,
        None,
    )
