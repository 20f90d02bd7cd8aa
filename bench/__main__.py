"""`make bench`: every figure, or those of the parts that are named; each part in a process of its own.

Writes bench/results.json and bench/results.md. Exits with 1 if a target is missed.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from bench import report
from bench.figures import measured

PARTS = ("calls", "sizes", "cold", "warm", "photo", "memory", "sweep", "growth", "burst", "peer", "money", "scale")


def main() -> int:
    known = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    known.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    wanted = known.parse_args().parts or PARTS
    missed = 0
    for name in wanted:
        begun = time.monotonic()
        with ProcessPoolExecutor(1, max_tasks_per_child=1) as alone:
            part = alone.submit(measured, name).result()
        print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)
        found = report.results() | {name: part}
        report.write({each: found[each] for each in PARTS if each in found})
        missed += sum(each.met is False for each in part.figures)
    print(*report.summary(report.results()), sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
