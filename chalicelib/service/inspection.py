"""What becomes of an upload: pinned by version and hash, looked at once, copied clean (A13, promise D)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.domain import piece as pieces
from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import By, Role
from chalicelib.domain.piece import Arrival, Piece, PieceEvent
from chalicelib.domain.ports import Clock, Commit, EvidenceBucket, NewId, PieceChange, Store, VersionRaced
from evidence.inspect import Inspected, inspect_file
from policies.book import PolicyBook

INSPECTOR = By("recourse-inspector", Role.SYSTEM)
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Inspector:
    store: Store
    bucket: EvidenceBucket
    book: PolicyBook
    clock: Clock
    new_id: NewId

    def inspect(self, key: str) -> bool:
        """Inspects what lies under an upload key; False if it is no piece's, or was inspected before.

        Raises KeyError if the pinned object is gone, VersionRaced if the piece never holds still.
        """
        for _ in range(_TRIES):
            dispute, piece = self._find(key)
            if dispute is None or piece is None or piece.inspection or piece.withdrawn_at:
                return False
            arrival = piece.arrival or self.bucket.find(key)
            if arrival is None:
                return False
            try:
                self._look(dispute, piece, arrival)
            except VersionRaced:
                continue
            return True
        raise VersionRaced(key)

    def _find(self, key: str) -> tuple[Dispute | None, Piece | None]:
        match key.split("/"):
            case ["uploads", dispute_id, piece_id, _]:
                dispute = self.store.load(dispute_id).dispute
                if dispute is None:
                    return None, None
                found, _ = self.store.facts(
                    dispute_id, [piece_id], policy=dispute.policy.id, respondent=dispute.respondent, years=()
                )
                piece = found.get(piece_id)
                return dispute, piece if piece and piece.key == key else None
            case _:
                return None, None

    def _look(self, dispute: Dispute, piece: Piece, arrival: Arrival) -> None:
        pin = dispute.policy
        policy = self.book.pinned(pin.id, pin.version, pin.digest)
        content = self.bucket.read(piece.key or "", arrival.version_id, max_bytes=policy.files.max_bytes)
        requirement = policy.requirements[piece.requirement]
        seen = inspect_file(content, requirement, policy.files, policy.quality)
        self.bucket.keep(piece.key or "", arrival.version_id)
        clean_key = self._keep_clean(piece, seen)
        pinned = replace(arrival, sha256=seen.inspection.sha256)
        self._commit(
            piece,
            lambda it: pieces.arrive(it, pinned),
            lambda it: pieces.inspected(it, seen.inspection, clean_key),
        )

    def _keep_clean(self, piece: Piece, seen: Inspected) -> str | None:
        if seen.clean_copy is None:
            return None
        key = f"clean/{piece.dispute}/{piece.id}.jpg"
        self.bucket.put_clean(key, seen.clean_copy, "image/jpeg")
        return key

    def _commit(self, piece: Piece, *steps: Callable[[Piece], PieceEvent | None]) -> None:
        at, now, recorded = self.clock(), piece, []
        for step in steps:
            event = step(now)
            if event:
                now, one = pieces.record(now, event, INSPECTOR, at)
                recorded.append(one)
        self.store.commit(
            Commit(
                id=self.new_id(),
                at=at,
                by=INSPECTOR,
                dispute_id=piece.dispute,
                pieces=(PieceChange(piece.seq, now, tuple(recorded)),),
            )
        )
