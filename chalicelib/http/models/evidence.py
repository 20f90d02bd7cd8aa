"""Evidence as it is shown: what is wanted, what is there, what was found, and how to mend it."""

from typing import Self

from chalicelib.domain.model import Stage
from chalicelib.domain.parties import Side
from chalicelib.domain.piece import PieceStatus
from chalicelib.http.models.common import Bilingual, Instant, LocalInstant, Out
from chalicelib.http.models.dispute import Written
from evidence.model import Defect, Finding, Standing, Verdict, Warning_
from evidence.text import Box
from policies.model import DocumentKind, EvidenceRule, Medium


class BoxOut(Out):
    """A place in the upright picture: shares of its width and height, 0 to 1, from the top left."""

    left: float
    top: float
    right: float
    bottom: float
    page: int
    """Of a PDF; from 1."""

    @classmethod
    def of(cls, box: Box) -> Self:
        return cls(left=box.left, top=box.top, right=box.right, bottom=box.bottom, page=box.page)


class FindingOut(Out):
    """What was found of one point."""

    point: str
    verdict: Verdict
    code: str
    message: Bilingual
    confidence: float
    """0 to 1; 1 where it is certain."""
    seen: str | None
    """What was read there."""
    fix: Bilingual | None
    box: BoxOut | None
    """Where it was seen."""

    @classmethod
    def of(cls, finding: Finding) -> Self:
        return cls(
            point=finding.point,
            verdict=finding.verdict,
            code=finding.code,
            message=Bilingual.of(finding.message),
            confidence=finding.confidence,
            seen=finding.seen,
            fix=Bilingual.of_any(finding.fix),
            box=BoxOut.of(finding.box) if finding.box else None,
        )


class RemarkOut(Out):
    """A warning, which refuses nothing, or a defect, for which a piece counts as not submitted."""

    code: str
    message: Bilingual
    fix: Bilingual

    @classmethod
    def of(cls, remark: Warning_ | Defect) -> Self:
        return cls(code=remark.code, message=Bilingual.of(remark.message), fix=Bilingual.of(remark.fix))


class PlaceOut(Out):
    """Where the same bytes, or the same picture, were seen."""

    dispute: str
    piece: str


class FileOut(Out):
    """What was uploaded, by content."""

    media_type: str | None
    size: int
    sha256: str | None
    arrived_at: Instant
    width: int | None
    height: int | None
    pages: int | None


class UploadFormOut(Out):
    """POST the file to `url` as multipart/form-data: these fields first, the file last, under the name `file`."""

    url: str
    fields: dict[str, str]
    expires_at: Instant


class PieceOut(Out):
    id: str
    dispute: str
    side: Side
    requirement: str
    stage: Stage
    request: str | None
    status: PieceStatus
    registered_at: Instant
    arrive_by: Instant
    """The latest instant of arrival that counts."""
    sealed_at: Instant | None
    erased_at: Instant | None
    """From then on the file can't be had any more; what it was stays."""
    statement: Written | None
    file: FileOut | None
    """null until it has arrived."""
    kind: DocumentKind | None
    """What it is, as far as its text tells."""
    text_pending: bool
    """Its text is still being read; more findings are to come, and nothing waits for them."""
    findings: tuple[FindingOut, ...]
    warnings: tuple[RemarkOut, ...]
    defect: RemarkOut | None
    twins: tuple[PlaceOut, ...] | None
    """The same bytes. Shown to staff, of one piece."""
    lookalikes: tuple[PlaceOut, ...] | None
    """The same picture, re-encoded or resized, in other disputes. Shown to staff, of one piece."""


class RegisteredOut(Out):
    piece: PieceOut
    upload: UploadFormOut | None
    """null for a statement, and once the time for uploading is over."""


class PiecesOut(Out):
    items: tuple[PieceOut, ...]
    server_time: Instant


class ViewOut(Out):
    url: str
    expires_at: Instant


class RuleOut(Out):
    """Which requirements are to be evidenced: all of `all_of`, one of each group in `one_of`; `optional` may be."""

    all_of: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...]

    @classmethod
    def of(cls, rule: EvidenceRule) -> Self:
        return cls(all_of=rule.all_of, one_of=rule.one_of, optional=rule.optional)


class PointWantedOut(Out):
    label: Bilingual
    fix: Bilingual
    """How to mend it when it isn't shown."""


class RequirementOut(Out):
    label: Bilingual
    about: Bilingual
    media: tuple[Medium, ...]
    points: dict[str, PointWantedOut]


class WantedOut(Out):
    """What one submission asks for."""

    side: Side
    stage: Stage
    request: str | None
    rule: RuleOut
    open: bool
    """Evidence for it can be submitted now."""
    due_at: Instant | None
    due_at_local: LocalInstant | None


class FileLimitsOut(Out):
    max_bytes: int
    max_pieces: int
    """A submission."""
    min_side_px: int
    max_pixels: int


class RequirementsOut(Out):
    dispute: str
    submissions: tuple[WantedOut, ...]
    requirements: dict[str, RequirementOut]
    """Every requirement named above, by id."""
    files: FileLimitsOut


class PointStandingOut(Out):
    point: str
    verdict: Verdict
    fix: Bilingual
    findings: tuple["PieceFindingOut", ...]


class PieceFindingOut(Out):
    piece: str
    finding: FindingOut


class PieceRemarkOut(Out):
    piece: str
    remark: RemarkOut


class RequirementStandingOut(Out):
    requirement: str
    standing: Standing
    needed: bool
    pieces: tuple[str, ...]
    points: tuple[PointStandingOut, ...]
    warnings: tuple[PieceRemarkOut, ...]
    defects: tuple[PieceRemarkOut, ...]
    fix: Bilingual | None
    """What to do next; null when nothing need be done."""


class SubmissionOut(Out):
    """How one submission stands, as sending it off would judge it now."""

    side: Side
    stage: Stage
    request: str | None
    complete: bool
    """Nothing blocks it."""
    blocking: tuple[str, ...]
    """Needed, and missing or unusable."""
    doubtful: tuple[str, ...]
    """Can be sent all the same, with submit_anyway."""
    requirements: tuple[RequirementStandingOut, ...]


class ReadinessOut(Out):
    dispute: str
    submissions: tuple[SubmissionOut, ...]
    server_time: Instant


class CheckedOut(Out):
    """What the machine found of a point in one piece, and the place cut out of the picture."""

    piece: str
    finding: FindingOut
    crop: ViewOut | None


class CheckPointOut(Out):
    side: Side
    requirement: str
    point: str
    label: Bilingual
    pieces: tuple[str, ...]
    """The sealed pieces to look at."""
    verdict: Verdict
    """The machine's, over all the pieces: `open` where it isn't certain."""
    wanted: bool
    """A ruling has to answer it. What is met need only be answered to overrule it."""
    findings: tuple[CheckedOut, ...]


class ChecklistOut(Out):
    """Every point of the evidence before the reviewer, filled in as far as a machine can be sure."""

    dispute: str
    points: tuple[CheckPointOut, ...]
