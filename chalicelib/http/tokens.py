"""Access tokens of an OIDC provider, verified here, in the function, whatever stands before it.

A token must say that it is one for access, so that an ID token, which tells an app who signed in, opens nothing: by its
header's `typ` (`at+jwt`, RFC 9068), or by a claim, `token_use: access` (Amazon Cognito) or `typ: Bearer` (Keycloak).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import Key
from joserfc.jwt import JWTClaimsRegistry

from chalicelib.domain.parties import Actor, Role
from chalicelib.http.keys import KeysUnavailable, PublicKeys
from chalicelib.http.problems import NOTHING_SENT, IdentityUnavailable, RoleMissing, Unauthenticated
from chalicelib.settings import TokenSettings

ROLE_CLAIM: Final = "recourse_role"
PARTIES_CLAIM: Final = "recourse_parties"

_LEEWAY: Final = 30
"""Seconds by which clocks may differ."""
_LONGEST: Final = 8 * 1024
_LONGEST_SUBJECT: Final = 255
_MOST_PARTIES: Final = 100
_REMEMBERED: Final = 256
_PARTY: Final = re.compile(r"[a-z_]{1,32}:[A-Za-z0-9._-]{1,64}")
_ACCESS_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})
_ROLES: Final = frozenset(Role) - {Role.SYSTEM}


@dataclass(frozen=True, slots=True)
class TokenVerifier:
    """Tells who holds a token."""

    settings: TokenSettings
    keys: PublicKeys
    clock: Callable[[], datetime]
    _seen: dict[str, tuple[str | None, Key, jwt.Token]] = field(default_factory=dict)
    """The latest tokens, each with its key's id and the key that it was verified with."""

    def actor(self, authorization: str | None) -> Actor:
        """Who sends this Authorization header. Raises Unauthenticated, RoleMissing, IdentityUnavailable."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated(why=NOTHING_SENT)
        if len(token) > _LONGEST:
            raise Unauthenticated(why="the token is too long")
        claims = self._claims(token.strip())
        return Actor(claims["sub"], _role(claims), _parties(claims))

    def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            verified = self._verified(token)
        except ExpiredTokenError:
            raise Unauthenticated(why="the token has expired") from None
        except KeysUnavailable as error:
            raise IdentityUnavailable from error
        except (JoseError, ValueError) as error:
            raise Unauthenticated(why="the token isn't valid here") from error
        if not _for_access(verified.header, verified.claims):
            raise Unauthenticated(why="this is no access token")
        if not 0 < len(verified.claims["sub"]) <= _LONGEST_SUBJECT:
            raise Unauthenticated(why="the token isn't valid here")
        return verified.claims

    def _verified(self, token: str) -> jwt.Token:
        """The signature is verified once for a caller's many requests, and anew where its key was fetched anew."""
        kid, key, verified = self._seen.get(token, (None, None, None))
        if verified is None or self.keys.find(kid) is not key:
            verified = self._signed(token)
        self._registry().validate(verified.claims)
        return verified

    def _signed(self, token: str) -> jwt.Token:
        """The algorithm is one of the settings', never just the token's; the key is one that the provider publishes."""
        header = jws.extract_compact(token.encode()).headers()
        algorithm, kid = header.get("alg"), header.get("kid")
        known = isinstance(algorithm, str) and algorithm in self.settings.algorithms
        if not known or not isinstance(kid, str | None):
            raise Unauthenticated(why="the token isn't valid here")
        key = self.keys.find(kid)
        if key is None:
            raise Unauthenticated(why="the token's key isn't known")
        verified = jwt.decode(token, key, algorithms=sorted(self.settings.algorithms))
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen[token] = kid, key, verified
        return verified

    def _registry(self) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=int(self.clock().timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.audience},
            sub={"essential": True},
            exp={"essential": True},
        )


def _for_access(header: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    kind = header.get("typ")
    if isinstance(kind, str) and kind.lower() in _ACCESS_TYPES:
        return True
    return claims.get("token_use") == "access" or claims.get("typ") == "Bearer"


def _role(claims: Mapping[str, Any]) -> Role:
    said = claims.get(ROLE_CLAIM)
    found = next((each for each in _ROLES if each == said), None)
    if found is None:
        raise RoleMissing(why=f"{ROLE_CLAIM} must be one of {', '.join(sorted(_ROLES))}")
    return found


def _parties(claims: Mapping[str, Any]) -> frozenset[str]:
    said = claims.get(PARTIES_CLAIM, [])
    if not isinstance(said, list) or len(said) > _MOST_PARTIES:
        raise RoleMissing(why=f"{PARTIES_CLAIM} must be a list of at most {_MOST_PARTIES}")
    if not all(isinstance(each, str) and _PARTY.fullmatch(each) for each in said):
        raise RoleMissing(why=f"{PARTIES_CLAIM} must hold parties like shop:S1")
    return frozenset(said)
