"""Messages: an item each in their party's partition, and in a sparse index while they are unread."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib.domain.message_ports import MESSAGES_LIVE, MOST_UNREAD, Counted, Happened, Message
from chalicelib.domain.model import Dispute
from chalicelib.domain.notices import Notice
from chalicelib.domain.ports import Page
from chalicelib.domain.topics import TOPICS, WebhookDown, code_of
from chalicelib.domain.webhooks import Webhook
from chalicelib.store import codec, keys, pages, particulars
from chalicelib.store.attributes import key_of
from chalicelib.store.instants import stamp, ulid_floor, unstamp
from chalicelib.store.keys import Key
from chalicelib.store.table import Absent, Cancelled, Item, Put, Range, Table, text

_MILLISECOND: Final = timedelta(milliseconds=1)


class _Row(msgspec.Struct, frozen=True):
    """A notice, its topic by its code. Whose it is, its partition says, and that by a hash only."""

    cause: str
    dispute: str
    """Or the webhook, where the topic is of one."""
    at: datetime
    code: str
    topic: msgspec.Raw


class MessageStore:
    """`message_ports.MessageCentre` over a table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def happened(self, dispute_id: str, aggregate: str, seq: int) -> Happened:
        snapshot, event = keys.snapshot(dispute_id), keys.any_event(dispute_id, aggregate, seq)
        found = self._table.get([snapshot, particulars.key(dispute_id), event])
        read = codec.recorded if aggregate == dispute_id else codec.piece_recorded
        return Happened(_dispute(dispute_id, found), read(text(found[event], "body")) if event in found else None)

    def subjects(self, notices: Sequence[Notice]) -> Mapping[str, Dispute | Webhook]:
        wanted = list(dict.fromkeys(key for each in notices for key in _where(each)))
        found = self._table.get(wanted) if wanted else {}
        read = ((each.subject, _subject(each, found)) for each in notices)
        return {each: subject for each, subject in read if subject}

    def tell(self, notices: Sequence[Notice]) -> int:
        return sum(self._told(each) for each in notices)

    def messages(
        self, party: str, now: datetime, *, unread: bool, limit: int, after: str | None = None
    ) -> Page[Message]:
        wanted = _unread(party) if unread else Range(None, keys.of_messages(party))
        items, following = pages.page(self._table, [replace(wanted, after=after, descending=True)], limit=limit)
        return Page(tuple(_message(each, party) for each in _living(items, now)), following)

    def unread(self, party: str, now: datetime) -> Counted:
        found = self._table.query(replace(_unread(party), low=_oldest(now)), limit=MOST_UNREAD)
        return Counted(len(found.items), found.more)

    def read(self, party: str, ids: Sequence[str], now: datetime) -> int:
        found = self._table.get([keys.message(party, each) for each in dict.fromkeys(ids)]).values()
        unread = [each for each in _living(found, now) if "read" not in each]
        writes = [Put(_item(_message(each, party).notice, read_at=now)) for each in unread]
        if writes:
            self._table.write(writes, _token())
        return len(writes)

    def read_until(self, party: str, until: datetime, now: datetime) -> Counted:
        wanted = replace(_unread(party), low=_oldest(now), below=ulid_floor(until + _MILLISECOND))
        found = self._table.query(wanted, limit=MOST_UNREAD) if not wanted.empty else None
        ids = [text(each, "sk") for each in found.items] if found else []
        return Counted(self.read(party, ids, now) if ids else 0, more=found is not None and found.more)

    def reminded_until(self) -> datetime | None:
        found = self._table.get([keys.REMINDED])
        return unstamp(text(found[keys.REMINDED], "at")) if found else None

    def note_reminded(self, until: datetime) -> None:
        item: Item = {"pk": keys.REMINDED.pk, "sk": keys.REMINDED.sk, "at": stamp(until)}
        self._table.write([Put(item)], _token())

    def _told(self, notice: Notice) -> bool:
        """In a write of its own: one that is there already holds up no other."""
        try:
            self._table.write([replace(put(notice), only_if=(Absent(),))], _token())
        except Cancelled:
            return False
        return True


def put(notice: Notice) -> Put:
    """A message that nobody has read; whoever writes it sees to it that it is written once."""
    return Put(_item(notice, read_at=None))


def erase(table: Table, party: str, dispute: str) -> None:
    """All that the party was told of the dispute; read or unread, it is looked for in its own partition."""
    for item in pages.whole(table, Range(None, keys.of_messages(party))):
        if codec.decode(text(item, "row"), _Row).dispute == dispute:
            table.delete(key_of(item))


def id_of(notice: Notice) -> str:
    """The time of a ULID, and for its random bits a hash of whose the notice is and what it follows from."""
    from ulid import ULID  # noqa: PLC0415  (who only reads needs none)

    milliseconds = round(notice.at.timestamp() * 1000)
    digest = hashlib.sha256(f"{notice.party}\0{notice.cause}".encode()).digest()
    return str(ULID.from_bytes(milliseconds.to_bytes(6) + digest[:10]))


def _item(notice: Notice, *, read_at: datetime | None) -> Item:
    """All of it follows from the notice: what is marked as read is written anew, and leaves the index."""
    key = keys.message(notice.party, id_of(notice))
    topic = msgspec.Raw(codec.encode(notice.topic).encode())
    row = _Row(notice.cause, notice.subject, notice.at, code_of(notice.topic), topic)
    unread: Item = {keys.UNREAD.partition: keys.of_unread(notice.party), keys.UNREAD.sort: key.sk}
    return {
        "pk": key.pk,
        "sk": key.sk,
        "row": codec.encode(row),
        keys.TTL_ATTRIBUTE: int((notice.at + MESSAGES_LIVE).timestamp()) + 1,
        **({"read": stamp(read_at)} if read_at else unread),
    }


def _message(item: Item, party: str) -> Message:
    row = codec.decode(text(item, "row"), _Row)
    topic = msgspec.json.decode(row.topic, type=TOPICS[row.code])
    read_at = unstamp(text(item, "read")) if "read" in item else None
    return Message(text(item, "sk"), Notice(row.cause, party, row.dispute, row.at, topic), read_at)


def _dispute(dispute_id: str, found: Mapping[Key, Item]) -> Dispute | None:
    snapshot = found.get(keys.snapshot(dispute_id))
    return particulars.put_in(codec.decode(text(snapshot, "state"), Dispute), found) if snapshot else None


def _where(notice: Notice) -> tuple[Key, ...]:
    """The items that its subject is read from."""
    if isinstance(notice.topic, WebhookDown):
        return (keys.webhook(notice.party, notice.subject),)
    return keys.snapshot(notice.subject), particulars.key(notice.subject)


def _subject(notice: Notice, found: Mapping[Key, Item]) -> Dispute | Webhook | None:
    if not isinstance(notice.topic, WebhookDown):
        return _dispute(notice.subject, found)
    item = found.get(keys.webhook(notice.party, notice.subject))
    return codec.decode(text(item, "row"), Webhook) if item else None


def _unread(party: str) -> Range:
    return Range(keys.UNREAD, keys.of_unread(party))


def _oldest(now: datetime) -> str:
    """No message that lives sorts before it."""
    return ulid_floor(now - MESSAGES_LIVE)


def _living(items: Iterable[Item], now: datetime) -> Iterator[Item]:
    """What has expired is absent, although DynamoDB clears it away some time later."""
    return (each for each in items if text(each, "sk") >= _oldest(now))


def _token() -> str:
    """A fresh one for each write: told apart by its condition, or the same however often it is done."""
    return secrets.token_hex(16)
