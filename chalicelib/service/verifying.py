"""Whether a table is as the service alone would have left it: checked from outside, one partition at a time.

A chain can't tell that its last events are gone together with the snapshot that knew of them, nor that all of it was
written anew: `anchoring` can.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta

from chalicelib.domain.events import AppealDecided, AppealSetAside, Recorded
from chalicelib.domain.model import Dispute, Failure
from chalicelib.domain.parties import By, Role
from chalicelib.domain.ports import Booking, Clock, EvidenceBucket, LedgerEntry
from chalicelib.domain.quota import QuotaYear
from chalicelib.domain.records import (
    WHOLE,
    Booked,
    CaseRecord,
    Chain,
    ClaimRecord,
    KeyRecord,
    KeysRecord,
    OutboxRecord,
    Part,
    QuotaRecord,
    Record,
    Records,
    Section,
    Stretch,
    Violation,
    What,
)
from chalicelib.service.case_checks import Found, Terms, file_sealed, of_case
from policies.book import PolicyBook
from policies.model import Policy

STUCK_AFTER = timedelta(minutes=15)
"""The outbox is empty but for seconds; the sweep sends after a minute what the stream didn't."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a part of the table came to."""

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
    files: EvidenceBucket
    clock: Clock
    pause: Callable[[], None]
    """Before reading again: longer than a commit takes to show."""
    book: PolicyBook = field(default_factory=PolicyBook.shipped)

    def page(
        self, after: str | None, given_up: Collection[str] = (), part: Part = WHOLE
    ) -> Iterator[tuple[Verified, str | None]]:
        """Some sections of the part, a stretch at a time, and where to go on; None at the end."""
        return self._of(self.records.sections(after, part), given_up)

    def changes(
        self, until: datetime, after: str | None, given_up: Collection[str] = ()
    ) -> Iterator[tuple[Verified, str | None]]:
        """Some of what changed before `until`, and where to go on: after the same place, where there is no more."""
        return self._of(self.records.changed(until, after), given_up)

    def _of(self, stretches: Iterable[Stretch], given_up: Collection[str]) -> Iterator[tuple[Verified, str | None]]:
        return ((self.sections(each.sections, given_up), each.place) for each in stretches)

    def whole(self, given_up: Collection[str] = ()) -> Verified:
        found, after = Verified(), None
        while True:
            for more, following in self.page(after, given_up):
                found, after = found + more, following
            if after is None:
                return found

    def sections(self, sections: Iterable[Section], given_up: Collection[str] = ()) -> Verified:
        """However many look wrong, it pauses once."""
        looked_at = {each: self._looked_at(each, given_up) for each in sections}
        wrong = {each: first for each, first in looked_at.items() if first.violations}
        if wrong:
            self.pause()
        again = {each: self._lasting(each, first, given_up) for each, first in wrong.items()}
        return sum((looked_at | again).values(), Verified())

    def _lasting(self, section: Section, first: Verified, given_up: Collection[str]) -> Verified:
        again = self._looked_at(section, given_up)
        return replace(again, violations=tuple(each for each in again.violations if each in first.violations))

    def _looked_at(self, section: Section, given_up: Collection[str]) -> Verified:
        record = self.records.read(section)
        if record is None:
            return Verified()
        violations = tuple(check(record, Terms(self.clock(), self.files, self._policy_of, given_up)))
        if not isinstance(record, CaseRecord):
            return Verified(violations=violations)
        chains = (record.dispute, *record.pieces)
        events = sum(len(each.stored) for each in chains)
        sealed = sum(1 for each in record.pieces if each.value and file_sealed(each.value))
        return Verified(1, events, sealed, violations)

    def _policy_of(self, dispute: Dispute) -> Policy:
        pinned = dispute.policy
        return self.book.pinned(pinned.id, pinned.version, pinned.digest)


def check(record: Record, terms: Terms) -> Iterator[Violation]:
    """Everything that is wrong with what was read."""
    if not isinstance(record, ClaimRecord):
        yield from record.flaws
    yield from (Violation(record.id, what, detail) for what, detail in _found(record, terms))


def _found(record: Record, terms: Terms) -> Found:
    match record:
        case CaseRecord():
            return of_case(record, terms)
        case QuotaRecord():
            return _of_quota(record)
        case KeysRecord():
            return ((What.IDEMPOTENCY, each) for key in record.keys for each in _of_key(key))
        case OutboxRecord():
            return _of_outbox(record, terms.now)
        case ClaimRecord():
            return _of_claim(record)


def _of_quota(record: QuotaRecord) -> Found:
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


def _of_outbox(record: OutboxRecord, now: datetime) -> Found:
    if record.at is not None and now - record.at > STUCK_AFTER:
        yield What.OUTBOX, "its events wait to be published"


def _of_claim(record: ClaimRecord) -> Found:
    if record.id != f"X#{record.said}":
        yield What.EXTERNAL_ID, f"dispute {record.dispute}, which has taken it, is gone or has another one"
