"""Anchors: what the chains' ends were on a day, signed, where nobody can change it.

A chain shows what was altered in it. It can't show that its last events are gone together with the snapshot that knew
of them, nor that all of it was written anew: an anchor can, for the hashes that it holds must still be in the chains.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from chalicelib.domain.ports import Page
from chalicelib.domain.signing import Signature

BEFORE_THE_FIRST: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Place:
    """An event's: of the dispute, or of one of its pieces."""

    dispute: str
    aggregate: str
    seq: int


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a chain, as far as an anchor goes."""

    dispute: str
    aggregate: str
    seq: int
    hash: str

    @property
    def place(self) -> Place:
        return Place(self.dispute, self.aggregate, self.seq)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The heads of all chains that grew since the anchor before."""

    number: int
    """From 1, without gaps."""
    at: datetime
    previous: str
    """SHA-256, in hex, of the text of the anchor before."""
    upto: str
    """The place in the feed that it goes up to."""
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class Anchored:
    """An anchor as it is kept: `text` is its JSON exactly as signed."""

    text: str
    signature: Signature


class AnchorTaken(Exception):
    """There is one of this number already."""


class Growth(Protocol):
    """How the chains grow."""

    def heads(self, *, limit: int, after: str | None = None, until: datetime | None = None) -> Page[Head]:
        """As `Store.feed`: of each event its place and hash."""
        ...


class AnchorBook(Protocol):
    """Where anchors are kept. Whatever is written over one, or hides it, the first version counts."""

    def numbers(self) -> Mapping[int, str]:
        """The numbers of all anchors, each with the name of its first version."""
        ...

    def read(self, number: int, version: str) -> bytes: ...

    def put(self, number: int, content: bytes) -> None:
        """Raises AnchorTaken."""
        ...
