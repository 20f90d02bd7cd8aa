"""The store of webhooks and of the attempts to reach them, over any table."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from chalicelib.domain.errors import TooManyWebhooks
from chalicelib.domain.ports import IDEMPOTENCY_KEYS_LIVE, IdempotencyKey, IdempotencyRaced, Page, VersionRaced
from chalicelib.domain.webhook_ports import Kept, Remembered, WebhookCommit
from chalicelib.domain.webhooks import ATTEMPTS_KEPT, MOST, Attempt, Delivery, Happening, Webhook
from chalicelib.store import codec, keys, messages, pages
from chalicelib.store.instants import stamp, unstamp
from chalicelib.store.table import (
    Absent,
    Cancelled,
    Clause,
    Compared,
    Delete,
    Item,
    Meaning,
    Op,
    Put,
    Range,
    Table,
    Update,
    Write,
    text,
)

_COUNTER: Final = "webhooks"


class WebhookItems:
    """`webhook_ports.WebhookStore` over a table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, owners: Sequence[str], webhook_id: str) -> Webhook | None:
        found = self._table.get([keys.webhook(each, webhook_id) for each in owners])
        return next(map(_webhook, found.values()), None)

    def of_owner(self, owner: str) -> tuple[Webhook, ...]:
        wanted = Range(None, keys.webhooks(owner), below=keys.COUNT)
        return tuple(map(_webhook, pages.whole(self._table, wanted)))

    def remembered(self, key: IdempotencyKey) -> Remembered | None:
        where = keys.idempotency(key.caller, key.key)
        item = self._table.get([where]).get(where)
        if item is None:
            return None
        kept = codec.decode(text(item, "row"), Kept) if "row" in item else None
        return Remembered(text(item, "fingerprint"), unstamp(text(item, "at")), kept)

    def commit(self, commit: WebhookCommit) -> None:
        """As `webhook_ports.WebhookStore`. One that is found written already is done."""
        try:
            self._table.write(tuple(_writes(commit)), commit.id)
        except Cancelled as cancelled:
            if not any(each.found and each.found.get("commit") == commit.id for each in cancelled.failed):
                raise _refusal(cancelled) from cancelled

    def attempted(self, delivery: Delivery) -> Attempt | None:
        key = keys.attempt(delivery.webhook, delivery.happening.id, delivery.run, delivery.attempt)
        item = self._table.get([key]).get(key)
        return _attempt(item) if item else None

    def attempts(self, webhook_id: str, now: datetime, *, limit: int, after: str | None = None) -> Page[Attempt]:
        wanted = Range(keys.ATTEMPTS, keys.attempts(webhook_id), after, descending=True)
        items, following = pages.page(self._table, [wanted], limit=limit)
        kept = tuple(each for each in map(_attempt, items) if each.kept(now))
        return Page(kept, following if len(kept) == len(items) else None)

    def happening(self, webhook_id: str, event_id: str, now: datetime) -> Happening | None:
        """By the last attempt of the latest run."""
        after = keys.after_prefix(keys.attempts_at(event_id))
        wanted = Range(None, keys.attempts(webhook_id), after, descending=True)
        found = map(_attempt, self._table.query(wanted, limit=1).items)
        return next((each.happening for each in found if each.happening.id == event_id and each.kept(now)), None)


def _writes(commit: WebhookCommit) -> Iterator[Write]:
    if commit.key:
        yield _remembered(commit, commit.key)
    if commit.before != commit.after:
        yield from _changed(commit)
    if commit.attempt:
        yield _logged(commit, commit.attempt)
    # Once, as the webhook is of the version that was read.
    yield from map(messages.put, commit.notices)


def _changed(commit: WebhookCommit) -> Iterator[Write]:
    before, after = commit.before, commit.after
    as_read: Clause = Compared("seq", Op.EQUAL, before.seq) if before else Absent()
    if after:
        key = keys.webhook(after.owner, after.id)
        item: Item = {
            "pk": key.pk,
            "sk": key.sk,
            "seq": after.seq,
            "commit": commit.id,
            "row": codec.encode(after),
        }
        yield Put(item, (as_read,), Meaning.VERSION)
    elif before:
        yield Delete(keys.webhook(before.owner, before.id), (as_read,), Meaning.VERSION)
    if after and not before:
        room = Compared(_COUNTER, Op.LESS, MOST, or_absent=True)
        yield Update(keys.webhook_count(after.owner), {_COUNTER: 1}, only_if=(room,), meaning=Meaning.QUOTA)
    elif before and not after:
        yield Update(keys.webhook_count(before.owner), {_COUNTER: -1})


def _remembered(commit: WebhookCommit, idempotency: IdempotencyKey) -> Put:
    webhook = commit.after or commit.before
    if webhook is None:
        raise ValueError("a request that is remembered is one of a webhook")
    key = keys.idempotency(idempotency.caller, idempotency.key)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "fingerprint": idempotency.fingerprint,
        "dispute": webhook.id,
        "seq": webhook.seq,
        "at": stamp(commit.at),
        "commit": commit.id,
        "row": codec.encode(Kept(webhook, commit.run)),
        keys.TTL_ATTRIBUTE: int((commit.at + IDEMPOTENCY_KEYS_LIVE).timestamp()) + 1,
    }
    expired = Compared("at", Op.LESS, stamp(commit.at - IDEMPOTENCY_KEYS_LIVE), or_absent=True)
    return Put(item, (expired,), Meaning.SAME_KEY)


def _logged(commit: WebhookCommit, attempt: Attempt) -> Put:
    key = keys.attempt(attempt.webhook, attempt.happening.id, attempt.run, attempt.number)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "commit": commit.id,
        "row": codec.encode(attempt),
        keys.TTL_ATTRIBUTE: int((attempt.at + ATTEMPTS_KEPT).timestamp()),
        keys.ATTEMPTS.partition: key.pk,
        keys.ATTEMPTS.sort: f"{stamp(attempt.at)}#{key.sk}",
    }
    return Put(item, (Absent(),), Meaning.SAME_KEY)


def _refusal(cancelled: Cancelled) -> Exception:
    match min(each.meaning for each in cancelled.failed):
        case Meaning.SAME_KEY:
            return IdempotencyRaced(str(cancelled))
        case Meaning.VERSION:
            return VersionRaced(str(cancelled))
        case Meaning.QUOTA:
            return TooManyWebhooks(limit=MOST)
        case _:
            return cancelled


def _webhook(item: Item) -> Webhook:
    return codec.decode(text(item, "row"), Webhook)


def _attempt(item: Item) -> Attempt:
    return codec.decode(text(item, "row"), Attempt)
