"""`make replay QUEUE=due`: puts dead letters back into the queue that they came from, once their cause is mended."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tools import session, stack

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_DEAD_LETTERS, _QUEUE = "DeadLettersUrl", "QueueUrl"
_AT_ONCE = 10
_HIDDEN_SECONDS = 60
"""A message that couldn't be put back shows in the dead letters again after so long."""


class ReplayError(Exception):
    """Nothing could be put back, or not all."""


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="make replay", description=__doc__)
    parser.add_argument("queue", help="due, upload, recognise …: the name of the stack's output before DeadLettersUrl")
    parser.add_argument("--stack", help="a stack in the account of your AWS credentials; else what `make run` runs")
    asked = parser.parse_args(arguments)
    try:
        found = stack.find(asked.stack)
        moved = replay(found.client("sqs"), *queue_urls(found.outputs, asked.queue))
    except (ReplayError, session.NotRunningError) as failure:
        sys.exit(str(failure))
    print(f"{moved} put back")


def queue_urls(outputs: Mapping[str, str], name: str) -> tuple[str, str]:
    """Where the dead letters lie, and where they came from. Raises ReplayError for what isn't a queue of the stack."""
    known = {each.removesuffix(_QUEUE).lower(): each for each in outputs if each.endswith(_QUEUE)}
    queue = known.get(name)
    dead_letters = queue and outputs.get(queue.removesuffix(_QUEUE) + _DEAD_LETTERS)
    if not queue or not dead_letters:
        raise ReplayError(f"There is no queue {name} to put anything back into; there are {', '.join(sorted(known))}")
    return dead_letters, outputs[queue]


def replay(sqs: "SQSClient", dead_letters: str, queue: str) -> int:
    """Gives how many were put back. Sent first, deleted then: one may come twice, and none gets lost. ReplayError."""
    count = 0
    for messages in _waiting(sqs, dead_letters):
        sent = sqs.send_message_batch(
            QueueUrl=queue,
            Entries=[{"Id": str(number), "MessageBody": each["Body"]} for number, each in enumerate(messages)],
        )
        taken = [messages[int(each["Id"])] for each in sent.get("Successful", [])]
        for each in taken:
            sqs.delete_message(QueueUrl=dead_letters, ReceiptHandle=each["ReceiptHandle"])
        count += len(taken)
        if len(taken) < len(messages):
            raise ReplayError(f"{count} put back, then the queue refused some: they stay in the dead letters")
    return count


def _waiting(sqs: "SQSClient", url: str) -> "Iterator[list[MessageTypeDef]]":
    while True:
        found = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=_AT_ONCE, VisibilityTimeout=_HIDDEN_SECONDS, WaitTimeSeconds=1
        )
        if not found.get("Messages"):
            return
        yield found["Messages"]


if __name__ == "__main__":
    main(sys.argv[1:])
