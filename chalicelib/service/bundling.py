"""Makes a bundle: everything of a case that one caller may see, so that it can be checked without us.

Files are read and written one at a time, and the archive is written to disk: memory doesn't grow with the case.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec

from chalicelib.domain.bundles import BundleRegister, BundleShelf, Made
from chalicelib.domain.case import judged
from chalicelib.domain.claim import Text
from chalicelib.domain.errors import NotFound
from chalicelib.domain.keeping import PARTICULARS, Particulars
from chalicelib.domain.model import Dispute
from chalicelib.domain.moves import require_sight
from chalicelib.domain.parties import Actor, Role, Side
from chalicelib.domain.piece import Arrival, Piece, with_words
from chalicelib.domain.ports import Clock, EvidenceBucket, PrivateText, StoredEvent
from chalicelib.domain.records import CaseRecord, Records, Section
from chalicelib.domain.retention import as_decided
from chalicelib.domain.signing import ALGORITHM, Signer
from chalicelib.domain.told import told
from chalicelib.domain.viewer import Viewer
from chalicelib.service.case_checks import as_written
from policies.book import PolicyBook

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
_SUFFIXES: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}
_OF_SIDE: Final = {Role.MERCHANT: Side.RESPONDENT, Role.BUYER: Side.COMPLAINANT}


class BrokenCase(Exception):
    """What lies in the table isn't what was written: nothing is signed. `make verify` tells what is wrong."""


@dataclass(frozen=True, slots=True)
class Bundler:
    records: Records
    register: BundleRegister
    shelf: BundleShelf
    bucket: EvidenceBucket
    book: PolicyBook
    signer: Signer
    clock: Clock
    room: Path
    """Where the archive is written before it is put away."""

    def make(self, dispute_id: str, bundle_id: str) -> None:
        """Once: another message of it changes nothing. Raises NotFound, BrokenCase."""
        bundle = self.register.bundle(dispute_id, bundle_id)
        if bundle is None:
            raise NotFound
        now = self.clock()
        if bundle.made or now >= bundle.expires_at:
            return
        with TemporaryDirectory(dir=self.room) as folder:
            archive = Path(folder) / "bundle.zip"
            names = self.write(dispute_id, bundle.asked_by, archive)
            self.shelf.put(bundle.key, archive)
            with archive.open("rb") as content:
                digest = file_digest(content, "sha256").hexdigest()
            self.register.made(replace(bundle, made=Made(now, archive.stat().st_size, digest, names)))

    def write(self, dispute_id: str, actor: Actor, archive: Path) -> bool:
        """Gives whether this caller may know who complains. Raises NotFound for what it may not see, BrokenCase."""
        record = self.records.read(Section(f"D#{dispute_id}"))
        if not isinstance(record, CaseRecord) or not record.dispute.stored:
            raise NotFound
        if record.dispute.value is None or record.flaws or any(as_written(record)):
            raise BrokenCase(dispute_id)
        dispute = _with_particulars(record.dispute.value, record.texts)
        require_sight(dispute, actor)
        viewer = Viewer.of(dispute, actor)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            self._write(_Case(record, dispute, viewer, actor), _Archive(out))
        return viewer.knows_complainant

    def _write(self, case: "_Case", out: "_Archive") -> None:
        policy = self.book.pinned(case.dispute.policy.id, case.dispute.policy.version, case.dispute.policy.digest)
        pieces = [as_decided(case.dispute, judged(each, case.dispute, policy)) for each in case.pieces()]
        files = {each.id: name for each in pieces if (name := self._put_file(case, each, out))}
        out.put_json("events.json", [case.shown(each) for each in case.record.dispute.stored])
        out.put_json("pieces.json", {each.id: case.chain_of(each) for each in pieces})
        out.put_json("rulings.json", case.rulings())
        out.put_json("evidence.json", [_piece_shown(each, files.get(each.id)) for each in pieces])
        out.put_json("texts.json", [asdict(each) for each in case.texts(pieces)])
        out.put("public-key.pem", self.signer.public_key().pem.encode())
        manifest = _json(case.manifest(self.clock(), out.digests, pieces))
        out.put(MANIFEST, manifest)
        out.put_json("signature.json", asdict(self.signer.sign(manifest)))

    def _put_file(self, case: "_Case", piece: Piece, out: "_Archive") -> str | None:
        """The file as it was uploaded, to its own side and staff; to the other side, what it may look at."""
        arrival, seen = piece.arrival, piece.inspection
        if piece.key is None or arrival is None or piece.erased_at:
            return None
        media = seen.media_type if seen else None
        if case.viewer.is_of(piece.side) or (media == "application/pdf" and seen and not seen.defect):
            name = f"evidence/{piece.id}.{_SUFFIXES.get(media or '', 'bin')}"
            out.put_file(name, self._original(piece.key, arrival))
            return name
        if piece.clean_key:
            out.put_file(name := f"evidence/{piece.id}.clean.jpg", self.bucket.read_clean(piece.clean_key))
            return name
        return None

    def _original(self, key: str, arrival: Arrival) -> bytes:
        content = self.bucket.read(key, arrival.version_id, max_bytes=arrival.size)
        if arrival.sha256 not in (None, sha256(content).hexdigest()):
            raise BrokenCase(key)
        return content


