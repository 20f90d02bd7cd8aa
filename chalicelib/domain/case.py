"""A decision in the making: the dispute as it stands, the facts, and what has been decided so far."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain import piece as pieces
from chalicelib.domain.deadline import Deadline, DeadlineKind, Falls
from chalicelib.domain.events import Cleared, DeadlineCleared, DeadlineSet, Event, EvidenceSealed, Recorded
from chalicelib.domain.evolve import evolve
from chalicelib.domain.keeping import Particulars
from chalicelib.domain.model import Dispute, PieceRef, Stage
from chalicelib.domain.parties import Actor, By, Role, Side
from chalicelib.domain.piece import Arrival, Piece, PieceEvent, PieceRecorded
from chalicelib.domain.quota import Failures
from evidence.model import Defect, Readiness
from evidence.readiness import assess
from policies.calendar import add
from policies.model import EvidenceRule, Policy, Reason, Term

_CLOCK = By("recourse", Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need beside the dispute."""

    actor: Actor
    policy: Policy
    """The version that the dispute pins."""
    in_force: Policy
    """The version in force now: its limits are those of an appeal filed now (B5)."""
    new_id: Callable[[], str]
    failures: Failures = field(default_factory=Failures)
    pieces: Mapping[str, Piece] = field(default_factory=dict)
    arrivals: Mapping[str, Arrival] = field(default_factory=dict)
    """What the object store says of pieces whose arrival isn't recorded yet (A14)."""
    statement_defect: Defect | None = None
    """A3: what is wrong with the text that came with the command."""


@dataclass(slots=True)
class PieceTrack:
    """A piece, as it was read and as it is now."""

    before: int
    now: Piece
    events: list[PieceRecorded] = field(default_factory=list)


class Case:
    """Records events and shows the dispute after them."""

    def __init__(self, dispute: Dispute | None, facts: Facts, now: datetime) -> None:
        self._dispute = dispute
        self.facts = facts
        # Events are never back-dated: a command that was received before the last commit is recorded after it.
        self.at = max(now, dispute.updated_at) if dispute else now
        self.now = now
        self.by = By.of(facts.actor)
        self.events: list[Recorded] = []
        self.pieces = {each.id: PieceTrack(each.seq, each) for each in facts.pieces.values()}

    @property
    def dispute(self) -> Dispute:
        if self._dispute is None:
            raise ValueError("the dispute isn't opened yet")
        return self._dispute

    @property
    def policy(self) -> Policy:
        return self.facts.policy

    @property
    def reason(self) -> Reason:
        return self.policy.reasons[self.dispute.reason]

    def record(self, *events: Event) -> None:
        for event in events:
            seq = self._dispute.seq + 1 if self._dispute else 1
            recorded = Recorded(seq, self.at, self.by, event)
            self._dispute = evolve(self._dispute, recorded)
            self.events.append(recorded)

    def disclose(self, particulars: Particulars) -> None:
        """The dispute as its handlers know it; its event holds no more than a digest."""
        self._dispute = self.dispute.with_particulars(particulars)

    @contextmanager
    def by_the_clock(self) -> Iterator[None]:
        """What is recorded meanwhile is nobody's deed, whoever's command has brought it about."""
        asker, self.by = self.by, _CLOCK
        yield
        self.by = asker

    # Deadlines

    def set_deadline(  # noqa: PLR0913  (a deadline explains itself)
        self,
        kind: DeadlineKind,
        party: str,
        term: Term,
        falls: Falls,
        *,
        start: datetime | None = None,
        request: str | None = None,
    ) -> Deadline:
        """Starts now unless told otherwise. Who is late, and what then falls, stands in it."""
        start = start or self.at
        due = add(start, term, self.policy.zone)
        deadline = Deadline(
            self.facts.new_id(), kind, party, due, start, self._cause(), term, self.policy.zone, falls, request=request
        )
        self.record(DeadlineSet(deadline))
        return deadline

    def _cause(self) -> str:
        """What happened last, deadlines themselves apart."""
        causes = (each.event for each in reversed(self.events))
        return next(type(each).__name__ for each in causes if not isinstance(each, DeadlineSet | DeadlineCleared))

    def clear(self, why: Cleared, *kinds: DeadlineKind, request: str | None = None) -> None:
        """Clears the running deadlines of these kinds; of one request only, where it is named."""
        for each in self.dispute.deadlines:
            if each.kind in kinds and request in (None, each.request):
                self.record(DeadlineCleared(each.id, each.kind, each.due, why))

    def clear_all(self, why: Cleared = Cleared.SUPERSEDED) -> None:
        self.clear(why, *DeadlineKind)

    # Pieces

    def track(self, piece: Piece | None, event: PieceEvent) -> Piece:
        after, recorded = pieces.record(piece, event, self.by, self.at)
        tracked = self.pieces.setdefault(after.id, PieceTrack(piece.seq if piece else 0, after))
        tracked.now = after
        tracked.events.append(recorded)
        return after

    def seen(self, ref: PieceRef) -> Piece:
        """The piece with what the object store says of it, judged by its deadline as it stands now (A5)."""
        piece = self.pieces[ref.id].now
        found = self.facts.arrivals.get(ref.id)
        if piece.arrival is None and found is not None:
            piece = replace(piece, arrival=found)
        return judged(piece, self.dispute, self.policy)

    @property
    def grace(self) -> timedelta:
        return grace(self.policy)

    def standing(self, rule: EvidenceRule, refs: tuple[PieceRef, ...]) -> Readiness:
        """How these pieces stand against the rule; the same answer that readiness gives beforehand."""
        return assess(rule, self.policy.requirements, [self.seen(each).submitted() for each in refs])

    def in_time(self, refs: tuple[PieceRef, ...]) -> tuple[PieceRef, ...]:
        return tuple(each for each in refs if self.seen(each).in_time)

    def seal(self, ids: tuple[str, ...]) -> None:
        """They count from here on. What the object store says of them is pinned first."""
        fresh = tuple(each for each in ids if self.pieces[each].now.sealed_at is None)
        for each in fresh:
            piece = self.pieces[each].now
            self.track(piece, pieces.PieceSealed(piece.arrival or self.facts.arrivals.get(each)))
        if fresh:
            self.record(EvidenceSealed(fresh))


