"""What `make run` is running now, for whoever wants to talk to it: written while it runs, gone when it stops."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.identity import Identity, kept_key
from tools.paths import RUN


class NotRunningError(Exception):
    """Nothing runs that could be talked to."""

    def __init__(self) -> None:
        super().__init__("The service isn't running. Start it in another terminal: make run")


@dataclass(frozen=True)
class Session:
    api_url: str
    engine_url: str
    issuer: str

    def identity(self) -> Identity:
        return Identity(self.issuer, kept_key(RUN))


def path() -> Path:
    return RUN / "session.json"


def write(session: Session) -> None:
    path().write_text(json.dumps(asdict(session), indent=2), encoding="utf-8")


def read() -> Session:
    """Raises NotRunningError."""
    try:
        return Session(**json.loads(path().read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise NotRunningError from None
