"""What no bundle tells: who complains in confidence (D2), and what was withdrawn or erased."""

import zipfile
from pathlib import Path

import pytest

from chalicelib.domain.retention import SETTLES
from chalicelib.service.erasing import Eraser
from tests.api.build import Caller, World
from tests.api.bundles import a_world, asked, bundle_of, names, read
from tests.api.test_privacy import SAID, SECRET, outsiders, secret


@pytest.fixture
def world() -> World:
    return a_world()


def holds(archive: Path, *words: str) -> bool:
    with zipfile.ZipFile(archive) as file:
        found = b"".join(file.read(each) for each in file.namelist())
    return any(each.encode() in found for each in words)


# D2


def test_d2_nobody_but_who_handles_the_case_gets_name_words_or_pieces_of_who_complains(world: World, tmp_path: Path):
    dispute, unsent = secret(world)
    assert world.reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
    buyer = world.caller("buyer", SECRET, sub=SECRET)
    for caller in (buyer, world.platform, world.reviewer):
        archive = bundle_of(world, caller, dispute, tmp_path)
        assert holds(archive, SAID)
        assert unsent in {each["id"] for each in read(archive, "evidence.json")}
    sealed = {each.id for each in world.store.pieces(dispute) if each.sealed_at}
    for caller in outsiders(world):
        if caller.role == "buyer":
            assert caller.post(f"/v1/disputes/{dispute}/bundle").code == "not_found"
            continue
        archive = bundle_of(world, caller, dispute, tmp_path)
        assert not holds(archive, SECRET, SAID)
        pieces = {each["id"] for each in read(archive, "evidence.json") if each["side"] == "complainant"}
        assert pieces == (sealed if "shop:S1" in caller.parties else set())
        assert {each for each in names(archive) if each.startswith("evidence/")} == {
            each["file"] for each in read(archive, "evidence.json") if each["file"]
        }


def test_d2_a_reviewer_who_has_given_the_case_back_reads_the_bundle_no_more(world: World):
    dispute, _ = secret(world)
    assert world.reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
    place = asked(world.reviewer, dispute)
    world.desk.make()
    assert world.reviewer.get(place).body["link"]
    assert world.reviewer.delete(f"/v1/disputes/{dispute}/review-claim").status == 200
    assert world.reviewer.get(place).code == "not_found"
    again = asked(world.reviewer, dispute)
    world.desk.make()
    assert world.reviewer.get(again).body["state"] == "ready"


# What was withdrawn or erased


def erased(world: World) -> None:
    """What the job does, as often as it must."""
    eraser = Eraser(world.commands, world.clock)
    for _ in range(2):
        world.later(seconds=SETTLES.total_seconds())
        eraser.run()


def withdrawn(world: World) -> str:
    """A dispute that was contested with a picture, and has ended."""
    dispute = world.contested()
    for piece in world.store.pieces(dispute):
        world.inspector.inspect(str(piece.key))
    assert world.platform.post(f"/v1/disputes/{dispute}/withdrawal").status == 200
    return dispute


def shelved(world: World, dispute: str) -> bool:
    return world.bucket.any_left(f"bundles/{dispute}/")


def shelve(world: World, by: Caller, dispute: str) -> str:
    """A bundle as it lies in the bucket."""
    place = asked(by, dispute)
    world.desk.make()
    for key, content in world.desk.shelf.kept.items():
        world.bucket.put(key, content, at=world.now)
    assert by.get(place).body["state"] == "ready"
    return place


def test_a_piece_that_was_withdrawn_goes_from_the_bundles_that_were_made_before(world: World, tmp_path: Path):
    dispute = world.opened()
    piece = world.submitted(dispute)
    place = shelve(world, world.merchant, dispute)
    assert world.merchant.delete(f"/v1/disputes/{dispute}/evidence/{piece}").status == 200
    erased(world)
    assert not shelved(world, dispute)
    assert world.merchant.get(place).code == "not_found"
    assert read(bundle_of(world, world.merchant, dispute, tmp_path), "evidence.json") == []


def test_what_was_erased_takes_the_bundles_with_it_and_is_in_no_later_one(world: World, tmp_path: Path):
    dispute = withdrawn(world)
    place = shelve(world, world.platform, dispute)
    assert world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "person_asked"}).status == 200
    erased(world)
    assert not shelved(world, dispute)
    assert world.platform.get(place).code == "not_found"
    later = bundle_of(world, world.platform, dispute, tmp_path)
    assert read(later, "texts.json") == []
    assert not [each for each in names(later) if each.startswith("evidence/")]
    assert {each["file"] for each in read(later, "evidence.json")} == {None}


def test_a_bundle_asked_for_by_a_request_that_is_repeated_after_an_erasure_is_made_by_nobody(world: World):
    """Its key answers for 30 days, as any does; there is nothing left to make."""
    dispute = withdrawn(world)
    first = world.platform.post(f"/v1/disputes/{dispute}/bundle", key="k")
    world.desk.make()
    assert world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "person_asked"}).status == 200
    erased(world)
    assert world.platform.post(f"/v1/disputes/{dispute}/bundle", key="k").body["id"] == first.body["id"]
    assert world.platform.get(first.headers["Location"]).code == "not_found"
