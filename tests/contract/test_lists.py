"""Every access pattern: what it finds, in which order, page by page, and what it refuses."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.claim import Item, Money, Order, Text
from chalicelib.domain.deadline import DeadlineKind, Extension, ExtensionReason
from chalicelib.domain.events import (
    AppealFiled,
    Cleared,
    DeadlineCleared,
    DeadlineExtended,
    DeadlineSet,
    EvidenceRequested,
    ReviewClaimed,
    ReviewEscalated,
    Ruled,
    SentToReview,
)
from chalicelib.domain.model import Appeal, Basis, Claim, EvidenceRequest, Outcome, Ruling, Status
from chalicelib.domain.parties import Side
from chalicelib.domain.piece import PieceInspected, PieceRecognised
from chalicelib.domain.ports import DisputeFilter, DisputeRow, Page, Queue, Sort, Store, UnsupportedQuery
from evidence.model import Inspection
from policies.model import Ground, Medium
from tests.contract.build import BUYER, BY, HOUR, MILLISECOND, SECOND, SHOP, START, Scribe, a_deadline, ulid


def ids(page: Page[DisputeRow]) -> list[str]:
    return [each.id for each in page.items]


def every_page[T](read: Callable[[str | None], Page[T]]) -> list[T]:
    """All items, page by page; a page that isn't the last one goes on somewhere."""
    found: list[T] = []
    after: str | None = None
    while True:
        page = read(after)
        found += page.items
        if page.next is None:
            return found
        assert page.next != after
        after = page.next


def listed(store: Store, wanted: DisputeFilter, *, limit: int = 2) -> list[str]:
    return [each.id for each in every_page(lambda after: store.disputes(wanted, limit=limit, after=after))]


def at(number: int) -> datetime:
    return START + number * HOUR


def a_review(number: int) -> tuple[SentToReview, DeadlineSet]:
    return SentToReview(), a_deadline(at(number), kind=DeadlineKind.REVIEW, party="reviewer")


def a_ruling() -> Ruled:
    return Ruled(Ruling(1, Outcome.FOR_COMPLAINANT, Basis.MERITS, None, (), START, START, BY))


def an_appeal() -> AppealFiled:
    return AppealFiled(Appeal(ulid(), SHOP, START, BY, 1, (Ground.ATTRIBUTION,), Text("t", "d"), ()))


def test_a_shops_disputes_newest_first(store):
    opened = [Scribe(store).open(at=at(number)).id for number in range(5)]
    Scribe(store).open(respondent="shop:S2")
    assert listed(store, DisputeFilter(respondent=SHOP)) == opened[::-1]
    assert listed(store, DisputeFilter(respondent="shop:S")) == []


def test_disputes_opened_at_one_instant_all_appear_page_by_page(store):
    opened = sorted(Scribe(store).open().id for _ in range(5))
    assert listed(store, DisputeFilter(respondent=SHOP)) == opened[::-1]


def test_a_complainants_disputes_newest_first(store):
    opened = [Scribe(store).open(at=at(number)).id for number in range(3)]
    Scribe(store).open(complainant="buyer:B2")
    assert listed(store, DisputeFilter(complainant=BUYER)) == opened[::-1]


def test_a_shops_disputes_of_a_status_newest_first(store):
    waiting = [Scribe(store).open(at=at(number)).id for number in range(3)]
    Scribe(store).open(SentToReview())
    assert listed(store, DisputeFilter(respondent=SHOP, status=Status.AWAITING_RESPONSE)) == waiting[::-1]


def test_a_dispute_leaves_the_list_of_its_former_status(store):
    scribe = Scribe(store).open()
    scribe.write(SentToReview())
    assert listed(store, DisputeFilter(respondent=SHOP, status=Status.AWAITING_RESPONSE)) == []
    assert listed(store, DisputeFilter(respondent=SHOP, status=Status.UNDER_REVIEW)) == [scribe.id]


def test_a_shops_disputes_of_a_reason_newest_first(store):
    opened = [Scribe(store).open(at=at(number), reason="quality").id for number in range(3)]
    Scribe(store).open(reason="not_received")
    assert listed(store, DisputeFilter(respondent=SHOP, reason="quality")) == opened[::-1]


def test_a_shops_disputes_of_a_status_by_deadline_those_without_one_last(store):
    without = Scribe(store).open().id
    late, soon = (Scribe(store).open(a_deadline(at(number))).id for number in (9, 3))
    by_deadline = DisputeFilter(respondent=SHOP, status=Status.AWAITING_RESPONSE, sort=Sort.DEADLINE)
    assert listed(store, by_deadline) == [soon, late, without]


