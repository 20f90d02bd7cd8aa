"""Checks a case bundle offline: `python check_bundle.py bundle.zip --key recourse.pem`.

It needs Python 3.13 and the library `cryptography`, and nothing of the service; docs/bundles.md tells what it checks.
With no --key it takes the key that lies in the bundle: that shows that nothing was changed, but not who signed it.
"""

import argparse
import base64
import hashlib
import json
import lzma
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

GENESIS = "0" * 64
SIGNED_APART = {"manifest.json", "signature.json"}
CHUNK = 1 << 20
LOCAL_HEADER = struct.Struct("<26xHH")
"""Of a file in a zip: the lengths of its name and of what else stands before its content."""

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    UnsupportedAlgorithm,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What an archive of another form, whoever made it, makes its readers raise."""


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", type=Path, help="the service's public key (PEM), from somewhere that you trust")
    asked = parser.parse_args(arguments)
    problems = list(check(asked.bundle, asked.key.read_bytes() if asked.key else None))
    for each in problems:
        print(f"WRONG: {each}")
    if problems:
        sys.exit(1)
    print("The bundle is whole and as it was signed." + ("" if asked.key else " By whom, only --key can tell."))


def check(path: Path, public_key: bytes | None) -> Iterator[str]:
    """Everything that is wrong with the bundle, in sentences."""
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            yield from nothing_between(file, archive)
            yield from _archive(archive, public_key)
    except UNREADABLE as error:
        yield f"the archive can't be read: {type(error).__name__}: {error}"


def _archive(archive: zipfile.ZipFile, public_key: bytes | None) -> Iterator[str]:
    content = archive.read("manifest.json")
    signature = json.loads(archive.read("signature.json"))
    if not signed(content, signature, public_key or archive.read("public-key.pem")):
        yield "the manifest isn't signed by this key"
        return
    manifest = json.loads(content)
    yield from files(archive, manifest["files"])
    events, pieces = _json(archive, "events.json"), _json(archive, "pieces.json")
    yield from chains(events, pieces, manifest)
    yield from told(events, _json(archive, "rulings.json"))
    if pieces.keys() != {each["id"] for each in _json(archive, "evidence.json")}:
        yield "the evidence isn't the pieces that there are chains of"
    yield from texts(archive)
    yield from evidence(_json(archive, "evidence.json"), manifest["files"])


def signed(content: bytes, signature: Mapping[str, str], public_key: bytes) -> bool:
    """ECDSA on P-256 over the SHA-256 of the manifest's bytes, DER-encoded."""
    key = load_pem_public_key(public_key)
    if signature["algorithm"] != "ECDSA_SHA_256" or not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    value = base64.b64decode(signature["value"], validate=True)
    if base64.b64encode(value).decode() != signature["value"]:
        return False
    try:
        key.verify(value, content, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def nothing_between(file: IO[bytes], archive: zipfile.ZipFile) -> Iterator[str]:
    """The archive is its files, one after the other, and their list: other programs read what lies in between."""
    end = 0
    for each in sorted(archive.infolist(), key=lambda each: each.header_offset):
        if each.header_offset != end:
            yield f"something lies before {each.filename}"
        file.seek(each.header_offset)
        name, extra = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
        end = each.header_offset + LOCAL_HEADER.size + name + extra + each.compress_size
    if archive.start_dir != end or archive.comment:
        yield "something lies behind the files"


def files(archive: zipfile.ZipFile, expected: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What the manifest lists, all of it, as it was, and nothing else."""
    names = archive.namelist()
    for name in sorted(set(names) ^ (expected.keys() | SIGNED_APART)):
        yield f"{name} is {'missing' if name not in names else 'not of the bundle'}"
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield f"{name} is there twice"
    for name in sorted(expected.keys() & set(names)):
        if _digest(archive, name) != expected[name]["sha256"]:
            yield f"{name} isn't what was signed"


def chains(
    events: Sequence[Mapping[str, Any]], pieces: Mapping[str, Sequence[Mapping[str, Any]]], manifest: Mapping[str, Any]
) -> Iterator[str]:
    """Each event follows the one before; its hash is that of its body, where the body is there."""
    heads = {each["aggregate"]: (each["seq"], each["hash"]) for each in manifest["heads"]}
    found = {manifest["dispute"]: events, **pieces}
    if heads.keys() != found.keys():
        yield "the chains aren't those that the manifest names"
    for aggregate, chain in found.items():
        yield from _links(aggregate, chain)
        if chain and heads.get(aggregate) != (chain[-1]["seq"], chain[-1]["hash"]):
            yield f"the last event of {aggregate} isn't the one that the manifest names"


def _links(aggregate: str, chain: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    previous = GENESIS
    for number, event in enumerate(chain, 1):
        if event["seq"] != number or event["previous_hash"] != previous:
            yield f"event {number} of {aggregate} doesn't follow the one before"
        body = event.get("body")
        if body is not None and hashlib.sha256(f"{event['previous_hash']}{body}".encode()).hexdigest() != event["hash"]:
            yield f"event {number} of {aggregate} isn't what was hashed"
        previous = event["hash"]


def told(events: Sequence[Mapping[str, Any]], rulings: Sequence[Any]) -> Iterator[str]:
    """What stands beside a body, and the rulings, say what the events say."""
    for event in events:
        body = json.loads(event["body"]) if "body" in event else {}
        beside = {"by": body["by"]["role"], **{each: body[each] for each in ("seq", "type", "at")}} if body else {}
        if any(event[name] != said for name, said in beside.items()):
            yield f"event {event['seq']} isn't told as it was hashed"
    ruled = [_data(each) for each in events if each["type"] == "Ruled"]
    if rulings != [each["ruling"] for each in ruled if each]:
        yield "the rulings aren't those of the events"


def _data(event: Mapping[str, Any]) -> Any:  # noqa: ANN401  (JSON)
    return json.loads(event["body"])["data"] if "body" in event else event["told"]


def texts(archive: zipfile.ZipFile) -> Iterator[str]:
    """What people wrote is what the events and pieces hold the digests of."""
    events = [json.loads(each["body"]) if "body" in each else each for each in _json(archive, "events.json")]
    digests = dict(_references([*events, *_json(archive, "evidence.json")]))
    for text in _json(archive, "texts.json"):
        digest = hashlib.sha256(f"{text['salt']}{text['text']}".encode()).hexdigest()
        if digests.get(text["id"]) != digest:
            yield f"text {text['id']} isn't what was written"


def _references(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  (JSON)
    if isinstance(value, dict):
        if value.keys() == {"id", "digest"}:
            yield value["id"], value["digest"]
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


def evidence(pieces: Sequence[Mapping[str, Any]], expected: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """A file as it was uploaded is the one that was inspected; a clean copy has a digest of its own."""
    for piece in pieces:
        name, sha256 = piece["file"], piece["sha256"]
        if name and sha256 and ".clean." not in name and expected[name]["sha256"] != sha256:
            yield f"{name} isn't the file that was inspected"


def _json(archive: zipfile.ZipFile, name: str) -> Any:  # noqa: ANN401  (JSON)
    return json.loads(archive.read(name))


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as content:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
