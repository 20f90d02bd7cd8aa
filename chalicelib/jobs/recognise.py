"""Reads the text of each piece that the inspector, or the sweep, has queued.

A function of its own, in a zip without Chalice: the handler is a plain one.
"""

import json
import time
from typing import Any

from chalicelib import bootstrap, metrics
from chalicelib.domain.measures import Measure
from chalicelib.jobs.batch import Report, each_message
from chalicelib.logs import observed, tell_case


@observed
def recognise(event: dict[str, Any], _context: object) -> Report:
    return each_message(event["Records"], _recognise)


def _recognise(body: str) -> None:
    piece = json.loads(body)
    tell_case(piece["dispute"], piece["piece"])
    began = time.monotonic()
    if bootstrap.recognition().recognise(piece["dispute"], piece["piece"]):
        metrics.emit(Measure.RECOGNISER_TIME, (time.monotonic() - began) * 1000)
