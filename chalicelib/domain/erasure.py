"""What erasing needs from outside. A part of `ports.Store` and of `ports.EvidenceBucket`; one job alone removes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.piece import Piece


@dataclass(frozen=True, slots=True)
class DueErasure:
    """Of this dispute something is to be erased since then."""

    dispute: str
    due: datetime


class ErasingStore(Protocol):
    """Every removal is safe to do again."""

    def erasures(self, now: datetime) -> Iterator[DueErasure]:
        """What is due to be erased, as the index says, the longest due first; read as it is taken."""
        ...

    def look_again(self, dispute_id: str, at: datetime, token: str) -> None:
        """Makes the dispute due at this instant, whenever it was before."""
        ...

    def erase_piece(self, piece: Piece, imprint_keys: Sequence[str]) -> None:
        """Removes what was written or read in a piece, and what its picture is found again by."""
        ...

    def erase_texts(self, dispute_id: str, *, last: bool) -> None:
        """Removes every private text of the dispute, and what its complainant was told of it.

        Its particulars, by which that is found, go the last time only.
        """
        ...

    def erase_bundles(self, dispute_id: str) -> None:
        """Forgets that bundles were asked for: none of them is to be had any more."""
        ...

    def erasure_carried_out(self, dispute_id: str, seq: int, then: datetime | None, token: str) -> None:
        """What was due as of the `seq`-th event is removed; look into it again `then`. A later commit's word stands."""
        ...


class ErasingBucket(Protocol):
    def erase(self, prefix: str) -> int:
        """Removes every version of everything whose key begins so, and says how many."""
        ...

    def any_left(self, prefix: str) -> bool:
        """Whether there is a version of anything whose key begins so."""
        ...

    def sizes(self, prefix: str) -> Mapping[tuple[str, str], int]:
        """In bytes, of each version of everything whose key begins so, by key and version id."""
        ...
