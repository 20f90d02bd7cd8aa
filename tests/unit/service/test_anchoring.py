"""What no chain can tell of itself, an anchor tells: its end taken away with all traces, or all of it written anew."""

import json
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from chalicelib.domain.anchors import Anchored
from chalicelib.domain.records import Section, What
from chalicelib.service.anchoring import Anchorer
from chalicelib.service.checking_anchors import AnchorVerifier, whose_turn
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.memory import MemoryTable
from chalicelib.store.memory_signer import MemorySigner
from chalicelib.store.records import TableRecords
from tests.contract.build import START, Scribe, a_deadline
from tests.fakes import Anchors
from tests.harm import items_of


class Registry:
    """A table, what anchors it, and what checks it against the anchors."""

    def __init__(self) -> None:
        self.table = MemoryTable()
        self.store = DisputeStore(self.table)
        self.book = Anchors()
        self.signer = MemorySigner()
        self.now = START + timedelta(days=1)
        self.anchorer = Anchorer(self.store, self.book, self.signer, lambda: self.now)

    def verify(self, table: MemoryTable | None = None) -> list[tuple[str, What]]:
        verifier = AnchorVerifier(TableRecords(table or self.table), self.book, self.signer)
        return [(each.subject, each.what) for each in verifier.whole()]

    def forge(self, number: int, **changes: object) -> None:
        """Somebody who may write to the bucket, and can't sign."""
        anchored = json.loads(self.book.kept[number])
        text = json.dumps(json.loads(anchored["text"]) | changes)
        self.book.kept[number] = json.dumps(anchored | {"text": text}).encode()


def a_case(store: DisputeStore, dispute: str | None = None) -> Scribe:
    scribe = Scribe(store, dispute).open(a_deadline(START, name="the deadline"))
    for _ in range(3):
        scribe.write()
    return scribe


def test_what_is_anchored_is_found_in_the_table():
    registry = Registry()
    scribe = a_case(registry.store)
    piece = scribe.register()
    anchor = registry.anchorer.anchor()
    assert {(each.aggregate, each.seq) for each in anchor.heads} == {(scribe.id, 6), (piece, 1)}
    assert registry.verify() == []


def test_an_anchor_holds_what_has_happened_since_the_one_before():
    registry = Registry()
    one, other = a_case(registry.store), a_case(registry.store)
    registry.anchorer.anchor()
    other.write()
    assert [each.aggregate for each in registry.anchorer.anchor().heads] == [other.id]
    assert registry.anchorer.anchor() is None
    one.write()
    registry.anchorer.anchor()
    assert sorted(registry.book.kept) == [1, 2, 3]
    assert registry.verify() == []


def test_what_may_still_come_into_the_feed_is_left_to_the_next_anchor():
    registry = Registry()
    a_case(registry.store)
    registry.now = START + timedelta(minutes=15)
    assert registry.anchorer.anchor() is None


def test_a_chain_written_anew_holds_in_itself_and_is_found_by_its_anchor():
    """Another history, chained as it should be, with its own snapshot, under the same ids."""
    registry = Registry()
    scribe = a_case(registry.store, "01M6D6KZG0000000000REWRITE")
    registry.anchorer.anchor()
    table = MemoryTable()
    anew = Scribe(DisputeStore(table), scribe.id).open(a_deadline(START, name="the deadline"), reason="counterfeit")
    for _ in range(3):
        anew.write()
    case = TableRecords(table).read(Section(f"D#{scribe.id}"))
    assert case.flaws == ()
    assert registry.verify(table) == [(scribe.id, What.ANCHOR)]


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_chain_cut_short_with_its_snapshot_taken_back_is_found_by_its_anchor(lost):
    registry = Registry()
    scribe = a_case(registry.store, "01M6D6KZG0000000000SHORTEN")
    registry.anchorer.anchor()
    table = MemoryTable()
    short = Scribe(DisputeStore(table), scribe.id).open(a_deadline(START, name="the deadline"))
    for _ in range(3 - lost):
        short.write()
    assert TableRecords(table).read(Section(f"D#{scribe.id}")).flaws == ()
    assert registry.verify(table) == [(scribe.id, What.ANCHOR)]


