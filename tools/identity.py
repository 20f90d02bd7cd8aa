"""A development identity provider on loopback: publishes its keys, gives anybody any token. Never in the zip."""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from tools.ports import LOOPBACK
from tools.processes import child

AUDIENCE = "recourse"
ALGORITHM = "ES256"
ROLES = ("platform", "merchant", "reviewer", "appeal_reviewer", "buyer", "operator")
A_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Identity:
    """The provider as its callers see it. Tokens are signed in the caller, with the key that the process publishes."""

    issuer: str
    key: ECKey

    @property
    def jwks_uri(self) -> str:
        return f"{self.issuer}/jwks.json"

    def token_for(self, role: str, parties: Sequence[str] = (), sub: str | None = None, seconds: int = A_DAY) -> str:
        """A signed access token; `sub` defaults to one that tells the role and the first party."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": sub or ":".join(["user", role, *parties[:1]]),
            "iat": now,
            "exp": now + seconds,
            "recourse_role": role,
            "recourse_parties": list(parties),
        }
        return jwt.encode({"alg": ALGORITHM, "kid": self.key.kid, "typ": "at+jwt"}, claims, self.key)


@contextmanager
def running(port: int, folder: Path) -> Iterator[Identity]:
    """The provider, as a process of its own; its key is kept under `folder`, so that tokens outlive it."""
    identity = Identity(f"http://{LOOPBACK}:{port}", kept_key(folder))
    with child("tools.identity", "--port", str(port), "--folder", str(folder), log=folder / "identity.log", port=port):
        yield identity


def kept_key(folder: Path) -> ECKey:
    """The key in `folder`; made there, readable by its owner only, if there is none."""
    path = folder / "identity-key.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = ECKey.generate_key("P-256", parameters={"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(key.as_dict(private=True)), encoding="utf-8")
    return ECKey.import_key(json.loads(path.read_text(encoding="utf-8")))


def server(identity: Identity, port: int) -> ThreadingHTTPServer:
    """Answers discovery and keys, and gives a token for `POST /token {"role", "parties", "sub"}`."""
    discovery = {
        "issuer": identity.issuer,
        "jwks_uri": identity.jwks_uri,
        "token_endpoint": f"{identity.issuer}/token",
        "id_token_signing_alg_values_supported": [ALGORITHM],
    }
    documents: dict[str, Any] = {
        "/.well-known/openid-configuration": discovery,
        "/jwks.json": {"keys": [identity.key.as_dict(private=False)]},
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path in documents:
                self._answer(HTTPStatus.OK, documents[self.path])
            else:
                self._answer(HTTPStatus.NOT_FOUND, {"error": "not_found"})

        def do_POST(self) -> None:
            try:
                asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            except ValueError:
                asked = None
            if self.path != "/token" or not isinstance(asked, dict) or asked.get("role") not in ROLES:
                self._answer(HTTPStatus.BAD_REQUEST, {"error": "invalid_request", "roles": ROLES})
                return
            token = identity.token_for(asked["role"], asked.get("parties", []), asked.get("sub"))
            self._answer(HTTPStatus.OK, {"access_token": token, "token_type": "Bearer", "expires_in": A_DAY})

        def _answer(self, status: HTTPStatus, document: object) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return ThreadingHTTPServer((LOOPBACK, port), Handler)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--folder", type=Path, required=True)
    asked = arguments.parse_args()
    identity = Identity(f"http://{LOOPBACK}:{asked.port}", kept_key(asked.folder))
    server(identity, asked.port).serve_forever()


if __name__ == "__main__":
    main()
