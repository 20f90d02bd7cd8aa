"""A function that fails on what it was given, as Lambda's runtime loads it."""

import logging
from typing import Any

from chalicelib.logs import observed


@observed
def handler(event: dict[str, Any], _context: object) -> None:
    try:
        int(event["read"])
    except ValueError as error:
        logging.getLogger("library").warning("a library warns", exc_info=error)
        raise
