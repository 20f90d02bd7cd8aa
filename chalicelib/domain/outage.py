"""An outage: for which disputes and deadlines time is given back, who asked and who agreed (B11). Frozen values."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import ConflictOfInterest, InvalidOutage, OutageAnswered, SecondPersonNeeded
from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import Actor, By

LAPSES_KEPT = timedelta(days=90)
"""For so long a deadline that was carried out is found again."""

_SINCE_AT_MOST = timedelta(days=60)
_AHEAD_AT_MOST = timedelta(days=7)
_LONGEST = timedelta(days=31)

OF_PARTIES = (
    DeadlineKind.RESPONSE,
    DeadlineKind.SETTLEMENT_CONFIRMATION,
    DeadlineKind.SUPPLEMENT,
    DeadlineKind.APPEAL_WINDOW,
)
"""What an outage is about unless it says otherwise."""


class OutageState(StrEnum):
    DECLARED = "declared"
    DECLINED = "declined"
    AGREED = "agreed"
    RUNNING = "running"
    DONE = "done"


_AGREED_TO = frozenset({OutageState.AGREED, OutageState.RUNNING, OutageState.DONE})


class Pass(StrEnum):
    """What is gone through: first what runs, then what lapsed; so what lapses meanwhile is met in one of them."""

    RUNNING = "running"
    LAPSED = "lapsed"


class Unmended(StrEnum):
    """Why a lapse can't be undone."""

    FINAL = "final"
    """B11, promise A: the ruling is final."""
    WITHDRAWN = "withdrawn"
    NO_DEFAULT = "no_default"
    """No default stands that it made: the case went on, or somebody has set it aside."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which deadlines an outage is about: those due from `since` to `until`, both inclusive."""

    since: datetime
    until: datetime
    respondents: tuple[str, ...] = ()
    """None: all."""
    reasons: tuple[str, ...] = ()
    """None: all."""
    kinds: tuple[DeadlineKind, ...] = OF_PARTIES

    def concerns(self, dispute: Dispute) -> bool:
        return dispute.respondent in (self.respondents or (dispute.respondent,)) and dispute.reason in (
            self.reasons or (dispute.reason,)
        )

    def covers(self, kind: DeadlineKind, due: datetime) -> bool:
        """A reviewer's hold on a review is nobody's duty."""
        return kind is not DeadlineKind.REVIEW_CLAIM and kind in self.kinds and self.since <= due <= self.until


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work has come. It goes on from here, whatever died."""

    part: Pass = Pass.RUNNING
    after: str | None = None
    """The place in this part, as the store says it."""
    final: int = 0
    withdrawn: int = 0
    no_default: int = 0

    def and_unmended(self, why: Unmended) -> "Progress":
        return replace(self, **{why.value: getattr(self, why.value) + 1})


@dataclass(frozen=True, slots=True)
class Outage:
    id: str
    seq: int
    """1 as declared, 2 as answered, then one more with each batch of the work."""
    scope: Scope
    extra: timedelta
    """How much is added to a deadline that runs."""
    cause: str
    note: str | None
    state: OutageState
    declared_by: By
    declared_at: datetime
    updated_at: datetime
    answered_by: By | None = None
    answered_at: datetime | None = None
    progress: Progress = field(default_factory=Progress)

    @property
    def agreed_by(self) -> By | None:
        """Who agreed to it; None as long as nobody has, or where it was declined.

        Done, it stays agreed to: a dispute that failed is tried again alone, when the rest may be over.
        """
        return self.answered_by if self.state in _AGREED_TO else None

    def as_of(self, seq: int) -> "Outage":
        """As it was when it was declared (1), or answered (2)."""
        if seq >= self.seq:
            return self
        begun = replace(self, seq=seq, progress=Progress())
        if seq == 1 or self.answered_at is None:
            state, at = OutageState.DECLARED, self.declared_at
            return replace(begun, state=state, updated_at=at, answered_by=None, answered_at=None)
        return replace(begun, state=OutageState.AGREED, updated_at=self.answered_at)

    def worked(self, progress: Progress, now: datetime, *, done: bool) -> "Outage":
        state = OutageState.DONE if done else OutageState.RUNNING
        return replace(self, seq=self.seq + 1, state=state, progress=progress, updated_at=now)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is asked for."""

    scope: Scope
    extra: timedelta | None
    """None: as long as the outage was."""
    cause: str
    note: str | None


def declare(asked: Declaration, outage_id: str, actor: Actor, now: datetime) -> Outage:
    """Changes no dispute yet. Raises InvalidOutage, ConflictOfInterest."""
    scope = asked.scope
    _require_impartial(actor)
    for holds, problem in (
        (scope.since < scope.until, "ends_before_it_begins"),
        (scope.until - scope.since <= _LONGEST, "too_long"),
        (now - scope.since <= _SINCE_AT_MOST, "too_old"),
        (scope.until - now <= _AHEAD_AT_MOST, "too_far_ahead"),
    ):
        if not holds:
            raise InvalidOutage(problem=problem)
    by, extra = By(actor.id, actor.role), asked.extra or scope.until - scope.since
    return Outage(outage_id, 1, scope, extra, asked.cause, asked.note, OutageState.DECLARED, by, now, now)


def answer(outage: Outage, actor: Actor, now: datetime, *, agreed: bool) -> Outage:
    """Agreed by another person than who declared it, while its lapses can still be found. Declined by anybody who may.

    Raises OutageAnswered, InvalidOutage, SecondPersonNeeded, ConflictOfInterest.
    """
    _require_impartial(actor)
    if outage.state is not OutageState.DECLARED:
        raise OutageAnswered(answer=outage.state)
    if agreed and outage.declared_by.id == actor.id:
        raise SecondPersonNeeded
    if agreed and now - outage.scope.since > _SINCE_AT_MOST:
        raise InvalidOutage(problem="too_old")
    state = OutageState.AGREED if agreed else OutageState.DECLINED
    by = By(actor.id, actor.role)
    return replace(outage, seq=2, state=state, answered_by=by, answered_at=now, updated_at=now)


def _require_impartial(actor: Actor) -> None:
    """It is about everybody's disputes: nobody decides it who belongs to any party."""
    if actor.parties:
        raise ConflictOfInterest(why="party_to_the_dispute")
