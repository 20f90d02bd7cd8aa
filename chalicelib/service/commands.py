"""The one way in: read, decide, commit. Whoever asks, every change takes these steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import commands as c
from chalicelib.domain.case import Facts
from chalicelib.domain.claim import Text
from chalicelib.domain.errors import IdempotencyKeyReused, NotFound, Refusal, TooBusy, VersionConflict
from chalicelib.domain.lifecycle import Decision, decide
from chalicelib.domain.measures import Measure, Meter, unmeasured
from chalicelib.domain.model import Dispute, PieceRef, PolicyRef
from chalicelib.domain.moves import require_sight
from chalicelib.domain.needs import Needs, named, needs
from chalicelib.domain.parties import Actor, By
from chalicelib.domain.piece import Piece
from chalicelib.domain.ports import (
    Answered,
    Commit,
    DisputeChange,
    EvidenceBucket,
    IdempotencyKey,
    IdempotencyRaced,
    Loaded,
    NewId,
    PieceChange,
    PrivateText,
    Raced,
    Store,
)
from chalicelib.domain.quota import Failures
from chalicelib.domain.retention import erasure_after
from chalicelib.service.arrivals import arrivals
from chalicelib.service.outlook import missing_count
from evidence.model import Defect
from evidence.statement import inspect_statement, meaningless
from policies.book import PolicyBook
from policies.model import Policy

_TRIES = 5
"""A lost race is read and decided anew, at most so often."""

_IN_A_TRANSACTION = 12
"""Commits that are named at once: so many defaults fill a transaction. What it doesn't take is named anew, just before
its own: the feed doesn't wait for what was named long ago.
"""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, when that was received, and what came along."""

    actor: Actor
    at: datetime
    key: IdempotencyKey | None = None
    if_match: int | None = None
    """The number of the dispute that the caller saw; another one is refused."""
    texts: tuple[PrivateText, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The dispute as the command left it; of a replay, as it left it then."""

    dispute: Dispute
    at: datetime
    piece: PieceRef | None = None
    """The piece that was registered."""
    registered: Piece | None = None
    """The same, whole; not in a replay, for much may have come of it since."""
    changed: bool = True
    """False where there was nothing to do."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A command that is decided and not written yet."""

    before: Dispute
    decision: Decision

    @property
    def done(self) -> Done:
        """Once it is written."""
        ref = _registered(self.before, self.decision.dispute)
        piece = next((each.now for each in self.decision.pieces if ref and each.now.id == ref.id), None)
        return Done(self.decision.dispute, self.decision.events[-1].at, ref, piece)


@dataclass(frozen=True, slots=True)
class Commands:
    """Carries out commands on disputes."""

    store: Store
    bucket: EvidenceBucket
    book: PolicyBook
    new_id: NewId
    default_policy: str
    meter: Meter = unmeasured

    def policy_ref(self, policy_id: str | None, at: datetime) -> PolicyRef:
        """The version that a dispute opened at this instant pins. Raises UnknownPolicy."""
        policy = self.book.in_force(policy_id or self.default_policy, at)
        return PolicyRef(policy.id, policy.version, self.book.digest(policy), policy.zone)

    def policy_of(self, dispute: Dispute) -> Policy:
        """The version that the dispute pins."""
        return self._pinned(dispute.policy)

    def _pinned(self, policy: PolicyRef) -> Policy:
        return self.book.pinned(policy.id, policy.version, policy.digest)

    def open(self, command: c.Open, request: Request) -> Done:
        """Raises ExternalIdTaken, with the dispute that has it, and what `execute` raises."""
        for _ in range(_TRIES):
            try:
                return self._open(command, request)
            except (Refusal, Raced) as error:
                before = self.replayed(request)
                if before:
                    return before
                if isinstance(error, Refusal):
                    raise
                self.meter(Measure.RACES_LOST, 1)
        raise TooBusy

    def _open(self, command: c.Open, request: Request) -> Done:
        """As if the request were new, which most are: one that isn't is told by the commit, and read only then."""
        policy = self._pinned(command.policy)
        facts = Facts(request.actor, policy, policy, self.new_id)
        decision = decide(None, command, facts, request.at)
        self.store.commit(self._commit(None, decision, request))
        return Done(decision.dispute, decision.events[-1].at)

    def replayed(self, request: Request) -> Done | None:
        """What came of the same request before; None where it is new. Raises IdempotencyKeyReused."""
        return self._replay(self.store.answered(request.key) if request.key else None, request)

    def execute(self, dispute_id: str, command: c.Command, request: Request) -> Done:
        """Raises NotFound, VersionConflict, IdempotencyKeyReused, TooBusy, and every Refusal of the rules."""
        for _ in range(_TRIES):
            loaded = self.store.load(dispute_id, request.key, named(command))
            try:
                (done,) = self._carried_out([loaded], command, request)
            except Raced as race:
                if request.if_match is not None and not isinstance(race, IdempotencyRaced):
                    raise VersionConflict(expected=request.if_match, current=None) from None
                self.meter(Measure.RACES_LOST, 1)
            else:
                return done
        raise TooBusy

    def execute_together(self, dispute_ids: Sequence[str], command: c.Command, request: Request) -> tuple[Done, ...]:
        """`execute` for each, but tried once, and read and written together: what is in one's way is raised.

        Then some may be done and others not, each whole; `execute` tells which, and does what is left. The request has
        neither key nor `if_match`.
        """
        loaded = self.store.load_all(dispute_ids)
        read = self.store.named(self._wanted(loaded, command, request.at))
        try:
            return self._carried_out([replace(each, pieces=read) for each in loaded], command, request)
        except Raced:
            self.meter(Measure.RACES_LOST, 1)
            raise

    def _wanted(self, loaded: Sequence[Loaded], command: c.Command, at: datetime) -> Sequence[tuple[str, str]]:
        """The pieces that are wanted of the disputes that have any."""
        some = [each.dispute for each in loaded if each.dispute and each.dispute.pieces]
        return [(of.id, piece) for of in some for piece in needs(of, command, self.policy_of(of), at).pieces]

    def _carried_out(self, loaded: Sequence[Loaded], command: c.Command, request: Request) -> tuple[Done, ...]:
        """Raises Raced."""
        steps = [self._step(each, command, request) for each in loaded]
        left = [each for each in steps if isinstance(each, _Step)]
        while left:
            commits = [self._commit(each.before, each.decision, request) for each in left[:_IN_A_TRANSACTION]]
            left = left[self.store.commit(*commits) :]
        return tuple(each.done if isinstance(each, _Step) else each for each in steps)

    def _step(self, loaded: Loaded, command: c.Command, request: Request) -> _Step | Done:
        before = self._replay(loaded.answered, request)
        if before:
            return before
        if loaded.dispute is None:
            raise NotFound
        decision = self._decide(loaded.dispute, command, request, loaded.pieces)
        if not decision.events:
            return Done(decision.dispute, request.at, changed=False)
        return _Step(loaded.dispute, decision)

    def _decide(self, dispute: Dispute, command: c.Command, request: Request, read: Mapping[str, Piece]) -> Decision:
        actor = request.actor
        if request.if_match is not None and dispute.seq != request.if_match:
            require_sight(dispute, actor)
            raise VersionConflict(expected=request.if_match, current=dispute.seq)
        policy = self._pinned(dispute.policy)
        command = _looked_at(command, policy, request.texts)
        wanted = needs(dispute, command, policy, request.at)
        found, failures = self._read(dispute, wanted, read)
        facts = Facts(
            actor=actor,
            policy=policy,
            in_force=self.book.in_force(policy.id, request.at),
            new_id=self.new_id,
            failures=failures,
            pieces=found,
            arrivals=arrivals(self.bucket, found) if wanted.arrivals else {},
            statement_defect=_defect(command, request.texts),
        )
        return decide(dispute, command, facts, request.at)

    def _read(self, dispute: Dispute, wanted: Needs, read: Mapping[str, Piece]) -> tuple[Mapping[str, Piece], Failures]:
        """What is wanted, of which some was read along with the dispute."""
        found = {each: read[each] for each in wanted.pieces if each in read}
        rest = [each for each in wanted.pieces if each not in read]
        if not rest and not wanted.years:
            return found, Failures()
        policy, respondent = dispute.policy.id, dispute.respondent
        more, failures = self.store.facts(dispute.id, rest, policy=policy, respondent=respondent, years=wanted.years)
        return {**found, **more}, failures

    def _commit(self, before: Dispute | None, decision: Decision, request: Request) -> Commit:
        after, by = decision.dispute, By.of(request.actor)
        policy = self._pinned(after.policy)
        registered = _registered(before, after)
        return Commit(
            id=self.new_id(),
            at=decision.events[-1].at,
            by=by,
            dispute_id=after.id,
            dispute=DisputeChange(
                before.seq if before else 0,
                after,
                decision.events,
                missing_count(after, policy),
                erasure_after(before, after, policy),
            ),
            pieces=tuple(PieceChange(each.before, each.now, tuple(each.events)) for each in decision.pieces),
            quota=decision.quota,
            texts=request.texts,
            idempotency=request.key,
            answer_piece=registered.id if registered else None,
        )

    def _replay(self, answered: Answered | None, request: Request) -> Done | None:
        """A key lives 30 days by the clock, however long its record lies there."""
        if answered is None or answered.expired(request.at):
            return None
        if request.key is None or answered.fingerprint != request.key.fingerprint:
            raise IdempotencyKeyReused
        dispute = self.store.as_of(answered.dispute, answered.seq)
        if dispute is None:
            raise NotFound
        return Done(dispute, answered.at, dispute.piece(answered.piece) if answered.piece else None)


def _registered(before: Dispute | None, after: Dispute) -> PieceRef | None:
    known = {each.id for each in before.pieces} if before else set()
    return next((each for each in after.pieces if each.id not in known), None)


def _defect(command: c.Command, texts: tuple[PrivateText, ...]) -> Defect | None:
    """A3: what is wrong with the command's statement, where it has one."""
    written = _written(command, texts)
    return meaningless(written) if written is not None else None


def _looked_at(command: c.Command, policy: Policy, texts: tuple[PrivateText, ...]) -> c.Command:
    """A statement that is submitted as evidence is looked at as it comes (A13)."""
    if not isinstance(command, c.RegisterPiece):
        return command
    written, requirement = _written(command, texts), policy.requirements.get(command.requirement)
    if written is None or requirement is None:
        return command
    return replace(command, inspection=inspect_statement(written, requirement))


def _written(command: c.Command, texts: tuple[PrivateText, ...]) -> str | None:
    statement = getattr(command, "statement", None)
    return next((each.text for each in texts if isinstance(statement, Text) and each.id == statement.id), None)
