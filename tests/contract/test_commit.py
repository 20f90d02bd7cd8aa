"""One commit is one effect, or none."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.errors import ExternalIdTaken
from chalicelib.domain.events import EvidenceSealed
from chalicelib.domain.piece import PieceSealed
from chalicelib.domain.ports import Commit, DisputeFilter, PrivateText, Store, VersionRaced
from chalicelib.domain.quota import QuotaChange
from chalicelib.store.instants import stamp
from chalicelib.store.limits import TooMuchForOneTransaction
from tests.contract.build import A_KEY, BY, HOUR, MILLISECOND, POLICY, SHOP, START, Scribe, a_deadline, a_failure, ulid


def everything_of(store: Store, dispute: str) -> tuple[object, ...]:
    """All that a commit to the dispute could have changed."""
    return (
        store.load(dispute, A_KEY),
        store.timeline(dispute, limit=100),
        store.pieces(dispute),
        tuple(store.due(START + 1000 * HOUR)),
        store.outbox(START + 1000 * HOUR, limit=100),
        store.facts(dispute, [], policy=POLICY, respondent=SHOP, years=[2026]),
        store.ledger(POLICY, SHOP, 2026),
    )


def test_what_was_committed_is_read_back_as_it_was(store):
    scribe = Scribe(store).open(a_deadline(START + HOUR))
    piece = scribe.register()
    assert store.load(scribe.id).dispute == scribe.dispute
    assert store.pieces(scribe.id) == (scribe.pieces[piece],)


def test_what_isnt_there_is_none(store):
    assert store.load("nothing").dispute is None
    assert store.answered(A_KEY) is None
    assert store.as_of("nothing", 1) is None
    found, failures = store.facts("nothing", ["piece"], policy="p", respondent="shop:none", years=[2026])
    assert (found, failures.in_year(2026)) == ({}, 0)


def test_the_second_of_two_commits_from_the_same_version_writes_nothing(store):
    scribe = Scribe(store).open()
    first = scribe.plan()
    second = scribe.plan(a_deadline(START + HOUR), quota=[QuotaChange(POLICY, SHOP, 2026, add=a_failure())])
    store.commit(first)
    before = everything_of(store, scribe.id)
    with pytest.raises(VersionRaced):
        store.commit(second)
    assert everything_of(store, scribe.id) == before


def test_a_dispute_is_opened_once(store):
    scribe = Scribe(store)
    again = Scribe(store, scribe.id)
    scribe.open()
    with pytest.raises(VersionRaced):
        again.open(external_id="another")


def test_a_commit_from_a_version_that_is_still_to_come_writes_nothing(store):
    scribe = Scribe(store).open()
    ahead = Scribe(store, scribe.id).standing_at(replace(scribe.dispute, seq=7)).plan()
    before = everything_of(store, scribe.id)
    with pytest.raises(VersionRaced):
        store.commit(ahead)
    assert everything_of(store, scribe.id) == before


def test_an_external_id_is_taken_once_and_the_refusal_names_the_dispute_that_has_it(store):
    first = Scribe(store).open(external_id="E-1")
    with pytest.raises(ExternalIdTaken) as refusal:
        Scribe(store).open(external_id="E-1")
    assert (refusal.value.external_id, refusal.value.dispute) == ("E-1", first.id)


def test_an_external_id_outranks_the_version(store):
    first = Scribe(store).open(external_id="E-1")
    with pytest.raises(ExternalIdTaken):
        Scribe(store, first.id).open(external_id="E-1")


def test_a_piece_that_changed_meanwhile_stops_the_commit_that_seals_it(store):
    scribe = Scribe(store).open()
    piece = scribe.register()
    sealing = scribe.plan(
        EvidenceSealed((piece,)), pieces=[scribe.piece_change(PieceSealed(scribe.pieces[piece].arrival), piece=piece)]
    )
    scribe.arrive(piece)
    before = everything_of(store, scribe.id)
    with pytest.raises(VersionRaced):
        store.commit(sealing)
    assert everything_of(store, scribe.id) == before


def test_every_event_is_stored_once_and_each_commit_has_one_outbox_item(store):
    """Promise C."""
    scribe = Scribe(store).open(a_deadline(START + HOUR))
    scribe.register()
    scribe.write()
    stored = store.timeline(scribe.id, limit=100).items
    assert [each.seq for each in stored] == list(range(1, scribe.dispute.seq + 1))
    outbox = store.outbox(START + HOUR, limit=100)
    assert len(outbox) == 3
    published = [event.id for item in outbox for event in item.events]
    assert len(set(published)) == len(published) == scribe.dispute.seq + 1
    assert {event for item in outbox for event in item.events} >= set(stored)


def test_a_published_item_leaves_the_outbox_and_removing_it_twice_does_nothing(store):
    scribe = Scribe(store).open()
    scribe.write()
    first, second = store.outbox(START + HOUR, limit=10)
    store.published(first.id)
    store.published(first.id)
    assert store.outbox(START + HOUR, limit=10) == (second,)


def test_the_outbox_shows_what_is_older_than_asked_oldest_first(store):
    scribe = Scribe(store).open()
    scribe.write(at=START + HOUR)
    assert [each.at for each in store.outbox(START + HOUR, limit=10)] == [START]
    assert [each.at for each in store.outbox(START + 2 * HOUR, limit=10)] == [START, START + HOUR]
    assert [each.at for each in store.outbox(START + 2 * HOUR, limit=1)] == [START]


def test_c_the_outbox_goes_on_behind_an_item_whether_it_was_published_or_not(store):
    for number in range(3):
        Scribe(store).open(at=START + number * MILLISECOND)
    first, second, third = store.outbox(START + HOUR, limit=10)
    assert store.outbox(START + HOUR, limit=10, after=first) == (second, third)
    store.published(first.id)
    assert store.outbox(START + HOUR, limit=1, after=first) == (second,)
    assert store.outbox(START + HOUR, limit=10, after=third) == ()


def test_private_texts_are_read_by_id_and_are_in_no_event(store):
    scribe = Scribe(store).open()
    texts = [PrivateText(f"T{number}", "salt", f"Mr Wang said {number}") for number in range(3)]
    commit = scribe.write(texts=texts)
    assert store.texts(scribe.id, ["T0", "T2", "T2", "gone"]) == {"T0": "Mr Wang said 0", "T2": "Mr Wang said 2"}
    assert store.texts(scribe.id, []) == {}
    assert all("Wang" not in event.body for event in store.timeline(scribe.id, limit=10).items)
    assert commit.texts == tuple(texts)


def test_a_dispute_as_it_was_is_the_fold_of_its_events_up_to_there(store):
    scribe = Scribe(store).open()
    states = [scribe.dispute]
    for _ in range(4):
        scribe.write()
        states.append(scribe.dispute)
    assert [store.as_of(scribe.id, seq) for seq in range(1, 6)] == states
    assert store.as_of(scribe.id, 6) is None
    assert store.as_of(scribe.id, 0) is None


def test_a_commit_of_a_piece_alone_leaves_the_dispute_as_it_is(store):
    scribe = Scribe(store).open()
    piece = scribe.register()
    before = store.load(scribe.id)
    scribe.arrive(piece)
    assert store.load(scribe.id) == before
    found, _ = store.facts(scribe.id, [piece, "another"], policy="p", respondent="r", years=[])
    assert found == {piece: scribe.pieces[piece]}


def test_a_commit_without_events_is_no_commit(store):
    with pytest.raises(ValueError, match="event"):
        store.commit(Commit(ulid(), START, BY, "D1"))


def test_a_commit_that_no_transaction_can_hold_is_refused_with_a_clear_error(store):
    scribe = Scribe(store).open()
    with pytest.raises(TooMuchForOneTransaction, match="100 at most"):
        scribe.write(*(a_deadline(START + HOUR) for _ in range(50)))
    scribe.write()
    assert store.load(scribe.id).dispute == scribe.dispute


def test_both_instants_of_an_hour_that_comes_twice_are_told_apart():
    first = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))
    assert [stamp(first.replace(fold=fold)) for fold in (0, 1)] == [
        "2026-11-01T05:30:00.000Z",
        "2026-11-01T06:30:00.000Z",
    ]


def test_an_instant_finer_than_a_millisecond_is_refused_rather_than_cut(store):
    with pytest.raises(ValueError, match="milliseconds"):
        Scribe(store).open(at=START.replace(microsecond=1))


def test_the_row_that_lists_show_is_that_of_the_latest_version(store):
    scribe = Scribe(store).open(a_deadline(START + HOUR))
    scribe.write(missing_count=2)
    (row,) = store.disputes(DisputeFilter(external_id=scribe.dispute.external_id), limit=10).items
    assert (row.id, row.missing_count, row.due_at, row.due_party) == (scribe.id, 2, START + HOUR, SHOP)
    assert (row.updated_at, row.escalations) == (scribe.dispute.updated_at, scribe.dispute.escalations)
