"""The one page on the table: every kind of item, every index, what each is for and how it is sharded.

ITEMS. One table, keys `pk` and `sk`. Read consistently, by key or by a range of `sk`.

    pk                    sk                    what                                    other attributes, indexes
    D#<dispute>           SNAPSHOT              the dispute as it is                    seq hash commit state row, 1…9
    D#<dispute>           E#<seq>               one event of it; never changed          body row commit, 8
    D#<dispute>           DL#<deadline>         a deadline that runs, or has lapsed     5; lapsed: row expires_at
    D#<dispute>           P#<piece>             a piece of evidence as it is            seq hash commit state row, 5, 6
    D#<dispute>           PE#<piece>#<seq>      one event of a piece; never changed     body row commit, 8
    D#<dispute>           T#<text>              a private text; can be erased           salt text
    D#<dispute>           T#particulars         likewise: who complains, what was sent  salt text
    D#<dispute>           ERASURE               something of it is to be erased         seq, 5
    D#<dispute>           B#<bundle>            a case bundle that was asked for        commit state expires_at, 7
    D#<dispute>           SEEN#<piece>#<other>  the same picture in another piece       row commit
    X#<external id>       CLAIM                 the platform's own id, taken once       dispute commit
    Q#<policy>#<respondent>#<year>
                          COUNTS                a shop's quota of a calendar year       y m01…m12 failures pending
                          L#<appeal>#failed     why a failure was added                 body commit
                          L#<appeal>#taken_back why it was taken back                   body commit
    IM#<key of imprint>   <at>#<disp.>#<piece>  a picture, found again by its imprint   row commit expires_at
    I#<caller>            <key>                 an idempotency record                   fingerprint dispute seq piece at
                                                                                        commit expires_at
    OUTAGES               <outage>              an outage, and how far its work is      seq commit state, 7
    OUTAGE#<outage>       COUNTS                what it has given back                  disputes extended set_aside
    OUTBOX#<commit>       OUTBOX                a commit's events, until published      row events, 7
    W#<owner>             <webhook>             a webhook as it is                      seq commit row
    W#<owner>             COUNT                 how many webhooks an owner has          webhooks
    WA#<webhook>          <event>#<run>#<nn>    an attempt to deliver an event          row commit expires_at, 1
    N#<hash of party>     <message>             what a party was told                   row read expires_at, 2
    REMINDED              UNTIL                 up to when reminders were looked for    at
    BOOKMARKS             <search>              after what a search goes on, if so      after
    CHECKED               UNTIL                 how far the table is checked            seq commit state

An idempotency record of a webhook has its id as `dispute`, and what the request led to as `row`.

`seq` of a dispute has 8 digits, of a piece 4. `commit` names the commit that wrote the item: so a writer whose answer
got lost knows its own. `body` is JSON exactly as hashed, `events` all those of a commit, `row` what a list shows of the
item, `state` the whole value. `expires_at` is for DynamoDB's TTL: the instant that counts is `at`.

INDEXES. Index 1 is `gsi1`, with a string partition `i1p` and a string sort key `i1s`, and so on. Each carries `row`,
and is shared by kinds of items that never meet in one partition. A sort key ends in an id, so it is unique in its list,
and a list goes on after the last sort key that was seen. `<due>`, `<opened>` … are instants as `instants.stamp` writes
them.

    index  partition              sort                          serves
    1      R#<respondent>         <opened>#<id>                 a shop's disputes, newest first
           WA#<webhook>           <at>#<event>#<run>#<nn>       a webhook's attempts, newest first
    2      C#<complainant>        <opened>#<id>                 a complainant's disputes, newest first
           CC#<complainant>       <opened>#<id>                 those that are confidential, likewise
           UNREAD#<hash of party> <message>                     sparse: what a party hasn't read yet
    3      RS#<resp.>#<status>    <opened>#<id>                 a shop's disputes of a status, newest first
    4      RS#<resp.>#<status>    <next due, or ~>#<id>         a shop's disputes of a status, by deadline
    5      R#<respondent>         <own due>#<id>                sparse: what a shop itself must do, by deadline
           DUE#<shard>            <due>#<dispute>#<deadline>    deadlines: what is due, for the sweep
           LAPSED#<shard>         <due>#<dispute>#<deadline>    deadlines that a party let pass, for 90 days
           AWAITED#<shard>        <registered>#<disp.>#<piece>  sparse: files not inspected yet, or not read
           ERASE#<shard>          <due>#<dispute>               sparse: what is to be erased, and from when on
    6      O#<order>              <opened>#<id>                 disputes of an order, newest first
           SHA#<sha256>           <dispute>#<piece>             pieces with the same bytes
    7      V#review, V#appeal     <rank>#<due>#<id>             sparse: the queues, by urgency
           OUTBOX#<shard>         <at>#<commit>                 what isn't published yet; empty but for seconds
           OUTAGES                <updated>#<outage>            sparse: outages that are agreed to and aren't done
           BUNDLES                <asked>#<dispute>#<bundle>    sparse: bundles that aren't made yet
    8      U#<shard>              <updated>#<id>                every dispute, by its latest change
           FEED#<shard>           <commit>#<n>                  every event, in the order of commits
    9      RR#<resp.>#<reason>    <opened>#<id>                 a shop's disputes of a reason, newest first

The queues' rank puts free reviews before claimed ones, and the more often escalated before the less: the first item is
the next one to claim. It has no shards: a queue is as long as people can bear.

SHARDS. DUE, LAPSED, AWAITED, ERASE, OUTBOX, U and FEED would put every commit into one partition: they have SHARDS, by
the dispute's id, and are read with one Query a shard, merged by sort key. SHARDS may be raised while the service runs,
for readers read them all and writers move with the next change; it is never lowered.
"""

