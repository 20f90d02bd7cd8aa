"""Puts a dispute in each state into a new service, so that there is something to look at."""

from collections.abc import Sequence
from typing import Protocol


class TokenFor(Protocol):
    """Gives a token for a role, for the parties that its holder belongs to."""

    def __call__(self, role: str, parties: Sequence[str] = (), sub: str | None = None) -> str: ...


def seed(api_url: str, token_for: TokenFor) -> None:
    """Speaks to the service over HTTP only, as its callers do. `api_url` ends before `/v1`."""
