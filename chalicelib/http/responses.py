"""What the parties answer: accept, settle, contest, supply more."""

from chalicelib.domain import commands as c
from chalicelib.domain.errors import (
    EvidenceDoubtful,
    EvidenceIncomplete,
    MeaninglessStatement,
    PiecesNotArrived,
    UnknownPieces,
)
from chalicelib.http.answers import IN_TIME, carried_out
from chalicelib.http.call import Call
from chalicelib.http.endpoint import Answer, Routes
from chalicelib.http.models import requests as asked
from chalicelib.http.models.dispute import DisputeOut

routes = Routes(__name__)

SENT_OFF = (*IN_TIME, EvidenceIncomplete, EvidenceDoubtful, MeaninglessStatement, PiecesNotArrived, UnknownPieces)


@routes.post("/disputes/{dispute_id}/acceptance", takes=asked.AcceptIn, gives=DisputeOut, refuses=IN_TIME)
def accept(call: Call, body: asked.AcceptIn, dispute_id: str) -> Answer:
    """Accept the claim.

    The requested remedy is awarded, and final at once.
    """
    return carried_out(call, dispute_id, body.command(call.texts))


@routes.post(
    "/disputes/{dispute_id}/settlement",
    takes=asked.SettlementIn,
    gives=DisputeOut,
    refuses=(*IN_TIME, MeaninglessStatement),
)
def report_settlement(call: Call, body: asked.SettlementIn, dispute_id: str) -> Answer:
    """Report a settlement.

    It ends the dispute, and nobody is at fault, once the complainant's side confirms it.
    """
    return carried_out(call, dispute_id, body.command(call.texts))


@routes.post(
    "/disputes/{dispute_id}/settlement/confirmation",
    takes=asked.SettlementAnswerIn,
    gives=DisputeOut,
    refuses=IN_TIME,
)
def answer_settlement(call: Call, body: asked.SettlementAnswerIn, dispute_id: str) -> Answer:
    """Confirm or deny a settlement.

    Denied, the dispute goes to a reviewer.
    """
    return carried_out(call, dispute_id, c.AnswerSettlement(body.confirmed))


@routes.post("/disputes/{dispute_id}/response", takes=asked.ContestIn, gives=DisputeOut, refuses=SENT_OFF)
def contest(call: Call, body: asked.ContestIn, dispute_id: str) -> Answer:
    """Contest the claim.

    With the pieces that you name. Only what is missing, unusable or meaningless is refused, and can be mended until the
    deadline; what is doubtful can be sent all the same, with submit_anyway.
    """
    return carried_out(call, dispute_id, body.command(call.texts))


@routes.post(
    "/disputes/{dispute_id}/evidence-requests/{request_id}/answer",
    takes=asked.SupplyIn,
    gives=DisputeOut,
    refuses=SENT_OFF,
)
def supply_evidence(call: Call, body: asked.SupplyIn, dispute_id: str, request_id: str) -> Answer:
    """Answer a request for more evidence.

    With the pieces that you name, submitted for this request.
    """
    return carried_out(call, dispute_id, body.command(request_id, call.texts))
