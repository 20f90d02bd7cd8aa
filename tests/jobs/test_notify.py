"""The notifier, on what the bus and the sweep put into its queue."""

import json
from datetime import timedelta

import pytest

from chalicelib import bootstrap
from chalicelib.domain.topics import code_of
from chalicelib.jobs.notify import notify
from chalicelib.jobs.sweep import sweep
from tests.build import SHOP
from tests.jobs.test_jobs import OVERDUE, recorded, sqs

SIX_HOURS = timedelta(hours=6)
"""Before which a marketplace's shop is reminded of the 24 hours that it has."""

ABSENT = "01K00000000000000000000000"


def told() -> list[str]:
    page = bootstrap.store().messages(SHOP, bootstrap.utc_now(), unread=True, limit=100)
    return [code_of(each.notice.topic) for each in page.items]


def test_what_the_bus_brings_is_told_once(cloud):
    cloud.open()
    (item,) = bootstrap.store().outbox(bootstrap.utc_now() + OVERDUE, limit=10)
    bootstrap.publisher().publish(item)
    brought = cloud.messages(cloud.seen_url)
    assert {"DisputeOpened", "DeadlineSet"} <= {json.loads(each)["detail-type"] for each in brought}
    for _ in range(2):
        assert notify(sqs(*brought), None) == {"batchItemFailures": []}
    assert told() == ["action_wanted"]


def test_the_sweep_queues_what_is_near_and_the_worker_reminds_once(cloud):
    dispute = cloud.open(ago=OVERDUE - SIX_HOURS)
    assert sweep(recorded("schedule"), None)["near"] == 1
    bodies = cloud.messages(cloud.notice_url)
    assert [json.loads(each) for each in bodies] == [{"dispute": dispute}]
    assert notify(sqs(*bodies, *bodies), None) == {"batchItemFailures": []}
    assert told() == ["deadline_near"]


@pytest.mark.parametrize("poison", ["not json", "{}", "[]", '{"detail": {"dispute": "D1"}}'])
def test_h_a_poisoned_message_fails_alone(cloud, poison):
    good = json.dumps({"dispute": cloud.open()})
    gone = json.dumps({"detail": {"dispute": ABSENT, "aggregate": ABSENT, "seq": 1}})
    report = notify(sqs(poison, good, gone), None)
    assert report == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
