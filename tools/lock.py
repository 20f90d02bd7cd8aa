"""Pins the requirements, with hashes, so that every machine installs the same. No index is named in what it writes."""

import subprocess
import sys
from pathlib import Path

from tools.paths import ROOT

# The runtime first: the others are constrained by it.
LOCKS = {
    "requirements/runtime.in": "requirements.txt",
    "requirements/dev.in": "requirements-dev.txt",
    "requirements/engine.in": "requirements-engine.txt",
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


if __name__ == "__main__":
    main()
