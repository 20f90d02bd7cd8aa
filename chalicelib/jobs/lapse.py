"""Carries out what is due of each dispute that the sweep has queued."""

import json
import logging

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.domain.errors import NotFound
from chalicelib.jobs.batch import Report, each_message

jobs = Blueprint(__name__)
_log = logging.getLogger("recourse.jobs")


@jobs.on_sqs_message(queue="due", batch_size=10, name="lapse")
def lapse(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _lapse)


def _lapse(body: str) -> None:
    dispute = json.loads(body)["dispute"]
    try:
        bootstrap.lapser().lapse(dispute)
    except NotFound:
        _log.warning("dispute %s is gone; nothing is due of it", dispute)
