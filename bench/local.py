"""The platform on this machine, for a measurement: the engine with the template's data, and who signs tokens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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


def client_of(name: str, platform: Platform) -> Any:
    """At the engine's address; it is what fills and empties what is measured."""
    return platform.session().client(name, endpoint_url=platform.engine.url)  # type: ignore[call-overload]
