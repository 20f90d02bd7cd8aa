"""Signatures: who holds the public key can check, without asking us, that something is ours and unchanged."""

from dataclasses import dataclass
from typing import Final, Protocol

ALGORITHM: Final = "ECDSA_SHA_256"
"""On NIST P-256, DER-encoded."""


@dataclass(frozen=True, slots=True)
class Signature:
    key: str
    """The key's id."""
    algorithm: str
    value: str
    """Base64."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What anybody checks a signature with."""

    key: str
    """The key's id, as in each `Signature` of it."""
    algorithm: str
    pem: str


class Published(Protocol):
    def public_key(self) -> PublicKey: ...


class Signer(Published, Protocol):
    """A private key that nobody reads."""

    def sign(self, message: bytes) -> Signature: ...


class Checker(Protocol):
    def holds(self, message: bytes, signature: Signature) -> bool:
        """Whether the signature is of the message, by the key that is trusted."""
        ...