def test_a_piece_that_was_looked_at_and_isnt_any_more_is_found():
    registry = Registry()
    scribe = a_case(registry.store)
    piece = scribe.register()
    scribe.arrive(piece)
    registry.anchorer.anchor()
    for key in items_of(registry.table):
        if key.sk == f"PE#{piece}#0002":
            registry.table.delete(key)
    assert registry.verify() == [(scribe.id, What.ANCHOR)]


def test_an_anchor_that_is_gone_or_not_signed_by_us_is_found():
    registry = Registry()
    scribe = a_case(registry.store)
    for _ in range(3):
        scribe.write()
        registry.anchorer.anchor()
    kept = dict(registry.book.kept)
    for number in kept:
        registry.book.kept = dict(kept)
        registry.forge(number, heads=[])
        assert (f"anchor {number}", What.ANCHOR) in registry.verify()
    registry.book.kept = {number: each for number, each in kept.items() if number != 2}
    assert registry.verify() == [("anchor 2", What.ANCHOR)]
    registry.book.kept = kept
    assert registry.verify() == []


@pytest.mark.parametrize("at", range(0, 400, 7))
def test_any_byte_of_an_anchor_altered_is_found(at):
    registry = Registry()
    a_case(registry.store)
    registry.anchorer.anchor()
    content = bytearray(registry.book.kept[1])
    content[at % len(content)] ^= 1
    registry.book.kept[1] = bytes(content)
    assert registry.verify() or _only_names_another_key(content)


def _only_names_another_key(content: bytearray) -> bool:
    """The name is for people: which key is trusted doesn't depend on it."""
    said = json.loads(content)["signature"]["key"]
    return bool(said != "key-in-memory")


def test_an_anchor_signed_by_us_and_put_in_the_place_of_another_is_found():
    registry = Registry()
    scribe = a_case(registry.store)
    registry.anchorer.anchor()
    scribe.write()
    registry.anchorer.anchor()
    registry.book.kept[2] = registry.book.kept[1]
    assert ("anchor 2", What.ANCHOR) in registry.verify()


def test_the_signature_is_by_one_key():
    registry = Registry()
    a_case(registry.store)
    registry.anchorer.anchor()
    registry.signer = MemorySigner("another")
    assert ("anchor 1", What.ANCHOR) in registry.verify()


def test_something_else_that_we_have_signed_is_no_anchor():
    """Bundles are signed by the same key, and anybody may have one."""
    registry = Registry()
    a_case(registry.store)
    registry.anchorer.anchor()
    manifest = json.dumps({"format": 1, "dispute": "D1", "files": {}})
    registry.book.kept[1] = msgspec.json.encode(Anchored(manifest, registry.signer.sign(manifest.encode())))
    assert registry.verify() == [("anchor 1", What.ANCHOR)]


def test_a_number_far_ahead_is_one_violation_and_not_one_for_each_that_is_missing():
    registry = Registry()
    a_case(registry.store)
    registry.anchorer.anchor()
    registry.book.kept[99_999_999] = b"x"
    assert registry.verify() == [("anchor 2", What.ANCHOR), ("anchor 99999999", What.ANCHOR)]


def test_each_day_the_latest_anchors_are_checked_and_of_the_older_ones_a_part():
    known, days = dict.fromkeys(range(1, 3651), "first"), 14
    turns = [set(whose_turn(known, day, days=days, with_latest=True)) for day in range(740_000, 740_000 + days)]
    assert set.union(*turns) == set(known)
    latest = set(range(3651 - days, 3651))
    assert all(latest <= each for each in turns)
    assert max(map(len, turns)) <= 3650 // days + 1 + days
    assert len({each for turn in turns for each in turn - latest}) == sum(len(turn - latest) for turn in turns)


def test_a_day_that_is_made_up_for_has_its_own_anchors_and_not_the_latest():
    known = dict.fromkeys(range(1, 101), "first")
    assert whose_turn(known, 28, days=14, with_latest=False) == [14, 28, 42, 56, 70, 84, 98]


def test_two_that_anchor_at_once_make_one_anchor():
    registry = Registry()
    a_case(registry.store)
    taken = replace(registry.anchorer, book=Late(registry.book))
    assert taken.anchor() is None
    assert msgspec.json.decode(registry.book.kept[1]) == "another's"


class Late(Anchors):
    """Somebody else's anchor comes in between."""

    def __init__(self, book: Anchors) -> None:
        super().__init__()
        self.kept = book.kept

    def put(self, number: int, content: bytes) -> None:
        self.kept[number] = b'"another\'s"'
        super().put(number, content)
