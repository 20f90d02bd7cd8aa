"""Carries out what is due of each dispute that the sweep has queued."""

import json
import logging

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.domain.errors import NotFound
from chalicelib.jobs.batch import Report, each_message
from chalicelib.logs import observed, tell_case

jobs = Blueprint(__name__)
_log = logging.getLogger("recourse.jobs")


@jobs.on_sqs_message(queue="due", batch_size=10, name="lapse")
@observed
def lapse(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _lapse)


def _lapse(body: str) -> None:
    dispute = json.loads(body)["dispute"]
    tell_case(dispute)
    try:
        bootstrap.lapser().lapse(dispute)
    except NotFound:
        _log.warning("the dispute is gone; nothing is due of it")
