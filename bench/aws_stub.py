"""AWS and an identity provider on loopback, answering from memory: what a function under measurement speaks to."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore import xform_name

from tools import loopback
from tools.loopback import Answered, Asked

type Answers = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""What DynamoDB answers: by operation and request, as they go over the wire."""


@dataclass
class Stub:
    jwks: Mapping[str, Any]
    answers: Answers
    address: str = ""
    called: list[str] = field(default_factory=list)
    """Operations of DynamoDB, as they came."""
    on_call: Callable[[], None] = lambda: None
    """Called before each is answered, while whoever called waits."""

    def answer(self, asked: Asked) -> Answered:
        said = self._dynamodb(asked) if asked.method == "POST" else self.jwks
        return Answered(json.dumps(said).encode(), headers={"Content-Type": "application/x-amz-json-1.0"})

    def _dynamodb(self, asked: Asked) -> Mapping[str, Any]:
        operation = asked.headers["X-Amz-Target"].partition(".")[2]
        self.on_call()
        self.called.append(operation)
        return self.answers(operation, json.loads(asked.body))


def answers_of(client: Any) -> Answers:
    """What a table in memory answers."""

    def answer(operation: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: each for name, each in _asked(client, operation, request).items() if name != "ResponseMetadata"}

    return answer


def _asked(client: Any, operation: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
    answered: Mapping[str, Any] = getattr(client, xform_name(operation))(**request)
    return answered


@contextmanager
def serving(stub: Stub) -> Iterator[Stub]:
    with loopback.serving(stub.answer) as address:
        stub.address = f"http://{address}"
        yield stub
