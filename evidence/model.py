"""What is said of a piece of evidence. Frozen values, without Pillow or AWS."""

from dataclasses import dataclass
from enum import StrEnum

from evidence.text import Box
from policies.model import Bilingual, DocumentKind, Medium


class Verdict(StrEnum):
    """A13: `not_met` only where it is certain; what a machine can't decide is `open`, for the reviewer."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one point of one requirement."""

    point: str
    verdict: Verdict
    code: str
    message: Bilingual
    confidence: float
    """0 to 1; 1 where it is certain."""
    seen: str | None = None
    """What was seen in the piece, in its own words. It may name people: no event holds it."""
    fix: Bilingual | None = None
    box: Box | None = None
    """Where it was seen."""


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801 (Warning is a builtin)
    """Something that a person should look at; it never refuses a piece (A14)."""

    code: str
    message: Bilingual
    fix: Bilingual


@dataclass(frozen=True, slots=True)
class Defect:
    """Why a piece can't be used at all: unreadable, of a wrong form, meaningless (A3, A13)."""

    code: str
    message: Bilingual
    fix: Bilingual


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that a look at one piece yields. A defect means that it counts as not submitted."""

    medium: Medium | None
    media_type: str | None
    """By content, e.g. image/jpeg; None where it is nothing that is accepted."""
    defect: Defect | None = None
    findings: tuple[Finding, ...] = ()
    warnings: tuple[Warning_, ...] = ()
    width: int | None = None
    """Upright, in pixels, after the EXIF orientation."""
    height: int | None = None
    pages: int | None = None
    """Of a PDF; None where they couldn't be counted."""
    sha256: str | None = None
    """Of the original bytes, in hex: the same file again is found by it. None for a statement."""
    imprint: str | None = None
    """Of a picture: the same one, re-encoded or resized, has almost the same."""
    kind: DocumentKind | None = None
    """What it is, as far as its text tells."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """One piece as readiness looks at it."""

    piece: str
    requirement: str
    arrived: bool
    inspection: Inspection | None
    """None until it is inspected; it then counts as open, never as missing (A14)."""


class Standing(StrEnum):
    """How a requirement stands. `missing` and `unusable` block contesting, `not_met` only asks for `submit_anyway`."""

    MET = "met"
    OPEN = "open"
    NOT_MET = "not_met"
    UNUSABLE = "unusable"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class PointStanding:
    """One point of a requirement over all its pieces: met if one shows it, not met if none can."""

    point: str
    verdict: Verdict
    findings: tuple[tuple[str, Finding], ...]
    """(piece, finding)."""
    fix: Bilingual


@dataclass(frozen=True, slots=True)
class RequirementStanding:
    requirement: str
    standing: Standing
    needed: bool
    """False for what is optional, and for the rest of a one-of group of which one is there."""
    pieces: tuple[str, ...]
    points: tuple[PointStanding, ...]
    warnings: tuple[tuple[str, Warning_], ...]
    defects: tuple[tuple[str, Defect], ...]
    fix: Bilingual | None
    """What to do next; None when nothing need be done."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """The answer to "would this pass?", asked beforehand and by contesting alike (A13, A14)."""

    requirements: tuple[RequirementStanding, ...]

    @property
    def blocking(self) -> tuple[RequirementStanding, ...]:
        """What must be mended before contesting: needed, and missing or unusable."""
        return tuple(
            each for each in self.requirements if each.needed and each.standing in (Standing.MISSING, Standing.UNUSABLE)
        )

    @property
    def doubtful(self) -> tuple[RequirementStanding, ...]:
        """Needed, and shown not to be met: it can be contested all the same with `submit_anyway`."""
        return tuple(each for each in self.requirements if each.needed and each.standing is Standing.NOT_MET)

    @property
    def complete(self) -> bool:
        return not self.blocking
