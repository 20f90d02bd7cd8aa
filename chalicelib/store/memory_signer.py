"""A key in memory, for tests: what it signs is checked like what KMS signs."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.domain.signing import ALGORITHM, Signature
from chalicelib.store.signing import holds, pem


class MemorySigner:
    """`signing.Signer` and `signing.Checker`."""

    def __init__(self, name: str = "key-in-memory") -> None:
        self._name = name
        self._key = ec.generate_private_key(ec.SECP256R1())

    def sign(self, message: bytes) -> Signature:
        value = self._key.sign(message, ec.ECDSA(SHA256()))
        return Signature(self._name, ALGORITHM, base64.b64encode(value).decode())

    def public_key(self) -> str:
        return pem(self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def holds(self, message: bytes, signature: Signature) -> bool:
        return holds(self.public_key(), message, signature)
