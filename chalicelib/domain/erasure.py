"""What erasing needs from outside. A part of `ports.Store` and of `ports.EvidenceBucket`; one job alone may use it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.piece import Piece

if TYPE_CHECKING:
    from chalicelib.domain.ports import Page


class ErasingStore(Protocol):
    """Every removal is safe to do again."""

    def erasures(self, now: datetime, *, limit: int, after: str | None = None) -> "Page[str]":
        """Disputes of which something is due to be erased, as the index says."""
        ...

    def erase_piece(self, piece: Piece, imprint_keys: Sequence[str]) -> None:
        """Removes what was written or read in a piece, and what its picture is found again by."""
        ...

    def erase_texts(self, dispute_id: str) -> None:
        """Removes every private text of the dispute, and its particulars."""
        ...

    def erasure_carried_out(self, dispute_id: str, seq: int, then: datetime | None, token: str) -> None:
        """What was due as of the `seq`-th event is removed; look into it again `then`. A later commit's word stands."""
        ...


class ErasingBucket(Protocol):
    def erase(self, prefix: str) -> int:
        """Removes every version of everything whose key begins so, and says how many."""
        ...
