"""Keys in memory, for tests: what they sign is checked like what KMS signs."""

import base64
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.domain.signing import ALGORITHM, PublicKey, Signature
from chalicelib.store.signing import holds, pem


class MemorySigner:
    """`signing.Signer` and `signing.Checker`. Its key is that of its name, which everybody knows."""

    def __init__(self, name: str = "key-in-memory") -> None:
        self._name = name
        self._key = ec.derive_private_key(int.from_bytes(sha256(name.encode()).digest()), ec.SECP256R1())

    def sign(self, message: bytes) -> Signature:
        value = self._key.sign(message, ec.ECDSA(SHA256()))
        return Signature(self._name, ALGORITHM, base64.b64encode(value).decode())

    def public_key(self) -> PublicKey:
        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return PublicKey(self._name, ALGORITHM, pem(der))

    def holds(self, message: bytes, signature: Signature) -> bool:
        return holds(self.public_key().pem, message, signature)
