"""A piece of evidence: a small aggregate of its own beside the dispute, so that inspecting never contends with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from chalicelib.domain.claim import Text
from chalicelib.domain.errors import PieceIsSealed
from chalicelib.domain.model import Stage
from chalicelib.domain.parties import By, Side
from evidence.model import Finding, Inspection, Submitted
from policies.model import DocumentKind


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the object store holds, pinned."""

    at: datetime
    version_id: str
    size: int
    sha256: str | None
    """None until somebody has read the bytes: the inspector."""


TEXT_TRIED_FOR = timedelta(hours=6)
"""After arrival."""

SOUGHT_FOR = timedelta(days=14)
"""After `arrive_by`: a deadline that is extended gives more time for forms, and an event may be lost for days."""


class PieceStatus(StrEnum):
    REGISTERED = "registered"
    ARRIVED = "arrived"
    INSPECTED = "inspected"
    UNUSABLE = "unusable"
    LATE = "late"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Piece:
    id: str
    dispute: str
    seq: int
    party: str
    side: Side
    requirement: str
    stage: Stage
    request: str | None
    registered_at: datetime
    arrive_by: datetime
    """A5: the latest instant of arrival that counts, its grace included."""
    key: str | None
    """Where the upload goes; None for a statement."""
    statement: Text | None = None
    arrival: Arrival | None = None
    inspection: Inspection | None = None
    """What was seen in it lies in `seen`, apart."""
    clean_key: str | None = None
    seen: Text | None = None
    """JSON: what was seen for each point that a finding is of. A private text, for it may name people."""
    text_wanted: bool = False
    """Whether its text is still to be read."""
    sealed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    erased_at: datetime | None = None
    """From then on its file may be gone."""

    @property
    def gone(self) -> bool:
        """Nobody looks at it any more."""
        return self.withdrawn_at is not None or self.erased_at is not None

    @property
    def late(self) -> bool:
        return self.arrival is not None and self.arrival.at > self.arrive_by

    @property
    def in_time(self) -> bool:
        """It is here, and came in time; a statement is here as soon as it is registered."""
        return self.key is None or (self.arrival is not None and not self.late)

    def sought(self, now: datetime) -> bool:
        """Whether an upload of it may lie there that nobody has told of.

        Its forms are over long since then; an upload that comes later still is asked for when it is sent off (A14).
        """
        return now - self.arrive_by <= SOUGHT_FOR

    def text_pending(self, now: datetime) -> bool:
        """Whether its text may still be read; what nobody could read for so long is left to the reviewer."""
        return self.text_wanted and self.arrival is not None and now - self.arrival.at <= TEXT_TRIED_FOR

    @property
    def status(self) -> PieceStatus:
        if self.erased_at:
            return PieceStatus.ERASED
        if self.withdrawn_at:
            return PieceStatus.WITHDRAWN
        if self.late:
            return PieceStatus.LATE
        if self.inspection:
            return PieceStatus.UNUSABLE if self.inspection.defect else PieceStatus.INSPECTED
        return PieceStatus.ARRIVED if self.arrival else PieceStatus.REGISTERED

    def submitted(self) -> Submitted:
        """As readiness looks at it: what came late never arrived."""
        return Submitted(self.id, self.requirement, self.in_time, self.inspection if self.in_time else None)


@dataclass(frozen=True, slots=True)
class Imprinted:
    """A picture under the keys by which the same one, re-encoded or resized, is found again."""

    imprint: str
    keys: tuple[str, ...]
    dispute: str
    piece: str


@dataclass(frozen=True, slots=True)
class Lookalike:
    """The same picture in two pieces."""

    one: Imprinted
    other: Imprinted
    distance: int
    """Bits of the imprint that differ."""


@dataclass(frozen=True, slots=True)
class PieceRegistered:
    id: str
    dispute: str
    party: str
    side: Side
    requirement: str
    stage: Stage
    request: str | None
    arrive_by: datetime
    key: str | None
    statement: Text | None
    inspection: Inspection | None
    """A statement is looked at as it comes."""


@dataclass(frozen=True, slots=True)
class PieceArrived:
    arrival: Arrival


@dataclass(frozen=True, slots=True)
class PieceInspected:
    inspection: Inspection
    clean_key: str | None
    seen: Text | None = None
    text_wanted: bool = False


@dataclass(frozen=True, slots=True)
class PieceRecognised:
    """Its text was read: what it is, and a finding for each point in the place of the first look's."""

    kind: DocumentKind | None
    findings: tuple[Finding, ...]
    seen: Text | None


@dataclass(frozen=True, slots=True)
class PieceSealed:
    """Sent off; it counts from here on, as it arrived, and can't be withdrawn."""

    arrival: Arrival | None
    """None for a statement."""


@dataclass(frozen=True, slots=True)
class PieceWithdrawn:
    """Taken back by its party before it was sealed."""


@dataclass(frozen=True, slots=True)
class PieceErased:
    """Its file, and whatever was made of it, is removed; what its events say of it stays."""


