"""AWS and an identity provider on loopback, answering from memory: what a function under measurement speaks to."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore import xform_name

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

    def dynamodb(self, operation: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self.on_call()
        self.called.append(operation)
        return self.answers(operation, request)


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
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stub))
    server.daemon_threads = True
    stub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(stub: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send(stub.jwks)

        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._send(stub.dynamodb(self.headers["X-Amz-Target"].partition(".")[2], said))

        def _send(self, document: Mapping[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Says nothing: thousands of calls would drown the figures."""

    return Handler
