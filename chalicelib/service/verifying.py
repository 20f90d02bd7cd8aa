"""Whether a table is as the service alone would have left it: checked from outside, one partition at a time.

A chain can't tell that its last events are gone together with the snapshot that knew of them, nor that all of it was
written anew: `anchoring` can.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from chalicelib.domain.claim import Text
from chalicelib.domain.events import AppealDecided, AppealSetAside, Erased, EvidenceRegistered, Recorded
from chalicelib.domain.evolve import fold
from chalicelib.domain.keeping import Erasable
from chalicelib.domain.lapses import falls_by
from chalicelib.domain.model import Dispute, Failure
from chalicelib.domain.parties import By, Role
from chalicelib.domain.piece import Piece, PieceErased, PieceRecorded, evolve
from chalicelib.domain.ports import Booking, Clock, EvidenceBucket, LedgerEntry
from chalicelib.domain.quota import Pending, QuotaYear
from chalicelib.domain.records import (
    Booked,
    CaseRecord,
    Chain,
    ClaimRecord,
    KeyRecord,
    KeysRecord,
    OutboxRecord,
    QuotaRecord,
    Record,
    Records,
    Violation,
    What,
)
from chalicelib.domain.retention import SETTLES, next_erasure
from chalicelib.service.texts import digest
from policies.book import PolicyBook
from policies.calendar import year_of
from policies.errors import PolicyError, UnknownPolicy
from policies.model import Policy

OVERDUE_AFTER = timedelta(minutes=3)
"""Two sweeps, and what the sweep leaves to commands in flight."""

KEPT_ON_AFTER = timedelta(hours=1)
"""Two runs of the eraser, and what it leaves to uploads in flight, with a margin."""

STUCK_AFTER = timedelta(minutes=15)
"""The outbox is empty but for seconds; the sweep sends after a minute what the stream didn't."""

