"""What the service reads for a decision: the right version of the policy, the right years, what has arrived."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.claim import Text
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import AppealQuotaExceeded, PieceIsSealed
from chalicelib.domain.model import Answer, AppealStatus, Basis, Liability, Outcome, Stage
from chalicelib.service.commands import Commands
from chalicelib.service.queries import Queries
from policies.book import PolicyBook
from policies.model import Ground, Medium
from tests.build import MERCHANT, MILLISECOND, NOON, REVIEWER, SHOP, a_policy, at, marketplace
from tests.unit.service.build import Shop

CHANGE = NOON + timedelta(days=2)


def a_shop_with_a_new_policy(**quota) -> Shop:
    """From CHANGE on, the marketplace has this quota."""
    shop = Shop()
    book = PolicyBook.of((marketplace(), replace(a_policy(quota=quota), version=2, effective_from=CHANGE)))
    shop.commands = Commands(shop.store, shop.bucket, book, shop.new_id, "marketplace")
    shop.queries = Queries(shop.store, shop.bucket, book, shop.new_id)
    return shop


def words(shop: Shop) -> Text:
    return Text(shop.new_id(), "0" * 64)


def appeal_a_default(shop: Shop, dispute: str, when: datetime) -> None:
    shop.now = when
    shop.ask(dispute, c.FileAppeal((Ground.ATTRIBUTION,), words(shop), (), accept_dismissal=True))


def appealed(shop: Shop) -> str:
    """A dispute that was contested, ruled on the merits and appealed; its appeal is pending."""
    opened = shop.open("EXT-pending").dispute
    piece = shop.register(opened.id)
    shop.upload(opened.id, piece)
    shop.contest(opened.id, piece)
    claimed = shop.ask(opened.id, c.ClaimReview(), by=REVIEWER).dispute
    points = shop.queries.checklist(claimed, REVIEWER, shop.now)
    remedy = opened.requested_remedy
    ruling = c.Rule(
        outcome=Outcome.FOR_COMPLAINANT,
        basis=Basis.MERITS,
        remedy=remedy,
        liabilities=(Liability(SHOP, remedy.money),),
        checklist=tuple(
            Answer(each.requirement, each.standing.point, met=True, side=each.side) for each in points if each.wanted
        ),
        invalid_pieces=(),
        rationale=words(shop),
    )
    shop.ask(opened.id, ruling, by=REVIEWER)
    register = c.RegisterPiece("appeal_evidence", Stage.APPEAL, None, Medium.IMAGE)
    key = shop.ask(opened.id, register).piece
    assert key is not None
    shop.upload(opened.id, key.id)
    shop.ask(opened.id, c.FileAppeal((Ground.ATTRIBUTION,), words(shop), (key.id,)))
    return opened.id


def test_b5_the_limits_are_those_of_the_version_in_force_at_filing_whatever_the_dispute_pins():
    shop = a_shop_with_a_new_policy(per_month=0)
    first, second = (shop.open(each).dispute for each in ("EXT-1", "EXT-2"))
    appeal_a_default(shop, first.id, NOON + timedelta(hours=25))
    with pytest.raises(AppealQuotaExceeded) as refusal:
        appeal_a_default(shop, second.id, CHANGE)
    assert (refusal.value.used, refusal.value.limit) == (1, 0)
    appeal_a_default(shop, second.id, CHANGE - MILLISECOND)
    dispute = shop.queries.dispute(second.id, MERCHANT)
    assert (dispute.policy.version, dispute.appeals[0].status) == (1, AppealStatus.DISMISSED)


def test_b5_b12_whoever_asks_beforehand_is_told_the_same_limits():
    shop = a_shop_with_a_new_policy(per_month=0, per_year=5)
    dispute = shop.open().dispute.id
    for when, limits in ((CHANGE - MILLISECOND, (3, 10)), (CHANGE, (0, 5))):
        _, answer = shop.queries.eligibility(dispute, MERCHANT, when)
        assert (answer.per_month, answer.per_year) == limits


def test_b5_a_new_version_may_also_let_more_through():
    shop = a_shop_with_a_new_policy(per_month=9)
    disputes = [shop.open(f"EXT-{number}").dispute.id for number in range(5)]
    for each in disputes[:4]:
        appeal_a_default(shop, each, CHANGE - MILLISECOND)
    with pytest.raises(AppealQuotaExceeded):
        appeal_a_default(shop, disputes[4], CHANGE - MILLISECOND)
    appeal_a_default(shop, disputes[4], CHANGE)
    assert len(shop.queries.dispute(disputes[4], MERCHANT).appeals) == 1


def test_b12_an_appeal_that_is_pending_from_last_year_is_told():
    shop = Shop()
    shop.now = at("2026-12-30T12:00:00+08:00")
    pending = appealed(shop)
    shop.now = at("2027-01-02T12:00:00+08:00")
    later = shop.open("EXT-later").dispute.id
    _, answer = shop.queries.eligibility(later, MERCHANT, shop.now)
    assert [each.dispute for each in answer.pending] == [pending]


def test_a14_withdrawing_a_piece_after_the_deadline_doesnt_hide_what_has_arrived():
    shop = Shop()
    dispute = shop.open().dispute
    here, under_way = shop.register(dispute.id), shop.register(dispute.id)
    shop.upload(dispute.id, here)
    shop.now = dispute.deadline(DeadlineKind.RESPONSE).due + MILLISECOND
    with pytest.raises(PieceIsSealed):
        shop.ask(dispute.id, c.WithdrawPiece(here))
    after = shop.ask(dispute.id, c.WithdrawPiece(under_way)).dispute
    assert (after.ruling, after.response.automatic, after.response.pieces) == (None, True, (here,))
    assert [each.id for each in after.pieces] == [here]