def test_a_shop_sees_its_own_deadlines_by_instant_and_nobody_elses(store):
    late, soon = (Scribe(store).open(a_deadline(at(number))).id for number in (9, 3))
    Scribe(store).open(a_deadline(at(1), kind=DeadlineKind.REVIEW, party="reviewer"))
    Scribe(store).open()
    assert listed(store, DisputeFilter(respondent=SHOP, sort=Sort.DEADLINE)) == [soon, late]


@pytest.mark.parametrize("status", [None, Status.AWAITING_RESPONSE])
def test_due_before_is_exclusive_to_the_millisecond(store, status):
    due = Scribe(store).open(a_deadline(at(3))).id
    wanted = {"respondent": SHOP, "status": status}
    assert listed(store, DisputeFilter(**wanted, due_before=at(3))) == []
    assert listed(store, DisputeFilter(**wanted, due_before=at(3) + MILLISECOND)) == [due]


def test_due_before_goes_on_page_by_page_and_ends(store):
    due = [Scribe(store).open(a_deadline(at(number))).id for number in range(1, 6)]
    assert listed(store, DisputeFilter(respondent=SHOP, due_before=at(5))) == due[:4]
    wanted = DisputeFilter(respondent=SHOP, due_before=at(1))
    assert store.disputes(wanted, limit=2, after="2027").items == ()


def test_a_kept_deadline_leaves_the_list_and_an_extended_one_moves(store):
    kept, extended = a_deadline(at(1)), a_deadline(at(2))
    first, second = Scribe(store).open(kept), Scribe(store).open(extended)
    first.write(DeadlineCleared(kept.deadline.id, DeadlineKind.RESPONSE, at(1), Cleared.KEPT))
    extension = Extension(START, BY, at(2), at(5), ExtensionReason.CARRIER_DELAY)
    second.write(DeadlineExtended(extended.deadline.id, extension))
    assert listed(store, DisputeFilter(respondent=SHOP, due_before=at(5))) == []
    assert listed(store, DisputeFilter(respondent=SHOP, sort=Sort.DEADLINE)) == [second.id]


def test_disputes_of_an_order_and_of_one_party_to_it(store):
    order = Order("O-7", "Sample shop", (Item("SKU", "Cup", 1, Money(1, "CNY")),))
    first = Scribe(store).open(order=order).id
    second = Scribe(store).open(order=order, respondent="shop:S2", at=at(1)).id
    Scribe(store).open()
    assert listed(store, DisputeFilter(order_id="O-7")) == [second, first]
    assert listed(store, DisputeFilter(order_id="O-7", respondent=SHOP)) == [first]
    assert listed(store, DisputeFilter(order_id="O-7", complainant="buyer:B2")) == []


def test_promise_e_the_platforms_own_id_shows_nobody_what_is_anothers(store):
    scribe = Scribe(store).open(external_id="E-1")
    assert listed(store, DisputeFilter(external_id="E-1")) == [scribe.id]
    assert listed(store, DisputeFilter(external_id="E-1", respondent=SHOP)) == [scribe.id]
    assert listed(store, DisputeFilter(external_id="E-1", respondent="shop:S2")) == []
    assert listed(store, DisputeFilter(external_id="E-2")) == []


def test_the_platform_sees_the_latest_change_first(store):
    scribes = [Scribe(store).open(at=at(number)) for number in range(7)]
    scribes[2].write(at=at(20))
    expected = [scribes[number].id for number in (2, 6, 5, 4, 3, 1, 0)]
    assert listed(store, DisputeFilter(sort=Sort.UPDATED)) == expected
    assert listed(store, DisputeFilter()) == expected


def test_whoever_follows_changes_gets_them_in_their_order_from_an_instant_on(store):
    scribes = [Scribe(store).open(at=at(number)) for number in range(7)]
    scribes[2].write(at=at(20))
    wanted = DisputeFilter(updated_since=at(3))
    assert listed(store, wanted) == [scribes[number].id for number in (3, 4, 5, 6, 2)]


