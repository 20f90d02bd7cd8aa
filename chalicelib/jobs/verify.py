"""Every day: check the whole table and the anchors, a part a message."""

import json

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.jobs.batch import Report, each_message
from chalicelib.logs import observed

jobs = Blueprint(__name__)


@jobs.on_sqs_message(queue="verify", batch_size=1, name="verify")
@observed
def verify(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _verify)


def _verify(body: str) -> None:
    """A message without a place begins anew."""
    bootstrap.auditor().work(json.loads(body).get("after"))
