"""What verifying doesn't do again and again, and what it doesn't do all at once."""

from dataclasses import replace
from datetime import timedelta
from typing import override

from chalicelib.domain.records import KeysRecord, Section, What
from chalicelib.domain.retention import SETTLES
from chalicelib.service.case_checks import KEPT_ON_AFTER, LOOKED_FOR
from chalicelib.service.erasing import Eraser
from chalicelib.store.memory_bucket import MemoryBucket
from chalicelib.store.records import TableRecords
from chalicelib.store.table import Put
from tests.harm import items_of, verifier_of
from tests.unit.service.test_verifying import Service, ended


def test_a_file_that_has_rested_for_a_month_is_looked_for_and_not_read_again():
    """A version can't be changed, and reading it has become dear."""
    service = Service()
    dispute = service.inspected()
    service.world.later(days=31)
    verifier = replace(verifier_of(service.table, service.world), files=Unread(service.world.bucket))
    assert What.EVIDENCE not in {each.what for each in verifier.whole().violations}
    (piece,) = service.world.store.pieces(dispute)
    assert piece.arrival
    service.world.bucket.lose(str(piece.key), piece.arrival.version_id)
    service.world.bucket.put(str(piece.key), b"another", at=service.world.now)
    assert (dispute, What.EVIDENCE) in {(each.subject, each.what) for each in verifier.whole().violations}


class Unread(MemoryBucket):
    """Another one's versions can be listed; its own, which are none, be read."""

    def __init__(self, other: MemoryBucket) -> None:
        super().__init__()
        self.other = other

    @override
    def sizes(self, prefix):
        return self.other.sizes(prefix)


def test_what_was_erased_two_months_ago_is_looked_for_no_more():
    """It would cost two listings at each look, for as long as the dispute is kept."""
    service, dispute = ended()
    assert service.world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "authority_ordered"}).status == 200
    eraser = Eraser(service.world.commands, service.world.clock)
    for _ in range(2):
        eraser.erase(dispute)
        service.world.later(seconds=SETTLES.total_seconds())
    service.publish()
    looked = []
    for wait in (KEPT_ON_AFTER, LOOKED_FOR, timedelta()):
        files = Counting()
        replace(verifier_of(service.table, service.world), files=files).whole()
        looked.append(files.looked)
        service.world.later(seconds=wait.total_seconds())
    assert looked == [0, 2, 0]


class Counting(MemoryBucket):
    """Nothing is there; counts how often somebody asks."""

    looked = 0

    @override
    def any_left(self, prefix):
        self.looked += 1
        return super().any_left(prefix)


def test_somebodys_requests_are_read_as_they_come_and_the_last_is_checked_like_the_first():
    service = Service()
    for number in range(5):
        service.world.opened(external_id=f"EXT-{number}")
    service.publish()
    last = max((each for each in items_of(service.table) if each.pk.startswith("I#")), key=lambda each: each.sk)
    service.table.write([Put({**items_of(service.table)[last], "seq": 9})], "harm")
    records = TableRecords(service.table, at_once=2)
    verifier = replace(verifier_of(service.table, service.world), records=records)
    mine = [each for each in sections_of(records) if each.partition == last.pk]
    read = [records.read(each) for each in mine]
    keys_read = [key.key for record in read if isinstance(record, KeysRecord) for key in record.keys]
    assert len(keys_read) == len(set(keys_read)) == 5
    assert max(len(record.keys) for record in read if isinstance(record, KeysRecord)) <= 2
    wrong = [violation for each in mine for violation in verifier.sections([each]).violations]
    assert [each.what for each in wrong] == [What.IDEMPOTENCY]


def sections_of(records: TableRecords) -> list[Section]:
    stretches = [*records.sections()]
    while stretches[-1].place:
        stretches += records.sections(stretches[-1].place)
    return [section for each in stretches for section in each.sections]