type PieceEvent = (
    PieceRegistered | PieceArrived | PieceInspected | PieceRecognised | PieceSealed | PieceWithdrawn | PieceErased
)


@dataclass(frozen=True, slots=True)
class PieceRecorded:
    seq: int
    at: datetime
    by: By
    event: PieceEvent


def evolve(piece: Piece | None, recorded: PieceRecorded) -> Piece:  # noqa: PLR0911  (one line an event)
    """The piece after the event; None before the first one."""
    event, at = recorded.event, recorded.at
    if isinstance(event, PieceRegistered):
        return Piece(
            event.id,
            event.dispute,
            recorded.seq,
            event.party,
            event.side,
            event.requirement,
            event.stage,
            event.request,
            at,
            event.arrive_by,
            event.key,
            event.statement,
            inspection=event.inspection,
        )
    if piece is None:
        raise ValueError(f"a piece begins with its registration, not with {type(event).__name__}")
    seq = recorded.seq
    match event:
        case PieceArrived(arrival):
            return replace(piece, seq=seq, arrival=arrival)
        case PieceInspected(inspection, clean_key, seen, text_wanted):
            return replace(
                piece, seq=seq, inspection=inspection, clean_key=clean_key, seen=seen, text_wanted=text_wanted
            )
        case PieceRecognised(kind, findings, seen):
            looked_at = replace(piece.inspection, kind=kind, findings=findings) if piece.inspection else None
            return replace(piece, seq=seq, inspection=looked_at, seen=seen, text_wanted=False)
        case PieceSealed(arrival):
            return replace(piece, seq=seq, arrival=arrival, sealed_at=at)
        case PieceWithdrawn():
            return replace(piece, seq=seq, withdrawn_at=at)
        case PieceErased():
            return replace(piece, seq=seq, erased_at=at, text_wanted=False)
        case _:
            assert_never(event)


def with_words(piece: Piece, seen: Mapping[str, str]) -> Piece:
    """What was seen, by point, back in its place: for those who may read the piece."""
    if piece.inspection is None:
        return piece
    findings = tuple(replace(each, seen=seen.get(each.point)) for each in piece.inspection.findings)
    return replace(piece, inspection=replace(piece.inspection, findings=findings))


def erase(piece: Piece) -> PieceEvent | None:
    """Takes effect once."""
    return None if piece.erased_at else PieceErased()


def may_be_shown(key: str) -> bool:
    """Whether it is of a copy that was made here; what was uploaded is only ever saved."""
    return key.startswith("clean/")


def clean_key(dispute: str, piece: str) -> str:
    """Where the clean copy of a picture lies."""
    return f"clean/{dispute}/{piece}.jpg"


def crop_key(dispute: str, piece: str, point: str) -> str:
    """Where the place that a finding is about lies, cut out."""
    return f"clean/{dispute}/{piece}/{point}.jpg"


def places(dispute: str, piece: str) -> tuple[str, ...]:
    """What the keys begin with of everything that is kept of a piece's file; ids are of one length."""
    return f"uploads/{dispute}/{piece}/", f"clean/{dispute}/{piece}"


def dispute_places(dispute: str) -> tuple[str, ...]:
    """Likewise of all files of a dispute."""
    return f"uploads/{dispute}/", f"clean/{dispute}/"


def record(piece: Piece | None, event: PieceEvent, by: By, at: datetime) -> tuple[Piece, PieceRecorded]:
    recorded = PieceRecorded(piece.seq + 1 if piece else 1, at, by, event)
    return evolve(piece, recorded), recorded


def arrive(piece: Piece, arrival: Arrival) -> PieceEvent | None:
    """Pins what the store holds, once: what is uploaded later under the same key changes nothing."""
    if piece.gone:
        return None
    if piece.arrival is None:
        return PieceArrived(arrival)
    unread = piece.arrival.sha256 is None and piece.arrival.version_id == arrival.version_id
    return PieceArrived(replace(piece.arrival, sha256=arrival.sha256)) if unread and arrival.sha256 else None


def inspected(
    piece: Piece, inspection: Inspection, clean_key: str | None, seen: Text | None, *, text_wanted: bool
) -> PieceEvent | None:
    """Takes effect once; a piece that was withdrawn meanwhile isn't looked at any more."""
    if piece.gone or piece.inspection:
        return None
    return PieceInspected(without_words(inspection), clean_key, seen, text_wanted)


def recognised(piece: Piece, inspection: Inspection, seen: Text | None) -> PieceEvent | None:
    """Takes effect once, also for a sealed piece: a finding rules nothing (A13)."""
    if piece.gone or not piece.text_wanted:
        return None
    return PieceRecognised(inspection.kind, without_words(inspection).findings, seen)


def without_words(inspection: Inspection) -> Inspection:
    """What was seen isn't in events, for it may name people."""
    return replace(inspection, findings=tuple(replace(each, seen=None) for each in inspection.findings))


def withdraw(piece: Piece) -> PieceEvent:
    if piece.sealed_at:
        raise PieceIsSealed(piece=piece.id)
    return PieceWithdrawn()
