"""As much of Lambda's Runtime API as one invocation takes."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

PREFIX = "/2018-06-01/runtime"


@dataclass
class RuntimeApi:
    address: str = ""
    waiting: Queue[Any] = field(default_factory=Queue)
    answered: Queue[tuple[str, Any]] = field(default_factory=Queue)

    def invoke(self, event: object, seconds: float = 60) -> tuple[str, Any]:
        """What became of the event: `response` or `error`, and the document that came with it."""
        self.waiting.put(event)
        return self.answered.get(timeout=seconds)


@contextmanager
def serving() -> Iterator[RuntimeApi]:
    api = RuntimeApi()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(api.waiting.get()).encode()
            self.send_response(HTTPStatus.OK)
            # awslambdaric crashes without it.
            self.send_header("Content-Type", "application/json")
            self.send_header("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
            self.send_header("Lambda-Runtime-Deadline-Ms", "4102444800000")
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:f")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            document = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or "null")
            api.answered.put((self.path.rsplit("/", 1)[-1], document))
            self.send_response(HTTPStatus.ACCEPTED)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Says nothing: pytest shows what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api.address = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
