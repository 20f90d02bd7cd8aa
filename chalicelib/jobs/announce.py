"""Tells webhooks of each event that the bus's rule has queued: one delivery for each that is to hear of it."""

import json

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.jobs.batch import Report, each_message
from chalicelib.logs import observed, tell_case
from chalicelib.service.announcing import announced

jobs = Blueprint(__name__)


@jobs.on_sqs_message(queue="announce", batch_size=10, name="announce")
@observed
def announce(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _announce)


def _announce(body: str) -> None:
    event = announced(json.loads(body)["detail"])
    tell_case(event.dispute)
    bootstrap.announcer().announce(event)
