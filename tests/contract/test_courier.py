"""The courier over real TLS on this machine: whom it reaches, whom it doesn't, and that it never waits for long."""

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import chain, repeat
from threading import Event
from typing import Any

import pytest

from chalicelib.domain.webhooks import Outcome, Trouble
from chalicelib.store.courier import HttpsCourier, is_public, lookup
from tests.contract.receiver import HOST, Authority, answering, receiving

NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)
FINE = answering(b"HTTP/1.1 204 No Content\r\n\r\n")
LOOPBACK = ("127.0.0.1",)
SECONDS = 0.4


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.make()


@pytest.fixture
def tls(authority, tmp_path):
    return authority.serve(HOST, tmp_path)


@pytest.fixture
def courier(authority) -> Callable[..., HttpsCourier]:
    """One that may go to this machine and trusts the made-up authority; by the constructor alone."""

    def make(port: int, **more: Any) -> HttpsCourier:
        handed = {
            "resolve": lambda _host: LOOPBACK,
            "admits": lambda address: address.is_loopback,
            "seconds": SECONDS,
            **more,
        }
        return HttpsCourier(authority.trust(), lambda: NOW, port=port, **handed)

    return make


def post(courier: HttpsCourier, target: str = "/in?a=1") -> Outcome:
    return courier.post(f"https://{HOST}{target}", {"webhook-id": "E:1"}, b'{"a":1}')


def test_a_request_reaches_the_host_by_its_name(tls, courier):
    with receiving(tls, FINE) as receiver:
        outcome = post(courier(receiver.port))
    assert (outcome.status, outcome.trouble) == (204, None)
    assert receiver.asked_for == [HOST]
    (request,) = receiver.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /in?a=1 HTTP/1.1\r\n")
    assert f"Host: {HOST}".encode() in head.split(b"\r\n")
    assert b"webhook-id: E:1" in head
    assert body == b'{"a":1}'


# Where it may go


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104  (nothing is bound to it)
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:8.8.8.8",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::a9fe:a9fe",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:808:808::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_no_address_inside_is_public_in_any_notation(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "223.5.5.5", "2606:4700::1111", "2400:3200::1"])
def test_an_address_of_everybodys_is_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "answers",
    [
        ("127.0.0.1",),
        ("169.254.169.254",),
        ("::1",),
        ("::ffff:127.0.0.1",),
        ("93.184.216.34", "127.0.0.1"),
        ("2606:4700::1111", "fe80::1%eth0"),
        (),
    ],
)
def test_a_name_that_leads_inside_is_not_connected_to(tls, authority, answers):
    with receiving(tls, FINE) as receiver:
        courier = HttpsCourier(authority.trust(), lambda: NOW, resolve=lambda _: answers, port=receiver.port)
        outcome = post(courier)
    assert (outcome.status, outcome.trouble) == (None, Trouble.ADDRESS_REFUSED)
    assert receiver.connections == 0


def test_what_may_be_reached_in_earnest_is_public_addresses_on_port_443(authority):
    """On this machine, the composition root's courier reaches nothing."""
    with receiving(None, FINE) as receiver:
        outcome = HttpsCourier(authority.trust(), lambda: NOW).post("https://localhost.localdomain/", {}, b"")
    assert outcome.trouble in {Trouble.ADDRESS_REFUSED, Trouble.UNRESOLVED}
    assert receiver.connections == 0


def test_a_name_is_looked_up_once_and_the_connection_is_made_to_what_was_judged(tls, authority):
    """Rebinding: the second answer would lead elsewhere, and nobody asks for it."""
    asked: list[str] = []
    answers = chain([("127.0.0.1",)], repeat(("127.0.0.2",)))

    def resolve(host: str) -> tuple[str, ...]:
        asked.append(host)
        return next(answers)

    with (
        receiving(tls, FINE) as receiver,
        receiving(None, FINE, address="127.0.0.2", port=receiver.port) as trap,
    ):
        courier = HttpsCourier(
            authority.trust(),
            lambda: NOW,
            resolve=resolve,
            admits=lambda address: str(address) == "127.0.0.1",
            port=receiver.port,
            seconds=SECONDS,
        )
        assert post(courier).status == 204
        assert asked == [HOST]
        assert post(courier).trouble is Trouble.ADDRESS_REFUSED
    assert (receiver.connections, trap.connections) == (1, 0)


def test_names_are_looked_up_once_a_family(monkeypatch):
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443)),
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:4700::1111", 443, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: answers)
    assert lookup(HOST) == ("93.184.216.34", "2606:4700::1111")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(tls, courier, status):
    with receiving(tls, FINE) as trap:
        location = f"Location: https://{HOST}:{trap.port}/\r\nContent-Length: 0\r\n"
        with receiving(tls, answering(f"HTTP/1.1 {status} Moved\r\n{location}\r\n".encode())) as receiver:
            assert post(courier(receiver.port)).status == status
    assert trap.connections == 0


def test_a_proxy_of_the_environment_is_not_asked(tls, courier, monkeypatch):
    with receiving(None, FINE) as proxy, receiving(tls, FINE) as receiver:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert post(courier(receiver.port)).status == 204
    assert proxy.connections == 0


# Whom it believes


def test_a_certificate_of_another_name_is_refused(authority, tmp_path, courier):
    with receiving(authority.serve("other.example.com", tmp_path), FINE) as receiver:
        assert post(courier(receiver.port)).trouble is Trouble.TLS_FAILED
    assert not receiver.requests


def test_a_certificate_for_the_address_is_not_one_for_the_name(authority, tmp_path, courier):
    with receiving(authority.serve("127.0.0.1", tmp_path), FINE) as receiver:
        assert post(courier(receiver.port)).trouble is Trouble.TLS_FAILED


