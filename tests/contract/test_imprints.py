"""The same picture is found through an index, from either side, however many others there are."""

from dataclasses import replace

from chalicelib.domain.piece import Imprinted, Lookalike, PieceInspected
from chalicelib.store.imprints import LIVE
from evidence.model import Inspection
from policies.model import Medium
from tests.contract.build import MILLISECOND, START, Scribe


def an_imprint(scribe: Scribe, piece: str, *keys: str, imprint: str = "0f" * 32) -> Imprinted:
    return Imprinted(imprint, keys or ("0:a", "1:b"), scribe.id, piece)


def imprinted(store, *keys: str) -> Imprinted:
    """A picture that was inspected, and is found by these keys."""
    scribe = Scribe(store).open()
    piece = scribe.register()
    made = an_imprint(scribe, piece, *keys)
    scribe.send(replace(inspecting(scribe, piece), imprinted=made))
    return made


def inspecting(scribe: Scribe, piece: str):
    event = PieceInspected(Inspection(Medium.IMAGE, "image/jpeg"), None)
    return scribe.plan(pieces=[scribe.piece_change(event, piece=piece)])


def test_a_picture_is_found_by_any_of_its_keys_and_once(store):
    first, second = imprinted(store, "0:a", "1:b"), imprinted(store, "0:x", "1:b")
    assert set(store.alike(("0:a", "1:b"), START, limit=10)) == {first, second}
    assert store.alike(("0:a",), START, limit=10) == (first,)
    assert store.alike(("1:a", "0:b"), START, limit=10) == ()


def test_of_many_under_one_key_the_latest_are_compared(store):
    pictures = [imprinted(store, "0:a") for _ in range(3)]
    assert len(store.alike(("0:a",), START, limit=2)) == 2
    assert set(store.alike(("0:a",), START, limit=3)) == set(pictures)


def test_two_pieces_with_the_same_picture_each_name_the_other(store):
    one = imprinted(store)
    scribe = Scribe(store).open()
    piece = scribe.register()
    other = an_imprint(scribe, piece)
    pair = Lookalike(other, one, 3)
    scribe.send(replace(inspecting(scribe, piece), imprinted=other, lookalikes=(pair,)))
    assert store.lookalikes(one.dispute, one.piece) == (other,)
    assert store.lookalikes(other.dispute, other.piece) == (one,)
    assert store.lookalikes(other.dispute, one.piece) == ()


def test_what_hangs_on_a_piece_is_no_part_of_the_dispute(store):
    one = imprinted(store)
    assert [each.id for each in store.pieces(one.dispute)] == [one.piece]
    assert store.load(one.dispute).dispute.id == one.dispute


def test_an_imprint_that_has_expired_is_none_although_it_still_lies_there(store):
    """DynamoDB clears away what has expired within days, not at once."""
    scribe = Scribe(store).open()
    piece = scribe.register()
    commit = replace(inspecting(scribe, piece), imprinted=an_imprint(scribe, piece))
    scribe.send(commit)
    end = commit.at + LIVE
    assert [each.piece for each in store.alike(("0:a",), end, limit=10)] == [piece]
    assert store.alike(("0:a",), end + MILLISECOND, limit=10) == ()
