"""C6: what parties were told, whether they have read it, and where the search for reminders goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.claim import Money, Remedy
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.message_ports import MESSAGES_LIVE, MOST_UNREAD, Counted
from chalicelib.domain.model import Basis, Outcome
from chalicelib.domain.notices import Notice
from chalicelib.domain.piece import PieceRegistered
from chalicelib.domain.topics import ActionWanted, EvidenceLacking, RulingMade, Topic, WebhookDown
from chalicelib.domain.webhooks import Why
from chalicelib.store.webhooks import WebhookItems
from policies.model import RemedyKind
from tests.contract.build import BUYER, HOUR, MILLISECOND, SHOP, START, Scribe, a_deadline
from tests.contract.test_lists import every_page
from tests.contract.test_webhooks import a_hook, write

LATER = START + timedelta(days=1)


def a_notice(number: int = 0, *, party: str = SHOP, topic: Topic | None = None) -> Notice:
    wanted = ActionWanted("DL1", DeadlineKind.RESPONSE, START + HOUR, None)
    return Notice(f"D1:{number}", party, "D1", START + number * MILLISECOND, topic or wanted)


def listed(store, party=SHOP, *, unread=False, now=LATER, limit=2):
    def page(after):
        return store.messages(party, now, unread=unread, limit=limit, after=after)

    return every_page(page)


def test_a_message_says_what_the_notice_said(store):
    remedy = Remedy(RemedyKind.REFUND_ONLY, Money(10_000, "CNY"))
    topics: tuple[Topic, ...] = (
        RulingMade(1, Outcome.FOR_COMPLAINANT, Basis.MERITS, remedy, remedy.money),
        EvidenceLacking("P1", "proof_of_delivery", None, ("red_stamp", "date")),
        WebhookDown("hooks.example.com", START, START + HOUR, Why.FAILING),
        ActionWanted("DL1", DeadlineKind.SUPPLEMENT, START + HOUR, "R1"),
    )
    notices = [a_notice(number, topic=each) for number, each in enumerate(topics)]
    assert store.tell(notices) == 4
    assert [each.notice for each in listed(store)] == notices[::-1]
    assert {each.read_at for each in listed(store)} == {None}


def test_what_was_told_is_not_told_again_and_holds_up_no_other(store):
    first = a_notice(1)
    assert store.tell([first]) == 1
    again = Notice(first.cause, first.party, first.subject, first.at, EvidenceLacking("P1", "x", "y", ()))
    assert store.tell([first, again, a_notice(2)]) == 1
    assert [each.notice for each in listed(store)] == [a_notice(2), first]


def test_what_was_read_is_not_unread_when_it_is_told_again(store):
    store.tell([a_notice()])
    (message,) = listed(store)
    assert store.read(SHOP, [message.id], LATER) == 1
    assert store.tell([a_notice()]) == 0
    assert [each.read_at for each in listed(store)] == [LATER]


def test_two_notices_of_one_instant_are_two_messages(store):
    store.tell([a_notice(1), Notice("D2:1", SHOP, "D2", a_notice(1).at, a_notice(1).topic)])
    assert len({each.id for each in listed(store)}) == 2


def test_messages_are_a_partys_own_newest_first_page_by_page(store):
    notices = [a_notice(number) for number in range(5)]
    store.tell([*notices, a_notice(9, party=BUYER)])
    assert [each.notice for each in listed(store)] == notices[::-1]
    assert [each.notice.party for each in listed(store, BUYER)] == [BUYER]
    assert listed(store, "shop:S") == []


def test_what_was_read_leaves_the_unread_and_stays_in_the_list(store):
    store.tell([a_notice(number) for number in range(3)])
    newest, middle, oldest = listed(store)
    assert store.read(SHOP, [middle.id, middle.id], LATER) == 1
    assert [each.id for each in listed(store, unread=True)] == [newest.id, oldest.id]
    assert [each.read_at for each in listed(store)] == [None, LATER, None]
    assert store.unread(SHOP, LATER) == Counted(2, more=False)


def test_reading_again_changes_nothing_nor_does_reading_what_is_anothers_or_absent(store):
    store.tell([a_notice()])
    (message,) = listed(store)
    assert store.read(BUYER, [message.id], LATER) == 0
    assert store.read(SHOP, ["01K00000000000000000000000"], LATER) == 0
    assert store.read(SHOP, [message.id], LATER) == 1
    assert store.read(SHOP, [message.id], LATER + HOUR) == 0
    assert [each.read_at for each in listed(store)] == [LATER]


def test_reading_up_to_an_instant_takes_in_that_instant_and_nothing_after(store):
    store.tell([a_notice(number) for number in range(4)])
    assert store.read_until(SHOP, START + 2 * MILLISECOND, LATER) == Counted(3, more=False)
    assert [each.notice.at for each in listed(store, unread=True)] == [START + 3 * MILLISECOND]
    assert store.read_until(SHOP, START - HOUR, LATER) == Counted(0, more=False)


def test_so_many_are_marked_and_counted_at_once_and_no_more(store):
    store.tell([a_notice(number) for number in range(MOST_UNREAD + 2)])
    assert store.unread(SHOP, LATER) == Counted(MOST_UNREAD, more=True)
    assert store.read_until(SHOP, LATER, LATER) == Counted(MOST_UNREAD, more=True)
    assert store.unread(SHOP, LATER) == Counted(2, more=False)
    assert store.read_until(SHOP, LATER, LATER) == Counted(2, more=False)


def test_what_has_expired_is_absent_although_it_still_lies_there(store):
    store.tell([a_notice(0), a_notice(1)])
    (kept, expired), now = listed(store), START + MESSAGES_LIVE + MILLISECOND
    assert [each.id for each in listed(store, now=now)] == [kept.id]
    assert [each.id for each in listed(store, unread=True, now=now)] == [kept.id]
    assert store.unread(SHOP, now) == Counted(1, more=False)
    assert store.read(SHOP, [expired.id], now) == 0
    assert store.read_until(SHOP, now, now) == Counted(1, more=False)


def test_an_event_is_found_with_its_dispute_as_it_is_now(store):
    scribe = Scribe(store).open(a_deadline(START + HOUR))
    piece = scribe.register()
    found = store.happened(scribe.id, scribe.id, 2)
    assert found.dispute == scribe.dispute
    assert (found.event.seq, found.event.event.deadline.due) == (2, START + HOUR)
    of_piece = store.happened(scribe.id, piece, 1)
    assert isinstance(of_piece.event.event, PieceRegistered)
    assert of_piece.dispute == scribe.dispute


def test_an_event_or_a_dispute_that_isnt_there_is_nothing(store):
    scribe = Scribe(store).open()
    assert store.happened(scribe.id, scribe.id, 9).event is None
    absent = store.happened("D9", "D9", 1)
    assert (absent.dispute, absent.event) == (None, None)


def test_what_notices_are_of_is_read_together_a_webhook_by_its_owner_only(store, table):
    scribes, (mine, theirs) = [Scribe(store).open() for _ in range(3)], (a_hook(), a_hook("shop:S2"))
    for each in (mine, theirs):
        write(WebhookItems(table), None, each)
    down = [
        replace(a_notice(topic=WebhookDown("hooks.example.com", START, START, Why.GONE)), subject=each)
        for each in (mine.id, theirs.id)
    ]
    of_disputes = [replace(a_notice(), subject=each) for each in (*(each.id for each in scribes), scribes[0].id, "D9")]
    found = store.subjects([*of_disputes, *down])
    assert found == {**{each.id: each.dispute for each in scribes}, mine.id: mine}
    assert store.subjects([]) == {}


def test_the_search_for_reminders_goes_on_where_it_ended(store):
    assert store.reminded_until() is None
    for at in (START, START + HOUR, START + HOUR):
        store.note_reminded(at)
        assert store.reminded_until() == at


@pytest.mark.parametrize(("since", "found"), [(START + HOUR, 1), (START + HOUR + MILLISECOND, 0)])
def test_deadlines_between_two_instants_the_first_included(store, since, found):
    Scribe(store).open(a_deadline(START + HOUR))
    Scribe(store).open(a_deadline(START + 2 * HOUR))
    assert len(list(store.due(START + 2 * HOUR, since=since))) == found
