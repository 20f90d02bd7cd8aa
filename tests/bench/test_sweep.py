"""The sweep and its worker ask for what is due, and for nothing else, whatever else there is."""

from itertools import batched

import boto3
import pytest
from moto import mock_aws

from bench.metered import Asked
from bench.sweep import OVERDUE, Town, cost
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.memory import MemoryTable
from tests.bench.test_warm import called
from tests.chaos.copying import copied_cheaply
from tests.contract.conftest import Calls
from tests.contract.template import create_table

MOST = 2500
"""Functions that are called for each dispute that is carried out: a few percent more than there are."""


def test_a_sweep_reads_each_due_deadline_once_and_nothing_else():
    found = cost(due=700, among=1500)
    assert (found.queried, found.idle) == (700, 0)


def test_its_calls_grow_with_what_is_due_and_not_with_what_there_is():
    few, many = cost(due=100, among=150), cost(due=200, among=3000)
    assert (few.calls, many.calls) == (2, 3)


def test_carrying_out_what_is_due_costs_one_read_for_fifty_disputes_and_a_transaction_for_twelve():
    assert cost(due=150, among=150).worker.calls == {"BatchGetItem": 2, "TransactWriteItems": 9}


def test_carrying_out_a_dispute_calls_few_functions():
    """By how many are called, of the table in memory too, for that is the same on every machine."""
    town = Town(MemoryTable())
    disputes = [town.dispute, *town.add(199)]
    town.shop.now += OVERDUE
    handed = batched(disputes, 100, strict=True)
    assert called(lambda: town.shop.lapser.lapse_together(next(handed))) <= 100 * MOST


@pytest.fixture
def on_moto():
    """A table there, and what its client sends."""
    with mock_aws(), copied_cheaply():
        client = boto3.Session("testing", "testing", region_name="us-east-1").client("dynamodb")
        create_table(client, "t")
        yield DynamoTable(client, "t"), Calls(client)


def test_dynamodb_is_asked_for_the_same_as_the_table_in_memory(on_moto):
    table, _ = on_moto
    assert cost(30, 60, table) == cost(30, 60)


def test_what_is_counted_is_what_the_client_sends(on_moto):
    table, calls = on_moto
    town = Town(table)
    town.add_later(30)
    disputes = [town.dispute, *town.add(29)]
    town.shop.now += OVERDUE
    counted: list[Asked] = []
    swept = calls.of(lambda: counted.append(town.swept()))
    worked = calls.of(lambda: counted.append(town.worked(disputes)))
    queued = counted[0].calls.pop("SendMessageBatch")
    assert (swept, queued) == (counted[0].calls, 1)
    assert worked == counted[1].calls == {"BatchGetItem": 1, "TransactWriteItems": 3}
