"""Every ten minutes: erase what the policy's time is over for, what was taken back, and what was ordered erased."""

import logging
from dataclasses import asdict

from chalice import Blueprint, Rate
from chalice.app import CloudWatchEvent

from chalicelib import bootstrap
from chalicelib.logs import observed

jobs = Blueprint(__name__)
_log = logging.getLogger("recourse.jobs")


@jobs.schedule(Rate(10, unit=Rate.MINUTES), name="erase")
@observed
def erase(_event: CloudWatchEvent) -> dict[str, int]:
    found = asdict(bootstrap.eraser().run())
    _log.info("erased", extra=found)
    return found
