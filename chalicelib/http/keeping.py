"""How long what is personal is kept: legal holds, and erasure on demand."""

from chalicelib.domain import commands as c
from chalicelib.domain.errors import ConflictOfInterest, OnHold, SecondPersonNeeded
from chalicelib.http.answers import COMMANDS, carried_out
from chalicelib.http.call import Call
from chalicelib.http.endpoint import Answer, Routes
from chalicelib.http.models import requests as asked
from chalicelib.http.models.dispute import DisputeOut

routes = Routes(__name__)


@routes.post(
    "/disputes/{dispute_id}/hold", takes=asked.HoldIn, gives=DisputeOut, refuses=(*COMMANDS, ConflictOfInterest)
)
def place_hold(call: Call, body: asked.HoldIn, dispute_id: str) -> Answer:
    """Place a legal hold.

    Nothing of the dispute is erased while it stands. What was erased before can't be brought back.
    """
    return carried_out(call, dispute_id, body.command(call.texts))


@routes.delete(
    "/disputes/{dispute_id}/hold", gives=DisputeOut, refuses=(*COMMANDS, ConflictOfInterest, SecondPersonNeeded)
)
def lift_hold(call: Call, dispute_id: str) -> Answer:
    """Lift the legal hold.

    By another person than who placed it. What has become due meanwhile is erased within minutes.
    """
    return carried_out(call, dispute_id, c.LiftHold())


@routes.post(
    "/disputes/{dispute_id}/erasure",
    takes=asked.ErasureIn,
    gives=DisputeOut,
    refuses=(*COMMANDS, ConflictOfInterest, OnHold),
)
def erase_dispute(call: Call, body: asked.ErasureIn, dispute_id: str) -> Answer:
    """Erase what is personal in a dispute that has ended.

    Files, texts, who complained, what was sent: nobody is shown them from now on, and they are removed within minutes.
    The record of what happened stays. It can't be undone.
    """
    return carried_out(call, dispute_id, c.Erase(body.cause))
