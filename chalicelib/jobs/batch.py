"""What every job needs around it: each message on its own, and a report of those that failed."""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from chalicelib.logs import scope

_log = logging.getLogger("recourse.jobs")

type Report = dict[str, list[dict[str, str]]]
"""What Lambda wants back under ReportBatchItemFailures."""


def each_message(records: Iterable[dict[str, Any]], act: Callable[[str], object]) -> Report:
    """Give each SQS message's body to `act`. One that fails comes again, alone, and ends in the dead letters."""
    failed = [each["messageId"] for each in records if not _done(act, each["body"], each["messageId"])]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def together(records: Sequence[dict[str, Any]], act: Callable[[Sequence[str]], object]) -> bool:
    """Give all messages' bodies to `act` at once. False where that isn't done: then each is for `each_message`."""
    try:
        act([each["body"] for each in records])
    except Exception:  # noqa: BLE001  (whatever it is, each message comes alone after it, and tells for itself)
        _log.info("the messages aren't done together", exc_info=True)
        return False
    return True


def in_order(records: Iterable[dict[str, Any]], act: Callable[[dict[str, Any]], object]) -> Report:
    """Give each new image of a stream to `act`, up to the first that fails: from there the stream comes again."""
    for each in records:
        sequence = each["dynamodb"]["SequenceNumber"]
        if not _done(lambda record: act(record["dynamodb"]["NewImage"]), each, sequence):
            return {"batchItemFailures": [{"itemIdentifier": sequence}]}
    return {"batchItemFailures": []}


def _done[T](act: Callable[[T], object], what: T, name: str) -> bool:
    with scope(correlation_id=name):
        try:
            act(what)
        except Exception:  # noqa: BLE001  (whatever it is, it concerns this message alone: it is logged, retried, and then a dead letter)
            _log.exception("the message failed")
            return False
        _log.info("the message is done")
        return True