def grace(policy: Policy) -> timedelta:
    """A5: how long after the deadline a piece registered in time may still arrive."""
    return timedelta(seconds=policy.response.upload_grace_seconds)


def judged(piece: Piece, dispute: Dispute, policy: Policy) -> Piece:
    """The piece with the latest arrival that counts: its submission's time may have been extended since."""
    asked = dispute.request(piece.request) if piece.request else None
    until = {
        Stage.RESPONSE: dispute.response_until,
        Stage.SUPPLEMENT: asked.until if asked else None,
        Stage.APPEAL: dispute.appeal_window_until,
    }.get(piece.stage)
    arrive_by = max(until + grace(policy), piece.arrive_by) if until else piece.arrive_by
    return piece if arrive_by == piece.arrive_by else replace(piece, arrive_by=arrive_by)


_GOVERNED_BY = {
    Stage.RESPONSE: DeadlineKind.RESPONSE,
    Stage.SUPPLEMENT: DeadlineKind.SUPPLEMENT,
    Stage.APPEAL: DeadlineKind.APPEAL_WINDOW,
}


def governing_deadline(dispute: Dispute, stage: Stage, request: str | None) -> Deadline | None:
    """The running deadline by which a piece of this stage must be there; None where none runs."""
    kind = _GOVERNED_BY.get(stage)
    return next((each for each in dispute.deadlines if each.kind is kind and each.request == request), None)


def side_served(dispute: Dispute, actor: Actor) -> Side | None:
    """The side for which the actor acts: a merchant the respondent's, a buyer or the platform's systems the other."""
    respondents = dispute.respondent in actor.parties
    if actor.role is Role.MERCHANT and respondents:
        return Side.RESPONDENT
    buyer = actor.role is Role.BUYER and dispute.complainant in actor.parties
    return Side.COMPLAINANT if buyer or (actor.role is Role.PLATFORM and not respondents) else None
