"""Bundles as their callers see them: asked for, and read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.bundles import MOST_ALIVE, Bundle, BundleQueue, BundleRegister, BundleShelf
from chalicelib.domain.errors import IdempotencyKeyReused, NotFound, TooBusy, TooManyBundles
from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import Actor
from chalicelib.domain.ports import IdempotencyRaced, NewId
from chalicelib.domain.viewer import Viewer
from chalicelib.service.commands import Request
from chalicelib.service.queries import Queries

_TRIES = 5
_LINK_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Bundles:
    queries: Queries
    register: BundleRegister
    shelf: BundleShelf
    queue: BundleQueue
    new_id: NewId

    def ask(self, dispute_id: str, request: Request) -> Bundle:
        """Raises NotFound, TooManyBundles, IdempotencyKeyReused, TooBusy.

        The same request again queues it again if it isn't made yet: its message may have got lost.
        """
        dispute = self.queries.dispute(dispute_id, request.actor)
        for _ in range(_TRIES):
            before = self._replayed(dispute_id, request)
            if before:
                if not before.made:
                    self.queue.bundle(dispute_id, before.id)
                return before
            bundle = self._fresh(dispute, request)
            try:
                self.register.ask(bundle, commit=self.new_id(), key=request.key)
            except IdempotencyRaced:
                continue
            self.queue.bundle(dispute_id, bundle.id)
            return bundle
        raise TooBusy

    def read(self, dispute_id: str, bundle_id: str, actor: Actor, now: datetime) -> Bundle:
        """Raises NotFound, also for one that shows what this caller may not see, and for one that has expired."""
        dispute = self.queries.dispute(dispute_id, actor)
        bundle = self.register.bundle(dispute_id, bundle_id)
        if bundle is None or now >= bundle.expires_at:
            raise NotFound
        viewer = Viewer.of(dispute, actor)
        own = bundle.asked_by.id == actor.id and not bundle.confides
        if viewer.side is not Viewer.of(dispute, bundle.asked_by).side or not (own or viewer.knows_complainant):
            raise NotFound
        return bundle

    def link(self, bundle: Bundle, now: datetime) -> tuple[str, datetime]:
        """A short-lived link and its end."""
        return self.shelf.link(bundle.key, seconds=_LINK_SECONDS), now + timedelta(seconds=_LINK_SECONDS)

    def _fresh(self, dispute: Dispute, request: Request) -> Bundle:
        side = Viewer.of(dispute, request.actor).side
        alive = [each for each in self.register.bundles(dispute.id) if each.expires_at > request.at]
        if sum(Viewer.of(dispute, each.asked_by).side is side for each in alive) >= MOST_ALIVE:
            raise TooManyBundles(limit=MOST_ALIVE)
        return Bundle(self.new_id(), dispute.id, request.actor, request.at)

    def _replayed(self, dispute_id: str, request: Request) -> Bundle | None:
        answered = self.register.answered(request.key) if request.key else None
        if request.key is None or answered is None or answered.expired(request.at):
            return None
        if answered.fingerprint != request.key.fingerprint:
            raise IdempotencyKeyReused
        found = self.register.bundle(dispute_id, answered.piece or "")
        return found or Bundle(answered.piece or "", dispute_id, request.actor, answered.at)
