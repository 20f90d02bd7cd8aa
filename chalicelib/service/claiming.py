"""A reviewer takes the most urgent review that is free."""

from chalicelib.domain.commands import ClaimReview
from chalicelib.domain.errors import ConflictOfInterest, NotFound, NothingToClaim, NotPermitted, ReviewTaken, WrongState
from chalicelib.domain.parties import Role
from chalicelib.domain.ports import DisputeFilter, Queue, Sort
from chalicelib.service.commands import Commands, Done, Request
from chalicelib.service.queries import Queries

_TRIED = 50
"""How far down the queue it looks: what isn't for this reviewer, or was taken a moment ago, is passed over."""

_WHOSE = {Queue.REVIEW: Role.REVIEWER, Queue.APPEAL: Role.APPEAL_REVIEWER}
_NOT_FOR_ME = (ConflictOfInterest, NotFound, ReviewTaken, WrongState)


def claim_next(commands: Commands, queries: Queries, queue: Queue, request: Request) -> Done:
    """Raises NotPermitted for a queue of the other reviewers, NothingToClaim where nothing waits for this one.

    A replay is found out by the command; only where there is nothing to try it on, it is asked for.
    """
    if request.actor.role is not _WHOSE[queue]:
        raise NotPermitted(action="claim_review")
    wanted = DisputeFilter(queue=queue, sort=Sort.DEADLINE)
    waiting = queries.disputes(wanted, request.actor, limit=_TRIED, after=None)
    for row in waiting.items:
        held = row.claimed_until is not None and row.claimed_until >= request.at
        if held or request.actor.parties & {row.respondent, row.complainant}:
            continue
        try:
            return commands.execute(row.id, ClaimReview(), request)
        except _NOT_FOR_ME:
            continue
    if again := commands.replayed(request):
        return again
    raise NothingToClaim
