"""Case bundles: asked for over HTTP, made by the job, and checked offline by whoever gets one."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.bundles import MOST_ALIVE
from chalicelib.service.bundling import BrokenCase
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.keys import event
from chalicelib.store.memory import MemoryTable
from chalicelib.store.memory_signer import MemorySigner
from tests.api.build import BUYER, Caller, World, picture
from tools.check_bundle import check, main


@pytest.fixture
def world() -> World:
    table = MemoryTable()
    return World(store=DisputeStore(table), hooks_table=table)


def asked(by: Caller, dispute: str) -> str:
    reply = by.post(f"/v1/disputes/{dispute}/bundle")
    assert reply.status == 202, reply.text
    return reply.headers["Location"]


def make(world: World) -> None:
    """What the job does with what is queued."""
    while world.sent.bundles:
        world.bundler.make(*world.sent.bundles.pop(0))


def bundle_of(world: World, by: Caller, dispute: str, folder: Path) -> Path:
    place = asked(by, dispute)
    make(world)
    shown = by.get(place).body
    archive = folder / f"{by.role}.zip"
    archive.write_bytes(world.shelf.kept[f"bundles/{dispute}/{shown['id']}.zip"])
    assert shown["size"] == archive.stat().st_size
    return archive


def read(archive: Path, name: str) -> Any:
    with zipfile.ZipFile(archive) as file:
        return json.loads(file.read(name))


def names(archive: Path) -> set[str]:
    with zipfile.ZipFile(archive) as file:
        return set(file.namelist())


def a_whole_case(world: World) -> str:
    """Ruled and appealed; the pictures inspected."""
    dispute, _ = world.appealed()
    for piece in world.store.pieces(dispute):
        world.inspector.inspect(str(piece.key))
    return dispute


def key_of(world: World, folder: Path) -> Path:
    key = folder / "recourse.pem"
    key.write_text(world.signer.public_key())
    return key


# Asked for


def test_a_bundle_is_asked_for_made_and_fetched(world: World):
    dispute = world.ruled()
    place = asked(world.merchant, dispute)
    assert world.merchant.get(place).body["state"] == "requested"
    make(world)
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
    make(world)
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
    make(world)
    before = dict(world.shelf.kept)
    world.later(hours=1)
    world.bundler.make(*message)
    assert world.shelf.kept == before
    assert world.merchant.get(place).status == 200


def test_a_bundle_expires(world: World):
    place = asked(world.merchant, world.ruled())
    make(world)
    world.later(days=7)
    assert world.merchant.get(place).code == "not_found"


def test_a_dispute_has_only_so_many(world: World):
    dispute = world.ruled()
    for _ in range(MOST_ALIVE):
        asked(world.merchant, dispute)
    assert world.merchant.post(f"/v1/disputes/{dispute}/bundle").code == "too_many_bundles"
    world.later(days=7)
    asked(world.merchant, dispute)


def test_a_bundle_is_there_for_those_who_see_the_same(world: World):
    dispute = world.ruled()
    place = asked(world.merchant, dispute)
    make(world)
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
        make(world)


# What is in it


def test_staff_get_all_of_it_as_it_was_hashed(world: World, tmp_path: Path):
    dispute = a_whole_case(world)
    archive = bundle_of(world, world.platform, dispute, tmp_path)
    assert list(check(archive, world.signer.public_key().encode())) == []
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
    assert list(check(archive, world.signer.public_key().encode())) == []
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
    for text in read(archive, "texts.json"):
        if text["id"] != "particulars" and not text["text"].startswith("{"):
            assert any(json.dumps(text["text"], ensure_ascii=False) in each for each in shown), text
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


# Checked offline


@pytest.fixture(scope="module")
def service() -> World:
    table = MemoryTable()
    return World(store=DisputeStore(table), hooks_table=table)


@pytest.fixture(scope="module")
def archives(service: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Of one case, by who asked for it."""
    dispute = a_whole_case(service)
    folder = tmp_path_factory.mktemp("bundles")
    return {each.role: bundle_of(service, each, dispute, folder) for each in (service.merchant, service.platform)}


type Harm = Callable[[dict[str, bytes]], None]


def rewritten(archive: Path, harm: Harm) -> Path:
    with zipfile.ZipFile(archive) as file:
        content = {each: file.read(each) for each in file.namelist()}
    harm(content)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, each in content.items():
            file.writestr(name, each)
    harmed = archive.with_suffix(".harmed")
    harmed.write_bytes(out.getvalue())
    return harmed


def wrong(archive: Path, by: World) -> list[str]:
    return list(check(archive, by.signer.public_key().encode()))


