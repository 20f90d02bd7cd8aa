"""Whether a case is as the service alone would have left it: what lies beside its events, and follows from them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from chalicelib.domain.claim import Text
from chalicelib.domain.events import Erased, EvidenceRegistered, Recorded
from chalicelib.domain.evolve import fold
from chalicelib.domain.keeping import Erasable
from chalicelib.domain.lapses import falls_by
from chalicelib.domain.model import Dispute
from chalicelib.domain.piece import Arrival, Piece, PieceErased, PieceRecorded, dispute_places, evolve, places
from chalicelib.domain.ports import EvidenceBucket
from chalicelib.domain.quota import Pending, QuotaYear
from chalicelib.domain.records import CaseRecord, Chain, What
from chalicelib.domain.retention import SETTLES, next_erasure
from chalicelib.service.texts import digest
from policies.calendar import year_of
from policies.errors import PolicyError, UnknownPolicy
from policies.model import Policy

OVERDUE_AFTER = timedelta(minutes=3)
"""Two sweeps, and what the sweep leaves to commands in flight."""

KEPT_ON_AFTER = timedelta(hours=1)
"""Two runs of the eraser, and what it leaves to uploads in flight, with a margin."""

LOOKED_FOR = timedelta(days=60)
"""After its erasure; what is gone then doesn't come back."""

READ_FOR = timedelta(days=30)
"""After its arrival a file is read and hashed. A version can't be changed, only removed: from then on it is looked for.

The bucket's lifecycle moves it by then to where reading is dear.
"""

type Found = Iterator[tuple[What, str]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the checks compare with, beside the table."""

    now: datetime
    files: EvidenceBucket
    policy_of: Callable[[Dispute], Policy]
    """Raises UnknownPolicy, PolicyError."""
    given_up: Collection[str] = frozenset()
    """Disputes in the dead letters: an operator knows of their deadlines."""


def of_case(record: CaseRecord, terms: Terms) -> Found:
    """Everything that is wrong with a case, single items and chains apart."""
    dispute = record.dispute.value
    yield from as_written(record)
    yield from ((What.EVIDENCE, each) for each in _of_files(record, terms))
    yield from ((What.ERASURE, each) for each in _of_left_overs(record, terms))
    if dispute is None:
        return
    yield from ((What.EVIDENCE, each) for each in _of_pieces(record, dispute))
    yield from _of_deadlines(record, dispute)
    yield from _of_times(record, dispute, terms)
    yield from ((What.QUOTA, each) for each in _of_counts(dispute, record.quotas))
    if record.external_id_of != dispute.id:
        yield What.EXTERNAL_ID, "the external id isn't kept for it"


def as_written(record: CaseRecord) -> Found:
    """What states and texts say beside their chains: a chain that holds tells nothing of them."""
    yield from _of_state(record.dispute, fold)
    for piece in record.pieces:
        yield from _of_state(piece, _fold_piece)
    yield from ((What.TEXT, each) for each in _of_texts(record))


def _of_state[V, E](chain: Chain[V, E], folded: Callable[[Iterable[E]], V | None]) -> Found:
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


def _of_files(record: CaseRecord, terms: Terms) -> Iterator[str]:
    """Promise D: what was sealed is there as it was sealed, unless the piece's own event says that it was erased."""
    pieces = [each.value for each in record.pieces if each.value]
    sealed = [each for each in pieces if file_sealed(each) and not each.erased_at]
    old = [each for each in sealed if each.arrival and terms.now - each.arrival.at > READ_FOR]
    listed = terms.files.sizes(dispute_places(record.id)[0]) if old else {}
    for piece in sealed:
        yield from _of_old_file(piece, listed) if piece in old else _of_file(piece, terms.files)


def _of_old_file(piece: Piece, listed: Mapping[tuple[str, str], int]) -> Iterator[str]:
    arrival = piece.arrival
    if arrival is None or listed.get((piece.key or "", arrival.version_id)) != arrival.size:
        yield f"the file of piece {piece.id} is gone"


def _of_file(piece: Piece, files: EvidenceBucket) -> Iterator[str]:
    found = _sha256(files, piece.key or "", piece.arrival) if piece.arrival else None
    if found is None:
        yield f"the file of piece {piece.id} is gone"
    elif piece.arrival and piece.arrival.sha256 not in (None, found):
        yield f"the file of piece {piece.id} isn't the one that was sealed"


def _sha256(files: EvidenceBucket, key: str, arrival: Arrival) -> str | None:
    """None where it is gone."""
    try:
        return sha256(files.read(key, arrival.version_id, max_bytes=arrival.size)).hexdigest()
    except KeyError:
        return None


def _of_left_overs(record: CaseRecord, terms: Terms) -> Iterator[str]:
    """What is gone by a piece's own event is gone in every version; one look a dispute, unless something is there."""
    erased = [each.value for each in record.pieces if each.value and _long_erased(each.value, terms.now)]
    if not erased or not any(terms.files.any_left(each) for each in dispute_places(record.id)):
        return
    for piece in erased:
        if any(terms.files.any_left(each) for each in places(record.id, piece.id)):
            yield f"the file of piece {piece.id} is there, and was erased"


def _long_erased(piece: Piece, now: datetime) -> bool:
    return piece.erased_at is not None and KEPT_ON_AFTER < now - piece.erased_at < LOOKED_FOR


def file_sealed(piece: Piece) -> bool:
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


def _of_deadlines(record: CaseRecord, dispute: Dispute) -> Found:
    running = {each.id: each.due for each in dispute.deadlines}
    for name in sorted(running.keys() | record.deadlines.keys()):
        if running.get(name) != record.deadlines.get(name):
            yield What.DEADLINES, f"the sweep knows another deadline {name} than the dispute"


def _of_times(record: CaseRecord, dispute: Dispute, terms: Terms) -> Found:
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
    try:
        due, found = next_erasure(dispute, policy), record.erasure
    except OverflowError:
        yield "something of it is to be erased when no calendar goes on"
        return
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
