"""Removes what the rules have decided to erase: from the table and from the bucket, every version of it.

The decision is an event of the dispute, so a hold that came before it stops all of this. A run that ends half-way is
made up for by the next: each step may be done again, and the dispute stays due until all of them are done.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from chalicelib.domain import piece as pieces
from chalicelib.domain.commands import EraseDue
from chalicelib.domain.measures import Measure, Meter, unmeasured
from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import By
from chalicelib.domain.piece import Piece
from chalicelib.domain.ports import Clock, Commit, PieceChange, VersionRaced
from chalicelib.domain.retention import SETTLES, is_gone, next_erasure
from chalicelib.service.commands import Commands, Request
from chalicelib.service.lapsing import CLOCKWORK
from chalicelib.service.looking import TRIES, loaded
from evidence import imprint_keys

TIME = timedelta(seconds=240)
"""What isn't looked into by then is the next run's: the function is stopped at 300 seconds."""

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
    meter: Meter = unmeasured
    most: int = 200
    """Disputes that one run looks into at most; the next one goes on."""

    def run(self) -> ErasureRun:
        """What is due, the longest due first, while there is time. Raises ErasureIncomplete, but not before the end."""
        end, run = self.clock() + TIME, ErasureRun(0, 0)
        failed = 0
        for each in self._due():
            done = self._erased(each)
            failed += done is None
            run = ErasureRun(run.due + 1, run.done + bool(done))
            if run.due == self.most or self.clock() >= end:
                break
        if failed:
            raise ErasureIncomplete(f"{failed} of {run.due}")
        return run

    def _due(self) -> Iterator[str]:
        now = self.clock()
        due = self.commands.store.erasures(now)
        first = next(due, None)
        self.meter(Measure.ERASE_LAG, (now - first.due).total_seconds() if first else 0)
        if first:
            yield from (each.dispute for each in chain([first], due))

    def _erased(self, dispute_id: str) -> bool | None:
        """None where it failed: it then waits behind all others, so those that fail aren't all that is tried."""
        try:
            return self.erase(dispute_id)
        except Exception:  # noqa: BLE001  (one dispute holds up no other; the job fails all the same, and an alarm says so)
            _LOG.exception("erasing of dispute %s failed", dispute_id)
        self.commands.store.look_again(dispute_id, self.clock() + SETTLES, self.commands.new_id())
        return None

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
        if decided or gone:
            store.erase_bundles(dispute.id)
            bucket.erase(f"bundles/{dispute.id}/")
        now = self.clock()
        if dispute.texts_erased_at:
            store.erase_texts(dispute.id, last=now - dispute.texts_erased_at >= SETTLES)
        return all(now - each >= SETTLES for each in (*decided, *(each.erased_at for each in gone if each.erased_at)))

    def _remove_piece(self, piece: Piece) -> Piece:
        """Its event first: what may be missing from the bucket is what an event says so of."""
        piece = self._recorded(piece)
        for each in pieces.places(piece.dispute, piece.id):
            self.commands.bucket.erase(each)
        print_ = piece.inspection.imprint if piece.inspection else None
        self.commands.store.erase_piece(piece, imprint_keys.keys(print_) if print_ else ())
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