@pytest.mark.parametrize("role", ["merchant", "platform"])
def with_file(name: str, content: bytes | None) -> Harm:
    """This file with another content, or none."""

    def harm(files: dict[str, bytes]) -> None:
        files.pop(name, None)
        if content is not None:
            files[name] = content

    return harm


@pytest.mark.parametrize("role", ["merchant", "platform"])
def test_any_file_altered_dropped_or_added_is_found(service: World, archives, role):
    """Only the name of the key may differ, and the key that a careful reader doesn't take from here."""
    archive = archives[role]
    for name in names(archive):
        with zipfile.ZipFile(archive) as file:
            content = file.read(name)
        for at in {0, len(content) // 3, len(content) // 2, len(content) - 2}:
            other = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            found = wrong(rewritten(archive, with_file(name, other)), service)
            assert found or name == "signature.json"
        assert wrong(rewritten(archive, with_file(name, None)), service) or name == "public-key.pem"
    assert wrong(rewritten(archive, with_file("evidence/more.jpg", b"x")), service)


def test_any_character_of_the_signature_altered_is_found(service: World, archives):
    archive = archives["merchant"]
    signature = read(archive, "signature.json")
    for at, each in enumerate(signature["value"].rstrip("=")):
        value = signature["value"][:at] + ("A" if each != "A" else "B") + signature["value"][at + 1 :]
        forged = json.dumps(signature | {"value": value}).encode()
        assert wrong(rewritten(archive, with_file("signature.json", forged)), service)


def signed_anew(files: dict[str, bytes], signer: MemorySigner) -> None:
    """Whoever holds another key signs what they have changed."""
    manifest = json.loads(files["manifest.json"])
    for name in manifest["files"]:
        manifest["files"][name] = {"sha256": hashlib.sha256(files[name]).hexdigest(), "size": len(files[name])}
    files["manifest.json"] = json.dumps(manifest).encode()
    signature = signer.sign(files["manifest.json"])
    files["signature.json"] = json.dumps(
        {"key": signature.key, "algorithm": signature.algorithm, "value": signature.value}
    ).encode()


def events_changed(change: Callable[[list[Any]], Any]) -> Harm:
    def harm(files: dict[str, bytes]) -> None:
        events = json.loads(files["events.json"])
        change(events)
        files["events.json"] = json.dumps(events).encode()

    return harm


def texts_changed(files: dict[str, bytes]) -> None:
    texts = json.loads(files["texts.json"])
    texts[0]["text"] += "!"
    files["texts.json"] = json.dumps(texts).encode()


def a_file_exchanged(files: dict[str, bytes]) -> None:
    name = next(each for each in files if each.startswith("evidence/"))
    files[name] = b"another"


HARMS: dict[str, Harm] = {
    "a body": events_changed(lambda events: events[0].update(body=events[0]["body"].replace("T1", "T2") + " ")),
    "dropped": events_changed(lambda events: events.pop(2)),
    "cut short": events_changed(lambda events: events.pop()),
    "swapped": events_changed(lambda events: events.insert(1, events.pop(2))),
    "a hash": events_changed(lambda events: events[1].update(hash="0" * 64)),
    "a text": texts_changed,
    "a file": a_file_exchanged,
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_the_chains_texts_and_files_are_checked_beside_the_signature(service: World, archives, harm):
    """Even if somebody who holds the key has signed it."""
    archive = archives["platform"]

    def both(files: dict[str, bytes]) -> None:
        harm(files)
        signed_anew(files, service.signer)

    assert wrong(rewritten(archive, both), service)
    assert not wrong(rewritten(archive, lambda files: signed_anew(files, service.signer)), service)


def test_a_bundle_signed_by_another_key_is_found_only_with_the_right_one(service: World, archives):
    archive = archives["merchant"]
    other = MemorySigner()

    def forge(files: dict[str, bytes]) -> None:
        files["public-key.pem"] = other.public_key().encode()
        signed_anew(files, other)

    forged = rewritten(archive, forge)
    assert list(check(forged, None)) == []
    assert wrong(forged, service) == ["the manifest isn't signed by this key"]


def test_the_command_says_it_and_fails(service: World, archives, tmp_path: Path, capsys):
    archive = archives["merchant"]
    key = str(key_of(service, tmp_path))
    main([str(archive), "--key", key])
    assert "whole and as it was signed" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stopped:
        main([str(rewritten(archive, texts_changed)), "--key", key])
    assert stopped.value.code == 1
    nonsense = tmp_path / "nonsense.zip"
    nonsense.write_bytes(b"not an archive")
    with pytest.raises(SystemExit):
        main([str(nonsense), "--key", key])
