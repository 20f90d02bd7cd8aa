"""One request: who sends it, when it was received, and what it carries."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from chalice.app import Request as ChaliceRequest

from chalicelib.domain.parties import Actor
from chalicelib.domain.ports import IdempotencyKey
from chalicelib.http.deps import Deps
from chalicelib.http.problems import IdempotencyKeyRequired, InvalidHeader
from chalicelib.service.commands import Request
from chalicelib.service.texts import TextKeeper

_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")
_ETAG: Final = re.compile(r'"([0-9]{1,9})"')


@dataclass(frozen=True, slots=True)
class Call:
    """`actor` is None on public routes only."""

    http: ChaliceRequest
    deps: Deps
    at: datetime
    who: Actor | None
    path: dict[str, str]
    texts: TextKeeper = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", TextKeeper(self.deps.new_id, self.deps.new_salt))

    @property
    def actor(self) -> Actor:
        if self.who is None:
            raise ValueError("nobody is known on a public route")
        return self.who

    @property
    def holder(self) -> str:
        """Whose cursors these are."""
        return f"{self.actor.role}:{self.actor.id}"

    def header(self, name: str) -> str | None:
        value: str | None = self.http.headers.get(name)
        return value

    def request(self) -> Request:
        """What a command is told of its caller. Raises IdempotencyKeyRequired, InvalidHeader."""
        key = IdempotencyKey(self._caller(), self.require_key(), self._fingerprint())
        return Request(self.actor, self.at, key, self._if_match(), tuple(self.texts.kept))

    def require_key(self) -> str:
        """The Idempotency-Key. Raises IdempotencyKeyRequired, InvalidHeader."""
        key = self.header("idempotency-key")
        if key is None:
            raise IdempotencyKeyRequired
        if not _KEY.fullmatch(key):
            raise InvalidHeader(header="Idempotency-Key", expected="1 to 128 visible ASCII characters")
        return key

    def _caller(self) -> str:
        """One subject of one issuer in one role; hashed, for a subject may have any characters."""
        said = (self.deps.tokens.settings.issuer, self.actor.id, self.actor.role)
        return sha256("\0".join(said).encode()).hexdigest()

    def _fingerprint(self) -> str:
        """What is asked, however its JSON is written."""
        body = json.loads(self.http.raw_body or b"{}") if self.http.method == "POST" else None
        said = [self.http.method, self.http.path, self.path, body]
        return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def _if_match(self) -> int | None:
        """The version that the caller saw; None for none, or for any (`*`)."""
        etag = self.header("if-match")
        if etag is None or etag.strip() == "*":
            return None
        found = _ETAG.fullmatch(etag.strip())
        if found is None:
            raise InvalidHeader(header="If-Match", expected='the ETag of the dispute, e.g. "12"')
        return int(found[1])


def received_at(context: dict[str, Any], now: datetime) -> datetime:
    """When API Gateway received the request, kept over our own delays (A5); never later than now."""
    epoch = context.get("requestTimeEpoch")
    if not isinstance(epoch, int) or isinstance(epoch, bool) or epoch <= 0:
        return now
    return min(datetime.fromtimestamp(epoch // 1000, UTC).replace(microsecond=epoch % 1000 * 1000), now)
