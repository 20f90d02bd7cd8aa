"""The local engine for tests, alone or with the packaged service on it. A conftest imports what its folder needs."""

import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tools import deploy, engine, identity, package
from tools.paths import BUILD
from tools.ports import free_port


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Api:
    """The deployed API, as one caller."""

    url: str
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: object = None, *, key: str | None = None, **headers: str) -> Answer:
        """`key` is the Idempotency-Key."""
        return self.call("POST", path, body, **({"Idempotency-Key": key} if key else {}), **headers)

    def delete(self, path: str, *, key: str | None = None, **headers: str) -> Answer:
        return self.call("DELETE", path, **({"Idempotency-Key": key} if key else {}), **headers)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Sends and gives back whatever comes, refusals included. `path` begins with /v1."""
        sent = {"Accept": "application/json", **self.headers, **headers}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            sent["Content-Type"] = "application/json"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, sent, method=method)
        try:
            answer = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with contextlib.closing(answer):
            return Answer(answer.status, dict(answer.headers), answer.read())


@dataclass(frozen=True)
class Service:
    """The packaged service, deployed on an engine of its own."""

    api_url: str
    outputs: Mapping[str, str]
    engine: engine.Engine
    identity: identity.Identity

    def token_for(self, role: str, parties: Sequence[str] = (), sub: str | None = None) -> str:
        return self.identity.token_for(role, parties, sub)

    def api(self, role: str, parties: Sequence[str] = (), sub: str | None = None) -> Api:
        return Api(self.api_url, self.token_for(role, parties, sub))

    def client(self, name: str) -> Any:
        """A boto3 client of the engine's root user."""
        return self.engine.session().client(name, endpoint_url=self.engine.url)  # type: ignore[call-overload]

    def logs(self, function: str) -> str:
        """What a function has logged so far; `function` is a name of the outputs, as LapseName."""
        group = f"/aws/lambda/{self.outputs[function]}"
        pages = self.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        return "\n".join(event["message"].rstrip() for page in pages for event in page["events"])


@pytest.fixture(scope="session")
def local_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Engine]:
    """An empty engine, with nothing deployed."""
    with engine.running(free_port(), tmp_path_factory.mktemp("engine")) as local:
        yield local


@pytest.fixture(scope="session")
def service(local_engine: engine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    package.package()
    with identity.running(free_port(), tmp_path_factory.mktemp("identity")) as provider:
        deployment = deploy.deploy(local_engine, BUILD, deploy.Provider(provider.issuer, provider.jwks_uri))
        yield Service(deployment.api_url, deployment.outputs, local_engine, provider)


def mark(items: Sequence[pytest.Item], folder: Path) -> None:
    """Marks the tests of a folder as tests on the engine."""
    for item in items:
        if item.path.is_relative_to(folder):
            item.add_marker(pytest.mark.engine)
