"""Evidence: what is wanted, submitting it, how it stands, looking at it."""

from chalicelib.domain import commands as c
from chalicelib.domain.errors import (
    ContentErased,
    MeaninglessStatement,
    PieceIsSealed,
    TooManyPieces,
    UnknownRequirement,
    UploadClosed,
    WrongMedium,
)
from chalicelib.domain.parties import Role
from chalicelib.domain.piece import Piece
from chalicelib.domain.viewer import Viewer
from chalicelib.http.answers import COMMANDS, IN_TIME, READS, carried_out
from chalicelib.http.call import Call
from chalicelib.http.endpoint import PREFIX, Answer, Routes
from chalicelib.http.models import evidence as out
from chalicelib.http.models import requests as asked
from chalicelib.http.models.dispute import DisputeOut
from chalicelib.http.shown import by_content, by_reference
from chalicelib.http.shown_evidence import (
    checklist_out,
    form_out,
    piece_out,
    readiness_out,
    requirements_out,
)
from chalicelib.service.commands import Done
from evidence.model import Finding

routes = Routes(__name__)


@routes.get("/disputes/{dispute_id}/requirements", gives=out.RequirementsOut, refuses=READS)
def get_requirements(call: Call, dispute_id: str) -> Answer:
    """Read what is wanted as evidence.

    Of your side, on each occasion: which requirements, what each must show, in which form, and until when.
    """
    dispute = call.deps.queries.dispute(dispute_id, call.actor)
    viewer = Viewer.of(dispute, call.actor)
    return Answer(requirements_out(viewer, call.deps.queries.policy_of(dispute)))


@routes.get("/disputes/{dispute_id}/readiness", gives=out.ReadinessOut, refuses=READS)
def get_readiness(call: Call, dispute_id: str) -> Answer:
    """Ask how your evidence stands.

    For each submission that is open: what is met, missing, open or doubtful, and the fix. Sending it off asks the same.
    """
    dispute, occasions = call.deps.queries.readiness(dispute_id, call.actor, call.at)
    return Answer(readiness_out(dispute, occasions, call.at))


@routes.get("/disputes/{dispute_id}/evidence", gives=out.PiecesOut, refuses=READS)
def list_evidence(call: Call, dispute_id: str) -> Answer:
    """List the pieces of evidence.

    Your own; the respondent also sees what the complainant's side has sent off; staff see all. Of a confidential
    dispute only who handles it sees what the complainant has submitted.
    """
    dispute, pieces = call.deps.queries.pieces(dispute_id, call.actor)
    texts = call.deps.queries.texts(dispute, tuple(each.statement.id for each in pieces if each.statement))
    items = tuple(piece_out(each, by_content(texts), call.at) for each in pieces)
    return Answer(out.PiecesOut(items=items, server_time=call.at))


@routes.post(
    "/disputes/{dispute_id}/evidence",
    takes=asked.RegisterIn,
    gives=out.RegisteredOut,
    status=201,
    refuses=(*IN_TIME, UnknownRequirement, WrongMedium, TooManyPieces, MeaninglessStatement),
)
def register_evidence(call: Call, body: asked.RegisterIn, dispute_id: str) -> Answer:
    """Submit a piece of evidence.

    A file: the answer holds a form to upload it with, straight to the object store. A statement is looked at at once.
    It counts once it is named by what you send off (response, answer, appeal).
    """
    result = call.deps.commands.execute(dispute_id, body.command(call.texts), call.request())
    piece, now = _registered(call, result)
    form = None if now.gone else _form(call, result, piece, body.media_type)
    return Answer(
        out.RegisteredOut(piece=piece_out(piece, by_reference, call.at), upload=form),
        etag=result.dispute.seq,
        location=f"{PREFIX}/disputes/{result.dispute.id}/evidence/{piece.id}",
    )


