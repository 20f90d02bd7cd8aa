"""Starts and stops the local engine: MiniStack, on loopback, with its state in a folder."""

import os
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3

from tools.paths import ENGINE_HOST, ENGINE_PYTHON
from tools.ports import LOOPBACK
from tools.processes import process

REGION = "us-east-1"
# A function inherits the engine's environment, which it would not on Lambda: hand on what Python itself needs, no more.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL")


@dataclass(frozen=True)
class Engine:
    port: int
    pid: int | None = None
    """Its process, and the group that its functions run in; None where another started it."""

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def session(self) -> boto3.Session:
        """The engine's root user, who may do anything; functions act under their own roles."""
        return boto3.Session("test", "test", region_name=REGION)

    def checkpoint(self) -> None:
        """Returns once everything that the engine has answered would outlive a hard kill."""
        urllib.request.urlopen(f"{self.url}/_checkpoint", timeout=60).close()


@contextmanager
def running(port: int, folder: Path) -> Iterator[Engine]:
    """The engine, up and answering; stopped, with its state saved under `folder`, when the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with process([ENGINE_PYTHON, ENGINE_HOST], _environment(port, folder), folder / "engine.log", port) as pid:
        yield Engine(port, pid)


def _environment(port: int, folder: Path) -> dict[str, str]:
    # Functions are unpacked here, and a killed engine leaves them behind.
    temporary = folder / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | {
        # Signatures, authorizers and the functions' own roles are enforced.
        "AUTH": "true",
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": LOOPBACK,
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder / "objects"),
        # Both would listen on every address.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "TMPDIR": str(temporary),
        "PYTHONUNBUFFERED": "1",
    }
