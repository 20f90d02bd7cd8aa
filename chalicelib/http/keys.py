"""The identity provider's public keys: fetched when needed, kept for a while, and fetched anew when it rotates them."""

import json
from collections.abc import Callable
from threading import Lock
from typing import Final
from urllib.request import HTTPRedirectHandler, Request, build_opener

from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

_TIMEOUT: Final = 3
_MOST_BYTES: Final = 256 * 1024
_LIVES: Final = 600
"""Seconds after which the keys are fetched anew, so that one withdrawn by the provider is forgotten."""
_REST: Final = 30
"""Seconds between two fetches for keys that aren't known: whoever makes up key ids can't make us ask and ask."""


class KeysUnavailable(Exception):
    """The provider doesn't answer, or with something else than keys, and none are known from before."""


class PublicKeys:
    """Keys by id. `clock` gives seconds that only go forward; `fetch` raises KeysUnavailable."""

    def __init__(self, fetch: Callable[[], KeySet], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._known: KeySet | None = None
        self._fetched_at = 0.0

    def find(self, kid: str | None) -> Key | None:
        """None for a key that the provider doesn't publish. Raises KeysUnavailable."""
        with self._lock:
            if self._known is None or self._age() > _LIVES:
                self._refresh()
            found = _one(self._known, kid)
            if found is None and self._age() > _REST:
                self._refresh()
                found = _one(self._known, kid)
            return found

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    def _refresh(self) -> None:
        """Keys from before are better than none while the provider is away."""
        try:
            self._known = self._fetch()
        except KeysUnavailable:
            if self._known is None:
                raise
        self._fetched_at = self._clock()


def fetch_keys(address: str) -> KeySet:
    """The signing keys at a JWKS address. Raises KeysUnavailable."""
    try:
        request = Request(address, headers={"Accept": "application/json"})  # noqa: S310  (settings admits no other scheme)
        with _OPENER.open(request, timeout=_TIMEOUT) as response:
            return read_keys(response.read(_MOST_BYTES + 1))
    except (OSError, ValueError) as error:
        raise KeysUnavailable(str(error)) from error


def read_keys(document: bytes) -> KeySet:
    """The keys of a JWKS that verify signatures. Raises KeysUnavailable where there are none."""
    try:
        keys = KeySet.import_key_set(json.loads(document))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise KeysUnavailable("this is no JSON Web Key Set") from error
    usable = [each for each in keys if each.key_type != "oct" and each.get("use") in (None, "sig")]
    if not usable:
        raise KeysUnavailable("no key there verifies signatures")
    return KeySet(usable)


def _one(keys: KeySet | None, kid: str | None) -> Key | None:
    """Without an id, the only key there is."""
    known = list(keys or ())
    if kid is None:
        return known[0] if len(known) == 1 else None
    return next((each for each in known if each.kid == kid), None)


class _NoRedirects(HTTPRedirectHandler):
    """Where the keys are is a setting; nobody else says where to look."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


_OPENER: Final = build_opener(_NoRedirects)