@dataclass(frozen=True, slots=True)
class _Case:
    """A case as its reader may see it."""

    record: CaseRecord
    dispute: Dispute
    viewer: Viewer
    actor: Actor

    def pieces(self) -> Iterator[Piece]:
        for chain in self.record.pieces:
            piece = chain.value
            if piece and not piece.withdrawn_at and self.viewer.sees(piece.side, sealed=piece.sealed_at is not None):
                heard = piece if self.viewer.hears(piece.side) else replace(piece, statement=None)
                seen = self.text(piece.seen) if not self.dispute.images_erased_at else None
                yield with_words(heard, json.loads(seen.text)) if seen else heard

    def text(self, ref: Text | None) -> PrivateText | None:
        """What is there, has not been erased, and this reader may read."""
        if ref is None or self.dispute.texts_erased_at:
            return None
        return None if ref.id in self._unheard() else self.record.texts.get(ref.id)

    def _unheard(self) -> frozenset[str]:
        """D2: words that tell who complains, where this reader may not know."""
        if self.viewer.hears(Side.COMPLAINANT):
            return frozenset()
        asked = (each.statement for each in self.dispute.requests if each.side is Side.COMPLAINANT)
        return frozenset({PARTICULARS, *(each.id for each in (self.dispute.statement, *asked) if each)})

    def shown(self, event: StoredEvent) -> dict[str, Any]:
        """Its body as it was hashed, if all of it is for this reader; else what of it is; and its hash at least."""
        body = json.loads(event.body)
        told_of = self._told(event)
        whole = self.viewer.staff or (told_of == body["data"] and self._may_name(Role(body["by"]["role"])))
        shown = {"seq": event.seq, "type": event.type, "at": body["at"], "by": body["by"]["role"]}
        return shown | {
            "previous_hash": event.previous_hash,
            "hash": event.hash,
            **({"body": event.body} if whole else {"told": told_of}),
        }

    def _told(self, event: StoredEvent) -> dict[str, Any] | None:
        body = json.loads(event.body)
        return told(event.type, self.viewer, body["data"], Role(body["by"]["role"]))

    def _may_name(self, role: Role) -> bool:
        """Whose id a party may read: its own people's, and the service's own."""
        return role is Role.SYSTEM or _OF_SIDE.get(role, self) is self.viewer.side

    def chain_of(self, piece: Piece) -> list[dict[str, Any]]:
        """A piece's events: to staff as they were hashed, to a party their hashes."""
        chain = next(each for each in self.record.pieces if each.id == piece.id)
        return [
            {"seq": each.seq, "previous_hash": each.previous_hash, "hash": each.hash}
            | ({"body": each.body} if self.viewer.staff else {})
            for each in chain.stored
        ]

    def rulings(self) -> list[Any]:
        """Every ruling there was, in their order."""
        ruled = [self._told(each) for each in self.record.dispute.stored if each.type == "Ruled"]
        return [each["ruling"] for each in ruled if each]

    def texts(self, pieces: Iterable[Piece]) -> list[PrivateText]:
        """What was written and this reader may read, with its salt: its digest is in an event."""
        said = [ref for event in self.record.dispute.stored for ref in self._written(event)]
        said += [each for piece in pieces for each in (piece.statement, _seen(piece, self.dispute)) if each]
        return [each for each in map(self.text, dict.fromkeys(said)) if each]

    def _written(self, event: StoredEvent) -> Iterator[Text]:
        """A note is staff's own, but for what comes with a request for evidence; on withdrawing, the complainant's."""
        if event.type == "DisputeWithdrawn" and not self.viewer.hears(Side.COMPLAINANT):
            return iter(())
        data = self._told(event) or {}
        hidden = frozenset[str]() if self.viewer.staff or event.type == "EvidenceRequested" else frozenset({"note"})
        return _texts_in(data, hidden)

    def manifest(self, now: datetime, digests: Mapping[str, Mapping[str, Any]], pieces: Iterable[Piece]) -> object:
        chains = [self.record.dispute.stored, *(self._stored(each.id) for each in pieces)]
        return {
            "format": FORMAT,
            "dispute": self.dispute.id,
            "external_id": self.dispute.external_id,
            "made_at": now,
            "for": {"role": self.actor.role, "side": self.viewer.side},
            "algorithm": ALGORITHM,
            "heads": [{"aggregate": each[-1].aggregate, "seq": each[-1].seq, "hash": each[-1].hash} for each in chains],
            "files": digests,
        }

    def _stored(self, piece: str) -> tuple[StoredEvent, ...]:
        return next(each.stored for each in self.record.pieces if each.id == piece)


