"""C6: messages from events that come at least once, in any order, at any time; and reminders found by the sweep."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.claim import Text
from chalicelib.domain.deadline import ExtensionReason
from chalicelib.domain.topics import code_of
from tests.build import BUYER, BUYER_PARTY, MERCHANT, MILLISECOND, NOON, PLATFORM, SHOP, at
from tests.unit.service.build import Shop, picture

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
IN_FORCE = at("2026-11-24T12:00:00+08:00")
"""The policies with reminders."""


def brought(shop: Shop) -> list[tuple[str, str, int]]:
    """Every event that the bus brings: where to look."""
    items = shop.store.outbox(shop.now + HOUR, limit=1000)
    return [(each.dispute, each.aggregate, each.seq) for item in items for each in item.events]


def told(shop: Shop, party: str = SHOP) -> list[str]:
    messages = shop.store.messages(party, shop.now, unread=False, limit=100).items
    return [code_of(each.notice.topic) for each in reversed(messages)]


def tell(shop: Shop) -> None:
    for each in brought(shop):
        shop.notifier.happened(*each)


def ids(shop: Shop, party: str) -> list[str]:
    return [each.id for each in shop.store.messages(party, shop.now, unread=False, limit=100).items]


def test_each_event_is_told_once_however_often_and_in_whatever_order_it_comes():
    shop = Shop()
    dispute = shop.open().dispute.id
    shop.ask(dispute, c.ReportSettlement(Text("T1", "0" * 64)), by=MERCHANT)
    events, seen = brought(shop), set()
    for order in permutations(events):
        for _ in range(3):
            for each in order:
                shop.notifier.happened(*each)
        seen.add((tuple(ids(shop, SHOP)), tuple(ids(shop, BUYER_PARTY))))
        if len(seen) > 1:
            break
    assert len(seen) == 1
    assert told(shop, BUYER_PARTY) == ["action_wanted"]


def test_what_comes_seven_days_late_is_told_as_it_is_now():
    shop = Shop()
    dispute = shop.open().dispute.id
    late = brought(shop)
    shop.ask(dispute, c.WithdrawDispute(None), by=BUYER)
    shop.now += timedelta(days=7)
    for each in late:
        shop.notifier.happened(*each)
    assert told(shop) == []
    tell(shop)
    assert told(shop) == ["claim_withdrawn"]


def test_an_event_of_a_dispute_that_is_gone_is_let_pass():
    shop = Shop()
    assert shop.notifier.happened("D9", "D9", 1) == 0
    assert shop.notifier.near("D9") == 0


def test_a13_a_shop_hears_of_a_broken_upload_while_there_is_time():
    shop = Shop()
    dispute = shop.open().dispute.id
    shop.inspector.inspect(shop.upload(dispute, shop.register(dispute), picture()[:500]))
    tell(shop)
    assert sorted(told(shop)) == ["action_wanted", "evidence_lacking"]


# Reminders


def opened() -> tuple[Shop, str, datetime]:
    """When the deadline of 24 hours, of which six are reminded of, ends."""
    shop = Shop()
    shop.now = IN_FORCE
    shop.reminding.queue()
    done = shop.open()
    (deadline,) = done.dispute.deadlines
    return shop, done.dispute.id, deadline.due


def looked_until(shop: Shop) -> datetime:
    until = shop.store.reminded_until()
    assert until is not None
    return until


def sweeps(shop: Shop, until: datetime, *, every: timedelta = MINUTE) -> None:
    """Sweeps, and the worker behind the queue."""
    while shop.now < until:
        shop.now += every
        shop.reminding.queue()
        for each in shop.sent.near:
            shop.notifier.near(each)


def test_a_party_is_reminded_once_a_minute_after_the_policy_says_at_the_latest():
    shop, _, due = opened()
    shop.now = due - 6 * HOUR - 3 * MINUTE
    sweeps(shop, due - 6 * HOUR - MINUTE)
    assert told(shop) == []
    sweeps(shop, due - 6 * HOUR + MINUTE)
    assert told(shop) == ["deadline_near"]
    sweeps(shop, due - 5 * HOUR)
    assert told(shop) == ["deadline_near"]


def test_each_deadline_is_queued_a_few_times_and_not_at_each_sweep():
    shop, dispute, due = opened()
    shop.now = due - 7 * HOUR
    sweeps(shop, due)
    assert shop.sent.near == [dispute] * len(shop.sent.near)
    assert 1 <= len(shop.sent.near) <= 6  # twice for each of 6, 24 and 72 hours, in 420 sweeps


def test_after_a_day_without_a_sweep_what_still_runs_is_reminded_of():
    shop, _, due = opened()
    shop.now = due - HOUR
    sweeps(shop, due - HOUR + MINUTE)
    assert told(shop) == ["deadline_near"]


def test_a_deadline_that_was_met_between_queue_and_worker_is_no_longer_near():
    shop, dispute, due = opened()
    shop.now = due - 6 * HOUR
    shop.reminding.queue()
    shop.ask(dispute, c.Accept(None), by=MERCHANT)
    for each in shop.sent.near:
        shop.notifier.near(each)
    assert told(shop) == []


def test_an_extended_deadline_is_near_when_its_new_end_is():
    shop, dispute, due = opened()
    (deadline,) = shop.store.load(dispute).dispute.deadlines
    shop.now = due - 7 * HOUR
    extend = c.ExtendDeadline(deadline.id, due + 12 * HOUR, ExtensionReason.CARRIER_DELAY, None)
    shop.ask(dispute, extend, by=PLATFORM)
    sweeps(shop, due)
    assert told(shop) == []
    sweeps(shop, due + 6 * HOUR + MINUTE)
    assert told(shop) == ["deadline_near"]
    (message,) = shop.store.messages(SHOP, shop.now, unread=False, limit=9).items
    assert message.notice.topic.due == due + 12 * HOUR


def test_a_sweep_that_fails_halfway_is_made_up_for_by_the_next():
    shop, _, due = opened()
    shop.now = due - 6 * HOUR + MILLISECOND
    shop.sent.down = ConnectionError()
    with pytest.raises(ConnectionError):
        shop.reminding.queue()
    shop.sent.down = None
    sweeps(shop, due - 5 * HOUR)
    assert told(shop) == ["deadline_near"]


def test_a_search_that_keeps_running_out_of_time_goes_on_where_it_ended_and_gets_to_an_end():
    """Ten minutes' deadlines, of which a sweep gets through no more than two minutes'."""
    shop, dispute, due = opened()
    shop.now = due - 6 * HOUR - 10 * MINUTE
    shop.reminding.queue()
    disputes = [dispute]
    shop.now = IN_FORCE
    for number in range(1, 10):
        shop.now += MINUTE
        disputes.append(shop.open(f"EXT-{number + 1}").dispute.id)
    shop.now = end = due - 6 * HOUR + 10 * MINUTE
    shop.sent.takes = lambda: setattr(shop, "now", shop.now + 5 * SECOND)
    reached = []
    for _ in range(7):
        shop.reminding.queue()
        reached.append(looked_until(shop))
    assert reached[0] < reached[1] < end <= reached[-1]
    assert list(dict.fromkeys(shop.sent.near)) == disputes


def test_what_fails_in_the_end_does_not_undo_what_was_looked_through():
    shop, _, due = opened()
    shop.now = due - 6 * HOUR - 10 * MINUTE
    shop.reminding.queue()
    begun = looked_until(shop)
    shop.now = due - 6 * HOUR + MINUTE
    shop.sent.down = ConnectionError()
    with pytest.raises(ConnectionError):
        shop.reminding.queue()
    assert begun + 8 * MINUTE <= looked_until(shop) <= due - 6 * HOUR


def test_a_policy_that_reminds_of_nothing_costs_no_look():
    shop = Shop()
    assert shop.now == NOON
    shop.open()
    shop.now += 23 * HOUR
    assert shop.reminding.queue() == 0
