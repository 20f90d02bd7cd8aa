"""Reads the text of each piece that the inspector, or the sweep, has queued.

A function of its own, in a zip without Chalice: the handler is a plain one.
"""

import json
from typing import Any

from chalicelib import bootstrap
from chalicelib.jobs.batch import Report, each_message


def recognise(event: dict[str, Any], _context: object) -> Report:
    return each_message(event["Records"], _recognise)


def _recognise(body: str) -> None:
    piece = json.loads(body)
    bootstrap.recognition().recognise(piece["dispute"], piece["piece"])
