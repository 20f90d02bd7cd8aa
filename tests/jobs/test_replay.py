"""Dead letters put back by hand: `python -m tools.replay`."""

import json
import re
from typing import Any

import boto3
import pytest

from tests.contract.template import template
from tools.paths import ROOT
from tools.replay import ReplayError, queue_urls, replay

OUTPUTS = {
    "DueQueueUrl": "due",
    "DueDeadLettersUrl": "due-dead",
    "UploadQueueUrl": "uploads",
    "UploadDeadLettersUrl": "uploads-dead",
    "PublishDeadLettersUrl": "publish-dead",
}


def test_the_stacks_outputs_say_which_dead_letters_belong_to_which_queue():
    assert queue_urls(OUTPUTS, "upload") == ("uploads-dead", "uploads")


def test_each_queue_of_the_template_can_have_its_dead_letters_back_and_the_operators_guide_lists_it():
    outputs = {each: each for each in template()["Outputs"]}
    names = [each.removesuffix("QueueUrl").lower() for each in outputs if each.endswith("QueueUrl")]
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    listed = re.search(r"queues are called ((?:`\w+`,?\s+)*`\w+`): what stands", guide)
    assert listed
    assert sorted(re.findall(r"\w+", listed[1])) == sorted(names)
    for each in names:
        assert [url.lower() for url in queue_urls(outputs, each)] == [f"{each}deadlettersurl", f"{each}queueurl"]


@pytest.mark.parametrize("name", ["publish", "Due", "", "nothing"])
def test_what_has_no_queue_to_go_back_to_is_refused_and_those_that_have_are_named(name):
    with pytest.raises(ReplayError, match="due, upload"):
        queue_urls(OUTPUTS, name)


def test_h_each_dead_letter_is_put_back_as_it_was_and_none_is_left(cloud):
    sqs = boto3.client("sqs")
    letters = sqs.create_queue(QueueName="letters")["QueueUrl"]
    bodies = [json.dumps({"disputes": [f"D{number}"]}) for number in range(23)]
    for each in bodies:
        sqs.send_message(QueueUrl=letters, MessageBody=each)
    assert replay(sqs, letters, cloud.due_url) == 23
    assert cloud.messages(letters) == []
    assert sorted(body for _ in range(3) for body in cloud.messages(cloud.due_url)) == sorted(bodies)


def test_h_what_the_queue_refuses_stays_in_the_dead_letters(cloud):
    sqs = boto3.client("sqs")
    letters = sqs.create_queue(QueueName="letters")["QueueUrl"]
    for number in range(3):
        sqs.send_message(QueueUrl=letters, MessageBody=f"{number}")
    sqs.meta.events.register("after-call.sqs.SendMessageBatch", _one_is_refused)
    with pytest.raises(ReplayError, match="2 put back"):
        replay(sqs, letters, cloud.due_url)
    left = sqs.get_queue_attributes(QueueUrl=letters, AttributeNames=["ApproximateNumberOfMessagesNotVisible"])
    assert left["Attributes"] == {"ApproximateNumberOfMessagesNotVisible": "1"}


def _one_is_refused(parsed: dict[str, Any], **_: object) -> None:
    parsed["Failed"] = [{"Id": parsed["Successful"].pop()["Id"], "Code": "InternalError", "SenderFault": False}]
