"""Tokens that are wrong, each in one way."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.api.build import ec_key, sign

type Claims = dict[str, Any]
type Forge = Callable[[Claims], str | None]


def b64(value: Any) -> str:
    """As a part of a token: bytes as they are, anything else as JSON."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def hs256(claims: Claims, secret: bytes, kid: str = "k1") -> str:
    signed = f"{b64({'alg': 'HS256', 'typ': 'at+jwt', 'kid': kid})}.{b64(claims)}"
    return f"{signed}.{b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


def _unsigned(claims: Claims, algorithm: str = "none") -> str:
    return f"{b64({'alg': algorithm, 'typ': 'at+jwt', 'kid': 'k1'})}.{b64(claims)}."


def _payload_changed(claims: Claims) -> str:
    """Signed for somebody harmless, then made to say what it says."""
    header, _, signature = sign(claims | {"recourse_role": "buyer", "recourse_parties": ["buyer:B9"]}).split(".")
    return f"{header}.{b64(claims)}.{signature}"


def _signature_changed(claims: Claims) -> str:
    signed, _, signature = sign(claims).rpartition(".")
    return f"{signed}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def _own_key_inside(claims: Claims) -> str:
    stolen = ec_key("stolen")
    return sign(claims, stolen, kid="k1", jwk=stolen.as_dict(private=False))


def _public_pem() -> bytes:
    return ec_key("k1").as_pem(private=False)


def _public_jwk() -> bytes:
    return json.dumps(ec_key("k1").as_dict(private=False)).encode()


BAD: Final[Mapping[str, Forge]] = {
    "missing": lambda _: None,
    "empty": lambda _: "Bearer ",
    "another scheme": lambda claims: f"Basic {sign(claims)}",
    "malformed": lambda _: "Bearer a.b.c",
    "expired": lambda claims: f"Bearer {sign(claims | {'exp': claims['iat'] - 31})}",
    "never expiring": lambda claims: f"Bearer {sign(without(claims, 'exp'))}",
    "not yet valid": lambda claims: f"Bearer {sign(claims | {'nbf': claims['iat'] + 31})}",
    "of the future": lambda claims: f"Bearer {sign(claims | {'iat': claims['iat'] + 31})}",
    "wrong audience": lambda claims: f"Bearer {sign(claims | {'aud': 'another'})}",
    "no audience": lambda claims: f"Bearer {sign(without(claims, 'aud'))}",
    "wrong issuer": lambda claims: f"Bearer {sign(claims | {'iss': 'https://id.example.evil'})}",
    "no subject": lambda claims: f"Bearer {sign(without(claims, 'sub'))}",
    "alg none": lambda claims: f"Bearer {_unsigned(claims)}",
    "alg None": lambda claims: f"Bearer {_unsigned(claims, 'None')}",
    "public key as secret, PEM": lambda claims: f"Bearer {hs256(claims, _public_pem())}",
    "public key as secret, JWK": lambda claims: f"Bearer {hs256(claims, _public_jwk())}",
    "unknown kid": lambda claims: f"Bearer {sign(claims, ec_key('stolen'))}",
    "another key, known kid": lambda claims: f"Bearer {sign(claims, ec_key('stolen'), kid='k1')}",
    "its own key inside": lambda claims: f"Bearer {_own_key_inside(claims)}",
    "ID token, by type": lambda claims: f"Bearer {sign(claims | {'nonce': 'n'}, typ='JWT')}",
    "ID token, by claim": lambda claims: f"Bearer {sign(claims | {'token_use': 'id'}, typ='JWT')}",
    "payload changed": lambda claims: f"Bearer {_payload_changed(claims)}",
    "signature changed": lambda claims: f"Bearer {_signature_changed(claims)}",
}
