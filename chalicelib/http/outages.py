"""Outages: declared by one operator, looked at beforehand, agreed to by another; and how far the work is (B11)."""

from dataclasses import asdict

from chalicelib.domain.errors import (
    ConflictOfInterest,
    IdempotencyKeyReused,
    InvalidOutage,
    OutageAnswered,
    SecondPersonNeeded,
    TooBusy,
    UnknownReason,
)
from chalicelib.domain.parties import By
from chalicelib.http.answers import READS
from chalicelib.http.call import Call
from chalicelib.http.endpoint import PREFIX, Answer, Routes
from chalicelib.http.models import outages as out
from chalicelib.http.models.dispute import ByOut
from chalicelib.http.models.lists import PageQuery
from chalicelib.http.models.requests import AgreementIn
from chalicelib.http.problems import InvalidCursor
from chalicelib.service.outages import Prospect, Reported

routes = Routes(__name__)

CHANGES = (ConflictOfInterest, IdempotencyKeyReused, TooBusy)


@routes.post(
    "/outages",
    takes=out.OutageIn,
    gives=out.OutageOut,
    status=201,
    refuses=(*CHANGES, InvalidOutage, UnknownReason),
)
def declare_outage(call: Call, body: out.OutageIn) -> Answer:
    """Declare an outage.

    Changes no dispute: look at the preview, and let another operator agree. Then deadlines that fell in it and still
    run are extended, and defaults by those that lapsed in it are set aside. If-Match says nothing here.
    """
    _require_known(call, body.reasons)
    reported = call.deps.outages.declare(body.declaration(), call.request())
    return Answer(_outage(reported), location=f"{PREFIX}/outages/{reported.outage.id}")


def _require_known(call: Call, reasons: tuple[str, ...]) -> None:
    """Raises UnknownReason for what no policy has: it would find nothing, and nobody would know why."""
    if not reasons:
        return
    known = tuple(sorted({reason for policy in call.deps.queries.book for reason in policy.reasons}))
    for each in reasons:
        if each not in known:
            raise UnknownReason(reason=each, known=known)


@routes.get("/outages", query=PageQuery, gives=out.OutagesOut, refuses=(InvalidCursor,))
def list_outages(call: Call, query: PageQuery) -> Answer:
    """List outages.

    The latest first.
    """
    bound = {"list": "outages"}
    after = call.deps.cursors.open(query.cursor, call.holder, bound)
    page = call.deps.outages.listed(limit=query.limit, after=after)
    following = call.deps.cursors.seal(page.next, call.holder, bound)
    return Answer(out.OutagesOut(items=tuple(map(_outage, page.items)), next=following, server_time=call.at))


@routes.get("/outages/{outage_id}", gives=out.OutageOut, refuses=READS)
def get_outage(call: Call, outage_id: str) -> Answer:
    """Read an outage.

    How far the work is, and what it has given back.
    """
    return Answer(_outage(call.deps.outages.read(outage_id)))


@routes.get("/outages/{outage_id}/preview", query=PageQuery, gives=out.PreviewOut, refuses=(*READS, InvalidCursor))
def preview_outage(call: Call, query: PageQuery, outage_id: str) -> Answer:
    """See what an outage would change.

    Each deadline that would be extended, each default that would be set aside, and each lapse that stays, with the
    reason; first what runs, then what lapsed. What is done already isn't shown again.
    """
    outage, bound = call.deps.outages.read(outage_id).outage, {"preview": outage_id}
    after = call.deps.cursors.open(query.cursor, call.holder, bound)
    page = call.deps.outages.preview(outage, call.at, limit=query.limit, after=after)
    totals = call.deps.outages.totals(outage, call.at) if after is None else None
    return Answer(
        out.PreviewOut(
            outage=outage_id,
            totals=out.TotalsOut(**asdict(totals)) if totals else None,
            items=tuple(map(_prospect, page.items)),
            next=call.deps.cursors.seal(page.next, call.holder, bound),
            server_time=call.at,
        )
    )


@routes.post(
    "/outages/{outage_id}/agreement",
    takes=AgreementIn,
    gives=out.OutageOut,
    refuses=(*READS, *CHANGES, InvalidOutage, OutageAnswered, SecondPersonNeeded),
)
def answer_outage(call: Call, body: AgreementIn, outage_id: str) -> Answer:
    """Agree to an outage, or decline it.

    Agreeing takes another person than the one who declared it. The work begins within two minutes. If-Match says
    nothing here.
    """
    return Answer(_outage(call.deps.outages.answer(outage_id, call.request(), agreed=body.agreed)))


def _outage(reported: Reported) -> out.OutageOut:
    outage, given, left = reported.outage, reported.given, reported.outage.progress
    return out.OutageOut(
        id=outage.id,
        state=outage.state,
        since=outage.scope.since,
        until=outage.scope.until,
        respondents=outage.scope.respondents,
        reasons=outage.scope.reasons,
        kinds=outage.scope.kinds,
        extra_seconds=int(outage.extra.total_seconds()),
        cause=outage.cause,
        note=outage.note,
        declared_by=_by(outage.declared_by),
        declared_at=outage.declared_at,
        answered_by=_by(outage.answered_by) if outage.answered_by else None,
        answered_at=outage.answered_at,
        updated_at=outage.updated_at,
        result=out.ResultOut(**asdict(given), final=left.final, withdrawn=left.withdrawn, no_default=left.no_default),
    )


def _by(by: By) -> ByOut:
    return ByOut(role=by.role, id=by.id)


def _prospect(prospect: Prospect) -> out.ProspectOut:
    met = prospect.met
    if met.kind is None:
        raise ValueError("nothing becomes of a deadline that is gone")
    return out.ProspectOut(
        dispute=met.dispute.id,
        respondent=met.dispute.respondent,
        reason=met.dispute.reason,
        deadline=met.deadline,
        kind=met.kind,
        due=met.due,
        would=prospect.would,
        due_after=prospect.due_after,
        why=prospect.why,
    )
