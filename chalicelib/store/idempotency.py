"""Idempotency records: what came of a request, kept with what it changed, in the same transaction."""

from chalicelib.domain.ports import IDEMPOTENCY_KEYS_LIVE, Answered, IdempotencyKey
from chalicelib.store import keys
from chalicelib.store.instants import stamp, unstamp
from chalicelib.store.table import Compared, Item, Meaning, Op, Put, number, text


def put(idempotency: IdempotencyKey, answer: Answered, commit: str) -> Put:
    """Fails where the same key was used less than its life ago."""
    key = keys.idempotency(idempotency.caller, idempotency.key)
    piece: Item = {} if answer.piece is None else {"piece": answer.piece}
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "fingerprint": answer.fingerprint,
        "dispute": answer.dispute,
        "seq": answer.seq,
        "at": stamp(answer.at),
        "commit": commit,
        keys.TTL_ATTRIBUTE: int((answer.at + IDEMPOTENCY_KEYS_LIVE).timestamp()) + 1,
        **piece,
    }
    expired = Compared("at", Op.LESS, stamp(answer.at - IDEMPOTENCY_KEYS_LIVE), or_absent=True)
    return Put(item, only_if=(expired,), meaning=Meaning.SAME_KEY)


def answered(item: Item) -> Answered:
    """What a record says."""
    piece = text(item, "piece") if "piece" in item else None
    return Answered(
        text(item, "fingerprint"), text(item, "dispute"), number(item, "seq"), piece, unstamp(text(item, "at"))
    )
