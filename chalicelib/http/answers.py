"""What most views answer: the dispute as a command left it, or as it is now."""

from chalicelib.domain import commands as c
from chalicelib.domain.errors import (
    DeadlinePassed,
    IdempotencyKeyReused,
    NotFound,
    NotPermitted,
    Refusal,
    TooBusy,
    VersionConflict,
    WrongState,
)
from chalicelib.domain.model import Dispute
from chalicelib.http.call import Call
from chalicelib.http.endpoint import Answer
from chalicelib.http.shown import by_content, by_reference, dispute_out, texts_of
from chalicelib.service.commands import Done

READS: tuple[type[Refusal], ...] = (NotFound,)
"""What reading something of a dispute can be refused with."""

COMMANDS: tuple[type[Refusal], ...] = (
    *READS,
    NotPermitted,
    WrongState,
    VersionConflict,
    IdempotencyKeyReused,
    TooBusy,
)
"""What any command on a dispute can be refused with."""

IN_TIME: tuple[type[Refusal], ...] = (*COMMANDS, DeadlinePassed)


def carried_out(call: Call, dispute_id: str, command: c.Command) -> Answer:
    return done(call, call.deps.commands.execute(dispute_id, command, call.request()))


def done(call: Call, result: Done) -> Answer:
    """The same for a replay: it depends on the dispute then, the caller and the instant then; texts stay references."""
    dispute, policy = result.dispute, call.deps.queries.policy_of(result.dispute)
    return Answer(dispute_out(dispute, call.actor, policy, result.at, by_reference), etag=dispute.seq)


def read(call: Call, dispute: Dispute) -> Answer:
    texts = call.deps.queries.texts(dispute, tuple(texts_of(dispute)))
    policy = call.deps.queries.policy_of(dispute)
    return Answer(dispute_out(dispute, call.actor, policy, call.at, by_content(texts)), etag=dispute.seq)
