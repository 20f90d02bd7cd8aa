"""The recogniser's job, on what the inspector and the sweep queue for it."""

import json
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.jobs.recognise import recognise

PIECE = "01JD0000000000000000000000"


def event(*bodies: str) -> dict[str, Any]:
    return {"Records": [{"messageId": f"message-{n}", "body": body} for n, body in enumerate(bodies)]}


def queued(cloud: Any, *pieces: tuple[str, str]) -> list[str]:
    bootstrap.queues().recognise(pieces)
    messages: list[str] = cloud.messages(cloud.unread_url)
    return messages


def test_a_message_names_the_piece_and_its_dispute(cloud):
    (body,) = queued(cloud, ("D1", "P1"))
    assert json.loads(body) == {"dispute": "D1", "piece": "P1"}


def test_what_is_queued_is_what_the_job_takes_and_a_piece_that_is_gone_is_done_with(cloud):
    bodies = queued(cloud, (cloud.open(), PIECE), (PIECE, PIECE))
    assert recognise(event(*bodies), None) == {"batchItemFailures": []}


def test_without_a_recogniser_the_messages_come_again(cloud, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RECOGNISER", "none")
    bodies = queued(cloud, ("D1", "P1"), ("D1", "P2"))
    report = recognise(event(*bodies), None)
    assert [each["itemIdentifier"] for each in report["batchItemFailures"]] == ["message-0", "message-1"]


def test_a_message_of_another_form_fails_alone(cloud):
    (good,) = queued(cloud, (PIECE, PIECE))
    report = recognise(event("{}", good), None)
    assert report == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
