"""What anchors and verifies here, and what is kept of a bucket."""

import base64
import copy
from hashlib import sha256
from typing import Any

from chalicelib import bootstrap, metrics
from chalicelib.domain.signing import Signature
from chalicelib.service.auditing import Auditor
from chalicelib.service.checking_anchors import AnchorVerifier
from chalicelib.service.verifying import Verifier
from chalicelib.store.checking import CheckItem


class MotoChecker:
    """Moto takes a digest for a message, and hashes it once more: only moto itself can check what it has signed."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def holds(self, message: bytes, signature: Signature) -> bool:
        try:
            self._client.verify(
                KeyId=signature.key,
                Message=sha256(message).digest(),
                MessageType="DIGEST",
                Signature=base64.b64decode(signature.value),
                SigningAlgorithm=signature.algorithm,
            )
        except self._client.exceptions.KMSInvalidSignatureException:
            return False
        return True


def slow_auditor() -> Auditor:
    """As the composition root's, but that each part takes all the time of its run, and that there are two."""
    root, records = bootstrap, bootstrap.records()
    verifier = Verifier(records, root.bucket(), root.utc_now, lambda: None)
    anchors = AnchorVerifier(records, root.anchor_book(), root.signer())
    seconds = map(float, range(0, 1_000_000, 1000))
    return Auditor(verifier, anchors, root.audit(), CheckItem(root.table()), 2, seconds.__next__, metrics.emit)


def kept(bucket: Any) -> Any:
    """The objects of moto's bucket, all their versions."""
    return copy.deepcopy(dict(bucket.keys))


def put_back(bucket: Any, objects: Any) -> None:
    bucket.keys.clear()
    dict.update(bucket.keys, copy.deepcopy(objects))
