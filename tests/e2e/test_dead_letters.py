"""Promise H on the engine: what fails five times is set aside, and one command puts it back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_deployment import eventually, in_queue
from tests.engine_fixtures import Service
from tools.engine import REGION

ROOT = Path(__file__).parents[2]
GONE = "01JD0000000000000000000001"


@pytest.fixture
def impatient(service: Service) -> Iterator[None]:
    """The due queue hands out again after two seconds what failed, not after three minutes; five tries stay five.

    The worker is warm then: whoever takes longer than that is handed the same message twice.
    """
    service.client("lambda").invoke(FunctionName=service.outputs["LapseName"], Payload=b'{"Records": []}')
    sqs, url = service.client("sqs"), service.outputs["DueQueueUrl"]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "2"})
    yield
    sqs.set_queue_attributes(QueueUrl=url, Attributes=before)
    for each in (url, service.outputs["DueDeadLettersUrl"]):
        sqs.purge_queue(QueueUrl=each)


@pytest.mark.usefixtures("impatient")
def test_h_poison_is_set_aside_after_five_tries_and_the_command_of_the_guide_puts_it_back(service: Service):
    sqs = service.client("sqs")
    sqs.send_message(QueueUrl=service.outputs["DueQueueUrl"], MessageBody="not json")
    assert eventually(lambda: in_queue(service, "DueDeadLettersUrl") == 1), service.logs("LapseName")
    assert in_queue(service, "DueQueueUrl") == 0
    assert tries(service) == 5
    sqs.send_message(QueueUrl=service.outputs["DueDeadLettersUrl"], MessageBody=f'{{"disputes": ["{GONE}"]}}')
    assert replayed(service) == "2 put back\n"
    # What is no longer poison is done, and what still is goes round again.
    assert eventually(lambda: in_queue(service, "DueQueueUrl") + in_queue(service, "DueDeadLettersUrl") == 1)


def tries(service: Service) -> int:
    """How often the dead letter was handed out before it was one."""
    found = service.client("sqs").receive_message(
        QueueUrl=service.outputs["DueDeadLettersUrl"],
        VisibilityTimeout=0,
        MessageSystemAttributeNames=["ApproximateReceiveCount"],
    )
    (letter,) = found["Messages"]
    assert letter["Body"] == "not json"
    return int(letter["Attributes"]["ApproximateReceiveCount"]) - 1


def replayed(service: Service) -> str:
    """What the command says; fails where it does."""
    account = {
        "AWS_ENDPOINT_URL": service.engine.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }
    command = [sys.executable, "-m", "tools.replay", "due", "--stack", "recourse"]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | account, check=True, capture_output=True, text=True, timeout=60
    ).stdout
