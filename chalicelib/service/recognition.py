"""The second look at an upload, once its text is read: what it shows of each point (A7 to A13)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.domain import piece as pieces
from chalicelib.domain.model import Dispute
from chalicelib.domain.piece import Piece
from chalicelib.domain.ports import Clock, EvidenceBucket, NewId, Store, VersionRaced
from chalicelib.service.case_facts import facts_of
from chalicelib.service.looking import TRIES, commit_of, keep_copies, loaded, words
from evidence.looks import Look, second_look
from evidence.text import Recogniser
from policies.book import PolicyBook


@dataclass(frozen=True, slots=True)
class Recognition:
    store: Store
    bucket: EvidenceBucket
    book: PolicyBook
    recogniser: Recogniser
    clock: Clock
    new_id: NewId
    new_salt: Callable[[], str]

    def recognise(self, dispute_id: str, piece_id: str) -> bool:
        """Reads a piece's text; False where there is none to read, or it was read before.

        Raises RecogniserError, KeyError if the pinned object is gone, VersionRaced if the piece never holds still:
        its points stay open, and the message comes again.
        """
        dispute, piece = loaded(self.store, dispute_id, piece_id)
        if dispute is None or piece is None or not _is_wanted(piece):
            return False
        look = self._look(dispute, piece)
        for _ in range(TRIES):
            try:
                self._commit(piece, look)
            except VersionRaced:
                _, piece = loaded(self.store, dispute_id, piece_id)
                if piece is None or not _is_wanted(piece):
                    return False
                continue
            return True
        raise VersionRaced(piece_id)

    def _look(self, dispute: Dispute, piece: Piece) -> Look:
        if piece.arrival is None:
            raise KeyError(piece.key)
        pin = dispute.policy
        policy = self.book.pinned(pin.id, pin.version, pin.digest)
        content = self.bucket.read(piece.key or "", piece.arrival.version_id, max_bytes=policy.files.max_bytes)
        requirement = policy.requirements[piece.requirement]
        return second_look(content, requirement, policy, facts_of(dispute), self.recogniser)

    def _commit(self, piece: Piece, look: Look) -> None:
        keep_copies(self.bucket, piece, look)
        seen, texts = words(look, self.new_id, self.new_salt)
        _, commit = commit_of(
            piece, (self.new_id(), self.clock()), lambda it: pieces.recognised(it, look.inspection, seen)
        )
        self.store.commit(replace(commit, texts=texts))


def _is_wanted(piece: Piece) -> bool:
    return piece.text_wanted and not piece.gone
