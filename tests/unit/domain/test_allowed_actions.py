"""What a caller is shown as possible is what the command would be granted, and by when."""

from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import AppealAfterDefaultRefused, AppealUsed, NotPermitted, WrongState
from chalicelib.domain.model import AppealStatus, SetAsideTarget, Stage
from chalicelib.domain.moves import allowed_actions, open_stages
from chalicelib.domain.parties import Side
from policies.model import AppealAfterDefault, Reappeal
from tests.build import (
    APPEAL_REVIEWER,
    BUYER,
    COLLEAGUE,
    MERCHANT,
    MILLISECOND,
    NOON,
    OTHER_REVIEWER,
    PLATFORM,
    REVIEWER,
    Docket,
    a_policy,
)
from tests.unit.domain.setting_aside import agree, ask, defaulted

BOTH = (Side.RESPONDENT, Side.COMPLAINANT)


def shown(docket: Docket, actor, at=NOON) -> dict[str, object]:
    """The deadline of each action that the actor is shown."""
    return {each.name: each.by for each in allowed_actions(docket.dispute, actor, docket.policy, at)}


def contested() -> Docket:
    docket = Docket().open()
    docket.contest()
    return docket


def test_a_side_answers_the_request_that_is_its_own_by_that_requests_deadline():
    docket = contested()
    mine, theirs = docket.ask_for("freight_receipt", sides=BOTH)
    of = {each.request: each for each in docket.dispute.deadlines}
    later = of[theirs].due + timedelta(hours=1)
    docket.extend(of[theirs].id, later)
    assert shown(docket, MERCHANT)["supply_evidence"] == of[mine].due
    assert shown(docket, BUYER)["supply_evidence"] == later
    assert shown(docket, MERCHANT)["register_evidence"] == of[mine].due


def test_who_isnt_asked_isnt_shown_that_it_may_answer():
    docket = contested()
    docket.ask_for("freight_receipt", sides=(Side.COMPLAINANT,))
    assert "supply_evidence" not in shown(docket, MERCHANT)
    assert "supply_evidence" in shown(docket, BUYER)


def test_who_has_answered_isnt_shown_that_it_may_answer_again():
    docket = contested()
    mine, _ = docket.ask_for("freight_receipt", sides=BOTH)
    piece = docket.submit("freight_receipt", stage=Stage.SUPPLEMENT, request=mine)
    docket.do(c.SupplyEvidence(mine, (piece,), None), by=MERCHANT, at=NOON)
    assert "supply_evidence" not in shown(docket, MERCHANT)
    assert "supply_evidence" in shown(docket, BUYER)


def test_of_several_occasions_to_submit_the_next_deadline_that_still_runs_is_shown():
    docket = contested()
    (first,) = docket.ask_for("freight_receipt")
    (due,) = [each.due for each in docket.dispute.deadlines if each.request == first]
    assert open_stages(docket.dispute, Side.RESPONDENT) == ((Stage.SUPPLEMENT, first),)
    assert shown(docket, MERCHANT, due)["register_evidence"] == due
    assert "register_evidence" not in shown(docket, MERCHANT, due + MILLISECOND)
    assert shown(docket, BUYER)["register_evidence"] is None


def test_a_side_submits_for_its_own_requests_only():
    docket = contested()
    mine, theirs = docket.ask_for("freight_receipt", sides=BOTH)
    assert open_stages(docket.dispute, Side.RESPONDENT) == ((Stage.SUPPLEMENT, mine),)
    assert open_stages(docket.dispute, Side.COMPLAINANT) == ((Stage.CLAIM, None), (Stage.SUPPLEMENT, theirs))
    assert open_stages(Docket().open().dispute, Side.COMPLAINANT) == ((Stage.CLAIM, None),)


def test_who_has_nothing_of_its_own_to_take_back_isnt_shown_that_it_may():
    docket = Docket().open(reason="quality")
    assert "withdraw_evidence" not in shown(docket, MERCHANT)
    docket.submit("claim_photo", by=BUYER, stage=Stage.CLAIM)
    assert "withdraw_evidence" not in shown(docket, MERCHANT)
    assert "withdraw_evidence" in shown(docket, BUYER)
    docket.contest(pieces=[docket.submit("product_document"), docket.submit("settlement_report")])
    docket.claim(NOON)
    assert "withdraw_evidence" not in shown(docket, BUYER)


def test_a_reviewer_who_holds_a_review_may_claim_it_anew_and_another_may_not():
    docket = contested()
    docket.claim(NOON)
    assert "claim_review" in shown(docket, REVIEWER)
    assert "claim_review" not in shown(docket, OTHER_REVIEWER)
    assert not {"rule", "request_evidence", "release_review"} & set(shown(docket, OTHER_REVIEWER))
    assert "claim_review" not in shown(docket, APPEAL_REVIEWER)


