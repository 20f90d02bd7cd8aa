"""What verifying says of time, of evidence, and of what is being written while it reads."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.records import CaseRecord, Violation, What
from chalicelib.service.verifying import OVERDUE_AFTER, STUCK_AFTER, Verifier, sha256_in
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.memory import MemoryTable
from chalicelib.store.records import TableRecords
from tests.api.build import World
from tests.build import MILLISECOND
from tests.harm import verifier_of


class Service:
    """A service in memory, and whoever checks its table."""

    def __init__(self) -> None:
        self.table = MemoryTable()
        self.world = World(store=DisputeStore(self.table))

    def publish(self) -> None:
        for each in self.world.store.outbox(self.world.now + timedelta(days=1), limit=1000):
            self.world.store.published(each.id)

    def violations(self, **given: object) -> list[tuple[str, What]]:
        found = verifier_of(self.table, self.world).whole(**given)  # type: ignore[arg-type]
        return [(each.subject, each.what) for each in found.violations]


def test_a_deadline_that_two_sweeps_have_passed_by_is_found():
    service = Service()
    dispute = service.world.opened()
    service.publish()
    service.world.later(hours=24)
    service.world.now += OVERDUE_AFTER
    assert service.violations() == []
    service.world.now += MILLISECOND
    assert service.violations() == [(dispute, What.OVERDUE)]


def test_a_deadline_in_the_dead_letters_is_known_of():
    service = Service()
    dispute = service.world.opened()
    service.publish()
    service.world.later(days=2)
    assert service.violations(given_up={dispute}) == []


def test_events_that_nobody_has_published_are_found():
    service = Service()
    service.world.opened()
    service.world.now += STUCK_AFTER
    assert service.violations() == []
    service.world.now += MILLISECOND
    assert [what for _, what in service.violations()] == [What.OUTBOX]


def test_a_sealed_file_that_is_another_or_gone_is_found():
    service = Service()
    dispute = service.world.contested()
    service.publish()
    (piece,) = service.world.store.pieces(dispute)
    service.world.inspector.inspect(str(piece.key))
    service.publish()
    assert service.violations() == []
    files = {"its own": lambda *_: "0" * 64, "none": lambda *_: None}
    for sha256 in files.values():
        verifier = replace(verifier_of(service.table, service.world), sha256=sha256)
        (violation,) = verifier.whole().violations
        assert (violation.subject, violation.what) == (dispute, What.EVIDENCE)


def test_a_file_that_was_uploaded_over_is_read_by_the_version_that_was_sealed():
    service = Service()
    dispute = service.world.contested()
    service.publish()
    (piece,) = service.world.store.pieces(dispute)
    service.world.bucket.put(str(piece.key), b"another", at=service.world.now)
    assert service.violations() == []


def test_what_is_being_written_meanwhile_is_no_violation():
    """It is read once more, and told only if it is so still."""
    service = Service()
    dispute = service.world.opened()
    service.publish()
    truth = TableRecords(service.table)

    class Torn(TableRecords):
        """The first look finds a snapshot that its events haven't reached yet."""

        looks = 0

        def read(self, partition):
            self.looks += 1
            record = truth.read(partition)
            assert isinstance(record, CaseRecord)
            if self.looks > 1:
                return record
            return replace(record, flaws=(Violation(dispute, What.CHAIN, "torn"),))

    verifier = Verifier(
        Torn(service.table),
        sha256_in(service.world.bucket),
        service.world.clock,
        lambda: service.world.later(seconds=1),
    )
    assert verifier.partition(f"D#{dispute}").violations == ()
