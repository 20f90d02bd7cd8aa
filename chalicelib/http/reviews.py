"""What reviewers do: find work, claim it, ask for more, rule; and setting aside, which takes two."""

from dataclasses import replace

from chalicelib.domain import commands as c
from chalicelib.domain.errors import (
    ChecklistUnanswered,
    ConflictOfInterest,
    IdempotencyKeyReused,
    InvalidRuling,
    NothingToClaim,
    NothingToSetAside,
    NotYourReview,
    RequestLimitReached,
    ReviewTaken,
    SecondPersonNeeded,
    TooBusy,
    UnknownPieces,
    UnknownRequirement,
)
from chalicelib.domain.ports import DisputeFilter, Sort
from chalicelib.http.answers import COMMANDS, carried_out, done
from chalicelib.http.call import Call
from chalicelib.http.disputes import LISTS, rows
from chalicelib.http.endpoint import Answer, Routes
from chalicelib.http.models import requests as asked
from chalicelib.http.models.dispute import DisputeOut
from chalicelib.http.models.lists import QueueQuery, RowsOut
from chalicelib.service.claiming import claim_next

routes = Routes(__name__)

HELD = (*COMMANDS, ConflictOfInterest, NotYourReview)
RULED = (*HELD, InvalidRuling, ChecklistUnanswered, UnknownPieces)
SET_ASIDE = (*COMMANDS, ConflictOfInterest, NothingToSetAside)


@routes.get("/reviews", query=QueueQuery, gives=RowsOut, refuses=LISTS)
def list_queue(call: Call, query: QueueQuery) -> Answer:
    """List a queue, the most urgent first.

    Free reviews before claimed ones, escalated ones first, then by deadline.
    """
    return rows(call, DisputeFilter(queue=query.queue, sort=Sort.DEADLINE), query)


@routes.post(
    "/reviews/claim-next",
    takes=asked.ClaimNextIn,
    gives=DisputeOut,
    refuses=(NothingToClaim, IdempotencyKeyReused, TooBusy),
)
def claim_the_next(call: Call, body: asked.ClaimNextIn) -> Answer:
    """Claim the most urgent review that is free.

    What isn't for you is passed over: where you ruled before, or belong to a party. If-Match says nothing here.
    """
    request = replace(call.request(), if_match=None)
    return done(call, claim_next(call.deps.commands, call.deps.queries, body.queue, request))


@routes.post(
    "/disputes/{dispute_id}/review-claim",
    takes=asked.NothingIn,
    gives=DisputeOut,
    refuses=(*COMMANDS, ConflictOfInterest, ReviewTaken),
)
def claim_review(call: Call, _body: asked.NothingIn, dispute_id: str) -> Answer:
    """Claim this review, or that of its open appeal.

    For as long as the policy says; only the holder rules. What was submitted so far is sealed by it.
    """
    return carried_out(call, dispute_id, c.ClaimReview())


@routes.delete("/disputes/{dispute_id}/review-claim", gives=DisputeOut, refuses=(*COMMANDS, NotYourReview))
def release_review(call: Call, dispute_id: str) -> Answer:
    """Release your claim.

    The review is free for anybody.
    """
    return carried_out(call, dispute_id, c.ReleaseReview())


@routes.post(
    "/disputes/{dispute_id}/evidence-requests",
    takes=asked.EvidenceRequestIn,
    gives=DisputeOut,
    status=201,
    refuses=(*HELD, UnknownRequirement, RequestLimitReached),
)
def request_evidence(call: Call, body: asked.EvidenceRequestIn, dispute_id: str) -> Answer:
    """Ask for more evidence, of either side or both.

    The review waits meanwhile, and is free for anybody afterwards.
    """
    return carried_out(call, dispute_id, body.command(call.texts))


@routes.post("/disputes/{dispute_id}/ruling", takes=asked.RulingIn, gives=DisputeOut, refuses=RULED)
def rule(call: Call, body: asked.RulingIn, dispute_id: str) -> Answer:
    """Rule.

    For either side or split. Liabilities add up to the awarded remedy; each open point of the checklist is answered.
    """
    return carried_out(call, dispute_id, body.command(call.texts))


@routes.post("/disputes/{dispute_id}/set-aside", takes=asked.SetAsideIn, gives=DisputeOut, refuses=SET_ASIDE)
def ask_set_aside(call: Call, body: asked.SetAsideIn, dispute_id: str) -> Answer:
    """Ask to set aside a default, or a failed appeal.

    For cause. Nothing changes until another person agrees.
    """
    return carried_out(call, dispute_id, body.command(call.texts))


@routes.post(
    "/disputes/{dispute_id}/set-aside/agreement",
    takes=asked.AgreementIn,
    gives=DisputeOut,
    refuses=(*SET_ASIDE, SecondPersonNeeded),
)
def answer_set_aside(call: Call, body: asked.AgreementIn, dispute_id: str) -> Answer:
    """Agree or decline to set aside.

    Agreeing takes another person than the one who asked.
    """
    return carried_out(call, dispute_id, c.AnswerSetAside(body.agreed))
