"""Inspects each upload that the bucket's notification, or the sweep, has queued."""

import json
import time
from typing import Final
from urllib.parse import unquote_plus

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap, metrics
from chalicelib.domain.measures import Measure
from chalicelib.jobs.batch import Report, each_message
from chalicelib.logs import observed, tell_case

jobs = Blueprint(__name__)
_S3_TEST: Final = "s3:TestEvent"


@jobs.on_sqs_message(queue="uploads", batch_size=1, name="inspect")
@observed
def inspect(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _inspect)


def _inspect(body: str) -> None:
    """S3 sends a test message when the notification is set up; nothing else comes without records."""
    said = json.loads(body)
    if said.get("Event") == _S3_TEST:
        return
    for record in said["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"])
        tell_case(*key.split("/")[1:3])
        began = time.monotonic()
        if bootstrap.inspector().inspect(key):
            metrics.emit(Measure.INSPECTOR_TIME, (time.monotonic() - began) * 1000)
