"""django-helpdesk, served over HTTP by gunicorn: one worker, with one thread; and its command for what is overdue."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import urllib3

from bench.processes import cpu_of
from tools.paths import ROOT
from tools.ports import LOOPBACK, free_port
from tools.processes import process

_BIN = ROOT / ".venv-peer" / "bin"
_HTTP = urllib3.PoolManager(timeout=60, retries=False)
_CSRF = "c" * 32


@dataclass(frozen=True, slots=True)
class Theirs:
    url: str
    server: int
    """The group of its processes."""
    session: str
    query: str
    """The list, newest first, as the page asks for it."""
    environment: Mapping[str, str]

    def cpu(self) -> float:
        return cpu_of(self.server)

    def open(self, content: bytes) -> None:
        ticket = {"queue": "1", "title": "Nothing has arrived.", "description": "It should have.", "status": "1"}
        file = ("proof.jpg", content, "image/jpeg")
        self._ask("POST", "/api/tickets/", HTTPStatus.CREATED, {**ticket, "priority": "3", "attachment": file})

    def page(self, rows: int) -> None:
        page = {"draw": "1", "start": "0", "length": str(rows)}
        found = self._ask("GET", f"/datatables_ticket_list/{self.query}", HTTPStatus.OK, page)
        if len(found["data"]) != rows:
            raise ValueError(f"{len(found['data'])} rows")

    def escalate(self, number: int) -> float:
        """Seconds of CPU for so many tickets that have just become overdue; the command's start isn't in it."""
        return float(_run(self.environment, "escalate", number))

    def _ask(self, method: str, path: str, status: int, fields: Mapping[str, Any]) -> Any:
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={_CSRF}", "X-CSRFToken": _CSRF}
        answer = _HTTP.request(method, self.url + path, fields=fields, headers=headers)
        if answer.status != status:
            raise ValueError(f"{answer.status}: {answer.data[:500]!r}")
        return answer.json()


@contextmanager
def running(folder: Path, tickets: int) -> Iterator[Theirs]:
    """With a queue of so many tickets."""
    port, url = free_port(), f"http://{LOOPBACK}"
    told = {"DJANGO_SETTINGS_MODULE": "bench.helpdesk.settings", "HELPDESK_FOLDER": str(folder)}
    environment = {**os.environ, **told}
    way_in = json.loads(_run(environment, "fill", tickets))
    serve = [str(_BIN / "gunicorn"), "django.core.wsgi:get_wsgi_application()", "--bind", f"{LOOPBACK}:{port}"]
    one = ["--workers", "1", "--worker-class", "gthread", "--threads", "1", "--keep-alive", "60"]
    with process([*serve, *one], environment, folder / "helpdesk.log", port) as server:
        yield Theirs(f"{url}:{port}", server, way_in["session"], way_in["query"], environment)


def _run(environment: Mapping[str, str], what: str, number: int) -> str:
    command = [str(_BIN / "python"), "-m", f"bench.helpdesk.{what}", str(number)]
    ran = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise ValueError(ran.stderr)
    return ran.stdout
