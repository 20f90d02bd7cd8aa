"""Events call the complainant by its part; who that is, and what was sent where, lies apart and can go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.claim import Direction, Item, Money, Order, Remedy, Shipment
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import NotFound
from chalicelib.domain.events import DisputeOpened
from chalicelib.domain.evolve import fold
from chalicelib.domain.keeping import ErasureCause, Particulars
from chalicelib.domain.model import PolicyRef, Stage
from chalicelib.domain.moves import require_sight
from chalicelib.domain.notices import reminders
from chalicelib.domain.parties import COMPLAINANT, By, Role, Side
from policies.book import PolicyBook
from policies.model import Medium, RemedyKind
from tests.build import BUYER, BUYER_PARTY, MERCHANT, NOON, PLATFORM, SHOP, Docket, text

ITEMS = (Item("SKU-1", "Teapot", 1, Money(100, "CNY")),)
SENT = (Shipment(Direction.OUTBOUND, "SF", "SF1234567890"),)


def opened(reason: str = "quality") -> Docket:
    docket = Docket()
    ref = PolicyRef("marketplace", 1, "digest", "Asia/Shanghai")
    claimed = Remedy(RemedyKind.REFUND_ONLY, Money(100, "CNY"))
    order = Order("O-1", "Sample shop", ITEMS, SENT)
    command = c.Open("EXT-1", ref, SHOP, BUYER_PARTY, order, reason, claimed, text(), text("apart"))
    docket.do(command, by=PLATFORM, at=NOON)
    return docket


def test_the_event_holds_a_digest_and_the_handlers_know_who_it_is():
    docket = opened()
    event = docket.recorded[0].event
    assert isinstance(event, DisputeOpened)
    assert (event.complainant, event.order.items, event.order.shipments) == (COMPLAINANT, (), ())
    assert event.particulars == text("apart")
    assert docket.dispute.told == Particulars(BUYER_PARTY, ITEMS, SENT)


def test_the_state_is_the_fold_with_the_particulars_laid_over_it():
    docket = opened()
    docket.do(c.RegisterPiece("claim_photo", Stage.CLAIM, None, Medium.IMAGE), by=BUYER, at=NOON)
    told = fold(docket.recorded)
    assert told is not None
    assert told == docket.dispute.without_particulars()
    assert told.with_particulars(docket.dispute.told) == docket.dispute


def test_pieces_deadlines_and_acts_of_the_complainant_name_its_part_alone():
    docket = opened()
    docket.do(c.RegisterPiece("claim_photo", Stage.CLAIM, None, Medium.IMAGE), by=BUYER, at=NOON)
    docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    (piece,) = docket.refs(Side.COMPLAINANT)
    deadline = docket.dispute.deadline(DeadlineKind.SETTLEMENT_CONFIRMATION)
    assert deadline is not None
    assert (piece.party, deadline.party) == (COMPLAINANT, COMPLAINANT)
    assert BUYER_PARTY not in repr(docket.recorded)
    assert BUYER.id not in repr(docket.recorded)
    assert By.of(BUYER) in [each.by for each in docket.recorded]


def test_the_complainant_is_still_reminded_under_its_own_name():
    docket = opened()
    docket.do(c.ReportSettlement(text()), by=MERCHANT, at=NOON)
    due = docket.due(DeadlineKind.SETTLEMENT_CONFIRMATION)
    policy = PolicyBook.from_folder().version("marketplace", 3).reminders
    notices = reminders(docket.dispute, policy, due - timedelta(hours=24))
    assert [each.party for each in notices] == [BUYER_PARTY]


def test_a_dispute_whose_events_hold_it_is_read_as_ever():
    docket = Docket().open()
    assert docket.dispute.named(Side.COMPLAINANT) == BUYER_PARTY
    assert docket.dispute.without_particulars() is docket.dispute


def test_once_erased_nobody_is_its_complainant_any_more():
    docket = opened()
    docket.do(c.WithdrawDispute(None), by=BUYER, at=NOON)
    docket.do(c.Erase(ErasureCause.PERSON_ASKED), by=PLATFORM, at=NOON)
    assert docket.dispute.told == Particulars(COMPLAINANT, (), ())
    with pytest.raises(NotFound):
        require_sight(docket.dispute, BUYER)
    with pytest.raises(NotFound):
        require_sight(docket.dispute, replace(BUYER, role=Role.BUYER, parties=frozenset({"buyer:complainant"})))
