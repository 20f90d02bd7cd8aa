"""As much of API Gateway as one function takes: HTTP in, its event to the function's runtime, the answer back.

A process of its own, so that what it takes stands apart: on AWS it is the platform's. Runs until it is stopped.
"""

import argparse
import json
from http import HTTPStatus
from threading import Event, Lock
from typing import Any

from chalice.config import Config
from chalice.local import LocalGateway

from app import app
from tests.package.runtime_api import PREFIX, RuntimeApi
from tools import loopback
from tools.loopback import Answered, Asked


class Gateway:
    """For callers and for the function's runtime, on one port."""

    def __init__(self) -> None:
        self._runtime = RuntimeApi()
        self._converter = LocalGateway(app, Config.create(chalice_app=app)).event_converter
        self._one_at_a_time = Lock()

    def answer(self, asked: Asked) -> Answered:
        if asked.path.startswith(PREFIX):
            return self._runtime.answer(asked)
        event = self._converter.create_lambda_event(asked.method, asked.path, dict(asked.headers))
        event["body"] = asked.body.decode() or None
        with self._one_at_a_time:
            kind, said = self._runtime.invoke(event)
        return _answered(said) if kind == "response" else Answered(json.dumps(said).encode(), HTTPStatus.BAD_GATEWAY)


def _answered(said: dict[str, Any]) -> Answered:
    return Answered(said["body"].encode(), said["statusCode"], said["headers"])


def main() -> None:
    known = argparse.ArgumentParser(prog="python -m bench.gateway", description=__doc__)
    known.add_argument("port", type=int)
    with loopback.serving(Gateway().answer, known.parse_args().port):
        Event().wait()


if __name__ == "__main__":
    main()
