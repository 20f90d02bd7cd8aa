"""Case bundles: asked for over HTTP, made by the job, with what their reader may see in them."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.bundles import MOST_ALIVE
from chalicelib.service.bundling import BrokenCase
from chalicelib.store.keys import Key, event, text
from chalicelib.store.keys import piece as key_of_piece
from chalicelib.store.memory_bucket import MemoryBucket
from chalicelib.store.table import Put
from tests.api.build import BUYER, Caller, World, picture
from tests.api.bundles import a_whole_case, a_world, asked, bundle_of, names, read
from tools.check_bundle import check


@pytest.fixture
def world() -> World:
    return a_world()


# Asked for


def test_a_bundle_is_asked_for_made_and_fetched(world: World):
    dispute = world.ruled()
    place = asked(world.merchant, dispute)
    assert world.merchant.get(place).body["state"] == "requested"
    world.desk.make()
    shown = world.merchant.get(place).body
    assert (shown["state"], shown["link"]["url"].split("?")[0]) == (
        "ready",
        f"https://shelf.invalid/bundles/{dispute}/{shown['id']}.zip",
    )
    assert shown["sha256"]


def test_the_same_request_again_is_the_same_bundle_and_is_queued_again_until_it_is_made(world: World):
    dispute = world.ruled()
    path = f"/v1/disputes/{dispute}/bundle"
    first = world.merchant.post(path, key="k")
    assert len(world.sent.bundles) == 1
    world.later(minutes=1)
    assert world.merchant.post(path, key="k").text == first.text
    assert world.sent.bundles[0] == world.sent.bundles[1]
    world.desk.make()
    assert world.merchant.post(path, key="k").text == first.text
    assert world.sent.bundles == []
    assert world.merchant.post(path, key="other").body["id"] != first.body["id"]
    assert (
        world.merchant.post(f"/v1/disputes/{world.opened(external_id='E2')}/bundle", key="k").code
        == "idempotency_key_reused"
    )


def test_making_it_again_changes_nothing(world: World):
    dispute = world.ruled()
    place = asked(world.merchant, dispute)
    message = world.sent.bundles[0]
    world.desk.make()
    before = dict(world.desk.shelf.kept)
    world.later(hours=1)
    world.desk.bundler.make(*message)
    assert world.desk.shelf.kept == before
    assert world.merchant.get(place).status == 200


def test_a_bundle_expires(world: World):
    place = asked(world.merchant, world.ruled())
    world.desk.make()
    world.later(days=7)
    assert world.merchant.get(place).code == "not_found"


def test_a_side_has_only_so_many_and_uses_up_no_other_sides(world: World):
    dispute = world.ruled()
    for _ in range(MOST_ALIVE):
        asked(world.merchant, dispute)
    assert world.merchant.post(f"/v1/disputes/{dispute}/bundle").code == "too_many_bundles"
    asked(world.buyer, dispute)
    world.later(days=7)
    asked(world.merchant, dispute)


def test_a_bundle_is_there_for_those_who_see_the_same(world: World):
    dispute = world.ruled()
    place = asked(world.merchant, dispute)
    world.desk.make()
    assert world.caller("merchant", "shop:S1", sub="a colleague").get(place).status == 200
    for other in (world.buyer, world.reviewer, world.platform, world.caller("merchant", "shop:S2", sub="x")):
        absent = other.get(place.replace(dispute, "01K00000000000000000000000"))
        there = other.get(place)
        assert (there.status, there.text) == (absent.status, absent.text)
        assert there.status == 404
    stranger = world.caller("merchant", "shop:S2", sub="x")
    assert stranger.post(f"/v1/disputes/{dispute}/bundle").code == "not_found"


def test_a_case_that_is_not_as_it_was_written_is_not_signed(world: World):
    dispute = world.ruled()
    asked(world.merchant, dispute)
    world.hooks_table.delete(event(dispute, 3))
    with pytest.raises(BrokenCase):
        world.desk.make()


def test_a_case_whose_findings_or_words_are_not_as_they_were_written_is_not_signed(world: World):
    """They lie beside the chain, which holds all the same."""
    dispute = a_whole_case(world)
    (piece, *_) = world.store.pieces(dispute)
    state, words = key_of_piece(dispute, piece.id), statement_of(world, dispute)
    for key, name, change in (
        (state, "state", lambda said: said.replace('"open"', '"met"')),
        (words, "text", lambda said: f"{said}!"),
    ):
        item = world.hooks_table.get([key])[key]
        now = change(str(item[name]))
        assert now != item[name]
        world.hooks_table.write([Put({**item, name: now})], "harm")
        asked(world.merchant, dispute)
        with pytest.raises(BrokenCase):
            world.desk.make()
        world.hooks_table.write([Put(item)], "mended")
    asked(world.merchant, dispute)
    world.desk.make()


def statement_of(world: World, dispute: str) -> Key:
    found = world.store.load(dispute).dispute
    assert found
    assert found.statement
    return text(dispute, found.statement.id)


def test_a_file_that_is_not_the_one_that_was_inspected_is_not_signed(world: World):
    dispute = a_whole_case(world)
    (piece, *_) = world.store.pieces(dispute)
    assert piece.arrival
    content = world.bucket.read(str(piece.key), piece.arrival.version_id, max_bytes=piece.arrival.size)
    bucket = Altered(content[:-1] + b"?")
    asked(world.platform, dispute)
    with pytest.raises(BrokenCase):
        replace(world.desk.bundler, bucket=bucket).make(*world.sent.bundles.pop())


class Altered(MemoryBucket):
    """This, whatever is asked for."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._content = content

    def read(self, key, version_id, *, max_bytes):
        del key, version_id, max_bytes
        return self._content


