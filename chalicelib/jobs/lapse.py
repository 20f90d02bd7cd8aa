"""Carries out what is due of the disputes that the sweep has queued: together, or each on its own.

A message names several. Where they can't be carried out together, each is queued again in a message of its own: so that
one that fails ends in the dead letters alone.
"""

import json
import logging
from collections.abc import Sequence

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.domain.errors import NotFound
from chalicelib.jobs.batch import Report, each_message, together
from chalicelib.logs import observed, tell_cases

jobs = Blueprint(__name__)
_log = logging.getLogger("recourse.jobs")


@jobs.on_sqs_message(queue="due", batch_size=10, name="lapse")
@observed
def lapse(event: SQSEvent) -> Report:
    records = event.to_dict()["Records"]
    return each_message(records, _told if together(records, _lapse_together) else _lapse)


def _lapse_together(bodies: Sequence[str]) -> None:
    bootstrap.lapser().lapse_together([each for body in bodies for each in _named(body)])


def _lapse(body: str) -> None:
    first, *others = disputes = _told(body)
    if others:
        bootstrap.queues().lapse(disputes, apart=True)
        return
    try:
        bootstrap.lapser().lapse(first)
    except NotFound:
        _log.warning("the dispute is gone; nothing is due of it")


def _told(body: str) -> Sequence[str]:
    """Which disputes it is about."""
    disputes = _named(body)
    tell_cases(disputes)
    return disputes


def _named(body: str) -> Sequence[str]:
    disputes: Sequence[str] = json.loads(body)["disputes"]
    return disputes
