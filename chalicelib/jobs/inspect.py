"""Inspects each upload that the bucket's notification, or the sweep, has queued."""

import json
from urllib.parse import unquote_plus

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.jobs.batch import Report, each_message

jobs = Blueprint(__name__)


@jobs.on_sqs_message(queue="uploads", batch_size=1, name="inspect")
def inspect(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _inspect)


def _inspect(body: str) -> None:
    """S3 sends a test message without records when the notification is set up."""
    for record in json.loads(body).get("Records", []):
        bootstrap.inspector().inspect(unquote_plus(record["s3"]["object"]["key"]))