@dataclass(frozen=True, slots=True)
class _Archive:
    """The archive being written, and what was put into it."""

    out: zipfile.ZipFile
    digests: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
        self.out.writestr(name, content, method)
        self.digests[name] = {"sha256": sha256(content).hexdigest(), "size": len(content)}

    def put_json(self, name: str, value: object) -> None:
        self.put(name, _json(value))

    def put_file(self, name: str, content: bytes) -> None:
        """A picture doesn't get smaller."""
        self.put(name, content, zipfile.ZIP_STORED)


def _with_particulars(dispute: Dispute, texts: Mapping[str, PrivateText]) -> Dispute:
    """The state is what its events tell; who complains lies apart."""
    kept = texts.get(PARTICULARS)
    if kept is None or dispute.texts_erased_at:
        return dispute
    return dispute.with_particulars(msgspec.json.decode(kept.text, type=Particulars))


def _seen(piece: Piece, dispute: Dispute) -> Text | None:
    return None if dispute.images_erased_at else piece.seen


def _piece_shown(piece: Piece, file: str | None) -> dict[str, Any]:
    arrival, seen = piece.arrival, piece.inspection
    shown: dict[str, Any] = {
        name: getattr(piece, name)
        for name in ("id", "side", "requirement", "stage", "request", "status", "registered_at", "arrive_by")
    }
    return shown | {
        "sealed_at": piece.sealed_at,
        "statement": piece.statement,
        "seen": piece.seen,
        "file": file,
        "arrived_at": arrival.at if arrival else None,
        "sha256": arrival.sha256 if arrival else None,
        "kind": seen.kind if seen else None,
        "findings": seen.findings if seen else (),
        "warnings": seen.warnings if seen else (),
        "defect": seen.defect if seen else None,
    }


def _texts_in(value: Any, hidden: frozenset[str]) -> Iterator[Text]:  # noqa: ANN401  (JSON)
    match value:
        case {"id": str(name), "digest": str(digest)} if len(value) == 2:  # noqa: PLR2004  (these two)
            yield Text(name, digest)
        case dict():
            for name, each in value.items():
                if name not in hidden:
                    yield from _texts_in(each, hidden)
        case list():
            for each in value:
                yield from _texts_in(each, hidden)
        case _:
            pass


def _json(value: object) -> bytes:
    """For people and programs: indented, keys sorted."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1)