def test_a_claim_that_has_run_out_holds_up_nobody_although_nothing_was_swept():
    docket = contested()
    docket.claim(NOON)
    after = docket.due(DeadlineKind.REVIEW_CLAIM) + MILLISECOND
    assert "claim_review" in shown(docket, OTHER_REVIEWER, after)
    assert "rule" not in shown(docket, REVIEWER, after)
    assert "claim_review" not in shown(docket, OTHER_REVIEWER, after - MILLISECOND)


def test_an_appeal_is_shown_until_the_end_of_its_window():
    docket = Docket().ruled()
    window = docket.due(DeadlineKind.APPEAL_WINDOW)
    assert shown(docket, MERCHANT, window)["file_appeal"] == window
    assert shown(docket, MERCHANT, window)["register_evidence"] == window
    assert "file_appeal" not in shown(docket, MERCHANT, window + MILLISECOND)


def test_while_an_appeal_is_open_its_evidence_is_mended_without_a_deadline_until_it_is_taken():
    docket = Docket().ruled()
    window = docket.due(DeadlineKind.APPEAL_WINDOW)
    docket.appeal(NOON)
    assert shown(docket, MERCHANT)["register_evidence"] is None
    assert shown(docket, MERCHANT, window + MILLISECOND)["register_evidence"] is None
    docket.claim(NOON, APPEAL_REVIEWER)
    assert "register_evidence" not in shown(docket, MERCHANT)


def test_nobody_is_shown_an_appeal_that_is_used_up():
    docket = Docket().ruled()
    docket.appeal(NOON)
    appeal = docket.dispute.appeals[0].id
    docket.do(c.WithdrawAppeal(appeal), by=MERCHANT, at=NOON)
    assert "file_appeal" not in shown(docket, MERCHANT)


@pytest.mark.parametrize("outcome", [AppealStatus.DENIED, AppealStatus.DISMISSED])
@pytest.mark.parametrize("again", Reappeal)
def test_b2_after_a_failed_appeal_another_is_shown_only_where_the_policy_allows_one(outcome, again):
    docket = Docket(a_policy(appeal={"reappeal_after_failure": again})).ruled()
    docket.appeal(NOON)
    docket.decide_appeal(NOON, outcome)
    assert ("file_appeal" in shown(docket, MERCHANT)) == (again is Reappeal.ALLOW)
    assert granted(docket) == (again is Reappeal.ALLOW)


@pytest.mark.parametrize("choice", AppealAfterDefault)
def test_b6_after_a_default_an_appeal_is_shown_unless_the_policy_refuses_it(choice):
    docket = defaulted(appeal={"appeal_after_default": choice})
    late = docket.dispute.updated_at
    assert ("file_appeal" in shown(docket, MERCHANT, late)) == (choice is AppealAfterDefault.DISMISS)
    assert granted(docket, late) == (choice is AppealAfterDefault.DISMISS)


def granted(docket: Docket, at=NOON) -> bool:
    try:
        docket.appeal(at, accept_dismissal=True)
    except (AppealUsed, AppealAfterDefaultRefused):
        return False
    return True


def test_a_failed_appeal_that_was_set_aside_isnt_used_up():
    docket = Docket().ruled()
    docket.appeal(NOON)
    docket.decide_appeal(NOON, AppealStatus.DENIED)
    ask(docket, SetAsideTarget.APPEAL)
    agree(docket)
    assert "file_appeal" in shown(docket, MERCHANT)


def test_setting_aside_is_shown_where_there_is_something_to_set_aside():
    docket = Docket().open()
    assert "ask_set_aside" not in shown(docket, PLATFORM)
    late = NOON + timedelta(hours=24) + MILLISECOND
    docket.sweep(late)
    assert "ask_set_aside" in shown(docket, PLATFORM, late)
    assert "answer_set_aside" not in shown(docket, COLLEAGUE, late)
    ask(docket, SetAsideTarget.DEFAULT)
    assert "ask_set_aside" not in shown(docket, PLATFORM, late)
    assert "answer_set_aside" in shown(docket, COLLEAGUE, late)


def test_a_deadline_that_turns_the_case_leaves_nothing_to_do_and_any_other_does():
    docket = contested()
    review = docket.due(DeadlineKind.REVIEW) + MILLISECOND
    assert "claim_review" in shown(docket, REVIEWER, review)
    appealed = Docket().ruled()
    appealed.appeal(NOON)
    after = appealed.due(DeadlineKind.APPEAL_WINDOW) + MILLISECOND
    assert "withdraw_appeal" in shown(appealed, MERCHANT, after)


def test_a_refusal_names_the_move_and_the_state():
    docket = Docket().open()
    with pytest.raises(WrongState) as refusal:
        docket.do(c.WithdrawAppeal("none"), by=MERCHANT, at=NOON)
    assert (refusal.value.action, refusal.value.status) == ("withdraw_appeal", docket.dispute.status)
    with pytest.raises(NotPermitted) as who:
        docket.do(c.Accept(None), by=PLATFORM, at=NOON)
    assert who.value.action == "accept"
