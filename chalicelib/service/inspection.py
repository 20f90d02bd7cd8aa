"""What becomes of an upload: pinned by version and hash, looked at once, copied clean (A13, promise D)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.domain import piece as pieces
from chalicelib.domain.model import Dispute
from chalicelib.domain.piece import Arrival, Imprinted, Lookalike, Piece
from chalicelib.domain.ports import (
    Clock,
    EvidenceBucket,
    NewId,
    Queues,
    Store,
    VersionRaced,
)
from chalicelib.service.case_facts import facts_of
from chalicelib.service.looking import TRIES, commit_of, keep_copies, loaded, words
from evidence import imprint, imprint_keys
from evidence.looks import Look, first_look, same_picture
from policies.book import PolicyBook

_CANDIDATES = 50
"""Pictures, of each key of an imprint, that are compared: the latest."""
_LOOKALIKES = 5
"""That one piece names at most: the nearest."""


@dataclass(frozen=True, slots=True)
class Inspector:
    store: Store
    bucket: EvidenceBucket
    queues: Queues
    book: PolicyBook
    clock: Clock
    new_id: NewId
    new_salt: Callable[[], str]
    reads_text: bool = True
    """Whether there is a recogniser."""

    def inspect(self, key: str) -> bool:
        """Inspects what lies under an upload key; False if it is no piece's, or was inspected before.

        Raises KeyError if the pinned object is gone, VersionRaced if the piece never holds still.
        """
        for _ in range(TRIES):
            dispute, piece = self._find(key)
            if dispute is None or piece is None:
                return False
            if piece.gone:
                self._have_erased(piece, key)
                return False
            if piece.inspection:
                self._pass_on(piece)
                return False
            arrival = piece.arrival or self.bucket.find(key)
            if arrival is None:
                return False
            try:
                self._pass_on(self._look(dispute, piece, arrival))
            except VersionRaced:
                continue
            return True
        raise VersionRaced(key)

    def _find(self, key: str) -> tuple[Dispute | None, Piece | None]:
        match key.split("/"):
            case ["uploads", dispute_id, piece_id, _]:
                dispute, piece = loaded(self.store, dispute_id, piece_id)
                return dispute, piece if piece and piece.key == key else None
            case _:
                return None, None

    def _have_erased(self, piece: Piece, key: str) -> None:
        """What arrives for a piece that is erased goes like it: the eraser, who alone may, looks again.

        Of one that was taken back and isn't erased yet, it is due anyway.
        """
        if piece.erased_at and self.bucket.find(key):
            self.store.look_again(piece.dispute, self.clock(), self.new_id())

    def _pass_on(self, piece: Piece) -> None:
        """To the recogniser; again where the message may have got lost after the commit."""
        if piece.text_wanted:
            self.queues.recognise([(piece.dispute, piece.id)])

    def _look(self, dispute: Dispute, piece: Piece, arrival: Arrival) -> Piece:
        pin = dispute.policy
        policy = self.book.pinned(pin.id, pin.version, pin.digest)
        content = self.bucket.read(piece.key or "", arrival.version_id, max_bytes=policy.files.max_bytes)
        look = first_look(content, policy.requirements[piece.requirement], policy, facts_of(dispute))
        self.bucket.keep(piece.key or "", arrival.version_id)
        clean_key = keep_copies(self.bucket, piece, look)
        seen, texts = words(look, self.new_id, self.new_salt)
        pinned = replace(arrival, sha256=look.inspection.sha256)
        after, commit = commit_of(
            piece,
            (self.new_id(), self.clock()),
            lambda it: pieces.arrive(it, pinned),
            lambda it: pieces.inspected(
                it, look.inspection, clean_key, seen, text_wanted=look.wants_text and self.reads_text
            ),
        )
        imprinted, lookalikes = self._compare(piece, look)
        self.store.commit(replace(commit, texts=texts, imprinted=imprinted, lookalikes=lookalikes))
        return after

    def _compare(self, piece: Piece, look: Look) -> tuple[Imprinted | None, tuple[Lookalike, ...]]:
        """The same picture in other disputes: by the index, then by the imprint, then by the pictures themselves."""
        print_ = look.inspection.imprint
        if print_ is None or look.clean_copy is None:
            return None, ()
        own = Imprinted(print_, imprint_keys.keys(print_), piece.dispute, piece.id)
        found = self.store.alike(own.keys, self.clock(), limit=_CANDIDATES)
        candidates = [each for each in found if each.dispute != own.dispute]
        pairs = [Lookalike(own, each, imprint.distance(print_, each.imprint)) for each in candidates]
        near = sorted((each for each in pairs if each.distance <= imprint.SAME_WITHIN), key=lambda each: each.distance)
        copy = look.clean_copy
        return own, tuple(each for each in near[:_LOOKALIKES] if self._is_same(copy, each.other))

    def _is_same(self, copy: bytes, other: Imprinted) -> bool:
        """One whose clean copy is gone can't be compared, and isn't named."""
        try:
            return same_picture(copy, self.bucket.read_clean(pieces.clean_key(other.dispute, other.piece)))
        except KeyError:
            return False
