"""The platform on this machine, for a measurement: the engine with the template's data, and who signs tokens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from os import sysconf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3

from tools import deploy, dev, engine, identity
from tools.ports import free_port


@dataclass(frozen=True, slots=True)
class Platform:
    engine: engine.Engine
    identity: identity.Identity
    outputs: Mapping[str, str]
    environment: Mapping[str, str]
    """What a function would be told."""
    folder: Path

    @property
    def table(self) -> str:
        return self.outputs["TableName"]

    def session(self) -> boto3.Session:
        return self.engine.session()


@contextmanager
def running() -> Iterator[Platform]:
    """Without functions, and empty."""
    with TemporaryDirectory(prefix="recourse-bench-") as name:
        folder = Path(name)
        with engine.running(free_port(), folder) as local, identity.running(free_port(), folder) as provider:
            known = deploy.Provider(provider.issuer, provider.jwks_uri)
            outputs = deploy.apply(local, "bench", dev.data_template(), deploy.local_parameters(known))
            yield Platform(local, provider, outputs, dev.environment(local, known, outputs), folder)


def cpu_of(group: int) -> float:
    """Seconds of CPU that the processes of a group have taken so far, to 10 ms."""
    ticks = sum(int(each[11]) + int(each[12]) for each in _processes() if int(each[2]) == group)
    return ticks / sysconf("SC_CLK_TCK")


def _processes() -> Iterator[list[str]]:
    """Their fields in /proc from the state on."""
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            written = each.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended
        yield written.rpartition(")")[2].split()


def client_of(name: str, platform: Platform) -> Any:
    """As the service makes its own, but with the engine's address."""
    return platform.session().client(name, endpoint_url=platform.engine.url)  # type: ignore[call-overload]
