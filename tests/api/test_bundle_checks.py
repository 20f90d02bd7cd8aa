"""Case bundles checked offline: whatever is done to one is found."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from chalicelib.store.memory_signer import MemorySigner
from tests.api.build import World
from tests.api.bundles import a_whole_case, a_world, bundle_of, names, read
from tools.check_bundle import check, main


def key_of(world: World, folder: Path) -> Path:
    key = folder / "recourse.pem"
    key.write_text(world.desk.signer.public_key().pem)
    return key


@pytest.fixture(scope="module")
def service() -> World:
    return a_world()


@pytest.fixture(scope="module")
def archives(service: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Of one case, by who asked for it."""
    dispute = a_whole_case(service)
    folder = tmp_path_factory.mktemp("bundles")
    return {
        each.role: bundle_of(service, each, dispute, folder)
        for each in (service.merchant, service.buyer, service.platform)
    }


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
    return list(check(archive, by.desk.signer.public_key().pem.encode()))


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
        signed_anew(files, service.desk.signer)

    assert wrong(rewritten(archive, both), service)
    assert not wrong(rewritten(archive, lambda files: signed_anew(files, service.desk.signer)), service)


def in_json(name: str, change: Callable[[Any], Any]) -> Harm:
    """The file with its content changed in place."""

    def harm(files: dict[str, bytes]) -> None:
        content = json.loads(files[name])
        change(content)
        files[name] = json.dumps(content).encode()

    return harm


def swapped(one: str, other: str) -> Harm:
    def harm(files: dict[str, bytes]) -> None:
        files[one], files[other] = files[other], files[one]

    return harm


def a_finding(pieces: list[Any]) -> None:
    (point, *_) = [each for piece in pieces for each in piece["findings"]]
    point["verdict"] = "met" if point["verdict"] != "met" else "not_met"


def the_first_two_pictures(files: dict[str, bytes]) -> None:
    """As if each were the other."""
    pieces = json.loads(files["evidence.json"])
    pieces[0]["file"], pieces[1]["file"] = pieces[1]["file"], pieces[0]["file"]
    files["evidence.json"] = json.dumps(pieces).encode()


def reverse(content: list[Any]) -> None:
    assert len(content) > 1
    content.reverse()


CHANGES: dict[str, Harm] = {
    "the manifest's reader": in_json("manifest.json", lambda said: said["for"].update(role="operator")),
    "the manifest's instant": in_json("manifest.json", lambda said: said.update(made_at="2020-01-01T00:00:00Z")),
    "a head dropped": in_json("manifest.json", lambda said: said["heads"].pop()),
    "an event added": in_json("events.json", lambda events: events.append(events[-1])),
    "an event dropped": in_json("events.json", lambda events: events.pop()),
    "events swapped": in_json("events.json", reverse),
    "a finding altered": in_json("evidence.json", a_finding),
    "a finding dropped": in_json("evidence.json", lambda pieces: pieces[0]["findings"].pop()),
    "a ruling altered": in_json("rulings.json", lambda rulings: rulings[0].update(outcome="for_respondent")),
    "a ruling dropped": in_json("rulings.json", lambda rulings: rulings.pop()),
    "a ruling added": in_json("rulings.json", lambda rulings: rulings.append(rulings[0])),
    "a piece dropped": in_json("evidence.json", lambda pieces: pieces.pop()),
    "a piece's chain dropped": in_json("pieces.json", lambda chains: chains.popitem()),
    "pieces swapped": the_first_two_pictures,
    "a text dropped": in_json("texts.json", lambda texts: texts.pop()),
    "texts swapped": in_json("texts.json", reverse),
    "a signature's algorithm": in_json("signature.json", lambda said: said.update(algorithm="none")),
    "a signature dropped": in_json("signature.json", lambda said: said.update(value="")),
    "files swapped": swapped("rulings.json", "texts.json"),
}


@pytest.mark.parametrize("role", ["merchant", "platform"])
@pytest.mark.parametrize("harm", CHANGES.values(), ids=CHANGES)
def test_whatever_is_altered_dropped_added_or_swapped_is_refused(service: World, archives, harm, role):
    assert wrong(rewritten(archives[role], harm), service)


@pytest.mark.parametrize("name", ["manifest.json", "signature.json", "events.json", "evidence.json", "texts.json"])
def test_a_part_of_another_bundle_of_ours_is_refused(service: World, archives, name):
    with zipfile.ZipFile(archives["buyer"]) as file:
        other = file.read(name)
    assert wrong(rewritten(archives["merchant"], with_file(name, other)), service)


SIGNED_ANEW: dict[str, Harm] = {
    "a ruling altered": CHANGES["a ruling altered"],
    "a ruling dropped": CHANGES["a ruling dropped"],
    "a piece dropped": CHANGES["a piece dropped"],
    "an event's time": in_json("events.json", lambda events: events[0].update(at="2020-01-01T00:00:00Z")),
    "an event's kind": in_json("events.json", lambda events: events[0].update(type="DisputeWithdrawn")),
    "an event's author": in_json("events.json", lambda events: events[0].update(by="buyer")),
}


@pytest.mark.parametrize("harm", SIGNED_ANEW.values(), ids=SIGNED_ANEW)
def test_what_stands_beside_the_chains_is_checked_against_them_beside_the_signature(service: World, archives, harm):
    def both(files: dict[str, bytes]) -> None:
        harm(files)
        signed_anew(files, service.desk.signer)

    assert wrong(rewritten(archives["platform"], both), service)


def test_nothing_is_hidden_between_the_files_for_another_program_to_find(service: World, archives, tmp_path: Path):
    content = archives["merchant"].read_bytes()
    hidden = BytesIO()
    with zipfile.ZipFile(hidden, "w") as file:
        file.writestr("rulings.json", "[]")
    harmed = tmp_path / "harmed.zip"
    harmed.write_bytes(hidden.getvalue() + content)
    assert wrong(harmed, service)
    directory = content.index(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    moved = (directory + 9).to_bytes(4, "little")
    harmed.write_bytes(content[:directory] + b"something" + content[directory : end + 16] + moved + content[end + 20 :])
    assert wrong(harmed, service) == ["something lies behind the files"]


def test_any_byte_of_the_archive_altered_is_found_or_alters_nothing_that_is_read(service: World, archives, tmp_path):
    """And it is said in words, whatever the byte makes of the archive."""
    content = archives["merchant"].read_bytes()
    harmed = tmp_path / "harmed.zip"
    for at in range(0, len(content), max(1, len(content) // 400)):
        harmed.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        same = not wrong(harmed, service) and contents(harmed) == contents(archives["merchant"])
        assert same or wrong(harmed, service), at


def contents(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as file:
        return {each: file.read(each) for each in file.namelist() if each not in ("signature.json", "public-key.pem")}


def test_a_bundle_signed_by_another_key_is_found_only_with_the_right_one(service: World, archives):
    archive = archives["merchant"]
    other = MemorySigner("another")

    def forge(files: dict[str, bytes]) -> None:
        files["public-key.pem"] = other.public_key().pem.encode()
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
