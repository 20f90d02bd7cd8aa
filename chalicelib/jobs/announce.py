"""Tells webhooks of each event that the bus's rule has queued: one delivery for each that is to hear of it."""

import json

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.jobs.batch import Report, each_message
from chalicelib.logs import observed, tell_case

jobs = Blueprint(__name__)


@jobs.on_sqs_message(queue="announce", batch_size=10, name="announce")
@observed
def announce(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _announce)


def _announce(body: str) -> None:
    happened = json.loads(body)["detail"]
    tell_case(happened["dispute"])
    bootstrap.announcer().announce(happened["dispute"], happened["aggregate"], happened["seq"])
