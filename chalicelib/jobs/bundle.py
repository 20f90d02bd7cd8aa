"""Makes each case bundle that was asked for."""

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


@jobs.on_sqs_message(queue="bundles", batch_size=1, name="bundle")
@observed
def bundle(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _make)


def _make(body: str) -> None:
    message = json.loads(body)
    tell_case(message["dispute"])
    try:
        bootstrap.bundler().make(message["dispute"], message["bundle"])
    except NotFound:
        _log.warning("the bundle was asked for by nobody who may see the case now")
