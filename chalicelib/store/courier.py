"""Requests to addresses that strangers have named: to public addresses only, over TLS, once, and not for long.

A name is looked up once, every address that it has is judged, and the connection is made to one of those very
addresses: a resolver that answers otherwise the next time (rebinding) is never asked a next time. TLS checks the
certificate against the name. Nothing of the environment (proxies, netrc) is read, no redirect is followed, and the
body of an answer isn't read at all.
"""

import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Event, Thread, Timer
from typing import Final

from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from chalicelib.domain.ports import Clock
from chalicelib.domain.webhooks import Outcome, Trouble, host_and_target

SECONDS: Final = 10.0
"""For looking the name up, connecting, TLS and the answer, in all."""

_MOST_TRIED: Final = 4
"""Of a name's addresses, so many are tried in turn; each has its share of the time that is left."""

_LEAST_SECONDS: Final = 0.01
_NOT_REACHED: Final = frozenset({Trouble.UNREACHABLE, Trouble.TIMED_OUT})

_HTTPS: Final = 443
_UNICAST: Final = IPv6Network("2000::/3")
_NOT_EVERYBODYS: Final = (IPv6Network("2001::/32"), IPv6Network("2002::/16"), IPv6Network("3fff::/20"))
"""Teredo and 6to4, whose packets go where the address inside says; and what is for documents only (RFC 9637)."""

type Address = IPv4Address | IPv6Address
type Resolve = Callable[[str], Sequence[str]]
"""The addresses of a host name; OSError where it has none."""


class NotPublic(Exception):
    """The name leads into a network that isn't everybody's."""


def lookup(host: str) -> Sequence[str]:
    found = socket.getaddrinfo(host, _HTTPS, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: Address) -> bool:
    """Neither private, loopback, link-local (where a cloud keeps its credentials) nor multicast, in no notation.

    Of IPv6 only global unicast: IPv4-mapped addresses and those of NAT64 lie outside of it.
    """
    if isinstance(address, IPv6Address) and (
        address not in _UNICAST or any(address in each for each in _NOT_EVERYBODYS)
    ):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class HttpsCourier:
    """`webhook_ports.Courier`. What it trusts, whom it asks for addresses and where it may go are handed in."""

    def __init__(  # noqa: PLR0913  (each is something that a test has in another way)
        self,
        tls: ssl.SSLContext,
        clock: Clock,
        *,
        resolve: Resolve = lookup,
        admits: Callable[[Address], bool] = is_public,
        port: int = _HTTPS,
        seconds: float = SECONDS,
    ) -> None:
        self._tls = tls
        self._clock = clock
        self._resolve = resolve
        self._admits = admits
        self._port = port
        self._seconds = seconds

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        start = time.monotonic()
        host, target = host_and_target(url)
        found = self._answer(host, target, {**headers, "Host": host, "Connection": "close"}, body)
        milliseconds = round((time.monotonic() - start) * 1000)
        if isinstance(found, Trouble):
            return Outcome(milliseconds, trouble=found)
        status, retry_after = found
        return Outcome(milliseconds, status, retry_after=_asked_for(retry_after, self._clock()))

    def _answer(
        self, host: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, str | None] | Trouble:
        end = time.monotonic() + self._seconds
        try:
            addresses = self._addresses(host)
        except NotPublic:
            return Trouble.ADDRESS_REFUSED
        except (OSError, UnicodeError):
            return Trouble.UNRESOLVED
        connection = self._connected(addresses, host, end)
        if isinstance(connection, Trouble):
            return connection
        with closing(connection):
            return _exchange(connection, end - time.monotonic(), target, headers, body)

    def _addresses(self, host: str) -> Sequence[str]:
        """What was judged. A name of which any address isn't public is refused as a whole."""
        found = [ip_address(each) for each in self._looked_up(host)]
        if not found or not all(map(self._admits, found)):
            raise NotPublic(host)
        return [str(each) for each in found[:_MOST_TRIED]]

    def _looked_up(self, host: str) -> Sequence[str]:
        """A resolver takes as long as it likes: it is left behind when the time is over, which raises TimeoutError."""
        answer: Future[Sequence[str]] = Future()
        Thread(target=_look_up, args=(self._resolve, host, answer), daemon=True).start()
        return answer.result(self._seconds)

    def _connected(self, addresses: Sequence[str], host: str, end: float) -> HTTPSConnection | Trouble:
        """To the first that is reached. Nothing is sent to the others, so a request is made once."""
        trouble = Trouble.UNREACHABLE
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            seconds = max((end - time.monotonic()) / left, _LEAST_SECONDS)
            connection = HTTPSConnection(
                address, self._port, timeout=seconds, server_hostname=host, ssl_context=self._tls
            )
            found = _in_time(connection, seconds, connection.connect)
            if found is None:
                return connection
            connection.close()
            trouble = found
            if trouble not in _NOT_REACHED:
                break
        return trouble


def _look_up(resolve: Resolve, host: str, answer: "Future[Sequence[str]]") -> None:
    try:
        answer.set_result(resolve(host))
    except (OSError, UnicodeError) as error:
        answer.set_exception(error)


def _exchange(
    connection: HTTPSConnection, seconds: float, target: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, str | None] | Trouble:
    def ask() -> tuple[int, str | None]:
        connection.timeout = max(seconds, _LEAST_SECONDS)
        connection.request("POST", target, body, headers, preload_content=False)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Retry-After")

    return _in_time(connection, seconds, ask)


def _in_time[T](connection: HTTPSConnection, seconds: float, act: Callable[[], T]) -> T | Trouble:
    late = Event()
    # A socket's own timeout begins anew with each byte: who sends them one by one is cut off by the clock.
    timer = Timer(seconds, _cut, (connection, late))
    timer.start()
    try:
        found = act()
    except (OSError, HTTPError, HTTPException) as error:
        return Trouble.TIMED_OUT if late.is_set() else _trouble(error)
    else:
        # Cut off amid its headers, an answer looks like a whole one.
        return Trouble.TIMED_OUT if late.is_set() else found
    finally:
        timer.cancel()


def _cut(connection: HTTPSConnection, late: Event) -> None:
    late.set()
    if connection.sock is not None:
        with suppress(OSError):
            # Of the socket itself: TLS's own would wait for the other side.
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def _trouble(error: Exception) -> Trouble:
    match error:
        case NewConnectionError():  # to urllib3 a kind of the next one
            return Trouble.UNREACHABLE
        case TimeoutError() | ConnectTimeoutError():
            return Trouble.TIMED_OUT
        case ssl.SSLError():
            return Trouble.TLS_FAILED
        case _:
            return Trouble.BROKEN_OFF


def _asked_for(retry_after: str | None, now: datetime) -> timedelta | None:
    """Seconds, or a date (RFC 9110, 10.2.3); None for anything else, and for what lies behind us."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return timedelta(seconds=min(int(retry_after[:9]), 10**8))
    try:
        until = parsedate_to_datetime(retry_after)
        return max(until.astimezone(UTC) - now, timedelta()) if until.tzinfo else None
    except (ValueError, OverflowError):
        return None
