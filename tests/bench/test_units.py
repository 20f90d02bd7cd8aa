"""Capacity units by DynamoDB's rules, on small items: what bench/ says of costs stands on this."""

from typing import Any

import boto3
import pytest
from moto import mock_aws

from bench.units import TABLE, Meter, indexes, looking, size_of, stored, units, written
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.keys import PROJECTED, Index, Key
from chalicelib.store.table import Absent, Cancelled, Put, Range, Update
from tests.contract.template import create_table

KILOBYTE = 1024


def an_item(**also: str) -> dict[str, Any]:
    return {name: {"S": each} for name, each in {"pk": "D#1", "sk": "A", **also}.items()}


def by_place(before: Any, after: Any) -> dict[str, float]:
    return {each.place: each.units for each in written("Put", before, after)}


def test_an_item_is_as_large_as_its_names_and_values():
    assert size_of(an_item()) == len("pkD#1skA")
    assert size_of({"n": {"N": "1234"}}) == 1 + 2 + 1
    assert size_of({"name": {"S": "售后"}}) == 4 + 6
    assert size_of({"set": {"SS": ["ab", "c"]}}) == 3 + 3
    assert size_of(None) == 0


def test_a_value_of_a_kind_that_the_table_never_holds_is_refused():
    with pytest.raises(TypeError, match="BOOL"):
        size_of({"b": {"BOOL": True}})


def test_the_indexes_are_the_templates():
    assert {(each.name, each.partition, each.sort) for each in indexes()} == {
        (each.title, each.partition, each.sort) for each in Index
    }
    assert {each.shown for each in indexes()} == {PROJECTED}


def test_a_write_in_a_transaction_costs_two_units_a_kilobyte_of_the_larger_item():
    assert by_place(None, an_item()) == {TABLE: 2}
    assert by_place(an_item(state="x" * KILOBYTE), an_item()) == {TABLE: 4}


def test_an_entry_that_comes_or_goes_costs_its_index_one_write():
    listed = an_item(i1p="R#1", i1s="2026")
    assert by_place(None, listed) == {TABLE: 2, "gsi1": 1}
    assert by_place(listed, an_item()) == {TABLE: 2, "gsi1": 1}
    assert by_place(listed, None) == {TABLE: 2, "gsi1": 1}


def test_an_entry_that_moves_is_deleted_and_put():
    moved = list(written("Put", an_item(i8p="U#1", i8s="2026"), an_item(i8p="U#2", i8s="2026")))
    assert [(each.place, each.partition, each.units) for each in moved[1:]] == [("gsi8", "U#1", 1), ("gsi8", "U#2", 1)]


def test_an_index_that_shows_nothing_of_a_change_costs_nothing():
    listed = an_item(i1p="R#1", i1s="2026", row="{}")
    assert by_place(listed, {**listed, "state": {"S": "x"}}) == {TABLE: 2}
    assert by_place(listed, {**listed, "row": {"S": "x" * KILOBYTE}}) == {TABLE: 4, "gsi1": 2}


def test_storing_is_paid_for_the_item_and_for_each_entry_of_it():
    listed = an_item(i1p="R#1", i1s="2026", state="x")
    assert stored(listed) == size_of(listed) + 100 + size_of(listed) - len("statex") + 100


@pytest.fixture
def metered():
    with mock_aws():
        session = boto3.Session("testing", "testing", region_name="us-east-1")
        client, outside = session.client("dynamodb"), session.client("dynamodb")
        create_table(client, "t")
        yield DynamoTable(client, "t"), Meter(client, looking(outside, "t"))


def put(sort: str, **also: str) -> Put:
    return Put({"pk": "D#1", "sk": sort, **also}, only_if=(Absent(),))


def test_reading_by_key_costs_a_unit_for_each_item_that_is_there_or_not(metered):
    table, meter = metered
    table.write([put("A", state="x" * 5000)], "1")
    assert units(meter.of(lambda: table.get([Key("D#1", "A"), Key("D#1", "B")])), "read") == 2 + 1


def test_a_query_pays_for_all_that_it_reads_together_and_half_of_an_index(metered):
    table, meter = metered
    table.write([put("A", i1p="R", i1s="1", row="x" * 3000), put("B", i1p="R", i1s="2", row="x" * 3000)], "1")
    assert units(meter.of(lambda: table.query(Range(None, "D#1"), limit=9)), "read") == 2
    assert units(meter.of(lambda: table.query(Range(Index.RESPONDENT, "R"), limit=9)), "read") == 1
    assert units(meter.of(lambda: table.query(Range(Index.RESPONDENT, "none"), limit=9)), "read") == 0.5


def test_a_transaction_pays_for_each_item_and_its_entries(metered):
    table, meter = metered
    writes = [put("A", i1p="R", i1s="1"), Update(Key("Q", "COUNTS"), add={"y": 1})]
    charges = meter.of(lambda: table.write(writes, "1"))
    assert [(each.place, each.partition, each.units) for each in charges] == [
        (TABLE, "D#1", 2),
        ("gsi1", "R", 1),
        (TABLE, "Q", 2),
    ]


def test_a_transaction_that_is_refused_is_paid_for_and_moves_no_entry(metered):
    table, meter = metered
    table.write([put("A", i1p="R", i1s="1")], "1")

    def again() -> None:
        with pytest.raises(Cancelled):
            table.write([put("A", i1p="R", i1s="2")], "2")

    assert [(each.place, each.units) for each in meter.of(again)] == [(TABLE, 2)]


def test_what_is_deleted_alone_costs_one_unit(metered):
    table, meter = metered
    table.write([put("A")], "1")
    assert units(meter.of(lambda: table.delete(Key("D#1", "A"))), "write") == 1
    assert units(meter.of(lambda: table.delete(Key("D#1", "A"))), "write") == 1
