"""What the views work with. Put together on the first request, or handed in: `with provide(deps): …`."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Final

from chalicelib import bootstrap
from chalicelib.domain.ports import Clock, NewId
from chalicelib.domain.signing import Published
from chalicelib.http.cursors import Cursors
from chalicelib.http.keys import PublicKeys, fetch_keys
from chalicelib.http.tokens import TokenVerifier
from chalicelib.service.bundles import Bundles
from chalicelib.service.commands import Commands
from chalicelib.service.messages import Messages
from chalicelib.service.outages import Outages
from chalicelib.service.queries import Queries
from chalicelib.service.webhooks import Webhooks


@dataclass(frozen=True, slots=True)
class Deps:
    commands: Commands
    queries: Queries
    outages: Outages
    webhooks: Webhooks
    messages: Messages
    bundles: Bundles
    signing: Published
    tokens: TokenVerifier
    cursors: Cursors
    clock: Clock
    new_id: NewId
    new_salt: Callable[[], str]
    default_policy: str


_given: Final[ContextVar[Deps | None]] = ContextVar("deps", default=None)


def deps() -> Deps:
    return _given.get() or _of_this_process()


@contextmanager
def provide(given: Deps) -> Iterator[None]:
    """Views called inside work with these."""
    token = _given.set(given)
    try:
        yield
    finally:
        _given.reset(token)


@cache
def _of_this_process() -> Deps:
    api = bootstrap.api()
    keys = PublicKeys(lambda: fetch_keys(api.tokens.jwks_uri), time.monotonic)
    # Physical names end in random letters that callers never see: cursors need no secret of their own to be kept.
    secret = f"{api.settings.table_name}\0{api.settings.due_queue_url}\0{api.settings.upload_queue_url}"
    return Deps(
        commands=api.commands,
        queries=api.queries,
        outages=api.outages,
        webhooks=api.webhooks,
        messages=api.messages,
        bundles=api.bundles,
        signing=api.signing,
        tokens=TokenVerifier(api.tokens, keys, api.clock),
        cursors=Cursors.keyed(secret, secrets.token_bytes),
        clock=api.clock,
        new_id=api.new_id,
        new_salt=bootstrap.new_salt,
        default_policy=api.settings.default_policy,
    )