type Sha256 = Callable[[str, str, int], str | None]
"""The digest, in hex, of the version of an object that is of this size at most; None where it is gone."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the checks compare with, beside the table."""

    now: datetime
    sha256: Sha256
    policy_of: Callable[[Dispute], Policy]
    """Raises UnknownPolicy, PolicyError."""
    given_up: Collection[str] = frozenset()
    """Disputes in the dead letters: an operator knows of their deadlines."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a part of the table came to."""

    partitions: int = 0
    disputes: int = 0
    events: int = 0
    evidence: int = 0
    """Sealed files that were read."""
    violations: tuple[Violation, ...] = ()

    def __add__(self, other: "Verified") -> "Verified":
        return Verified(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks a table while it is being written: what is wrong once is read again, and told if it is wrong still."""

    records: Records
    sha256: Sha256
    clock: Clock
    pause: Callable[[], None]
    """Before reading again: longer than a commit takes to show."""
    book: PolicyBook = field(default_factory=PolicyBook.from_folder)

    def page(self, after: str | None, given_up: Collection[str] = ()) -> tuple[Verified, str | None]:
        """Some partitions, and where to go on."""
        page = self.records.partitions(after)
        return sum((self.partition(each, given_up) for each in page.items), Verified()), page.next

    def whole(self, given_up: Collection[str] = ()) -> Verified:
        found, after = self.page(None, given_up)
        while after:
            more, after = self.page(after, given_up)
            found += more
        return found

    def partition(self, name: str, given_up: Collection[str] = ()) -> Verified:
        found = self._looked_at(name, given_up)
        if not found.violations:
            return found
        self.pause()
        again = self._looked_at(name, given_up)
        lasting = tuple(each for each in again.violations if each in found.violations)
        return Verified(again.partitions, again.disputes, again.events, again.evidence, lasting)

    def _looked_at(self, name: str, given_up: Collection[str]) -> Verified:
        record = self.records.read(name)
        found = Verified(partitions=1)
        while isinstance(record, KeysRecord) and record.next:
            found += Verified(violations=self._violations(record, given_up))
            record = self.records.read(name, record.next)
        return found + self._counted(record, given_up) if record else found

    def _counted(self, record: Record, given_up: Collection[str]) -> Verified:
        violations = self._violations(record, given_up)
        if not isinstance(record, CaseRecord):
            return Verified(violations=violations)
        chains = (record.dispute, *record.pieces)
        events = sum(len(each.stored) for each in chains)
        sealed = sum(1 for each in record.pieces if each.value and _file_sealed(each.value))
        return Verified(0, 1, events, sealed, violations)

    def _violations(self, record: Record, given_up: Collection[str]) -> tuple[Violation, ...]:
        return tuple(check(record, Terms(self.clock(), self.sha256, self._policy_of, given_up)))

    def _policy_of(self, dispute: Dispute) -> Policy:
        pinned = dispute.policy
        return self.book.pinned(pinned.id, pinned.version, pinned.digest)


def sha256_in(bucket: EvidenceBucket) -> Sha256:
    """Reads the bucket."""

    def of_version(key: str, version_id: str, max_bytes: int) -> str | None:
        try:
            return sha256(bucket.read(key, version_id, max_bytes=max_bytes)).hexdigest()
        except KeyError:
            return None

    return of_version


def check(record: Record, terms: Terms) -> Iterator[Violation]:
    """Everything that is wrong with what was read."""
    if not isinstance(record, ClaimRecord):
        yield from record.flaws
    yield from (Violation(record.id, what, detail) for what, detail in _found(record, terms))


type _Found = Iterator[tuple[What, str]]


def _found(record: Record, terms: Terms) -> _Found:
    match record:
        case CaseRecord():
            return _of_case(record, terms)
        case QuotaRecord():
            return _of_quota(record)
        case KeysRecord():
            return ((What.IDEMPOTENCY, each) for key in record.keys for each in _of_key(key))
        case OutboxRecord():
            return _of_outbox(record, terms.now)
        case ClaimRecord():
            return _of_claim(record)


def _of_case(record: CaseRecord, terms: Terms) -> _Found:
    dispute = record.dispute.value
    yield from _of_state(record.dispute, fold)
    for piece in record.pieces:
        yield from _of_state(piece, _fold_piece)
        yield from ((What.EVIDENCE, each) for each in _of_evidence(piece, terms.sha256))
    yield from ((What.TEXT, each) for each in _of_texts(record))
    if dispute is None:
        return
    yield from ((What.EVIDENCE, each) for each in _of_pieces(record, dispute))
    yield from _of_deadlines(record, dispute)
    yield from _of_times(record, dispute, terms)
    yield from ((What.QUOTA, each) for each in _of_counts(dispute, record.quotas))
    if record.external_id_of != dispute.id:
        yield What.EXTERNAL_ID, "the external id isn't kept for it"


def _of_state[V, E](chain: Chain[V, E], folded: Callable[[Iterable[E]], V | None]) -> _Found:
    """Events that can't be read, or of which no state comes, are told of already or as this."""
    try:
        state = folded(chain.events)
    except ValueError as error:
        yield What.SNAPSHOT, f"{chain.id}: {error}"
        return
    if chain.value is not None and state != chain.value:
        yield What.SNAPSHOT, f"the state of {chain.id} isn't the fold of its events"


def _fold_piece(recorded: Iterable[PieceRecorded]) -> Piece | None:
    piece: Piece | None = None
    for each in recorded:
        piece = evolve(piece, each)
    return piece


def _of_pieces(record: CaseRecord, dispute: Dispute) -> Iterator[str]:
    """The dispute's events tell which pieces there are; what it knows of each is what the piece says."""
    registered = {each.event.piece.id for each in record.dispute.events if isinstance(each.event, EvidenceRegistered)}
    there = {each.id: each.value for each in record.pieces if each.value}
    for name in sorted(registered - there.keys()):
        yield f"piece {name} is gone"
    for name in sorted(there.keys() - registered):
        yield f"piece {name} was never registered"
    for ref in dispute.pieces:
        piece = there.get(ref.id)
        if piece and (piece.withdrawn_at or ref.sealed != (piece.sealed_at is not None)):
            yield f"piece {ref.id} and the dispute differ in whether it counts"


def _of_evidence(chain: Chain[Piece, PieceRecorded], of_version: Sha256) -> Iterator[str]:
    """Promise D: what was sealed is there as it was sealed, unless the piece's own event says that it was erased."""
    piece = chain.value
    if piece is None or not _file_sealed(piece) or piece.erased_at:
        return
    found = of_version(piece.key or "", piece.arrival.version_id, piece.arrival.size) if piece.arrival else None
    if found is None:
        yield f"the file of piece {piece.id} is gone"
    elif piece.arrival and piece.arrival.sha256 not in (None, found):
        yield f"the file of piece {piece.id} isn't the one that was sealed"


def _file_sealed(piece: Piece) -> bool:
    return piece.sealed_at is not None and piece.key is not None


def _of_texts(record: CaseRecord) -> Iterator[str]:
    """What was written is there as it was written; nothing is gone but by an event that says so."""
    said = {text.id: text for chain in _chains(record) for event in chain.events for text in _texts_in(event)}
    erased = said.keys() if _all_erased(record.dispute) else _erased_with_pieces(record.pieces)
    for name, text in said.items():
        kept = record.texts.get(name)
        if kept is None and name not in erased:
            yield f"text {name} is gone"
        elif kept is not None and digest(kept.salt, kept.text) != text.digest:
            yield f"text {name} isn't what was written"


def _all_erased(dispute: Chain[Dispute, Recorded]) -> bool:
    return any(isinstance(each.event, Erased) and Erasable.TEXTS in each.event.what for each in dispute.events)


def _erased_with_pieces(pieces: Iterable[Chain[Piece, PieceRecorded]]) -> Collection[str]:
    """What was written or read in those that were erased."""
    gone = [each for each in pieces if any(isinstance(recorded.event, PieceErased) for recorded in each.events)]
    return {text.id for chain in gone for event in chain.events for text in _texts_in(event)}


def _chains(record: CaseRecord) -> Iterator[Chain[Dispute, Recorded] | Chain[Piece, PieceRecorded]]:
    yield record.dispute
    yield from record.pieces


def _texts_in(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts_in(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _texts_in(getattr(value, each.name))


def _of_deadlines(record: CaseRecord, dispute: Dispute) -> _Found:
    running = {each.id: each.due for each in dispute.deadlines}
    for name in sorted(running.keys() | record.deadlines.keys()):
        if running.get(name) != record.deadlines.get(name):
            yield What.DEADLINES, f"the sweep knows another deadline {name} than the dispute"


def _of_times(record: CaseRecord, dispute: Dispute, terms: Terms) -> _Found:
    """What the policy gives time for, and what is late by it."""
    try:
        policy = terms.policy_of(dispute)
    except (UnknownPolicy, PolicyError) as error:
        yield What.SNAPSHOT, f"the policy that it pins can't be read: {error}"
        return
    for each in dispute.deadlines:
        if terms.now - falls_by(each, policy) > OVERDUE_AFTER and dispute.id not in terms.given_up:
            yield What.OVERDUE, f"deadline {each.id} has lapsed, and nobody has carried it out"
    yield from ((What.ERASURE, each) for each in _of_erasure(record, dispute, policy, terms.now))


def _of_erasure(record: CaseRecord, dispute: Dispute, policy: Policy, now: datetime) -> Iterator[str]:
    """What failed is put off by no more than the eraser leaves to uploads in flight."""
    due, found = next_erasure(dispute, policy), record.erasure
    if due and (found is None or found > max(due, now + SETTLES)):
        yield f"something of it is to be erased by {due}, and nothing would"
    written = dispute.texts_erased_at if record.texts else None
    since = min((each for each in (due, found, written) if each), default=now)
    if now - since > KEPT_ON_AFTER:
        yield f"something of it was to be erased by {since}, and nobody has"


def _of_counts(dispute: Dispute, years: Mapping[int, QuotaYear]) -> Iterator[str]:
    """Promise B, from the dispute's side."""
    for appeal in dispute.appeals:
        year = years.get(year_of(appeal.filed_at, dispute.policy.zone))
        if appeal.open and (year is None or Pending(dispute.id, appeal.id) not in year.pending):
            yield f"appeal {appeal.id} is open, and not pending in the quota"
        counted = appeal.counted
        if counted and counted not in years.get(counted.year, QuotaYear(counted.year)).failures:
            yield f"appeal {appeal.id} failed, and isn't counted"


def _of_quota(record: QuotaRecord) -> _Found:
    """Promise B, from the quota's side: counts, failures, ledger and the disputes' events say the same."""
    for detail in (*_of_sums(record.year), *_of_failures(record), *_of_ledger(record)):
        yield What.QUOTA, detail


def _of_sums(year: QuotaYear) -> Iterator[str]:
    months = Counter(each.month for each in year.failures)
    if months != Counter(year.by_month) or year.failed != len(year.failures):
        yield "the counts aren't those of the failures"


def _of_failures(record: QuotaRecord) -> Iterator[str]:
    appeals = {appeal.id: appeal for each in record.disputes.values() if each.value for appeal in each.value.appeals}
    for failure in record.year.failures:
        if failure.appeal not in appeals or appeals[failure.appeal].counted != failure:
            yield f"the failure of appeal {failure.appeal} isn't the dispute's"
    for pending in record.year.pending:
        if pending.appeal not in appeals or not appeals[pending.appeal].open:
            yield f"appeal {pending.appeal} is pending, and not open"


def _of_ledger(record: QuotaRecord) -> Iterator[str]:
    year = record.year.year
    expected = {
        booked
        for chain in record.disputes.values()
        for booked in _bookings(chain)
        if booked.entry.failure.year == year and booked.entry.failure.policy == record.policy
    }
    if expected != set(record.ledger):
        names = sorted({each.entry.failure.appeal for each in expected ^ set(record.ledger)})
        yield f"the ledger isn't what the disputes tell of {', '.join(names)}"
    balance = Counter[Failure]()
    for each in record.ledger:
        balance[each.entry.failure] += 1 if each.entry.booking is Booking.FAILED else -1
    if {each for each, count in balance.items() if count} != set(record.year.failures):
        yield "the failures aren't the ledger's"


def _bookings(chain: Chain[Dispute, Recorded]) -> Iterator[Booked]:
    """What the dispute's events must have brought into the ledger."""
    commits: dict[str, list[Recorded]] = {}
    for stored, recorded in zip(chain.stored, chain.events, strict=False):
        commits.setdefault(stored.commit, []).append(recorded)
    for commit, made in commits.items():
        for recorded in made:
            match recorded.event:
                case AppealDecided(counted=Failure() as failure):
                    yield Booked(LedgerEntry(Booking.FAILED, failure, recorded.at, _asked(made)), commit)
                case AppealSetAside(taken_back=Failure() as failure):
                    yield Booked(LedgerEntry(Booking.TAKEN_BACK, failure, recorded.at, _asked(made)), commit)
                case _:
                    pass


def _asked(made: Sequence[Recorded]) -> By:
    """Who asked for the commit; the system's share in it is what the clock and the rules brought about."""
    return next((each.by for each in made if each.by.role is not Role.SYSTEM), made[0].by)


def _of_key(record: KeyRecord) -> Iterator[str]:
    event, answered = record.event, record.answered
    if record.of_another:
        return
    if event is None:
        yield f"{record.key}: the event that it answers from is gone"
    elif (event.commit, event.at) != (record.commit, answered.at):
        yield f"{record.key}: the event that it answers from is another request's"


def _of_outbox(record: OutboxRecord, now: datetime) -> _Found:
    if record.at is not None and now - record.at > STUCK_AFTER:
        yield What.OUTBOX, "its events wait to be published"


def _of_claim(record: ClaimRecord) -> _Found:
    if record.id != f"X#{record.said}":
        yield What.EXTERNAL_ID, f"dispute {record.dispute}, which has taken it, is gone or has another one"
