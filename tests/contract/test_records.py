"""What verifying reads: every kind of table gives all of its partitions, and what was written in them."""

from chalicelib.domain.anchors import Place
from chalicelib.domain.records import CaseRecord
from chalicelib.store.records import TableRecords
from tests.contract.build import A_KEY, START, Scribe, a_deadline


def test_all_partitions_come_page_by_page(store, table):
    ids = {Scribe(store).open(a_deadline(START)).id for _ in range(4)}
    records = TableRecords(table, at_once=3)
    page = records.partitions()
    names = list(page.items)
    while page.next:
        page = records.partitions(page.next)
        names.extend(page.items)
    assert len(names) == len(set(names))
    assert {name.removeprefix("D#") for name in names if name.startswith("D#")} == ids


def test_what_was_written_is_read_without_a_flaw(store, table):
    scribe = Scribe(store).open(a_deadline(START), key=A_KEY)
    piece = scribe.register()
    scribe.arrive(piece, "0" * 64)
    scribe.inspect(piece)
    records = TableRecords(table)
    case = records.read(f"D#{scribe.id}")
    assert isinstance(case, CaseRecord)
    assert case.flaws == ()
    assert case.dispute.value == scribe.dispute
    assert [each.value for each in case.pieces] == [scribe.pieces[piece]]
    place, nowhere = Place(scribe.id, piece, 3), Place(scribe.id, scribe.id, 9)
    assert records.events([place, nowhere]) == {place: case.pieces[0].stored[2]}
    keys = records.read("I#somebody")
    assert [each.event for each in keys.keys] == [case.dispute.stored[1]]
