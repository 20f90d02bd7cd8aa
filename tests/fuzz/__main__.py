"""`make fuzz-files`: damaged files, as many as asked for; one line for each file that they were made of.

1 at the end if any promise broke; the files that broke it lie in .fuzz/ then.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from tests.fuzz.looking import MOST_MEMORY, Tried
from tests.fuzz.workers import try_all

_FOLDER = Path(".fuzz")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    _FOLDER.mkdir(exist_ok=True)
    start = time.monotonic()
    tried = []
    for each in try_all(asked.files, asked.seed, _FOLDER, workers=os.cpu_count() or 1):
        _say("\n".join((_line(each), *each.violations)))
        tried.append(each)
    violations = sum(len(each.violations) for each in tried)
    slowest, peak = max(tried, key=lambda each: each.slowest), max(each.peak for each in tried)
    _say(f"{sum(each.files for each in tried)} files in {time.monotonic() - start:.0f} s")
    _say(f"slowest: {slowest.slowest:.1f} s of CPU ({slowest.name} {slowest.slowest_number}); most: {peak >> 20} MB")
    _say(f"violations: {violations}")
    return 1 if violations or peak > MOST_MEMORY else 0


def _line(tried: Tried) -> str:
    said = ", ".join(f"{code} {count}" for code, count in tried.outcomes.most_common())
    return f"{tried.files:>7}  {tried.name}: {said}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