import re
from datetime import datetime
from enum import Enum
from hashlib import sha256
from typing import Final, NamedTuple
from zlib import crc32

from chalicelib.domain.bookmarks import Search
from chalicelib.domain.model import Status
from chalicelib.domain.ports import Queue
from chalicelib.store.instants import stamp

SHARDS: Final = 4
TTL_ATTRIBUTE: Final = "expires_at"
PROJECTED: Final = ("row",)
NEVER: Final = "~"
"""Sorts after every instant."""


class Key(NamedTuple):
    pk: str
    sk: str


class Index(Enum):
    """The secondary indexes, by what disputes use them for."""

    RESPONDENT = 1
    COMPLAINANT = 2
    STATUS = 3
    STATUS_DUE = 4
    OWN_DUE = 5
    ORDER = 6
    QUEUE = 7
    UPDATED = 8
    REASON = 9

    def __init__(self, number: int) -> None:
        self.title: Final = f"gsi{number}"
        """What the table calls it."""
        self.partition: Final = f"i{number}p"
        """The attribute that holds the partition."""
        self.sort: Final = f"i{number}s"
        """The attribute that holds the sort key."""


DUE: Final = Index.OWN_DUE
AWAITED: Final = Index.OWN_DUE
ERASE: Final = Index.OWN_DUE
SHA256: Final = Index.ORDER
OUTBOX: Final = Index.QUEUE
UNREAD: Final = Index.COMPLAINANT
WORKED_ON: Final = Index.QUEUE
WANTED: Final = Index.QUEUE
ATTEMPTS: Final = Index.RESPONDENT
FEED: Final = Index.UPDATED

OUTAGES: Final = "OUTAGES"
EVENTS: Final = "E#"
PIECES: Final = "P#"
LEDGER: Final = "L#"
BUNDLES: Final = "B#"
WANTED_BUNDLES: Final = "BUNDLES"
COUNT: Final = "COUNT"
TEXTS: Final = "T#"
REMINDED: Final = Key("REMINDED", "UNTIL")
CHECKED: Final = Key("CHECKED", "UNTIL")


def bookmark(search: Search) -> Key:
    return Key("BOOKMARKS", search)


def after_prefix(prefix: str) -> str:
    """The least text that sorts after everything that begins with the prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def just_after(sort: str) -> str:
    """The least text after this sort key and before every other one that follows it, for a key goes on with no "!"."""
    return f"{sort}!"


def dispute_partition(dispute: str) -> str:
    return f"D#{dispute}"


def snapshot(dispute: str) -> Key:
    return Key(dispute_partition(dispute), "SNAPSHOT")


def event(dispute: str, seq: int) -> Key:
    return Key(dispute_partition(dispute), f"{EVENTS}{seq:08}")


def deadline(dispute: str, deadline_id: str) -> Key:
    return Key(dispute_partition(dispute), f"DL#{deadline_id}")


def piece(dispute: str, piece_id: str) -> Key:
    return Key(dispute_partition(dispute), f"{PIECES}{piece_id}")


def piece_events(piece_id: str) -> str:
    """The prefix of a piece's events."""
    return f"PE#{piece_id}#"


def piece_event(dispute: str, piece_id: str, seq: int) -> Key:
    return Key(dispute_partition(dispute), f"{piece_events(piece_id)}{seq:04}")


def any_event(dispute_id: str, aggregate: str, seq: int) -> Key:
    """Of the dispute, or of a piece of it."""
    return event(dispute_id, seq) if aggregate == dispute_id else piece_event(dispute_id, aggregate, seq)


def of_event(key: Key) -> tuple[str, str, int]:
    """The dispute, the aggregate and the number: what `any_event` is given."""
    dispute, (*piece_id, seq) = key.pk.partition("#")[2], key.sk.split("#")[1:]
    return dispute, piece_id[0] if piece_id else dispute, int(seq)


def lookalikes(piece_id: str) -> str:
    """The prefix of where else a piece's picture was seen."""
    return f"SEEN#{piece_id}#"


def lookalike(dispute: str, piece_id: str, other: str) -> Key:
    return Key(dispute_partition(dispute), f"{lookalikes(piece_id)}{other}")


