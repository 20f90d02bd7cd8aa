"""`make chaos`: all of it, with nothing left to chance; one line a handler, and 1 at the end if any promise broke.

The sections run side by side, one a core, and are told one after the other.
"""

import logging
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path

from tests.chaos.report import Section, printed

PARTS = (
    "faults",
    "cuts",
    "races",
    "deliveries",
    "batches",
    "uploads",
    "clocks",
    "periods",
    "outbox",
    "consumers",
    "hard_kill",
)
"""Those that take longest are begun first."""


def main() -> int:
    start = time.monotonic()
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as cores:
        violations = sum(map(_told, cores.map(run, PARTS)))
    print(f"violations: {violations}; {time.monotonic() - start:.0f} s")
    return 1 if violations else 0


def run(part: str) -> tuple[list[str], int]:
    """What the service says of the faults, in logs and in metrics, isn't shown: there are thousands."""
    logging.disable(logging.CRITICAL)
    section: Section = import_module(f"tests.chaos.{part}").SECTION
    lines: list[str] = []
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        violations = printed([section], lines.append)
    return lines, violations


def _told(ran: tuple[list[str], int]) -> int:
    lines, violations = ran
    print(*lines, sep="\n", flush=True)
    return violations


if __name__ == "__main__":
    sys.exit(main())
