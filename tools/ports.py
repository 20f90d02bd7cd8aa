"""Ports on the loopback interface; nothing here binds any other."""

import socket

LOOPBACK = "127.0.0.1"


class PortTakenError(Exception):
    """Something else listens on a port that was asked for; the message says what to do."""

    def __init__(self, port: int, what_for: str, variable: str) -> None:
        target = "dev" if variable == "DEV_PORT" else "run"
        super().__init__(
            f"Port {port} of {LOOPBACK}, meant for {what_for}, is taken.\n"
            f"Stop what listens there (`ss -ltnp 'sport = :{port}'` names it), or choose another: "
            f"`make {target} {variable}={port + 100}`."
        )


def listens(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def require_free(port: int, what_for: str, variable: str) -> None:
    """Raises PortTakenError; `variable` is the make variable that chooses another port."""
    if listens(port):
        raise PortTakenError(port, what_for, variable)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
