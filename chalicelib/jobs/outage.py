"""Works through an outage that two people have agreed on, a batch or a dispute a message."""

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


@jobs.on_sqs_message(queue="outages", batch_size=1, name="outage")
@observed
def outage(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _work)


def _work(body: str) -> None:
    message = json.loads(body)
    worker, dispute = bootstrap.outage_worker(), message.get("dispute")
    tell_case(dispute, outage=message["outage"])
    try:
        if dispute:
            worker.allow(message["outage"], dispute)
        else:
            worker.work(message["outage"])
    except NotFound:
        _log.warning("the outage, or its dispute, is gone")
