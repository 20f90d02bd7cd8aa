"""Commits, as commands make them but without their rules: the store takes what it is given."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from chalicelib.domain import piece as pieces
from chalicelib.domain.claim import Item, Money, Order, Remedy
from chalicelib.domain.deadline import Deadline, DeadlineKind, Falls
from chalicelib.domain.events import DeadlineSet, DisputeOpened, Event, EvidenceRegistered, Recorded, ReviewEscalated
from chalicelib.domain.evolve import evolve
from chalicelib.domain.model import Dispute, Failure, PieceRef, PolicyRef, Stage
from chalicelib.domain.parties import By, Role, Side
from chalicelib.domain.piece import Arrival, Piece, PieceEvent, PieceRecorded
from chalicelib.domain.ports import Commit, DisputeChange, IdempotencyKey, PieceChange, Store
from chalicelib.store.instants import ulid_floor
from evidence.model import Inspection
from policies.model import Medium, OnLapse, RemedyKind, Term, Unit

START = datetime(2026, 11, 2, 4, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
SHOP, BUYER, POLICY = "shop:S1", "buyer:B1", "marketplace"
BY = By("somebody", Role.PLATFORM)
A_KEY = IdempotencyKey("somebody", "key-1", "fingerprint-1")

_NUMBERS = count(1)
_REQUIREMENT = "proof_of_delivery"


def ulid(at: datetime = START) -> str:
    """One after the other, as if made at the instant."""
    return f"{ulid_floor(at)}{next(_NUMBERS):016}"


def opened(dispute: str, **changes: object) -> DisputeOpened:
    money = Money(10_000, "CNY")
    event = DisputeOpened(
        id=dispute,
        external_id=f"external-{dispute}",
        policy=PolicyRef(POLICY, 1, "digest", "Asia/Shanghai"),
        respondent=SHOP,
        complainant=BUYER,
        order=Order("O-1", "Sample shop", (Item("SKU-1", "Teapot", 1, money),)),
        reason="quality",
        requested_remedy=Remedy(RemedyKind.REFUND_ONLY, money),
        on_lapse=OnLapse.GRANT_REQUESTED_REMEDY,
        statement=None,
    )
    return replace(event, **changes)  # type: ignore[arg-type]


def a_deadline(
    due: datetime, *, kind: DeadlineKind = DeadlineKind.RESPONSE, party: str = SHOP, name: str | None = None
) -> DeadlineSet:
    term = Term(48, Unit.HOURS)
    return DeadlineSet(
        Deadline(name or ulid(), kind, party, due, START, "DisputeOpened", term, "Asia/Shanghai", Falls.DEFAULT)
    )


def a_failure(appeal: str = "A1", *, month: int = 11, at: datetime = START) -> Failure:
    return Failure(POLICY, SHOP, 2026, month, at, "D1", appeal)


class Scribe:
    """Writes one dispute into a store, event by event, and knows how it stands."""

    def __init__(self, store: Store, dispute: str | None = None) -> None:
        self.store = store
        self.id = dispute or ulid()
        self.now = START
        self.pieces: dict[str, Piece] = {}
        self._dispute: Dispute | None = None

    @property
    def dispute(self) -> Dispute:
        assert self._dispute is not None
        return self._dispute

    def open(
        self, *events: Event, at: datetime = START, key: IdempotencyKey | None = None, **changes: object
    ) -> "Scribe":
        self.write(opened(self.id, **changes), *events, at=at, key=key)
        return self

    def standing_at(self, dispute: Dispute | None) -> "Scribe":
        """Goes on from what somebody read."""
        self._dispute = dispute
        return self

    def write(self, *events: Event, **more: object) -> Commit:
        """Commits the events, and stands where they lead once that worked."""
        commit = self.plan(*events, **more)  # type: ignore[arg-type]
        self.send(commit)
        return commit

    def send(self, commit: Commit) -> None:
        self.store.commit(commit)
        if commit.dispute:
            self._dispute = commit.dispute.after
        self.pieces |= {each.after.id: each.after for each in commit.pieces}

    def plan(
        self,
        *events: Event,
        at: datetime | None = None,
        key: IdempotencyKey | None = None,
        missing_count: int = 0,
        **parts: object,
    ) -> Commit:
        """The commit of these events, not yet sent; without any, of one that changes nothing in particular.

        `parts` are further fields of the commit.
        """
        self.now = at or self.now + SECOND
        if not events and "pieces" not in parts:
            events = (ReviewEscalated(DeadlineKind.REVIEW),)
        change = self._change(events, missing_count) if events else None
        commit = Commit(ulid(self.now), self.now, BY, self.id, change, idempotency=key)
        return replace(commit, **{name: _frozen(part) for name, part in parts.items()})  # type: ignore[arg-type]

    def register(self, *, at: datetime | None = None, file: bool = True) -> str:
        """A piece of the respondent's, with the dispute's event of it; gives its id."""
        self.now = at or self.now + SECOND
        return self.register_all(1, file=file)[0]

    def register_all(self, number: int, *, file: bool = True) -> list[str]:
        """So many pieces in one commit, at once."""
        ids = [ulid(self.now) for _ in range(number)]
        refs = [PieceRef(each, SHOP, Side.RESPONDENT, _REQUIREMENT, Stage.RESPONSE, None, self.now) for each in ids]
        changes = [self.piece_change(self._registered(each, file=file), piece=each) for each in ids]
        self.write(*map(EvidenceRegistered, refs), at=self.now, pieces=changes)
        return ids

    def _registered(self, piece: str, *, file: bool) -> pieces.PieceRegistered:
        return pieces.PieceRegistered(
            id=piece,
            dispute=self.id,
            party=SHOP,
            side=Side.RESPONDENT,
            requirement=_REQUIREMENT,
            stage=Stage.RESPONSE,
            request=None,
            arrive_by=self.now + HOUR,
            key=f"uploads/{piece}" if file else None,
            statement=None,
            inspection=None,
        )

    def arrive(self, piece: str, sha256: str | None = None) -> None:
        self.change(piece, pieces.PieceArrived(Arrival(self.now, "v1", 1000, sha256)))

    def inspect(self, piece: str) -> None:
        self.change(piece, pieces.PieceInspected(Inspection(Medium.IMAGE, "image/jpeg"), f"clean/{piece}"))

    def withdraw(self, piece: str) -> None:
        self.change(piece, pieces.PieceWithdrawn())

    def change(self, piece: str, *events: PieceEvent) -> None:
        """A commit of the piece alone."""
        self.send(self.plan(pieces=[self.piece_change(*events, piece=piece)]))

    def piece_change(self, *events: PieceEvent, piece: str) -> PieceChange:
        before = now = self.pieces.get(piece)
        made: list[PieceRecorded] = []
        for event in events:
            now, recorded = pieces.record(now, event, BY, self.now)
            made.append(recorded)
        assert now is not None
        return PieceChange(before.seq if before else 0, now, tuple(made))

    def _change(self, events: Sequence[Event], missing_count: int) -> DisputeChange:
        before = after = self._dispute
        made: list[Recorded] = []
        for event in events:
            recorded = Recorded(after.seq + 1 if after else 1, self.now, BY, event)
            after = evolve(after, recorded)
            made.append(recorded)
        assert after is not None
        return DisputeChange(before.seq if before else 0, after, tuple(made), missing_count)


def _frozen(part: object) -> object:
    return tuple(part) if isinstance(part, list) else part
