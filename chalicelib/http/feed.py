"""The event feed, and policy documents."""

from datetime import timedelta
from typing import Final

from chalicelib.domain.errors import NotFound
from chalicelib.http.answers import READS
from chalicelib.http.call import Call
from chalicelib.http.endpoint import Answer, Routes
from chalicelib.http.models.lists import FeedOut, FeedQuery
from chalicelib.http.models.policy import PolicyOut
from chalicelib.http.problems import InvalidCursor
from chalicelib.http.shown_events import feed_event_out
from policies.errors import UnknownPolicy

routes = Routes(__name__)

_SETTLED: Final = timedelta(seconds=30)
"""A commit is named just before it is written: its tries end within 25 s, and the index follows. After so long, none
comes in before another."""

_PLATFORM: Final = "the platform"
"""Whose the feed's cursors are: any of the platform's systems may go on where another one stopped."""


@routes.get("/events", query=FeedQuery, gives=FeedOut, refuses=(InvalidCursor,))
def get_events(call: Call, query: FeedQuery) -> Answer:
    """Follow every event of every dispute.

    In the order of commits, some thirty seconds behind, each at least once: drop the ids that you have seen. Ask again
    with `next` as `after`; an empty page means that you are up to date.
    """
    bound = {"feed": "events"}
    after = call.deps.cursors.open(query.after, _PLATFORM, bound)
    page = call.deps.queries.feed(limit=query.limit, after=after, until=call.at - _SETTLED)
    following = call.deps.cursors.seal(page.next, _PLATFORM, bound)
    if following is None:
        raise ValueError("the feed always goes on")
    return Answer(FeedOut(items=tuple(map(feed_event_out, page.items)), next=following))


@routes.get("/policies/{policy_id}/versions/{version}", gives=PolicyOut, refuses=READS)
def get_policy(call: Call, policy_id: str, version: str) -> Answer:
    """Read a version of a policy.

    It never changes once it is published.
    """
    book = call.deps.queries.book
    try:
        policy = book.version(policy_id, int(version))
    except UnknownPolicy:
        raise NotFound from None
    return Answer(PolicyOut(id=policy.id, version=policy.version, digest=book.digest(policy), document=policy))
