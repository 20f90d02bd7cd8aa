"""Signatures by KMS, and how anybody checks them."""

import base64
from hashlib import sha256
from textwrap import wrap
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from chalicelib.domain.signing import ALGORITHM, PublicKey, Signature

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class KmsSigner:
    """`signing.Signer` and `signing.Checker` with an ECC_NIST_P256 key that never leaves KMS."""

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client = client
        self._key_id = key_id
        self._public: PublicKey | None = None

    def sign(self, message: bytes) -> Signature:
        signed = self._client.sign(
            KeyId=self._key_id,
            Message=sha256(message).digest(),
            MessageType="DIGEST",
            SigningAlgorithm=ALGORITHM,
        )
        return Signature(signed["KeyId"], ALGORITHM, base64.b64encode(signed["Signature"]).decode())

    def public_key(self) -> PublicKey:
        """Asked for once."""
        if self._public is None:
            found = self._client.get_public_key(KeyId=self._key_id)
            self._public = PublicKey(found["KeyId"], ALGORITHM, pem(found["PublicKey"]))
        return self._public

    def holds(self, message: bytes, signature: Signature) -> bool:
        return holds(self.public_key().pem, message, signature)


def pem(der: bytes) -> str:
    """A public key as text."""
    lines = wrap(base64.b64encode(der).decode(), 64)
    return "\n".join(("-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""))


def holds(public_key: str, message: bytes, signature: Signature) -> bool:
    """Whether the signature is of the message, by the private half of the key (PEM)."""
    key = load_pem_public_key(public_key.encode())
    if signature.algorithm != ALGORITHM or not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        value = base64.b64decode(signature.value, validate=True)
        key.verify(value, message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return base64.b64encode(value).decode() == signature.value