def test_the_review_queue_is_by_urgency_escalated_first_and_claimed_last(store):
    later, sooner, escalated, claimed = (Scribe(store).open(*a_review(number)) for number in (9, 5, 30, 1))
    escalated.write(ReviewEscalated(DeadlineKind.REVIEW))
    claimed.write(ReviewClaimed(Claim("reviewer-1", START, at(2))))
    Scribe(store).open()
    queue = DisputeFilter(queue=Queue.REVIEW)
    assert listed(store, queue) == [escalated.id, sooner.id, later.id, claimed.id]
    assert ids(store.disputes(queue, limit=1)) == [escalated.id]
    assert listed(store, DisputeFilter(queue=Queue.APPEAL)) == []


def test_a_dispute_that_waits_for_evidence_isnt_in_the_queue(store):
    scribe = Scribe(store).open(*a_review(5))
    asked = EvidenceRequest("R1", Side.RESPONDENT, ("proof_of_delivery",), None, START, BY)
    scribe.write(EvidenceRequested(asked))
    assert listed(store, DisputeFilter(queue=Queue.REVIEW)) == []


def test_an_open_appeal_is_in_the_appeal_queue(store):
    scribe = Scribe(store).open(*a_review(5))
    scribe.write(a_ruling())
    assert listed(store, DisputeFilter(queue=Queue.APPEAL)) == []
    scribe.write(an_appeal())
    assert listed(store, DisputeFilter(queue=Queue.APPEAL)) == [scribe.id]
    assert listed(store, DisputeFilter(queue=Queue.REVIEW)) == []


def test_a_page_stays_where_it_was_while_others_write(store):
    opened = [Scribe(store).open(at=at(number)).id for number in range(4)]
    wanted = DisputeFilter(respondent=SHOP)
    first = store.disputes(wanted, limit=2)
    Scribe(store).open(at=at(9))
    second = store.disputes(wanted, limit=2, after=first.next)
    assert ids(first) + ids(second) == opened[::-1]
    assert second.next is None


def test_a_full_last_page_is_the_last_one(store):
    for number in range(2):
        Scribe(store).open(at=at(number))
    assert store.disputes(DisputeFilter(respondent=SHOP), limit=2).next is None


@pytest.mark.parametrize(
    "wanted",
    [
        DisputeFilter(status=Status.RULED),
        DisputeFilter(respondent=SHOP, updated_since=START),
        DisputeFilter(respondent=SHOP, status=Status.RULED, reason="quality"),
        DisputeFilter(respondent=SHOP, reason="quality", sort=Sort.DEADLINE),
        DisputeFilter(complainant=BUYER, due_before=START),
        DisputeFilter(queue=Queue.REVIEW, respondent=SHOP),
        DisputeFilter(queue=Queue.REVIEW, sort=Sort.NEWEST),
        DisputeFilter(order_id="O-1", sort=Sort.UPDATED),
        DisputeFilter(sort=Sort.NEWEST),
        DisputeFilter(due_before=START),
    ],
    ids=str,
)
def test_a_combination_that_no_index_serves_is_refused_with_those_that_work(store, wanted):
    with pytest.raises(UnsupportedQuery) as refusal:
        store.disputes(wanted, limit=10)
    said = str(refusal.value)
    assert "shop + status (and any of due_before), sort=deadline" in said
    assert "updated_since, sort=updated" in said


def test_the_timeline_is_in_order_page_by_page(store):
    scribe = Scribe(store).open()
    for _ in range(6):
        scribe.write()
    events = every_page(lambda after: store.timeline(scribe.id, limit=3, after=after))
    assert [each.seq for each in events] == [1, 2, 3, 4, 5, 6, 7]
    assert {each.aggregate for each in events} == {scribe.id}


def test_pieces_with_the_same_bytes_are_found_in_other_disputes_too(store):
    same, other = "a" * 64, "b" * 64
    scribes = [Scribe(store).open() for _ in range(2)]
    pieces = [(each.id, each.register()) for each in scribes]
    different = scribes[0].register()
    for scribe, (_, piece) in zip(scribes, pieces, strict=True):
        scribe.arrive(piece, sha256=same)
    scribes[0].arrive(different, sha256=other)
    assert sorted(store.twins(same)) == sorted(pieces)
    assert len(store.twins(same, limit=1)) == 1
    assert store.twins("c" * 64) == ()


def test_the_feed_has_every_event_in_the_order_of_commits(store):
    scribes = [Scribe(store).open(at=START + number * SECOND) for number in range(6)]
    for number, scribe in enumerate(scribes):
        scribe.register(at=at(1) + number * SECOND)
    seen, after = [], None
    while (page := store.feed(limit=4, after=after)).items:
        seen += page.items
        after = page.next
    assert page.next == after
    expected = [f"{each.id}:1" for each in scribes]
    for each in scribes:
        expected += [f"{each.id}:2", f"{next(iter(each.pieces))}:1"]
    assert [each.id for each in seen] == expected


