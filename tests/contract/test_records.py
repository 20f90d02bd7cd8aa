"""What verifying reads: every kind of table gives all of its partitions, and what was written in them."""

from datetime import timedelta
from functools import partial

from chalicelib.domain.anchors import Place
from chalicelib.domain.ports import IdempotencyKey
from chalicelib.domain.records import WHOLE, CaseRecord, KeysRecord, Part, Section
from chalicelib.store.records import TableRecords
from chalicelib.store.table import Table
from tests.contract.build import A_KEY, MILLISECOND, SECOND, START, Scribe, a_deadline

A_DAY = timedelta(days=1)


def sections(records: TableRecords, part: Part = WHOLE) -> list[Section]:
    stretches = [*records.sections(part=part)]
    while stretches[-1].place:
        stretches += records.sections(stretches[-1].place, part)
    return [section for each in stretches for section in each.sections]


def test_all_partitions_come_page_by_page(store, table):
    ids = {Scribe(store).open(a_deadline(START)).id for _ in range(4)}
    names = [each.partition for each in sections(TableRecords(table, at_once=3))]
    assert len(names) == len(set(names))
    assert {name.removeprefix("D#") for name in names if name.startswith("D#")} == ids


def test_the_parts_are_the_whole_and_each_partition_is_in_one_of_them(store, table):
    for _ in range(9):
        Scribe(store).open(a_deadline(START))
    records = TableRecords(table, at_once=4)
    parts = [[each.partition for each in sections(records, Part(number, 3))] for number in range(3)]
    whole = [each.partition for each in sections(records)]
    assert sorted(name for part in parts for name in part) == sorted(whole)
    assert all(parts), "they are alike large"
    assert [[each.partition for each in sections(records, Part(number, 3))] for number in range(3)] == parts


def test_somebodys_many_requests_come_in_sections_which_are_all_of_them(store, table):
    for number in range(7):
        Scribe(store).open(a_deadline(START), key=IdempotencyKey("somebody", f"key-{number}", "fingerprint"))
    records = TableRecords(table, at_once=3)
    mine = [each for each in sections(records) if each.partition == "I#somebody"]
    read = [records.read(each) for each in mine]
    assert sorted(key.key for record in read if isinstance(record, KeysRecord) for key in record.keys) == [
        f"key-{number}" for number in range(7)
    ]
    assert len(mine) > 1


def test_what_was_written_is_read_without_a_flaw(store, table):
    scribe = Scribe(store).open(a_deadline(START), key=A_KEY)
    piece = scribe.register()
    scribe.arrive(piece, "0" * 64)
    scribe.inspect(piece)
    records = TableRecords(table)
    case = records.read(Section(f"D#{scribe.id}"))
    assert isinstance(case, CaseRecord)
    assert case.flaws == ()
    assert case.dispute.value == scribe.dispute
    assert [each.value for each in case.pieces] == [scribe.pieces[piece]]
    place, nowhere = Place(scribe.id, piece, 3), Place(scribe.id, scribe.id, 9)
    assert records.events([place, nowhere]) == {place: case.pieces[0].stored[2]}
    keys = records.read(Section("I#somebody"))
    assert [each.event for each in keys.keys] == [case.dispute.stored[1]]


class Followed:
    """Whoever checks what changes, from the start on."""

    def __init__(self, table: Table, *, at_once: int = 1000) -> None:
        self.records = TableRecords(table, at_once=at_once)
        self.place = self.records.changed(START, None)[-1].place

    def until(self, days: int) -> list[str]:
        """The partitions that come, to the end."""
        found: list[str] = []
        while True:
            stretches = self.records.changed(START + days * A_DAY, self.place)
            found += [section.partition for each in stretches for section in each.sections]
            if stretches[-1].place == self.place:
                return found
            self.place = stretches[-1].place


def test_what_changed_comes_when_its_day_is_over_once_for_all_that_happened_on_it(store, table):
    followed = Followed(table)
    scribe, other = Scribe(store).open(at=START), Scribe(store).open(at=START + A_DAY - MILLISECOND)
    scribe.write(at=START + SECOND)
    late = Scribe(store).open(at=START + A_DAY)
    assert followed.until(days=1) == [f"D#{scribe.id}", f"D#{other.id}"]
    assert followed.until(days=1) == []
    scribe.write(at=START + A_DAY + SECOND)
    assert followed.until(days=2) == [f"D#{late.id}", f"D#{scribe.id}"]
    assert followed.until(days=3) == []


def test_what_comes_again_later_the_same_day_isnt_read_twice(store, table):
    followed = Followed(table, at_once=2)
    first = Scribe(store).open(at=START)
    others = [Scribe(store).open(at=START + n * SECOND) for n in range(1, 6)]
    first.write(at=START + 9 * SECOND)
    wanted = sorted(f"D#{each.id}" for each in (first, *others))
    assert sorted(followed.until(days=1)) == wanted


def test_a_piece_alone_changes_its_dispute(store, table):
    followed = Followed(table)
    scribe = Scribe(store).open(at=START)
    piece = scribe.register()
    assert followed.until(days=1) == [f"D#{scribe.id}"]
    scribe.now = START + A_DAY
    scribe.arrive(piece, "0" * 64)
    assert followed.until(days=2) == [f"D#{scribe.id}"]


def test_one_can_go_on_after_each_stretch_of_what_changed_and_of_the_table(store, table):
    """A run that has to end does, in the middle of what it read at once."""
    followed = Followed(table)
    scribes = [Scribe(store).open(at=START + n * SECOND) for n in range(25)]
    scribes[0].write(at=START + 40 * SECOND)
    changed = partial(followed.records.changed, START + A_DAY)
    for some in (list(changed(followed.place)), list(followed.records.sections())):
        more = changed if some[-1].place else followed.records.sections
        assert len(some) > 1
        for number, each in enumerate(some[:-1], 1):
            assert more(each.place)[0].sections == some[number].sections
            assert each.sections
            assert len(each.sections) <= 25
