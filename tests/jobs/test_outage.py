"""The work after an outage, on the messages that the sweep and the job itself send (B11)."""

import json
from datetime import timedelta

import pytest

from chalicelib import bootstrap
from chalicelib.domain.model import Status
from chalicelib.domain.outage import Declaration, OutageState, Scope
from chalicelib.domain.outage_ports import Given
from chalicelib.domain.parties import Actor, Role
from chalicelib.jobs.lapse import lapse
from chalicelib.jobs.outage import outage
from chalicelib.jobs.sweep import sweep
from chalicelib.service.commands import Request
from tests.jobs.test_jobs import OVERDUE, dispute, recorded, sqs

ABSENT = "01K00000000000000000000000"


def agreed(ago: timedelta) -> str:
    """An outage of the last two hours, agreed to some time ago."""
    now = bootstrap.utc_now()
    outages, then = bootstrap.api().outages, now - ago
    asked = Declaration(Scope(now - timedelta(hours=1), now + timedelta(hours=1)), None, "The API was down.", None)
    declared = outages.declare(asked, Request(Actor("operator-1", Role.OPERATOR), then)).outage.id
    outages.answer(declared, Request(Actor("operator-2", Role.OPERATOR), then), agreed=True)
    return declared


@pytest.fixture
def cloud(cloud, monkeypatch: pytest.MonkeyPatch):
    for name in ("ISSUER", "JWKS_URI"):
        monkeypatch.setenv(name, "https://id.example")
    monkeypatch.setenv("AUDIENCE", "recourse")
    return cloud


def test_g_the_sweep_sends_for_it_and_the_job_works_it_to_its_end(cloud):
    overdue, passed = cloud.open("EXT-1", ago=OVERDUE), cloud.open("EXT-2", ago=OVERDUE)
    lapse(sqs(json.dumps({"disputes": [overdue]})), None)
    asked = agreed(timedelta(minutes=2))
    assert sweep(recorded("schedule"), None)["outages"] == 1
    (body,) = cloud.messages(cloud.outage_url)
    assert json.loads(body) == {"outage": asked}
    assert outage(sqs(body), None) == {"batchItemFailures": []}
    assert dispute(passed).deadlines[0].extensions[0].outage == asked
    assert outage(sqs(body), None) == {"batchItemFailures": []}
    told = bootstrap.store().outage(asked)
    assert told
    assert (told[0].state, told[1]) == (OutageState.DONE, Given(disputes=2, extended=1, set_aside=1))
    assert {dispute(each).status for each in (overdue, passed)} == {Status.AWAITING_RESPONSE}


def test_the_next_message_is_had_only_once_the_index_has_followed(cloud):
    agreed(timedelta(minutes=2))
    sweep(recorded("schedule"), None)
    outage(sqs(*cloud.messages(cloud.outage_url)), None)
    assert cloud.messages(cloud.outage_url) == []


def test_a_single_dispute_is_allowed_for_and_what_is_gone_is_let_pass(cloud):
    passed = cloud.open(ago=OVERDUE)
    asked = agreed(timedelta())
    told = [{"outage": asked, "dispute": passed}, {"outage": asked, "dispute": ABSENT}, {"outage": ABSENT}]
    assert outage(sqs(*map(json.dumps, told)), None) == {"batchItemFailures": []}
    assert dispute(passed).outages == (asked,)


@pytest.mark.parametrize("poison", ["not json", "{}", "[]"])
def test_h_a_poisoned_message_fails_alone(cloud, poison):
    passed = cloud.open(ago=OVERDUE)
    told = json.dumps({"outage": agreed(timedelta()), "dispute": passed})
    assert outage(sqs(poison, told), None) == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert dispute(passed).outages
