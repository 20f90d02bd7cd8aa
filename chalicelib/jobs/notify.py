"""Tells parties what happened, from each event that the bus brings, and what is near, as the sweep has queued it."""

import json

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.jobs.batch import Report, each_message
from chalicelib.logs import observed, tell_case

jobs = Blueprint(__name__)


@jobs.on_sqs_message(queue="notices", batch_size=10, name="notify")
@observed
def notify(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _notify)


def _notify(body: str) -> None:
    """EventBridge's envelope, or a dispute that the sweep names."""
    said, notifier = json.loads(body), bootstrap.notifier()
    happened = said.get("detail")
    about = happened or said
    tell_case(about["dispute"])
    if happened:
        notifier.happened(happened["dispute"], happened["aggregate"], happened["seq"])
    else:
        notifier.near(about["dispute"])
