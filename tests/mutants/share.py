"""How many of mutmut's mutants the tests noticed. Exit status 1 below nine in ten (`make mutants`)."""

import json
import sys
from pathlib import Path

_STATS = Path("mutants/mutmut-cicd-stats.json")
_WANTED = 0.9


def noticed(stats: dict[str, int]) -> float:
    """The share that made a test fail or never end; what no test runs through counts as not noticed."""
    counted = stats["total"] - stats["skipped"]
    if not counted or stats["check_was_interrupted_by_user"]:
        raise ValueError("nothing was measured, or not to the end")
    return (stats["killed"] + stats["timeout"] + stats["segfault"]) / counted


def main() -> int:
    stats = json.loads(_STATS.read_text(encoding="ascii"))
    share = noticed(stats)
    print(f"{share:.1%} of {stats['total']} mutants noticed ({_WANTED:.0%} wanted); {stats['survived']} survived")
    return 0 if share >= _WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
