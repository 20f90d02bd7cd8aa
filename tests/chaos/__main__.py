"""`make chaos`: all of it, with nothing left to chance; one line a handler, and 1 at the end if any promise broke."""

import logging
import os
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

from tests.chaos import (
    batches,
    clocks,
    consumers,
    cuts,
    deliveries,
    faults,
    outbox,
    periods,
    races,
    uploads,
)
from tests.chaos.report import Section, printed

PARTS = (cuts, races, faults, deliveries, batches, uploads, clocks, periods, outbox, consumers)
SECTIONS: tuple[Section, ...] = tuple(each.SECTION for each in PARTS)


def main() -> int:
    """What the service says of the faults, in logs and in metrics, isn't shown: there are thousands."""
    logging.disable(logging.CRITICAL)
    start = time.monotonic()
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        violations = printed(SECTIONS, say)
    say(f"violations: {violations}; {time.monotonic() - start:.0f} s")
    return 1 if violations else 0


def say(line: str) -> None:
    print(line, file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    sys.exit(main())
