"""What the comparison with a peer fills tables with is what the service writes, and its clock reads whole groups."""

import os
import subprocess
import sys

import boto3
import pytest
from moto import mock_aws

from bench import stock
from bench.processes import cpu_of
from chalicelib.bootstrap import new_id, utc_now
from chalicelib.domain.ports import DisputeFilter, Queue, Sort
from chalicelib.service.commands import Commands
from chalicelib.service.lapsing import Lapser
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.memory_bucket import MemoryBucket
from policies.book import PolicyBook
from tests.contract.template import create_table

MANY = 30
"""More than one batch."""


@pytest.fixture
def client():
    with mock_aws():
        made = boto3.client("dynamodb", "us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")
        create_table(made, "t")
        yield made


@pytest.fixture
def store(client):
    return DisputeStore(DynamoTable(client, "t"))


def test_what_is_filled_in_as_overdue_is_found_and_carried_out_once(client, store):
    now = utc_now()
    stock.overdue(client, "t", MANY, now)
    found = list(store.due(now))
    assert len({each.dispute for each in found}) == MANY
    assert store.outbox(now, limit=1) == ()
    commands = Commands(store, MemoryBucket(), PolicyBook.from_folder(), new_id, "marketplace")
    lapser = Lapser(commands, utc_now)
    assert lapser.lapse(found[0].dispute)
    assert not lapser.lapse(found[0].dispute)
    assert len(list(store.due(now))) == MANY - 1


def test_what_is_filled_in_as_waiting_is_in_the_reviewers_queue(client, store):
    stock.under_review(client, "t", MANY)
    wanted = DisputeFilter(queue=Queue.REVIEW, sort=Sort.DEADLINE)
    assert len(store.disputes(wanted, limit=MANY + 1).items) == MANY


def test_the_cpu_of_a_group_is_that_of_all_its_processes():
    busy = "import os, time\nos.fork()\nwhile time.process_time() < 0.2: pass\nprint(flush=True)\ntime.sleep(30)"
    with subprocess.Popen([sys.executable, "-c", busy], stdout=subprocess.PIPE, start_new_session=True) as group:
        assert group.stdout
        for _ in range(2):
            group.stdout.readline()
        taken = cpu_of(group.pid)
        os.killpg(group.pid, 9)
    assert 0.38 <= taken < 2
