"""What lists show of a dispute, and under which keys the indexes find it."""

from collections.abc import Iterable

from chalicelib.domain.deadline import Deadline, DeadlineKind
from chalicelib.domain.model import Dispute, Status
from chalicelib.domain.ports import DisputeRow, Queue
from chalicelib.store import keys
from chalicelib.store.keys import Index

_REVIEW_DEADLINE = {Queue.REVIEW: DeadlineKind.REVIEW, Queue.APPEAL: DeadlineKind.APPEAL_REVIEW}


def row_of(dispute: Dispute, missing_count: int) -> DisputeRow:
    following = next_deadline(dispute)
    return DisputeRow(
        id=dispute.id,
        external_id=dispute.external_id,
        respondent=dispute.respondent,
        complainant=dispute.complainant,
        order_id=dispute.order.id,
        reason=dispute.reason,
        status=dispute.status,
        opened_at=dispute.opened_at,
        updated_at=dispute.updated_at,
        due_at=following.due if following else None,
        due_party=following.party if following else None,
        zone=dispute.policy.zone,
        missing_count=missing_count,
        escalations=dispute.escalations,
        claimed_until=dispute.claim.expires if dispute.claim else None,
        in_default=dispute.in_default,
        confidential=dispute.confidential,
    )


def index_keys(dispute: Dispute) -> dict[str, str]:
    """Every index attribute of the dispute's snapshot; none for an index in which it isn't."""
    opened = keys.at(dispute.opened_at, dispute.id)
    following = next_deadline(dispute)
    of_status = keys.of_status(dispute.respondent, dispute.status)
    return {
        **_entry(Index.RESPONDENT, keys.of_respondent(dispute.respondent), opened),
        **_complainant(dispute, opened),
        **_entry(Index.STATUS, of_status, opened),
        **_entry(Index.STATUS_DUE, of_status, keys.at(following.due if following else None, dispute.id)),
        **_entry(Index.ORDER, keys.of_order(dispute.order.id), opened),
        **_entry(Index.UPDATED, keys.shard("U", dispute.id), keys.at(dispute.updated_at, dispute.id)),
        **_entry(Index.REASON, keys.of_reason(dispute.respondent, dispute.reason), opened),
        **_own_deadline(dispute),
        **_queued(dispute),
    }


def next_deadline(dispute: Dispute) -> Deadline | None:
    """The first one of anybody, a reviewer's claim apart: it is nobody's duty."""
    return _first(each for each in dispute.deadlines if each.kind is not DeadlineKind.REVIEW_CLAIM)


def queue_of(dispute: Dispute) -> Queue | None:
    """Where the dispute waits for a reviewer; nowhere while it waits for evidence that was asked for."""
    if any(each.open for each in dispute.requests):
        return None
    if dispute.status is Status.UNDER_REVIEW:
        return Queue.REVIEW
    return Queue.APPEAL if dispute.open_appeal else None


def _complainant(dispute: Dispute, opened: str) -> dict[str, str]:
    if dispute.texts_erased_at:
        return {}
    partition = keys.of_confidential if dispute.confidential else keys.of_complainant
    return _entry(Index.COMPLAINANT, partition(dispute.complainant), opened)


def _own_deadline(dispute: Dispute) -> dict[str, str]:
    own = _first(each for each in dispute.deadlines if each.party == dispute.respondent)
    if own is None:
        return {}
    return _entry(Index.OWN_DUE, keys.of_respondent(dispute.respondent), keys.at(own.due, dispute.id))


def _queued(dispute: Dispute) -> dict[str, str]:
    queue = queue_of(dispute)
    if queue is None:
        return {}
    deadline = dispute.deadline(_REVIEW_DEADLINE[queue])
    due, claimed = deadline.due if deadline else None, dispute.claim is not None
    return _entry(
        Index.QUEUE, keys.of_queue(queue), keys.urgency(due, dispute.escalations, dispute.id, claimed=claimed)
    )


def _first(deadlines: Iterable[Deadline]) -> Deadline | None:
    return min(deadlines, key=lambda each: each.due, default=None)


def _entry(index: Index, partition: str, sort: str) -> dict[str, str]:
    return {index.partition: partition, index.sort: sort}
