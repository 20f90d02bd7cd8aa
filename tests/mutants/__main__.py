"""Plants each mutant in a copy of the tree, and runs the tests that have to fail. Exit status 1 if one survives."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.by_hand import MUTANTS, Mutant
from tools.paths import ROOT

_COPIED = ("chalicelib", "evidence", "policies", "tests", "tools", ".chalice", "app.py", "pyproject.toml")
_FAILED = 1
"""pytest's exit status when tests ran, and some failed; whatever else is no test's notice."""


def main() -> int:
    with TemporaryDirectory() as folder:
        tree = Path(folder)
        _copy(tree)
        everything = tuple(dict.fromkeys(each for mutant in MUTANTS for each in mutant.tests))
        status, last = _pytest(tree, everything)
        if status != 0:
            print(f"without any mutant the tests fail already: {last}")
            return 1
        survivors = [each.name for each in MUTANTS if not _killed(tree, each)]
    print(f"{len(MUTANTS) - len(survivors)} of {len(MUTANTS)} mutants made a test fail")
    return 1 if survivors else 0


def _copy(tree: Path) -> None:
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__", "deployments"))
        else:
            shutil.copy(source, tree / name)


def _killed(tree: Path, mutant: Mutant) -> bool:
    file = tree / mutant.file
    before = file.read_text(encoding="utf-8")
    if before.count(mutant.old) != 1:
        print(f"STALE     {mutant.name}: {mutant.file} doesn't hold the text once")
        return False
    file.write_text(before.replace(mutant.old, mutant.new), encoding="utf-8")
    status, last = _pytest(tree, mutant.tests)
    file.write_text(before, encoding="utf-8")
    print(f"{'killed' if status == _FAILED else 'SURVIVED':<9} {mutant.name}: {last}", flush=True)
    return status == _FAILED


def _pytest(tree: Path, tests: Sequence[str]) -> tuple[int, str]:
    """The exit status, and the first test that failed, or what pytest said last."""
    options = ("-q", "-x", "--no-header", "-p", "no:cacheprovider", "-m", "not engine", "--tb=no")
    command = [sys.executable, "-B", "-m", "pytest", *options, *tests]
    run = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    lines = run.stdout.strip().splitlines() or run.stderr.strip().splitlines() or [""]
    return run.returncode, next((each for each in lines if each.startswith("FAILED")), lines[-1])


if __name__ == "__main__":
    sys.exit(main())
