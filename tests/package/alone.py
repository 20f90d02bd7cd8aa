"""A function of an unpacked zip on the bare interpreter, under Lambda's own runtime client, with nothing beside it."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.package.runtime_api import RuntimeApi, serving

_RUNTIME = ("awslambdaric", "snapshot_restore_py", "simplejson", "runtime_client")
"""Lambda's own, not the function's."""
SETTINGS = {
    "TABLE_NAME": "recourse",
    "EVIDENCE_BUCKET": "recourse-evidence",
    "DUE_QUEUE_URL": "http://127.0.0.1:1/due",
    "UPLOAD_QUEUE_URL": "http://127.0.0.1:1/uploads",
    "RECOGNISE_QUEUE_URL": "http://127.0.0.1:1/recognise",
    "OUTAGE_QUEUE_URL": "http://127.0.0.1:1/outages",
    "DELIVER_QUEUE_URL": "http://127.0.0.1:1/deliver",
    "UNDELIVERED_QUEUE_URL": "http://127.0.0.1:1/undelivered",
    "WEBHOOK_KEY": "arn:aws:kms:us-east-1:000000000000:key/none",
    "NOTICE_QUEUE_URL": "http://127.0.0.1:1/notices",
    "BUNDLE_QUEUE_URL": "http://127.0.0.1:1/bundles",
    "AUDIT_QUEUE_URL": "http://127.0.0.1:1/verify",
    "DUE_DEAD_LETTERS_URL": "http://127.0.0.1:1/due-dead",
    "ANCHOR_BUCKET": "recourse-anchors",
    "SIGNING_KEY": "arn:aws:kms:us-east-1:000000000000:key/none",
    "BUS_NAME": "recourse",
    "ISSUER": "http://127.0.0.1:1",
    "AUDIENCE": "recourse",
    "JWKS_URI": "http://127.0.0.1:1/jwks.json",
    "DEFAULT_POLICY": "marketplace",
}


@dataclass(frozen=True, slots=True)
class Function:
    """One that is up, or on its way there."""

    api: RuntimeApi
    pid: int

    def invoke(self, event: object) -> tuple[str, Any]:
        return self.api.invoke(event)


def alone(unzipped: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """The bare interpreter, without site-packages, on the package."""
    return _process([unzipped], arguments, environment, subprocess.PIPE)


def _process(
    path: Sequence[Path], arguments: Sequence[str], environment: Mapping[str, str], output: int
) -> subprocess.Popen[str]:
    search, task = os.pathsep.join(map(str, path)), path[0]
    lambdas = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "LAMBDA_TASK_ROOT": str(task)}
    return subprocess.Popen(
        [sys._base_executable, "-S", *arguments],  # type: ignore[attr-defined]  # noqa: SLF001
        cwd=task,
        env={"PYTHONPATH": search, "PATH": os.environ["PATH"], **lambdas, **SETTINGS, **environment},
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
    )


def link_runtime(folder: Path) -> Path:
    """Makes a folder with Lambda's runtime client and nothing else."""
    folder.mkdir()
    for name in _RUNTIME:
        found = importlib.util.find_spec(name)
        assert found, f"{name} isn't installed"
        assert found.origin
        origin = Path(found.origin)
        whole = origin.parent if origin.name == "__init__.py" else origin
        (folder / whole.name).symlink_to(whole)
    return folder


@contextmanager
def function(unzipped: Path, runtime: Path, handler: str, **environment: str) -> Iterator[Function]:
    """`runtime` is what `link_runtime` made."""
    with serving() as api, started(unzipped, runtime, handler, api.address, **environment) as process:
        yield Function(api, process)


@contextmanager
def started(unzipped: Path, runtime: Path, handler: str, api: str, **environment: str) -> Iterator[int]:
    """The id of a process that asks the Runtime API at that address for work. What it says isn't kept."""
    main = ["-m", "awslambdaric", handler]
    told = {"AWS_LAMBDA_RUNTIME_API": api, "_HANDLER": handler, **environment}
    process = _process([unzipped, runtime], main, told, subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()