def _registered(call: Call, result: Done) -> tuple[Piece, Piece]:
    if result.registered:
        return result.registered, result.registered
    if result.piece is None:
        raise ValueError("registering leaves a piece")
    return call.deps.queries.registered(result.dispute, result.piece)


def _form(call: Call, result: Done, piece: Piece, media_type: str | None) -> out.UploadFormOut | None:
    """Signed afresh in a replay, too; none once there is no time left for it."""
    if media_type is None or call.at >= piece.arrive_by:
        return None
    return form_out(call.deps.queries.upload_form(result.dispute, piece, media_type, call.at))


@routes.get("/disputes/{dispute_id}/evidence/{piece_id}", gives=out.PieceOut, refuses=READS)
def get_evidence(call: Call, dispute_id: str, piece_id: str) -> Answer:
    """Read a piece of evidence.

    Its state, what was found and where, and how to mend it. Staff are told where the same bytes or picture were seen.
    """
    dispute, piece = call.deps.queries.piece(dispute_id, piece_id, call.actor)
    texts = call.deps.queries.texts(dispute, (piece.statement.id,) if piece.statement else ())
    staff = call.actor.role not in (Role.MERCHANT, Role.BUYER)
    elsewhere = call.deps.queries.elsewhere(piece) if staff else None
    return Answer(piece_out(piece, by_content(texts), call.at, elsewhere))


@routes.delete("/disputes/{dispute_id}/evidence/{piece_id}", gives=DisputeOut, refuses=(*COMMANDS, PieceIsSealed))
def withdraw_evidence(call: Call, dispute_id: str, piece_id: str) -> Answer:
    """Withdraw a piece.

    As long as it wasn't sent off.
    """
    return carried_out(call, dispute_id, c.WithdrawPiece(piece_id))


@routes.post(
    "/disputes/{dispute_id}/evidence/{piece_id}/upload-form",
    takes=asked.UploadFormIn,
    gives=out.UploadFormOut,
    refuses=(*READS, UploadClosed),
    changes=False,
)
def get_upload_form(call: Call, body: asked.UploadFormIn, dispute_id: str, piece_id: str) -> Answer:
    """Get a fresh upload form.

    For a piece of your own that hasn't arrived yet. The first file that arrives is the one that counts.
    """
    dispute, piece = call.deps.queries.own_piece(dispute_id, piece_id, call.actor)
    return Answer(form_out(call.deps.queries.upload_form(dispute, piece, body.media_type, call.at)))


@routes.get("/disputes/{dispute_id}/evidence/{piece_id}/view", gives=out.ViewOut, refuses=(*READS, ContentErased))
def view_evidence(call: Call, dispute_id: str, piece_id: str) -> Answer:
    """Get a link to look at a piece.

    Good for five minutes: to the clean copy of a picture, or to a PDF as an attachment.
    """
    _, piece = call.deps.queries.piece(dispute_id, piece_id, call.actor)
    url, expires_at = call.deps.queries.view_link(piece, call.at)
    return Answer(out.ViewOut(url=url, expires_at=expires_at))


@routes.get("/disputes/{dispute_id}/checklist", gives=out.ChecklistOut, refuses=READS)
def get_checklist(call: Call, dispute_id: str) -> Answer:
    """Read the reviewer's checklist.

    Every point of the evidence, filled in as far as a machine can be sure, each with the place that shows it; links to
    those are good for five minutes. A ruling answers each point that is `wanted`.
    """
    queries = call.deps.queries
    dispute = queries.dispute(dispute_id, call.actor)
    points = queries.checklist(dispute, call.actor, call.at)

    def crops(piece: str, finding: Finding) -> out.ViewOut | None:
        if finding.box is None or dispute.images_erased_at:
            return None
        url, expires_at = queries.crop_link(dispute, piece, finding.point, call.at)
        return out.ViewOut(url=url, expires_at=expires_at)

    return Answer(checklist_out(dispute, points, queries.policy_of(dispute).requirements, crops))
