"""Case bundles."""

from enum import StrEnum

from chalicelib.http.models.common import Instant, Out
from chalicelib.http.models.evidence import ViewOut


class BundleState(StrEnum):
    REQUESTED = "requested"
    READY = "ready"


class BundleOut(Out):
    id: str
    dispute: str
    state: BundleState
    asked_at: Instant
    expires_at: Instant
    """From then on it is gone; ask for another one."""
    made_at: Instant | None
    """When its contents were read."""
    size: int | None
    """Bytes."""
    sha256: str | None
    link: ViewOut | None
    """Good for five minutes; a fresh one comes with each read."""


class BundleKeyOut(Out):
    key: str
    """Its id: the `key` of a bundle's signature.json."""
    algorithm: str
    """ECDSA on NIST P-256 over SHA-256."""
    pem: str
    """The public key."""
