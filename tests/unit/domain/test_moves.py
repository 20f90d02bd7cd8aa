"""The table of moves: what each caller is shown is what it may do."""

from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.lifecycle import _DECIDE
from chalicelib.domain.model import Stage
from chalicelib.domain.moves import MOVES, allowed_actions
from tests.build import APPEAL_REVIEWER, BUYER, MERCHANT, MILLISECOND, NOON, PLATFORM, REVIEWER, Docket


def names(docket: Docket, actor, at=NOON) -> set[str]:
    return {each.name for each in allowed_actions(docket.dispute, actor, docket.policy, at)}


def test_every_command_has_its_line_in_the_table_and_its_function():
    commands = set(c.Command.__value__.__args__)
    assert set(MOVES) == commands - {c.Open}
    assert set(_DECIDE) == commands - {c.Open, c.Lapse, c.AllowForOutage, c.EraseDue}
    assert len({each.name for each in MOVES.values()}) == len(MOVES)


def test_what_each_may_do_while_a_response_is_awaited():
    docket = Docket().open()
    assert names(docket, MERCHANT) == {"register_evidence", "accept", "report_settlement", "contest"}
    assert names(docket, BUYER) == {"register_evidence", "withdraw"}
    assert names(docket, PLATFORM) == {"register_evidence", "withdraw", "extend_deadline", "place_hold"}
    assert "claim_review" not in names(docket, REVIEWER)


def test_an_action_shows_its_deadline_and_is_gone_when_that_has_passed():
    docket = Docket().open()
    due = NOON + timedelta(hours=24)
    shown = {each.name: each.by for each in allowed_actions(docket.dispute, MERCHANT, docket.policy, due)}
    assert shown["contest"] == due
    assert shown["register_evidence"] == due
    for actor in (MERCHANT, BUYER, PLATFORM, REVIEWER):
        assert names(docket, actor, due + MILLISECOND) == set()


def test_a_reviewer_claims_then_rules_and_an_appeal_reviewer_after_it():
    docket = Docket().open()
    docket.contest()
    assert "claim_review" in names(docket, REVIEWER)
    assert "rule" not in names(docket, REVIEWER)
    docket.claim(NOON)
    assert {"rule", "request_evidence", "release_review"} <= names(docket, REVIEWER)
    docket.rule(NOON, claim=False)
    assert "file_appeal" in names(docket, MERCHANT)
    assert "claim_review" not in names(docket, APPEAL_REVIEWER)
    docket.appeal(NOON)
    assert "file_appeal" not in names(docket, MERCHANT)
    assert "withdraw_appeal" in names(docket, MERCHANT)
    assert "claim_review" in names(docket, APPEAL_REVIEWER)
    assert "claim_review" not in names(docket, REVIEWER)


@pytest.mark.parametrize("stage", [Stage.RESPONSE, Stage.APPEAL])
def test_a_closed_dispute_allows_its_parties_nothing(stage):
    docket = Docket().open()
    docket.do(c.Accept(None), by=MERCHANT, at=NOON)
    assert names(docket, MERCHANT) == set()
    assert names(docket, BUYER) == set()
    assert docket.dispute.pieces_of(stage) == ()
