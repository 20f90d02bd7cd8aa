"""Cursors: where a list goes on, sealed so that only its holder can use it, and only on the list that it is of.

A cursor never widens what its holder may see, for the list itself is always taken from the query. It is sealed all the
same (AES-256-GCM), for the place it names may be that of a row which the holder wasn't shown.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chalicelib.http.problems import InvalidCursor

_NONCE: Final = 12


@dataclass(frozen=True, slots=True)
class Cursors:
    """Seals and opens. `random_bytes(n)` is a source of fresh random bytes."""

    cipher: AESGCM
    random_bytes: Callable[[int], bytes]

    @classmethod
    def keyed(cls, secret: str, random_bytes: Callable[[int], bytes]) -> Self:
        return cls(AESGCM(sha256(f"recourse cursor v1\0{secret}".encode()).digest()), random_bytes)

    def seal(self, place: str | None, holder: str, query: Mapping[str, object]) -> str | None:
        """None where the list doesn't go on."""
        if place is None:
            return None
        nonce = self.random_bytes(_NONCE)
        sealed = nonce + self.cipher.encrypt(nonce, place.encode(), _bound(holder, query))
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, cursor: str | None, holder: str, query: Mapping[str, object]) -> str | None:
        """Raises InvalidCursor for one that was sealed for another holder or query, or not here."""
        if cursor is None:
            return None
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            return self.cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(holder, query)).decode()
        except (InvalidTag, ValueError):
            raise InvalidCursor from None


def _bound(holder: str, query: Mapping[str, object]) -> bytes:
    return sha256(json.dumps([holder, query], sort_keys=True, default=str).encode()).digest()
