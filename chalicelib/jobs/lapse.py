"""Carries out what is due of the disputes that the sweep has queued: together, or each on its own."""

import json
import logging
from collections.abc import Sequence

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.domain.errors import NotFound
from chalicelib.jobs.batch import Report, each_message, together
from chalicelib.logs import observed, tell_case

jobs = Blueprint(__name__)
_log = logging.getLogger("recourse.jobs")


@jobs.on_sqs_message(queue="due", batch_size=10, name="lapse")
@observed
def lapse(event: SQSEvent) -> Report:
    records = event.to_dict()["Records"]
    return each_message(records, _told if together(records, _lapse_together) else _lapse)


def _lapse_together(bodies: Sequence[str]) -> None:
    bootstrap.lapser().lapse_together([json.loads(each)["dispute"] for each in bodies])


def _told(body: str) -> str:
    """Which dispute it is about."""
    dispute: str = json.loads(body)["dispute"]
    tell_case(dispute)
    return dispute


def _lapse(body: str) -> None:
    dispute = _told(body)
    try:
        bootstrap.lapser().lapse(dispute)
    except NotFound:
        _log.warning("the dispute is gone; nothing is due of it")
