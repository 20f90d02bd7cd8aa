"""The message centre (C6): what a party was told, and what of it has been read."""

from chalicelib.domain.errors import NotFound, TooBusy
from chalicelib.domain.message_ports import Counted
from chalicelib.domain.parties import PLATFORM, Actor, Role
from chalicelib.http.call import Call
from chalicelib.http.endpoint import Answer, Routes
from chalicelib.http.fields import problem as field_problem
from chalicelib.http.models import messages as out
from chalicelib.http.problems import InvalidCursor, InvalidQuery
from chalicelib.http.shown_messages import message_out
from chalicelib.service.messages import Inbox

routes = Routes(__name__)


@routes.get("/messages", query=out.MessagesQuery, gives=out.MessagesOut, refuses=(NotFound, InvalidCursor))
def list_messages(call: Call, query: out.MessagesQuery) -> Answer:
    """Read a party's messages.

    Newest first. A shop's, a buyer's and the platform's own; the platform's systems may name a buyer, too. What no
    longer holds, `current` says.
    """
    inbox = _inbox(call, query.shop, query.buyer)
    bound = {"messages": inbox.party, "unread": query.unread}
    after = call.deps.cursors.open(query.cursor, call.holder, bound)
    page = inbox.told(call.at, unread=query.unread, limit=query.limit, after=after)
    return Answer(
        out.MessagesOut(
            items=tuple(map(message_out, page.items)),
            next=call.deps.cursors.seal(page.next, call.holder, bound),
            unread=_counted(inbox.unread(call.at)),
            server_time=call.at,
        )
    )


@routes.post("/messages/read", takes=out.ReadIn, gives=out.ReadOut, refuses=(NotFound, TooBusy), changes=False)
def read_messages(call: Call, body: out.ReadIn) -> Answer:
    """Mark messages as read.

    By their ids, or all up to an instant, a hundred at once. Asking again changes nothing, so it takes no
    Idempotency-Key; ids that aren't yours mark nothing.
    """
    inbox = _inbox(call, body.shop, body.buyer)
    marked = inbox.read_until(body.until, call.at) if body.until else inbox.read(body.ids or (), call.at)
    unread = _counted(inbox.unread(call.at))
    return Answer(out.ReadOut(read=marked.count, more=marked.more, unread=unread, server_time=call.at))


def _inbox(call: Call, shop: str | None, buyer: str | None) -> Inbox:
    """Raises InvalidQuery where it isn't clear whose, NotFound for another's."""
    return call.deps.messages.inbox(_party(call.actor, shop, buyer), call.actor)


def _party(actor: Actor, shop: str | None, buyer: str | None) -> str:
    """Whose messages; where nobody says, the one party of the token, or the platform."""
    named = [f"{kind}:{name}" for kind, name in (("shop", shop), ("buyer", buyer)) if name]
    found = named or ([PLATFORM] if actor.role is Role.PLATFORM else list(actor.parties))
    if len(found) == 1:
        return found[0]
    field = "shop" if actor.role is Role.MERCHANT else "buyer"
    raise InvalidQuery(errors=(field_problem(field, "repeated_parameter" if len(named) > 1 else "missing"),))


def _counted(counted: Counted) -> out.UnreadOut:
    return out.UnreadOut(count=counted.count, more=counted.more)
