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


class Signer(Protocol):
    """A private key that nobody reads."""

    def sign(self, message: bytes) -> Signature: ...

    def public_key(self) -> str:
        """PEM."""
        ...


class Checker(Protocol):
    def holds(self, message: bytes, signature: Signature) -> bool:
        """Whether the signature is of the message, by the key that is trusted."""
        ...
