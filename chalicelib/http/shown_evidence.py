"""Evidence as its caller sees it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from chalicelib.domain.case import governing_deadline
from chalicelib.domain.checklist import CheckPoint
from chalicelib.domain.model import Dispute, Stage
from chalicelib.domain.moves import open_stages
from chalicelib.domain.parties import Side
from chalicelib.domain.piece import Piece
from chalicelib.domain.ports import UploadForm
from chalicelib.domain.viewer import Viewer
from chalicelib.http.instants import local
from chalicelib.http.models import evidence as out
from chalicelib.http.models.common import Bilingual
from chalicelib.http.shown import Shows
from chalicelib.service.outlook import Occasion
from chalicelib.service.queries import Elsewhere, Place
from evidence.model import Finding, PointStanding, Readiness, RequirementStanding
from policies.model import EvidenceRule, Policy, Requirement


def piece_out(piece: Piece, shows: Shows, now: datetime, elsewhere: Elsewhere | None = None) -> out.PieceOut:
    """Where it was seen elsewhere is for staff; None says nothing of it."""
    seen = piece.inspection
    return out.PieceOut(
        id=piece.id,
        dispute=piece.dispute,
        side=piece.side,
        requirement=piece.requirement,
        stage=piece.stage,
        request=piece.request,
        status=piece.status,
        registered_at=piece.registered_at,
        arrive_by=piece.arrive_by,
        sealed_at=piece.sealed_at,
        erased_at=piece.erased_at,
        statement=shows(piece.statement) if piece.statement else None,
        file=_file(piece),
        kind=seen.kind if seen else None,
        text_pending=piece.text_pending(now),
        findings=tuple(map(out.FindingOut.of, seen.findings)) if seen else (),
        warnings=tuple(map(out.RemarkOut.of, seen.warnings)) if seen else (),
        defect=out.RemarkOut.of(seen.defect) if seen and seen.defect else None,
        twins=_places(elsewhere.bytes) if elsewhere else None,
        lookalikes=_places(elsewhere.picture) if elsewhere else None,
    )


def _places(found: Sequence[Place]) -> tuple[out.PlaceOut, ...]:
    return tuple(out.PlaceOut(dispute=each.dispute, piece=each.piece) for each in found)


def _file(piece: Piece) -> out.FileOut | None:
    arrival, seen = piece.arrival, piece.inspection
    if arrival is None:
        return None
    return out.FileOut(
        media_type=seen.media_type if seen else None,
        size=arrival.size,
        sha256=arrival.sha256,
        arrived_at=arrival.at,
        width=seen.width if seen else None,
        height=seen.height if seen else None,
        pages=seen.pages if seen else None,
    )


def form_out(form: UploadForm) -> out.UploadFormOut:
    return out.UploadFormOut(url=form.url, fields=dict(form.fields), expires_at=form.expires_at)


def requirements_out(viewer: Viewer, policy: Policy) -> out.RequirementsOut:
    """What is asked of whom, on every occasion of this dispute."""
    wanted = [_wanted(viewer.dispute, *each) for each in _submissions(viewer, policy)]
    ids = dict.fromkeys(
        each for one in wanted for each in (*one.rule.all_of, *_flat(one.rule.one_of), *one.rule.optional)
    )
    return out.RequirementsOut(
        dispute=viewer.dispute.id,
        submissions=tuple(wanted),
        requirements={each: _requirement(policy.requirements[each]) for each in ids},
        files=out.FileLimitsOut(
            max_bytes=policy.files.max_bytes,
            max_pieces=policy.files.max_pieces,
            min_side_px=policy.files.min_side_px,
            max_pixels=policy.files.max_pixels,
        ),
    )


def _submissions(viewer: Viewer, policy: Policy) -> Iterable[tuple[Side, Stage, str | None, EvidenceRule]]:
    reason = policy.reasons[viewer.dispute.reason]
    if viewer.is_of(Side.RESPONDENT):
        yield Side.RESPONDENT, Stage.RESPONSE, None, reason.respondent
    if viewer.is_of(Side.COMPLAINANT):
        yield Side.COMPLAINANT, Stage.CLAIM, None, reason.complainant
    for each in viewer.dispute.requests:
        if viewer.is_of(each.side):
            yield each.side, Stage.SUPPLEMENT, each.id, EvidenceRule(all_of=each.requirements)
    if viewer.is_of(Side.RESPONDENT):
        yield Side.RESPONDENT, Stage.APPEAL, None, policy.appeal.key_evidence


def _wanted(dispute: Dispute, side: Side, stage: Stage, request: str | None, rule: EvidenceRule) -> out.WantedOut:
    deadline = governing_deadline(dispute, stage, request)
    return out.WantedOut(
        side=side,
        stage=stage,
        request=request,
        rule=out.RuleOut.of(rule),
        open=(stage, request) in open_stages(dispute, side),
        due_at=deadline.due if deadline else None,
        due_at_local=local(deadline.due, deadline.zone) if deadline else None,
    )


def _flat(groups: Sequence[Sequence[str]]) -> Iterable[str]:
    return (each for group in groups for each in group)


def _requirement(requirement: Requirement) -> out.RequirementOut:
    return out.RequirementOut(
        label=Bilingual.of(requirement.label),
        about=Bilingual.of(requirement.about),
        media=requirement.media,
        points={
            name: out.PointWantedOut(label=Bilingual.of(each.label), fix=Bilingual.of(each.fix))
            for name, each in requirement.points.items()
        },
    )


def readiness_out(dispute: Dispute, occasions: Sequence[Occasion], now: datetime) -> out.ReadinessOut:
    return out.ReadinessOut(
        dispute=dispute.id,
        submissions=tuple(submission_out(each.side, each.stage, each.request, each.readiness) for each in occasions),
        server_time=now,
    )


def submission_out(side: Side, stage: Stage, request: str | None, readiness: Readiness) -> out.SubmissionOut:
    return out.SubmissionOut(
        side=side,
        stage=stage,
        request=request,
        complete=readiness.complete,
        blocking=tuple(each.requirement for each in readiness.blocking),
        doubtful=tuple(each.requirement for each in readiness.doubtful),
        requirements=tuple(map(_standing, readiness.requirements)),
    )


def _standing(standing: RequirementStanding) -> out.RequirementStandingOut:
    return out.RequirementStandingOut(
        requirement=standing.requirement,
        standing=standing.standing,
        needed=standing.needed,
        pieces=standing.pieces,
        points=tuple(map(_point, standing.points)),
        warnings=tuple(
            out.PieceRemarkOut(piece=piece, remark=out.RemarkOut.of(each)) for piece, each in standing.warnings
        ),
        defects=tuple(
            out.PieceRemarkOut(piece=piece, remark=out.RemarkOut.of(each)) for piece, each in standing.defects
        ),
        fix=Bilingual.of_any(standing.fix),
    )


def _point(standing: PointStanding) -> out.PointStandingOut:
    return out.PointStandingOut(
        point=standing.point,
        verdict=standing.verdict,
        fix=Bilingual.of(standing.fix),
        findings=tuple(
            out.PieceFindingOut(piece=piece, finding=out.FindingOut.of(each)) for piece, each in standing.findings
        ),
    )


type Crops = Callable[[str, Finding], out.ViewOut | None]
"""A link to the place that a finding of a piece is about; None where it is about none."""


def checklist_out(
    dispute: Dispute, points: Sequence[CheckPoint], requirements: Mapping[str, Requirement], crops: Crops
) -> out.ChecklistOut:
    return out.ChecklistOut(
        dispute=dispute.id,
        points=tuple(_check_point(dispute, each, requirements[each.requirement], crops) for each in points),
    )


def _check_point(dispute: Dispute, point: CheckPoint, requirement: Requirement, crops: Crops) -> out.CheckPointOut:
    standing = point.standing
    return out.CheckPointOut(
        side=point.side,
        requirement=point.requirement,
        point=standing.point,
        label=Bilingual.of(requirement.points[standing.point].label),
        pieces=_looked_at(dispute, point.side, point.requirement),
        verdict=standing.verdict,
        wanted=point.wanted,
        findings=tuple(
            out.CheckedOut(piece=piece, finding=out.FindingOut.of(each), crop=crops(piece, each))
            for piece, each in standing.findings
        ),
    )


def _looked_at(dispute: Dispute, side: Side, requirement: str) -> tuple[str, ...]:
    on_appeal = dispute.open_appeal is not None
    return tuple(
        each.id
        for each in dispute.pieces
        if each.sealed
        and each.side is side
        and each.requirement == requirement
        and (each.stage is Stage.APPEAL) == on_appeal
    )
