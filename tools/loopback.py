"""A server on loopback that answers HTTP as a function says: it stands for a part of the platform."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tools.ports import LOOPBACK


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    """With its query."""
    headers: Message
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    body: bytes = b""
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


type Answers = Callable[[Asked], Answered]
"""Called in a thread of each connection."""


@contextmanager
def serving(answers: Answers, port: int = 0) -> Iterator[str]:
    """Serves as long as the block, on any free port unless told which. Gives host and port."""
    server = ThreadingHTTPServer((LOOPBACK, port), _handler(answers))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{LOOPBACK}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(answers: Answers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: a second one would wait for the first to be acknowledged

        def handle(self) -> None:
            with suppress(ConnectionResetError):  # a caller that is killed goes like that
                super().handle()

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            answered = answers(Asked(self.command, self.path, self.headers, body))
            self.send_response(answered.status)
            for name, value in answered.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answered.body)))
            self.end_headers()
            self.wfile.write(answered.body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Says nothing: thousands of calls would drown what is said."""

    return Handler
