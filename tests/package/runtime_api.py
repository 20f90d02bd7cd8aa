"""As much of Lambda's Runtime API as invocations one after the other take."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from queue import Queue
from typing import Any

from tools import loopback
from tools.loopback import Answered, Asked

PREFIX = "/2018-06-01/runtime"
_INVOCATION = {
    # awslambdaric crashes without it.
    "Content-Type": "application/json",
    "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
    "Lambda-Runtime-Deadline-Ms": "4102444800000",
    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:000000000000:function:f",
}


@dataclass
class RuntimeApi:
    address: str = ""
    waiting: Queue[Any] = field(default_factory=Queue)
    answered: Queue[tuple[str, Any]] = field(default_factory=Queue)

    def invoke(self, event: object, seconds: float = 60) -> tuple[str, Any]:
        """What became of the event: `response` or `error`, and the document that came with it."""
        self.waiting.put(event)
        return self.answered.get(timeout=seconds)

    def answer(self, asked: Asked) -> Answered:
        """What the function's runtime client is told."""
        if asked.method == "GET":
            return Answered(json.dumps(self.waiting.get()).encode(), HTTPStatus.OK, _INVOCATION)
        self.answered.put((asked.path.rsplit("/", 1)[-1], json.loads(asked.body or "null")))
        return Answered(status=HTTPStatus.ACCEPTED)


@contextmanager
def serving() -> Iterator[RuntimeApi]:
    api = RuntimeApi()
    with loopback.serving(api.answer) as api.address:
        yield api
