"""What can be read, by whom. Everything is scoped to the caller; what is another's is not there (promise E)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain import checklist
from chalicelib.domain.appeals import Eligibility
from chalicelib.domain.case import Case, Facts, judged, side_served
from chalicelib.domain.checklist import CheckPoint
from chalicelib.domain.confidential import finds_by_complainant
from chalicelib.domain.errors import ContentErased, NotFound, UploadClosed
from chalicelib.domain.lifecycle import may_appeal
from chalicelib.domain.model import Dispute, PieceRef
from chalicelib.domain.moves import require_sight
from chalicelib.domain.parties import Actor, Role, Side
from chalicelib.domain.piece import Piece, PieceStatus, crop_key, with_words
from chalicelib.domain.ports import (
    DisputeFilter,
    DisputeRow,
    EvidenceBucket,
    NewId,
    Page,
    Store,
    StoredEvent,
    UploadForm,
)
from chalicelib.domain.quota import Failures, QuotaYear
from chalicelib.domain.retention import as_decided
from chalicelib.domain.viewer import Viewer
from chalicelib.service.arrivals import arrivals
from chalicelib.service.outlook import Occasion, occasions
from policies.book import PolicyBook
from policies.calendar import year_of
from policies.model import Policy

_FORM_LIVES = timedelta(minutes=10)
_LINK_SECONDS = 300
_OF_AN_ORDER = 100
"""An order has a few disputes; a party never sees more of one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a dispute, this one or another."""

    dispute: str
    piece: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a piece was seen beside itself; only staff is told."""

    bytes: tuple[Place, ...]
    """The very same file."""
    picture: tuple[Place, ...]
    """The same picture, re-encoded or resized, in other disputes."""


