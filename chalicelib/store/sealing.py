"""Secrets under a key of KMS that never leaves it."""

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class KmsSealer:
    """`webhook_ports.Sealer`: a secret is bound to its webhook by the encryption context, which KMS also logs."""

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def seal(self, secret: bytes, webhook_id: str) -> str:
        context = {"webhook": webhook_id}
        sealed = self._client.encrypt(KeyId=self._key_id, Plaintext=secret, EncryptionContext=context)
        return b64encode(sealed["CiphertextBlob"]).decode()

    def open(self, sealed: str, webhook_id: str) -> bytes:
        opened = self._client.decrypt(
            KeyId=self._key_id, CiphertextBlob=b64decode(sealed), EncryptionContext={"webhook": webhook_id}
        )
        return opened["Plaintext"]
