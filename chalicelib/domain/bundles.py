"""Case bundles: a case as one party, or staff, may see it, in a signed archive that anybody can check offline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from chalicelib.domain.parties import Actor
from chalicelib.domain.ports import Answered, IdempotencyKey

LIVES: Final = timedelta(days=7)
"""The bucket clears the archive away afterwards."""

MOST_ALIVE: Final = 20
"""Of a dispute, for each side and for staff: nobody uses up another's."""


@dataclass(frozen=True, slots=True)
class Made:
    """The archive."""

    at: datetime
    size: int
    sha256: str
    names_complainant: bool
    """D2: whether its reader could know who complains, when it was made."""


@dataclass(frozen=True, slots=True)
class Bundle:
    id: str
    dispute: str
    asked_by: Actor
    """What is in it is what this caller may see."""
    asked_at: datetime
    made: Made | None = None

    @property
    def expires_at(self) -> datetime:
        return self.asked_at + LIVES

    @property
    def confides(self) -> bool:
        """D2: whether only who may know who complains may read it."""
        return self.made is not None and self.made.names_complainant

    @property
    def key(self) -> str:
        """Where it lies in the bucket."""
        return f"bundles/{self.dispute}/{self.id}.zip"


class BundleRegister(Protocol):
    def bundle(self, dispute_id: str, bundle_id: str) -> Bundle | None: ...

    def bundles(self, dispute_id: str) -> Sequence[Bundle]:
        """Those that haven't been cleared away."""
        ...

    def ask(self, bundle: Bundle, *, commit: str, key: IdempotencyKey | None = None) -> None:
        """Stores it with the idempotency record. Raises `IdempotencyRaced`."""
        ...

    def made(self, bundle: Bundle) -> None: ...

    def wanted(self, since: datetime, until: datetime, *, limit: int) -> Sequence[tuple[str, str]]:
        """(dispute, bundle) of those that were asked for in between and aren't made, oldest first, by an index."""
        ...

    def answered(self, key: IdempotencyKey) -> Answered | None: ...


class BundleShelf(Protocol):
    """Where archives lie."""

    def put(self, key: str, archive: Path) -> None: ...

    def link(self, key: str, *, seconds: int) -> str: ...


class BundleQueue(Protocol):
    def bundle(self, dispute_id: str, bundle_id: str) -> None: ...