@dataclass(frozen=True, slots=True)
class Queries:
    store: Store
    bucket: EvidenceBucket
    book: PolicyBook
    new_id: NewId

    def dispute(self, dispute_id: str, actor: Actor) -> Dispute:
        """Raises NotFound, also for what is another's."""
        dispute = self.store.load(dispute_id).dispute
        if dispute is None:
            raise NotFound
        require_sight(dispute, actor)
        return dispute

    def policy_of(self, dispute: Dispute) -> Policy:
        pin = dispute.policy
        return self.book.pinned(pin.id, pin.version, pin.digest)

    def texts(self, dispute: Dispute, ids: tuple[str, ...]) -> Mapping[str, str]:
        """What was written, by id; what is erased is absent, removed or not."""
        return self.store.texts(dispute.id, ids) if ids and not dispute.texts_erased_at else {}

    def timeline(
        self, dispute_id: str, actor: Actor, *, limit: int, after: str | None
    ) -> tuple[Dispute, Page[StoredEvent]]:
        dispute = self.dispute(dispute_id, actor)
        return dispute, self.store.timeline(dispute_id, limit=limit, after=after)

    def pieces(self, dispute_id: str, actor: Actor) -> tuple[Dispute, tuple[Piece, ...]]:
        """The caller's own, and what of the other side's it may see."""
        dispute = self.dispute(dispute_id, actor)
        policy, viewer = self.policy_of(dispute), Viewer.of(dispute, actor)
        there = [each for each in self.store.pieces(dispute_id) if _visible(viewer, each)]
        worded = self._worded(dispute, {each.id: each for each in there})
        decided = (as_decided(dispute, judged(each, dispute, policy)) for each in worded.values())
        return dispute, tuple(_shown(viewer, each) for each in decided)

    def piece(self, dispute_id: str, piece_id: str, actor: Actor) -> tuple[Dispute, Piece]:
        dispute = self.dispute(dispute_id, actor)
        viewer = Viewer.of(dispute, actor)
        piece = self._facts(dispute, (piece_id,), ())[0].get(piece_id)
        if piece is None or not _visible(viewer, piece):
            raise NotFound
        piece = self._worded(dispute, {piece.id: piece})[piece.id]
        return dispute, _shown(viewer, as_decided(dispute, judged(piece, dispute, self.policy_of(dispute))))

    def own_piece(self, dispute_id: str, piece_id: str, actor: Actor) -> tuple[Dispute, Piece]:
        """A piece of the side that the actor acts for. Raises NotFound for any other."""
        dispute, piece = self.piece(dispute_id, piece_id, actor)
        if piece.side is not side_served(dispute, actor):
            raise NotFound
        return dispute, piece

    def registered(self, dispute: Dispute, ref: PieceRef) -> tuple[Piece, Piece]:
        """The piece as it was registered, which registering it answers, then and again; and as it is now."""
        piece = self._facts(dispute, (ref.id,), ())[0][ref.id]
        inspection = piece.inspection if piece.key is None else None
        first = replace(
            piece,
            seq=1,
            arrival=None,
            inspection=inspection,
            clean_key=None,
            seen=None,
            text_wanted=False,
            sealed_at=None,
            withdrawn_at=None,
            erased_at=None,
        )
        return first, piece

    def _facts(
        self, dispute: Dispute, pieces: tuple[str, ...], years: tuple[int, ...]
    ) -> tuple[Mapping[str, Piece], Failures]:
        if not pieces and not years:
            return {}, Failures()
        policy, respondent = dispute.policy.id, dispute.respondent
        return self.store.facts(dispute.id, pieces, policy=policy, respondent=respondent, years=years)

    def _case_facts(self, dispute: Dispute, actor: Actor, now: datetime, refs: tuple[PieceRef, ...]) -> Facts:
        zone = dispute.policy.zone
        years = tuple(range(year_of(dispute.opened_at, zone) - 1, year_of(now, zone) + 1))
        found, failures = self._facts(dispute, tuple(each.id for each in refs), years)
        return Facts(
            actor=actor,
            policy=self.policy_of(dispute),
            in_force=self.book.in_force(dispute.policy.id, now),
            new_id=self.new_id,
            failures=failures,
            pieces=found,
            arrivals=arrivals(self.bucket, found),
        )

    def readiness(self, dispute_id: str, actor: Actor, now: datetime) -> tuple[Dispute, tuple[Occasion, ...]]:
        """What the caller's side can submit now, and how it stands; staff see both sides, but for D2."""
        dispute = self.dispute(dispute_id, actor)
        facts = self._case_facts(dispute, actor, now, dispute.pieces)
        case = Case(dispute, replace(facts, pieces=self._worded(dispute, facts.pieces)), now)
        return dispute, occasions(case, _sides(Viewer.of(dispute, actor)))

    def checklist(self, dispute: Dispute, actor: Actor, now: datetime) -> tuple[CheckPoint, ...]:
        """Every point before the reviewer, with what the machine found; D2: in the evidence that it may see."""
        refs = tuple(each for each in dispute.pieces if each.sealed)
        facts = self._case_facts(dispute, actor, now, refs)
        points = checklist.points(Case(dispute, replace(facts, pieces=self._worded(dispute, facts.pieces)), now))
        sides = _sides(Viewer.of(dispute, actor))
        return tuple(each for each in points if each.side in sides)

    def _worded(self, dispute: Dispute, found: Mapping[str, Piece]) -> Mapping[str, Piece]:
        """The pieces with what was seen in them; what has been erased is absent."""
        seen = tuple(each.seen.id for each in found.values() if each.seen and not dispute.images_erased_at)
        said = self.texts(dispute, seen)
        return {
            each.id: with_words(each, json.loads(said[each.seen.id])) if each.seen and each.seen.id in said else each
            for each in found.values()
        }

    def eligibility(self, dispute_id: str, actor: Actor, now: datetime) -> tuple[Dispute, Eligibility]:
        """B12. The complainant has no part in it."""
        dispute = self.dispute(dispute_id, actor)
        if actor.role is Role.BUYER:
            raise NotFound
        facts = self._case_facts(dispute, actor, now, dispute.pieces)
        return dispute, may_appeal(dispute, facts, now)

    def quota(self, respondent: str, actor: Actor, policy_id: str, now: datetime) -> tuple[Policy, QuotaYear, Failures]:
        """A respondent's count of this year, and what is pending. Raises NotFound for another's, UnknownPolicy."""
        if actor.role is Role.MERCHANT and respondent not in actor.parties:
            raise NotFound
        policy = self.book.in_force(policy_id, now)
        this = year_of(now, policy.zone)
        _, failures = self.store.facts("", (), policy=policy.id, respondent=respondent, years=(this - 1, this))
        return policy, failures.year(this), failures

    def disputes(self, wanted: DisputeFilter, actor: Actor, *, limit: int, after: str | None) -> Page[DisputeRow]:
        """Raises NotFound if a party asks for another's, UnsupportedQuery for what no index serves."""
        if actor.role is Role.MERCHANT:
            if wanted.respondent is None and len(actor.parties) == 1:
                wanted = replace(wanted, respondent=next(iter(actor.parties)))
            if wanted.respondent not in actor.parties:
                raise NotFound
        if actor.role is Role.BUYER:
            if wanted.complainant is None and len(actor.parties) == 1:
                wanted = replace(wanted, complainant=next(iter(actor.parties)))
            if wanted.complainant not in actor.parties:
                raise NotFound
        wanted = replace(wanted, confidential=finds_by_complainant(actor))
        if wanted.order_id and actor.role in (Role.MERCHANT, Role.BUYER):
            return self._of_order(wanted)
        return self.store.disputes(wanted, limit=limit, after=after)

    def _of_order(self, wanted: DisputeFilter) -> Page[DisputeRow]:
        """A party's disputes of an order, all at once: pages would tell where another's lie between (promise E)."""
        rows: list[DisputeRow] = []
        page = self.store.disputes(wanted, limit=_OF_AN_ORDER)
        rows.extend(page.items)
        while page.next is not None and len(rows) < _OF_AN_ORDER:
            page = self.store.disputes(wanted, limit=_OF_AN_ORDER, after=page.next)
            rows.extend(page.items)
        return Page(tuple(rows[:_OF_AN_ORDER]), None)

    def feed(self, *, limit: int, after: str | None, until: datetime) -> Page[StoredEvent]:
        """Every event of the commits made before `until`, in their order."""
        return self.store.feed(limit=limit, after=after, until=until)

    def elsewhere(self, piece: Piece) -> Elsewhere:
        sha256 = piece.arrival.sha256 if piece.arrival else None
        twins = self.store.twins(sha256) if sha256 else ()
        alike = self.store.lookalikes(piece.dispute, piece.id)
        return Elsewhere(
            tuple(Place(dispute, other) for dispute, other in twins if other != piece.id),
            tuple(Place(each.dispute, each.piece) for each in alike),
        )

    def crop_link(self, dispute: Dispute, piece: str, point: str, now: datetime) -> tuple[str, datetime]:
        """A short-lived link, and its end, to the place that a finding is about, cut out."""
        key = crop_key(dispute.id, piece, point)
        link = self.bucket.view_link(key, version_id=None, attachment=False, seconds=_LINK_SECONDS)
        return link, now + timedelta(seconds=_LINK_SECONDS)

    def upload_form(self, dispute: Dispute, piece: Piece, media_type: str, now: datetime) -> UploadForm:
        """A fresh form for a piece that hasn't arrived. It ends with the deadline and its grace, or sooner.

        Raises UploadClosed where there is nothing left to upload, or no time.
        """
        policy = self.policy_of(dispute)
        expires = min(piece.arrive_by, now + _FORM_LIVES)
        if piece.status is not PieceStatus.REGISTERED or piece.sealed_at or piece.key is None or expires <= now:
            raise UploadClosed(piece=piece.id, piece_status=piece.status)
        return self.bucket.upload_form(
            piece.key, media_type=media_type, max_bytes=policy.files.max_bytes, expires_at=expires
        )

    def view_link(self, piece: Piece, now: datetime) -> tuple[str, datetime]:
        """A short-lived link and its end: a picture's clean copy, or a PDF as an attachment.

        Raises NotFound where there is nothing to see, ContentErased where there was.
        """
        if piece.erased_at:
            raise ContentErased(piece=piece.id)
        return self._view_link(piece), now + timedelta(seconds=_LINK_SECONDS)

    def _view_link(self, piece: Piece) -> str:
        if piece.clean_key:
            return self.bucket.view_link(piece.clean_key, version_id=None, attachment=False, seconds=_LINK_SECONDS)
        if piece.key and piece.arrival and piece.inspection and piece.inspection.defect is None:
            version = piece.arrival.version_id
            return self.bucket.view_link(piece.key, version_id=version, attachment=True, seconds=_LINK_SECONDS)
        raise NotFound


def _visible(viewer: Viewer, piece: Piece) -> bool:
    return not piece.withdrawn_at and viewer.sees(piece.side, sealed=piece.sealed_at is not None)


def _shown(viewer: Viewer, piece: Piece) -> Piece:
    """D2: without the words of who complains in confidence."""
    return piece if viewer.hears(piece.side) else replace(piece, statement=None)


def _sides(viewer: Viewer) -> tuple[Side, ...]:
    return tuple(each for each in Side if viewer.is_of(each) and viewer.hears(each))