def of_imprint(key: str) -> str:
    return f"IM#{key}"


def imprint(key: str, instant: datetime, dispute: str, piece_id: str) -> Key:
    return Key(of_imprint(key), at(instant, dispute, piece_id))


def text(dispute: str, text_id: str) -> Key:
    return Key(dispute_partition(dispute), f"{TEXTS}{text_id}")


def erasure(dispute: str) -> Key:
    return Key(dispute_partition(dispute), "ERASURE")


def bundle(dispute: str, bundle_id: str) -> Key:
    return Key(dispute_partition(dispute), f"{BUNDLES}{bundle_id}")


def external_id(its: str) -> Key:
    return Key(f"X#{its}", "CLAIM")


def external_id_of(partition: str) -> str:
    """Of a claim's partition."""
    return partition.removeprefix("X#")


def quota(policy: str, respondent: str, year: int) -> Key:
    return Key(f"Q#{policy}#{respondent}#{year:04}", "COUNTS")


def ledger(policy: str, respondent: str, year: int, appeal: str, entry: str) -> Key:
    return Key(quota(policy, respondent, year).pk, f"{LEDGER}{appeal}#{entry}")


def idempotency(caller: str, key: str) -> Key:
    return Key(f"I#{caller}", key)


def outbox(commit: str) -> Key:
    return Key(f"OUTBOX#{commit}", "OUTBOX")


def outage(outage_id: str) -> Key:
    return Key(OUTAGES, outage_id)


def outage_counts(outage_id: str) -> Key:
    return Key(f"OUTAGE#{outage_id}", "COUNTS")


def webhooks(owner: str) -> str:
    return f"W#{owner}"


def webhook(owner: str, webhook_id: str) -> Key:
    return Key(webhooks(owner), webhook_id)


def webhook_count(owner: str) -> Key:
    """Sorts after every webhook."""
    return Key(webhooks(owner), COUNT)


def attempts(webhook_id: str) -> str:
    return f"WA#{webhook_id}"


def attempts_at(event_id: str) -> str:
    """The prefix of the attempts to deliver an event."""
    return f"{event_id}#"


def attempt(webhook_id: str, event_id: str, run: str, number: int) -> Key:
    return Key(attempts(webhook_id), f"{attempts_at(event_id)}{run}#{number:02}")


def of_messages(party: str) -> str:
    """By a hash: who complains stands nowhere but where it can be erased."""
    return f"N#{_hashed(party)}"


def message(party: str, message_id: str) -> Key:
    return Key(of_messages(party), message_id)


def of_unread(party: str) -> str:
    return f"UNREAD#{_hashed(party)}"


def _hashed(party: str) -> str:
    return sha256(party.encode()).hexdigest()[:32]


def of_respondent(respondent: str) -> str:
    return f"R#{respondent}"


def of_complainant(complainant: str) -> str:
    return f"C#{complainant}"


def of_confidential(complainant: str) -> str:
    return f"CC#{complainant}"


def of_status(respondent: str, status: Status) -> str:
    return f"RS#{respondent}#{status}"


def of_reason(respondent: str, reason: str) -> str:
    return f"RR#{respondent}#{reason}"


def of_order(order: str) -> str:
    return f"O#{order}"


def of_queue(queue: Queue) -> str:
    return f"V#{queue}"


def of_sha256(sha256: str) -> str:
    return f"SHA#{sha256}"


def shards(name: str) -> tuple[str, ...]:
    """Every partition of a sharded list: `DUE`, `LAPSED`, `AWAITED`, `ERASE`, `OUTBOX`, `U` or `FEED`."""
    return tuple(f"{name}#{shard}" for shard in range(SHARDS))


def shard(name: str, dispute: str) -> str:
    """The one that a dispute's items are in."""
    return f"{name}#{crc32(dispute.encode()) % SHARDS}"


def at(instant: datetime | None, *ids: str) -> str:
    """A sort key by time, then by id."""
    return "#".join((NEVER if instant is None else stamp(instant), *ids))


def urgency(due: datetime | None, escalations: int, dispute: str, *, claimed: bool) -> str:
    """A sort key of the queues: free before claimed, escalated first, then by deadline."""
    return f"{int(claimed)}{9 - min(escalations, 9)}#{at(due, dispute)}"


def feed(commit: str, number: int) -> str:
    """The place of a commit's n-th event in the feed."""
    return f"{commit}#{number:04}"


def erasure_of(sort: str) -> tuple[str, str]:
    """Instant and dispute of a sort key of ERASE."""
    due, _, dispute = sort.partition("#")
    return due, dispute


def wanted_of(sort: str) -> tuple[str, str]:
    """Dispute and bundle of a sort key of WANTED."""
    _, dispute, bundle_id = sort.split("#")
    return dispute, bundle_id


def due_of(sort: str) -> tuple[str, str, str]:
    """Instant, dispute and deadline of a sort key of DUE."""
    due, dispute, deadline_id = re.split("#", sort, maxsplit=2)
    return due, dispute, deadline_id
