"""Every day: anchor the ends of all chains that have grown."""

import logging

from chalice import Blueprint, Rate
from chalice.app import CloudWatchEvent

from chalicelib import bootstrap
from chalicelib.logs import observed

jobs = Blueprint(__name__)
_log = logging.getLogger("recourse.jobs")

_AT_MOST = 50
"""Anchors in one run; the next one goes on from there."""


@jobs.schedule(Rate(1, unit=Rate.DAYS), name="anchor")
@observed
def anchor(_event: CloudWatchEvent) -> dict[str, int]:
    anchors = heads = 0
    while anchors < _AT_MOST and (made := bootstrap.anchorer().anchor()):
        anchors, heads = anchors + 1, heads + len(made.heads)
    _log.info("anchored", extra={"anchors": anchors, "heads": heads})
    return {"anchors": anchors, "heads": heads}
