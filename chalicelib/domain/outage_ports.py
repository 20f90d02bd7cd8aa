"""What the use cases of outages need from outside, beside `ports`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.model import Dispute
from chalicelib.domain.outage import Outage, Pass, Scope
from chalicelib.domain.ports import Answered, IdempotencyKey, Page


@dataclass(frozen=True, slots=True)
class Given:
    """What an outage has given back so far: counted in the commits that did it, so each once."""

    disputes: int = 0
    extended: int = 0
    """Deadlines."""
    set_aside: int = 0
    """Defaults."""


@dataclass(frozen=True, slots=True)
class Met:
    """A deadline that the index has found in an outage, and its dispute as it is now."""

    dispute: Dispute
    deadline: str
    due: datetime
    kind: DeadlineKind | None
    """None of one that ran when the index was asked, and doesn't any more."""


class OutageRegister(Protocol):
    def outage(self, outage_id: str) -> tuple[Outage, Given] | None:
        """One consistent read."""
        ...

    def outages(self, *, limit: int, after: str | None = None) -> Page[tuple[Outage, Given]]:
        """The latest first."""
        ...

    def keep(self, outage: Outage, *, commit: str, key: IdempotencyKey | None = None) -> None:
        """Stores its next version, with the idempotency record. Raises `IdempotencyRaced`, `VersionRaced`."""
        ...

    def answered(self, key: IdempotencyKey) -> Answered | None: ...

    def unfinished(self, before: datetime, *, limit: int) -> Sequence[str]:
        """Outages that were agreed to and have rested since then, the longest first, by an index."""
        ...

    def met(self, part: Pass, scope: Scope, *, limit: int, after: str | None = None) -> Page[Met]:
        """Deadlines that are due in the window, by time, whomever they are of; those of unknown disputes left out."""
        ...
