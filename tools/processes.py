"""Child processes that come up, are answered by a port, and go down with whoever started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.paths import ROOT
from tools.ports import listens

START_SECONDS = 30
STOP_SECONDS = 20


class StartError(Exception):
    """A process didn't come up; the message ends with the last lines of its log."""


@contextmanager
def process(command: Sequence[str | Path], environment: Mapping[str, str], log: Path, port: int) -> Iterator[int]:
    """Runs `command` for as long as the block, from when `port` listens on loopback. Gives its id, and its group's.

    Raises StartError.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        # A session of its own: Ctrl-C reaches whoever started it, who then stops it in order.
        started = subprocess.Popen(
            command,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _await_port(started, port, log)
        yield started.pid
    finally:
        _stop(started)


@contextmanager
def child(module: str, *arguments: str, log: Path, port: int) -> Iterator[None]:
    """`process`, for a module of this checkout on this interpreter."""
    with process([sys.executable, "-m", module, *arguments], os.environ, log, port):
        yield


def _await_port(started: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and started.poll() is None:
        if listens(port):
            return
        time.sleep(0.05)
    last_lines = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise StartError(f"It didn't start; the end of {log.name}:\n{last_lines}")


def _stop(started: subprocess.Popen[bytes]) -> None:
    """Asks first, so that state is saved; after a while kills the whole group."""
    started.terminate()
    try:
        started.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
