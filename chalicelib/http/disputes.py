"""Disputes: opened, found, read, withdrawn, closed."""

from dataclasses import asdict, replace

from chalicelib import logs
from chalicelib.domain.confidential import knows_complainant
from chalicelib.domain.errors import (
    ClosureMismatch,
    ExtensionRefused,
    ExternalIdTaken,
    IdempotencyKeyReused,
    NoSuchDeadline,
    NotFound,
    TooBusy,
    UnknownReason,
    WrongCurrency,
    WrongParty,
)
from chalicelib.domain.parties import COMPLAINANT, Actor, Role
from chalicelib.domain.ports import DisputeFilter, DisputeRow, UnsupportedQuery
from chalicelib.domain.viewer import Viewer
from chalicelib.http.answers import COMMANDS, READS, carried_out, done, read
from chalicelib.http.call import Call
from chalicelib.http.endpoint import PREFIX, Answer, Routes
from chalicelib.http.fields import problem as field_problem
from chalicelib.http.instants import local
from chalicelib.http.models import requests as asked
from chalicelib.http.models.dispute import DisputeOut
from chalicelib.http.models.lists import DisputesQuery, PageQuery, RowOut, RowsOut, TimelineOut
from chalicelib.http.problems import InvalidCursor, InvalidQuery, UnknownPolicyId, UnsupportedListing
from chalicelib.http.shown_events import event_out
from policies.errors import UnknownPolicy

routes = Routes(__name__)

LISTS = (InvalidCursor, UnsupportedListing)


@routes.post(
    "/disputes",
    takes=asked.OpenIn,
    gives=DisputeOut,
    status=201,
    refuses=(UnknownReason, WrongCurrency, WrongParty, ExternalIdTaken, UnknownPolicyId, IdempotencyKeyReused, TooBusy),
)
def open_dispute(call: Call, body: asked.OpenIn) -> Answer:
    """Open a dispute.

    The respondent's deadline starts at once. An external id that was used before answers 409 with the dispute's id.
    """
    commands = call.deps.commands
    try:
        policy = commands.policy_ref(body.policy, call.at)
    except UnknownPolicy as error:
        raise UnknownPolicyId(policy=error.policy_id) from None
    command = body.command(policy, call.texts)
    result = commands.open(command, call.request())
    logs.tell_case(result.dispute.id)
    return replace(done(call, result), location=f"{PREFIX}/disputes/{result.dispute.id}")


@routes.get("/disputes", query=DisputesQuery, gives=RowsOut, refuses=(NotFound, *LISTS))
def list_disputes(call: Call, query: DisputesQuery) -> Answer:
    """List disputes.

    A shop and a buyer see their own; with a token of several, say which. Not every combination has an index.
    """
    _require_party(call.actor, query)
    wanted = DisputeFilter(
        respondent=f"shop:{query.shop}" if query.shop else None,
        complainant=f"buyer:{query.buyer}" if query.buyer else None,
        status=query.status,
        reason=query.reason,
        order_id=query.order_id,
        external_id=query.external_id,
        due_before=query.due_before,
        updated_since=query.updated_since,
        sort=query.sort,
    )
    return rows(call, wanted, query)


def _require_party(actor: Actor, query: DisputesQuery) -> None:
    """Whose list, where the token doesn't say it."""
    wanted = {Role.MERCHANT: ("shop", query.shop), Role.BUYER: ("buyer", query.buyer)}.get(actor.role)
    if wanted and wanted[1] is None and len(actor.parties) != 1:
        raise InvalidQuery(errors=(field_problem(wanted[0], "missing"),))


def rows(call: Call, wanted: DisputeFilter, query: PageQuery) -> Answer:
    """A page of a list of disputes."""
    bound = asdict(wanted)
    after = call.deps.cursors.open(query.cursor, call.holder, bound)
    try:
        page = call.deps.queries.disputes(wanted, call.actor, limit=query.limit, after=after)
    except UnsupportedQuery as error:
        raise UnsupportedListing(supported=error.supported) from None
    return Answer(
        RowsOut(
            items=tuple(_row(call, each) for each in page.items),
            next=call.deps.cursors.seal(page.next, call.holder, bound),
            server_time=call.at,
        )
    )


def _row(call: Call, row: DisputeRow) -> RowOut:
    party = call.actor.role in (Role.MERCHANT, Role.BUYER)
    told = knows_complainant(row, call.actor) and row.complainant != COMPLAINANT
    return RowOut(
        id=row.id,
        external_id=row.external_id,
        respondent=row.respondent,
        complainant=row.complainant if told else None,
        order_id=row.order_id,
        reason=row.reason,
        status=row.status,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        due_at=row.due_at,
        due_at_local=local(row.due_at, row.zone) if row.due_at else None,
        due_party=row.due_party,
        zone=row.zone,
        past_due=row.due_at is not None and call.at > row.due_at,
        missing_count=row.missing_count,
        escalations=row.escalations,
        claimed_until=None if party else row.claimed_until,
        in_default=row.in_default,
    )


@routes.get("/disputes/{dispute_id}", gives=DisputeOut, refuses=READS)
def get_dispute(call: Call, dispute_id: str) -> Answer:
    """Read a dispute.

    As you may see it: what you may do now and until when, each deadline with its reasons, the rulings and appeals.
    """
    return read(call, call.deps.queries.dispute(dispute_id, call.actor))


@routes.get("/disputes/{dispute_id}/timeline", query=PageQuery, gives=TimelineOut, refuses=(*READS, InvalidCursor))
def get_timeline(call: Call, query: PageQuery, dispute_id: str) -> Answer:
    """Read what happened, event by event.

    Each event carries its hash and the one before it: whoever keeps the last one can tell whether any was changed.
    """
    bound = {"timeline": dispute_id}
    after = call.deps.cursors.open(query.cursor, call.holder, bound)
    dispute, page = call.deps.queries.timeline(dispute_id, call.actor, limit=query.limit, after=after)
    viewer = Viewer.of(dispute, call.actor)
    return Answer(
        TimelineOut(
            dispute=dispute.id,
            items=tuple(event_out(each, viewer) for each in page.items),
            next=call.deps.cursors.seal(page.next, call.holder, bound),
        )
    )


@routes.post(
    "/disputes/{dispute_id}/extension",
    takes=asked.ExtensionIn,
    gives=DisputeOut,
    refuses=(*COMMANDS, ExtensionRefused, NoSuchDeadline),
)
def extend_deadline(call: Call, body: asked.ExtensionIn, dispute_id: str) -> Answer:
    """Extend a deadline.

    With a reason, and within the policy's bound. One that has passed can't be extended: what falls has fallen.
    """
    return carried_out(call, dispute_id, body.command(call.texts))


@routes.post("/disputes/{dispute_id}/withdrawal", takes=asked.WithdrawalIn, gives=DisputeOut, refuses=COMMANDS)
def withdraw_dispute(call: Call, body: asked.WithdrawalIn, dispute_id: str) -> Answer:
    """Withdraw the dispute.

    The complainant's side gives up its claim; it ends without a ruling.
    """
    return carried_out(call, dispute_id, body.command(call.texts))


@routes.post(
    "/disputes/{dispute_id}/closure",
    takes=asked.ClosureIn,
    gives=DisputeOut,
    refuses=(*COMMANDS, ClosureMismatch),
)
def close_dispute(call: Call, body: asked.ClosureIn, dispute_id: str) -> Answer:
    """Close a final dispute.

    Reports that the awarded remedy was carried out: what, under which reference, when.
    """
    return carried_out(call, dispute_id, body.command())