def test_a_certificate_that_has_ended_is_refused(authority, tmp_path, courier):
    with receiving(authority.serve(HOST, tmp_path, days=-1), FINE) as receiver:
        assert post(courier(receiver.port)).trouble is Trouble.TLS_FAILED


def test_a_certificate_of_an_authority_that_nobody_knows_is_refused(tls):
    with receiving(tls, FINE) as receiver:
        stranger = HttpsCourier(
            Authority.make().trust(),
            lambda: NOW,
            resolve=lambda _: LOOPBACK,
            admits=lambda _: True,
            port=receiver.port,
        )
        assert post(stranger).trouble is Trouble.TLS_FAILED


# It never waits for long


def drips(connection, over) -> None:
    """A byte of a header, now and then, each in time for the socket's own timeout."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(SECONDS / 4):
        connection.sendall(b".")


def says_nothing(_connection, over) -> None:
    over.wait(5)


def goes_on_and_on(connection, over) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not over.is_set():
        connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")


def continues_for_ever(connection, over) -> None:
    while not over.wait(SECONDS / 20):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


@pytest.mark.parametrize("behave", [drips, says_nothing, continues_for_ever])
def test_who_is_slow_is_cut_off_by_the_clock(tls, courier, behave):
    begun = time.monotonic()
    with receiving(tls, behave) as receiver:
        assert post(courier(receiver.port)).trouble is Trouble.TIMED_OUT
        assert time.monotonic() - begun < 3 * SECONDS


def test_who_never_shakes_hands_is_cut_off_by_the_clock(courier):
    begun = time.monotonic()
    with receiving(None, FINE) as receiver:
        assert post(courier(receiver.port)).trouble is Trouble.TIMED_OUT
        assert time.monotonic() - begun < 3 * SECONDS


def test_the_body_of_an_answer_is_not_read(tls, courier):
    with receiving(tls, goes_on_and_on) as receiver:
        assert post(courier(receiver.port)).status == 200


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (b"", Trouble.BROKEN_OFF),
        (b"hello\r\n\r\n", Trouble.BROKEN_OFF),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", Trouble.BROKEN_OFF),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", Trouble.BROKEN_OFF),
    ],
)
def test_an_answer_that_is_none_or_too_much_is_trouble(tls, courier, answer, trouble):
    with receiving(tls, answering(answer)) as receiver:
        assert post(courier(receiver.port)).trouble is trouble


def test_where_nobody_listens_is_trouble_too(courier):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert post(courier(port)).trouble is Trouble.UNREACHABLE


def test_a_name_that_is_not_known_is_trouble(courier):
    def nowhere(host: str) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_NONAME, host)

    assert post(courier(1, resolve=nowhere)).trouble is Trouble.UNRESOLVED


def test_a_name_that_nobody_answers_for_is_given_up_in_the_same_time(courier):
    over, begun = Event(), time.monotonic()

    def hangs(_host: str) -> tuple[str, ...]:
        over.wait(5)
        return LOOPBACK

    assert post(courier(1, resolve=hangs)).trouble is Trouble.UNRESOLVED
    assert time.monotonic() - begun < 3 * SECONDS
    over.set()


def test_looking_up_takes_of_the_time_that_the_answer_has(tls, courier):
    def slow(_host: str) -> tuple[str, ...]:
        time.sleep(SECONDS * 0.8)
        return LOOPBACK

    begun = time.monotonic()
    with receiving(tls, says_nothing) as receiver:
        assert post(courier(receiver.port, resolve=slow)).trouble is Trouble.TIMED_OUT
        assert time.monotonic() - begun < 1.6 * SECONDS


# Several addresses


def test_where_the_first_address_is_not_reached_the_next_one_is(tls, courier):
    with receiving(tls, FINE) as receiver:
        assert post(courier(receiver.port, resolve=lambda _: ("127.0.0.2", "127.0.0.1"))).status == 204
    assert len(receiver.requests) == 1


def test_an_address_that_keeps_silent_leaves_the_next_one_its_share_of_the_time(tls, courier):
    with receiving(tls, FINE) as receiver, receiving(None, FINE, address="127.0.0.2", port=receiver.port) as silent:
        asked = courier(receiver.port, resolve=lambda _: ("127.0.0.2", "127.0.0.1"), seconds=2 * SECONDS)
        assert post(asked).status == 204
    assert (silent.connections, len(receiver.requests)) == (1, 1)


def test_what_was_sent_to_one_address_is_not_sent_to_another(tls, courier):
    with receiving(tls, answering(b"")) as first, receiving(tls, FINE, address="127.0.0.2", port=first.port) as other:
        assert post(courier(first.port, resolve=lambda _: ("127.0.0.1", "127.0.0.2"))).trouble is Trouble.BROKEN_OFF
    assert other.connections == 0


# What the receiver asks for


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("0", timedelta()),
        ("9" * 40, timedelta(seconds=10**8)),
        ("Mon, 02 Nov 2026 05:00:00 GMT", timedelta(hours=1)),
        ("Mon, 02 Nov 2026 03:00:00 GMT", timedelta()),
        ("Mon, 02 Nov 2026 05:00:00 -0000", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        (f"Mon, 02 Nov 2026 05:00:00 +{'9' * 20}", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(tls, courier, said, wait):
    with receiving(tls, answering(f"HTTP/1.1 503 Busy\r\nRetry-After: {said}\r\n\r\n".encode())) as receiver:
        assert post(courier(receiver.port)).retry_after == wait
