"""Every minute: queue what is due or near, what lost its event, and what is stuck in the outbox."""

import logging
from dataclasses import asdict

from chalice import Blueprint, Rate
from chalice.app import CloudWatchEvent

from chalicelib import bootstrap
from chalicelib.logs import observed

jobs = Blueprint(__name__)
_log = logging.getLogger("recourse.jobs")


@jobs.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
@observed
def sweep(_event: CloudWatchEvent) -> dict[str, int]:
    found = asdict(bootstrap.sweeper().sweep())
    _log.info("swept", extra=found)
    return found
