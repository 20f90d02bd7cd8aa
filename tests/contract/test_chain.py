"""Promise C and D12: whoever keeps the last hash can tell whether any event was altered, dropped, added or moved."""

from dataclasses import replace

import msgspec
import pytest

from chalicelib.domain.ports import StoredEvent
from chalicelib.store.codec import GENESIS, BrokenChain, canonical, chained, piece_recorded, recorded, verify_chain
from chalicelib.store.memory import MemoryStore
from tests.contract.build import HOUR, START, Scribe, a_deadline


def the_events(store) -> list[StoredEvent]:
    scribe = Scribe(store).open(a_deadline(START))
    for _ in range(3):
        scribe.write()
    return list(store.timeline(scribe.id, limit=10).items)


def test_the_chain_that_was_written_holds(store):
    events = the_events(store)
    assert events[0].previous_hash == GENESIS
    verify_chain(events, head=events[-1].hash)


def test_what_goes_out_is_what_lies_in_the_table(store):
    scribe = Scribe(store).open(a_deadline(START))
    (item,) = store.outbox(START + HOUR, limit=10)
    assert item.events == store.timeline(scribe.id, limit=10).items


def test_it_holds_over_commits_of_a_process_that_has_read_nothing_before(store, another):
    scribe = Scribe(store).open()
    scribe.write()
    scribe.store = another
    scribe.write()
    verify_chain(store.timeline(scribe.id, limit=10).items)


def test_a_pieces_events_are_a_chain_of_their_own(store):
    scribe = Scribe(store).open()
    piece = scribe.register()
    scribe.arrive(piece)
    scribe.inspect(piece)
    events = [each for each in store.feed(limit=100).items if each.aggregate == piece]
    assert [each.type for each in events] == ["PieceRegistered", "PieceArrived", "PieceInspected"]
    verify_chain(events)
    assert [piece_recorded(each.body).seq for each in events] == [1, 2, 3]


def test_an_event_says_what_happened_in_canonical_json(store):
    first = the_events(store)[0]
    said = msgspec.json.decode(first.body)
    assert list(said) == sorted(said)
    assert (said["type"], said["seq"], said["schema"], said["at"]) == (
        "DisputeOpened",
        1,
        1,
        "2026-11-02T04:00:00.000Z",
    )
    assert first.hash == chained(GENESIS, first.body)
    assert canonical(said) == first.body


def altered(events: list[StoredEvent]) -> list[StoredEvent]:
    body = events[1].body.replace("response", "review")
    return [events[0], replace(events[1], body=body), *events[2:]]


def altered_with_its_hash(events: list[StoredEvent]) -> list[StoredEvent]:
    body = events[1].body.replace("response", "review")
    return [events[0], replace(events[1], body=body, hash=chained(events[0].hash, body)), *events[2:]]


def dropped(events: list[StoredEvent]) -> list[StoredEvent]:
    return [*events[:2], *events[3:]]


def without_the_first(events: list[StoredEvent]) -> list[StoredEvent]:
    return events[1:]


def without_the_last(events: list[StoredEvent]) -> list[StoredEvent]:
    return events[:-1]


def swapped(events: list[StoredEvent]) -> list[StoredEvent]:
    return [events[0], events[2], events[1], *events[3:]]


def doubled(events: list[StoredEvent]) -> list[StoredEvent]:
    return [*events, events[-1]]


def dated_back(events: list[StoredEvent]) -> list[StoredEvent]:
    return [*events[:-1], replace(events[-1], at=START)]


@pytest.mark.parametrize(
    "harm",
    [altered, altered_with_its_hash, dropped, without_the_first, without_the_last, swapped, doubled, dated_back],
    ids=lambda harm: harm.__name__,
)
def test_harm_is_found(harm):
    events = the_events(MemoryStore())
    with pytest.raises(BrokenChain):
        verify_chain(harm(events), head=events[-1].hash)


def test_events_of_another_dispute_are_not_taken_for_this_ones():
    store = MemoryStore()
    one, other = the_events(store), the_events(store)
    with pytest.raises(BrokenChain):
        verify_chain([*one[:3], *other[3:]], head=other[-1].hash)


def test_an_event_of_an_unknown_schema_is_not_guessed_at():
    body = the_events(MemoryStore())[0].body
    with pytest.raises(ValueError, match="schema 2"):
        recorded(body.replace('"schema":1', '"schema":2'))