def test_the_heads_are_the_places_and_hashes_of_the_feeds_events(store):
    scribe = Scribe(store).open()
    scribe.register()
    events, heads = store.feed(limit=10), store.heads(limit=10)
    assert [(each.dispute, each.aggregate, each.seq, each.hash) for each in events.items] == [
        (each.dispute, each.aggregate, each.seq, each.hash) for each in heads.items
    ]
    assert {each.aggregate for each in heads.items} == {scribe.id, *scribe.pieces}
    assert store.heads(limit=10, after=heads.next) == Page((), events.next)


def test_an_empty_feed_says_where_to_go_on(store):
    start = store.feed(limit=10).next
    assert start is not None
    scribe = Scribe(store).open()
    page = store.feed(limit=10, after=start)
    assert [each.id for each in page.items] == [f"{scribe.id}:1"]
    assert store.feed(limit=10, after=page.next) == Page((), page.next)


def test_the_feed_ends_before_the_commits_that_may_still_be_overtaken(store):
    early = Scribe(store).open(at=START)
    Scribe(store).open(at=at(1))
    page = store.feed(limit=10, until=at(1))
    assert [each.dispute for each in page.items] == [early.id]
    assert store.feed(limit=10, until=at(1) + MILLISECOND, after=page.next).items != ()


def test_what_is_due_is_what_has_passed_to_the_millisecond(store):
    """A5: at the deadline is in time."""
    deadline = a_deadline(at(1))
    scribe = Scribe(store).open(deadline)
    assert list(store.due(at(1))) == []
    (due,) = store.due(at(1) + MILLISECOND)
    assert (due.dispute, due.deadline, due.due) == (scribe.id, deadline.deadline.id, at(1))


def test_promise_g_everything_that_is_due_is_found_the_oldest_first(store):
    for number in (5, 3, 1, 4, 2, 7, 6):
        Scribe(store).open(a_deadline(at(number)), a_deadline(at(number) + timedelta(minutes=1)))
    Scribe(store).open(a_deadline(at(100)))
    found = list(store.due(at(50)))
    assert len(found) == 14
    assert [each.due for each in found] == sorted(each.due for each in found)


def test_a_cleared_deadline_is_never_due_and_an_extended_one_is_later(store):
    kept, extended, at_once = a_deadline(at(1)), a_deadline(at(1)), a_deadline(at(1))
    extension = Extension(START, BY, at(1), at(5), ExtensionReason.CARRIER_DELAY)
    scribe = Scribe(store).open(
        kept,
        extended,
        at_once,
        DeadlineCleared(at_once.deadline.id, DeadlineKind.RESPONSE, at(1), Cleared.SUPERSEDED),
    )
    scribe.write(
        DeadlineCleared(kept.deadline.id, DeadlineKind.RESPONSE, at(1), Cleared.KEPT),
        DeadlineExtended(extended.deadline.id, extension),
    )
    assert list(store.due(at(5))) == []
    assert [each.deadline for each in store.due(at(6))] == [extended.deadline.id]


def test_files_that_nobody_has_inspected_are_found_by_when_they_were_registered(store):
    scribe = Scribe(store).open()
    first, second, withdrawn = (scribe.register(at=at(number)) for number in (1, 2, 3))
    scribe.register(at=at(2), file=False)
    scribe.arrive(second)
    scribe.withdraw(withdrawn)
    found = every_page(lambda after: store.awaited(START, at(9), limit=1, after=after))
    assert found == [scribe.pieces[first], scribe.pieces[second]]
    scribe.inspect(first)
    assert list(store.awaited(START, at(9), limit=10).items) == [scribe.pieces[second]]
    assert store.awaited(START, at(2), limit=10).items == ()
    assert store.awaited(at(2) + MILLISECOND, at(9), limit=10).items == ()


def test_a_file_whose_text_isnt_read_is_awaited_until_it_is(store):
    scribe = Scribe(store).open()
    piece = scribe.register(at=at(1))
    scribe.change(piece, PieceInspected(Inspection(Medium.IMAGE, "image/jpeg"), None, text_wanted=True))
    assert [each.id for each in store.awaited(START, at(9), limit=10).items] == [piece]
    scribe.change(piece, PieceRecognised(None, (), None))
    assert store.awaited(START, at(9), limit=10).items == ()
