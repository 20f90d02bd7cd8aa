"""Removes what the rules have decided to erase: from the table and from the bucket, every version of it.

The decision is an event of the dispute, so a hold that came before it stops all of this. A run that ends half-way is
made up for by the next: each step may be done again, and the dispute stays due until all of them are done.
"""

import logging
from dataclasses import dataclass

from chalicelib.domain import piece as pieces
from chalicelib.domain.commands import EraseDue
from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import By
from chalicelib.domain.piece import Piece
from chalicelib.domain.ports import Clock, Commit, PieceChange, VersionRaced
from chalicelib.domain.retention import SETTLES, is_gone, next_erasure
from chalicelib.service.commands import Commands, Request
from chalicelib.service.lapsing import CLOCKWORK
from chalicelib.service.looking import TRIES, loaded
from evidence import imprint

_LOG = logging.getLogger("recourse.service")


class ErasureIncomplete(Exception):
    """Some disputes failed, as logged; they stay due."""


@dataclass(frozen=True, slots=True)
class ErasureRun:
    """How many disputes one run looked into, and of how many nothing is left to do for now."""

    due: int
    done: int


@dataclass(frozen=True, slots=True)
class Eraser:
    """Twice, late, or in two places at once changes nothing."""

    commands: Commands
    clock: Clock
    page: int = 25
    most: int = 200
    """Disputes, and a page more, that one run looks into at most; the next one goes on."""

    def run(self) -> ErasureRun:
        """What is due, the longest due first. Raises ErasureIncomplete once all that could be done is done."""
        due = done = failed = 0
        after: str | None = None
        while due < self.most:
            page = self.commands.store.erasures(self.clock(), limit=self.page, after=after)
            for each in page.items:
                due += 1
                try:
                    done += self.erase(each)
                except Exception:  # noqa: BLE001  (one dispute holds up no other; the job fails all the same, and an alarm says so)
                    _LOG.exception("erasing of dispute %s failed", each)
                    failed += 1
            if page.next is None:
                break
            after = page.next
        if failed:
            raise ErasureIncomplete(f"{failed} of {due}")
        return ErasureRun(due, done)

    def erase(self, dispute_id: str) -> bool:
        """False while an upload or a look that began before may still bring something: it is looked into again.

        Raises NotFound, TooBusy, VersionRaced, and what the bucket refuses.
        """
        dispute = self.commands.execute(dispute_id, EraseDue(), Request(CLOCKWORK, self.clock())).dispute
        settled = self._remove(dispute)
        if settled:
            then = next_erasure(dispute, self.commands.policy_of(dispute))
            self.commands.store.erasure_carried_out(dispute.id, dispute.seq, then, self.commands.new_id())
        return settled

    def _remove(self, dispute: Dispute) -> bool:
        """Whatever was decided of this dispute, once more."""
        store, bucket = self.commands.store, self.commands.bucket
        gone = [self._remove_piece(each) for each in store.pieces(dispute.id) if is_gone(dispute, each)]
        decided = [each for each in (dispute.images_erased_at, dispute.texts_erased_at) if each]
        if decided:
            bucket.erase(f"bundles/{dispute.id}/")
        if dispute.texts_erased_at:
            store.erase_texts(dispute.id)
        now = self.clock()
        return all(now - each >= SETTLES for each in (*decided, *(each.erased_at for each in gone if each.erased_at)))

    def _remove_piece(self, piece: Piece) -> Piece:
        """Its event first: what may be missing from the bucket is what an event says so of."""
        piece = self._recorded(piece)
        for each in pieces.places(piece.dispute, piece.id):
            self.commands.bucket.erase(each)
        print_ = piece.inspection.imprint if piece.inspection else None
        self.commands.store.erase_piece(piece, imprint.keys(print_) if print_ else ())
        return piece

    def _recorded(self, piece: Piece) -> Piece:
        for _ in range(TRIES):
            event = pieces.erase(piece)
            if event is None:
                return piece
            now, by = self.clock(), By.of(CLOCKWORK)
            after, recorded = pieces.record(piece, event, by, now)
            change = PieceChange(piece.seq, after, (recorded,))
            try:
                self.commands.store.commit(Commit(self.commands.new_id(), now, by, piece.dispute, pieces=(change,)))
            except VersionRaced:
                _, found = loaded(self.commands.store, piece.dispute, piece.id)
                piece = found or piece
                continue
            return after
        raise VersionRaced(piece.id)
