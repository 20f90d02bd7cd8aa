"""Policies as a package holds them: checked and digested when it was made, so reading one takes no YAML or pydantic.

One JSON: id to version to the policy and its digest. A version is read when it is asked for.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from policies.model import Policy

COMPILED = Path(__file__).with_name("compiled.json")
"""There in a package only; in the tree, the documents are what counts."""


class Compiled(msgspec.Struct, frozen=True):
    """A version that was checked."""

    digest: str
    policy: msgspec.Raw

    def read(self) -> Policy:
        return msgspec.json.decode(self.policy, type=Policy)


def write(digested: Iterable[tuple[Policy, str]]) -> bytes:
    """Give the JSON of these policies, each with its digest."""
    found: dict[str, dict[int, Compiled]] = {}
    for policy, digest in digested:
        found.setdefault(policy.id, {})[policy.version] = Compiled(digest, msgspec.Raw(msgspec.json.encode(policy)))
    return msgspec.json.encode(found)


def read(content: bytes) -> dict[str, dict[int, Compiled]]:
    """Read what `write` gave."""
    return msgspec.json.decode(content, type=dict[str, dict[int, Compiled]])