def test_the_key_is_to_be_had_by_anybody_and_checks_what_is_signed(world: World, tmp_path: Path):
    archive = bundle_of(world, world.merchant, world.ruled(), tmp_path)
    key = world.send("GET", "/v1/bundle-key").body
    assert list(check(archive, key["pem"].encode())) == []
    assert (key["key"], key["algorithm"]) == tuple(
        read(archive, "signature.json")[each] for each in ("key", "algorithm")
    )


# What is in it


def test_staff_get_all_of_it_as_it_was_hashed(world: World, tmp_path: Path):
    dispute = a_whole_case(world)
    archive = bundle_of(world, world.platform, dispute, tmp_path)
    assert list(check(archive, world.desk.signer.public_key().pem.encode())) == []
    assert all("body" in each for each in read(archive, "events.json"))
    assert all("body" in each for chain in read(archive, "pieces.json").values() for each in chain)
    originals = [each["file"] for each in read(archive, "evidence.json")]
    with zipfile.ZipFile(archive) as file:
        assert [file.read(each) for each in originals] == [picture()] * 2
    assert {each["text"] for each in read(archive, "texts.json")} >= {"Nothing has arrived."}
    assert [each["outcome"] for each in read(archive, "rulings.json")] == ["for_complainant"]


@pytest.mark.parametrize("role", ["merchant", "buyer"])
def test_a_party_s_bundle_verifies_although_not_all_of_it_is_told(world: World, tmp_path: Path, role):
    dispute = a_whole_case(world)
    archive = bundle_of(world, getattr(world, role), dispute, tmp_path)
    assert list(check(archive, world.desk.signer.public_key().pem.encode())) == []
    events = read(archive, "events.json")
    assert any("body" in each for each in events) is (role == "merchant")
    assert any("told" in each and each["told"] is None for each in events)


def strings(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for each in value.values():
                yield from strings(each)
        case list():
            for each in value:
                yield from strings(each)
        case str():
            yield value


def all_strings(archive: Path) -> Iterator[str]:
    for name in names(archive):
        if name.endswith(".json"):
            for each in strings(read(archive, name)):
                yield each
                if each.startswith("{"):
                    yield from strings(json.loads(each))


@pytest.mark.parametrize("role", ["merchant", "buyer"])
def test_a_party_s_bundle_holds_nothing_that_the_api_does_not_show_it(world: World, tmp_path: Path, role):
    """No text, no piece, no file and no person that isn't in what the same caller reads."""
    caller: Caller = getattr(world, role)
    dispute = a_whole_case(world)
    archive = bundle_of(world, caller, dispute, tmp_path)
    path = f"/v1/disputes/{dispute}"
    shown = [caller.get(each).text for each in (path, f"{path}/evidence", f"{path}/timeline")]
    for said in read(archive, "texts.json"):
        if said["id"] != "particulars" and not said["text"].startswith("{"):
            assert any(json.dumps(said["text"], ensure_ascii=False) in each for each in shown), said
    pieces = {each["id"] for each in caller.get(f"{path}/evidence").body["items"]}
    assert {each["id"] for each in read(archive, "evidence.json")} == pieces
    assert set(read(archive, "pieces.json")) == pieces
    assert {each for each in names(archive) if each.startswith("evidence/")} == {
        each["file"] for each in read(archive, "evidence.json") if each["file"]
    }
    staff = {"reviewer-1", "appeal_reviewer-1", "platform-1"}
    assert not staff & set(all_strings(archive))


def test_the_buyer_gets_none_of_the_shop_s_evidence_nor_its_words(world: World, tmp_path: Path):
    dispute = a_whole_case(world)
    archive = bundle_of(world, world.buyer, dispute, tmp_path)
    assert read(archive, "evidence.json") == []
    words = {each["text"] for each in read(archive, "texts.json")}
    assert "The recipient signed: see the form." not in words
    assert "Nothing has arrived." in words


def test_of_the_other_side_s_picture_the_shop_gets_the_clean_copy(world: World, tmp_path: Path):
    dispute = world.opened(reason="counterfeit")
    hers = world.submitted(dispute, "claim_photo", by=world.buyer, stage="claim")
    (piece,) = world.store.pieces(dispute)
    world.inspector.inspect(str(piece.key))
    his = world.submitted(dispute, "product_document")
    world.merchant.post(
        f"/v1/disputes/{dispute}/response",
        {"statement": "It was whole when it was sent.", "pieces": [his], "submit_anyway": True},
    )
    assert world.reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
    files = {
        each["id"]: each["file"] for each in read(bundle_of(world, world.merchant, dispute, tmp_path), "evidence.json")
    }
    assert files[hers] == f"evidence/{hers}.clean.jpg"
    assert files[his].startswith(f"evidence/{his}.")


def test_who_complains_in_confidence_is_not_in_the_shop_s_bundle(world: World, tmp_path: Path):
    dispute = world.opened(confidential=True)
    archive = bundle_of(world, world.merchant, dispute, tmp_path)
    with zipfile.ZipFile(archive) as file:
        assert not [each for each in file.namelist() if BUYER.encode() in file.read(each)]
    assert "Nothing has arrived." not in {each["text"] for each in read(archive, "texts.json")}
    reviewer = bundle_of(world, world.reviewer, dispute, tmp_path)
    assert BUYER not in "".join(all_strings(reviewer))
