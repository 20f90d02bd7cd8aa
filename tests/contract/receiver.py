"""Receivers of webhooks on this machine, with a certificate of a made-up authority."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "hooks.example.com"

type Behaviour = Callable[[ssl.SSLSocket, Event], None]
"""What the receiver does with a connection; the event says that the test is over."""


@dataclass(frozen=True)
class Authority:
    """Signs certificates; `trust` is a context that trusts it and nobody else."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls) -> "Authority":
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named("A made-up authority")
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        made = (
            _begun(name, name, key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(key, hashes.SHA256())
        )
        return cls(key, made)

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.certificate.public_bytes(Encoding.PEM).decode())

    def serve(self, host: str, folder: Path, *, days: int = 30) -> ssl.SSLContext:
        """A server's context, with a certificate for the host that ends in so many days."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            _begun(_named(host), self.certificate.subject, key, days)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        file = folder / f"{host}.pem"
        written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(written + made.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int = 30
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


@dataclass
class Receiver:
    """What came, and under which names it was asked for."""

    port: int
    asked_for: list[str | None] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0


def answering(answer: bytes) -> Behaviour:
    def behave(connection: ssl.SSLSocket, _over: Event) -> None:
        connection.sendall(answer)

    return behave


@contextmanager
def receiving(
    tls: ssl.SSLContext | None, behave: Behaviour, *, address: str = "127.0.0.1", port: int = 0
) -> Iterator[Receiver]:
    """Without TLS it listens, and never says a word."""
    over = Event()
    with socket.create_server((address, port)) as listening:
        receiver = Receiver(listening.getsockname()[1])
        if tls:
            tls.sni_callback = lambda _socket, name, _context: receiver.asked_for.append(name)
        thread = Thread(target=_serve, args=(listening, tls, behave, receiver, over))
        thread.start()
        try:
            yield receiver
        finally:
            over.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(
    listening: socket.socket, tls: ssl.SSLContext | None, behave: Behaviour, receiver: Receiver, over: Event
) -> None:
    while not over.is_set():
        try:
            raw, _ = listening.accept()
        except OSError:
            return
        receiver.connections += 1
        with raw, suppress(OSError):
            raw.settimeout(5)
            if tls is None:
                over.wait(5)
                continue
            with tls.wrap_socket(raw, server_side=True) as connection:
                receiver.requests.append(_request(connection))
                behave(connection, over)


def _request(connection: ssl.SSLSocket) -> bytes:
    """A request whose body is as long as it says."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(4096)
    head, _, body = got.partition(b"\r\n\r\n")
    (length,) = (int(each.split(b":")[1]) for each in head.split(b"\r\n") if each.lower().startswith(b"content-length"))
    while len(body) < length:
        body += connection.recv(4096)
    return head + b"\r\n\r\n" + body
