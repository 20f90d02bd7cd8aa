"""Builders: a dispute driven through the rules, without any machinery around them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from chalicelib.domain import commands as c
from chalicelib.domain import piece as pieces
from chalicelib.domain.case import Case, Facts
from chalicelib.domain.checklist import points
from chalicelib.domain.claim import Item, Money, Order, Remedy, Text
from chalicelib.domain.deadline import DeadlineKind, ExtensionReason
from chalicelib.domain.events import Recorded
from chalicelib.domain.lifecycle import Decision, decide, may_appeal
from chalicelib.domain.model import (
    Answer,
    AppealStatus,
    Basis,
    Dispute,
    Failure,
    Liability,
    Outcome,
    PieceRef,
    PolicyRef,
    Stage,
)
from chalicelib.domain.parties import Actor, By, Role, Side
from chalicelib.domain.piece import Arrival, Piece
from chalicelib.domain.quota import Failures, Pending, QuotaChange, QuotaYear
from evidence.model import Defect, Finding, Inspection, Verdict
from policies.book import PolicyBook
from policies.calendar import Month
from policies.model import Bilingual, Ground, Medium, Policy, RemedyKind

SHOP, BUYER_PARTY = "shop:S1", "buyer:B1"
MERCHANT = Actor("merchant-1", Role.MERCHANT, frozenset({SHOP}))
BUYER = Actor("buyer-1", Role.BUYER, frozenset({BUYER_PARTY}))
PLATFORM = Actor("platform-1", Role.PLATFORM)
COLLEAGUE = Actor("platform-2", Role.PLATFORM)
REVIEWER = Actor("reviewer-1", Role.REVIEWER)
OTHER_REVIEWER = Actor("reviewer-2", Role.REVIEWER)
APPEAL_REVIEWER = Actor("appeal-reviewer-1", Role.APPEAL_REVIEWER)
CLOCKWORK = Actor("recourse", Role.SYSTEM)

MILLISECOND = timedelta(milliseconds=1)
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
"""12:00 in Shanghai."""


def at(text: str) -> datetime:
    """An instant, in UTC, from RFC 3339 with an offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


@cache
def marketplace() -> Policy:
    return PolicyBook.from_folder().version("marketplace", 1)


@cache
def contrarian() -> Policy:
    return PolicyBook.from_folder(Path(__file__).parent / "policies").version("contrarian", 1)


def a_policy(  # noqa: PLR0913  (one for each part of a policy)
    *, base: Policy | None = None, response=None, appeal=None, quota=None, supplement=None, reason=None
) -> Policy:
    """The marketplace's, with some choices changed: keyword arguments of the part that they belong to.

    `reason` changes every reason.
    """
    policy = base or marketplace()
    if quota:
        appeal = {**(appeal or {}), "quota": replace(policy.appeal.quota, **quota)}
    return replace(
        policy,
        response=replace(policy.response, **(response or {})),
        appeal=replace(policy.appeal, **(appeal or {})),
        supplement=replace(policy.supplement, **(supplement or {})),
        reasons={name: replace(each, **(reason or {})) for name, each in policy.reasons.items()},
    )


def text(words: str = "The parcel was handed over on the 3rd.") -> Text:
    return Text(f"text-{abs(hash(words)) % 10_000}", "0" * 64)


def yuan(amount: int) -> Money:
    return Money(amount * 100, "CNY")


SEEN_FINE = Inspection(Medium.IMAGE, "image/jpeg", findings=())
UNREADABLE = Inspection(
    None,
    None,
    defect=Defect("corrupt", Bilingual("Can't be read.", "无法读取。"), Bilingual("Send it again.", "请重新上传。")),
)


MEANINGLESS = Defect(
    "meaningless", Bilingual("Says nothing.", "无意义。"), Bilingual("Say what happened.", "请说明情况。")
)


def doubtful(point: str) -> Inspection:
    said = Bilingual("It isn't shown.", "未体现。")
    finding = Finding(point, Verdict.NOT_MET, "not_shown", said, confidence=1.0, fix=said)
    return Inspection(Medium.IMAGE, "image/jpeg", findings=(finding,))


class Docket:
    """One dispute, its pieces and its respondent's quota, as commands leave them."""

    def __init__(self, policy: Policy | None = None, *, in_force: Policy | None = None, shop: str = SHOP) -> None:
        self.policy = policy or marketplace()
        self.in_force = in_force or self.policy
        self.shop = shop
        self._dispute: Dispute | None = None
        self.pieces: dict[str, Piece] = {}
        self.arrivals: dict[str, Arrival] = {}
        self.failures = Failures()
        self.recorded: list[Recorded] = []
        self.piece_events: dict[str, list[pieces.PieceRecorded]] = {}
        self._ids = count(1)

    @property
    def dispute(self) -> Dispute:
        assert self._dispute is not None
        return self._dispute

    @property
    def events(self) -> list[str]:
        return [type(each.event).__name__ for each in self.recorded]

    def new_id(self) -> str:
        return f"id-{next(self._ids):04}"

    def facts(self, by: Actor, *, defect: Defect | None = None) -> Facts:
        return Facts(
            actor=by,
            policy=self.policy,
            in_force=self.in_force,
            new_id=self.new_id,
            failures=self.failures,
            pieces=dict(self.pieces),
            arrivals=dict(self.arrivals),
            statement_defect=defect,
        )

    def do(self, command: c.Command, *, by: Actor, at: datetime, defect: Defect | None = None) -> Decision:
        decision = decide(self._dispute, command, self.facts(by, defect=defect), at)
        self._dispute = decision.dispute
        self.recorded.extend(decision.events)
        for track in decision.pieces:
            self.pieces[track.now.id] = track.now
            self.piece_events.setdefault(track.now.id, []).extend(track.events)
        self.failures = booked(self.failures, decision.quota)
        return decision

    def sweep(self, at: datetime) -> Decision:
        return self.do(c.Lapse(), by=CLOCKWORK, at=at)

    # The life of a dispute, step by step

    def open(self, at: datetime = NOON, *, reason: str = "not_received", amount: Money | None = None) -> "Docket":
        claimed = Remedy(RemedyKind.RETURN_AND_REFUND, amount or Money(10_000, self.policy.currency))
        order = Order("O-1", "Sample shop", (Item("SKU-1", "Teapot", 1, claimed.money),))
        ref = PolicyRef(self.policy.id, self.policy.version, "digest", self.policy.zone)
        self.do(c.Open("EXT-1", ref, self.shop, BUYER_PARTY, order, reason, claimed, text()), by=PLATFORM, at=at)
        return self

    def submit(  # noqa: PLR0913  (each has a case that is about it)
        self,
        requirement: str = "proof_of_delivery",
        *,
        at: datetime = NOON,
        by: Actor = MERCHANT,
        stage: Stage = Stage.RESPONSE,
        request: str | None = None,
        arrives: datetime | None = None,
        inspection: Inspection | None = SEEN_FINE,
    ) -> str:
        """Registers a file, lets it arrive (at once unless told otherwise) and be inspected; gives its id."""
        piece = self.register(requirement, at=at, by=by, stage=stage, request=request)
        self._track(piece, pieces.PieceArrived(Arrival(arrives or at, "v1", 1000, "0" * 64)), at)
        if inspection:
            self._track(piece, pieces.PieceInspected(inspection, None), at)
        return piece

    def register(
        self,
        requirement: str = "proof_of_delivery",
        *,
        at: datetime = NOON,
        by: Actor = MERCHANT,
        stage: Stage = Stage.RESPONSE,
        request: str | None = None,
    ) -> str:
        """Registers a file whose upload is still under way; gives its id."""
        self.do(c.RegisterPiece(requirement, stage, request, Medium.IMAGE), by=self._as_shop(by), at=at)
        return self.dispute.pieces[-1].id

    def _track(self, piece_id: str, event: pieces.PieceEvent, when: datetime) -> None:
        self.pieces[piece_id], recorded = pieces.record(self.pieces[piece_id], event, By("i", Role.SYSTEM), when)
        self.piece_events[piece_id].append(recorded)

    def _as_shop(self, by: Actor) -> Actor:
        return Actor(by.id, by.role, frozenset({self.shop})) if by is MERCHANT else by

    def contest(self, at: datetime = NOON, *, pieces: Iterable[str] | None = None, **more) -> Decision:
        ids = (self.submit(at=at),) if pieces is None else tuple(pieces)
        defect = more.pop("defect", None)
        return self.do(c.Contest(text(), ids, **more), by=self._as_shop(MERCHANT), at=at, defect=defect)

    def claim(self, at: datetime, by: Actor = REVIEWER) -> Decision:
        return self.do(c.ClaimReview(), by=by, at=at)

    def ask_for(
        self, *requirements: str, sides: tuple[Side, ...] = (Side.RESPONDENT,), at: datetime = NOON
    ) -> tuple[str, ...]:
        """Claims the review and asks for more evidence; gives the requests' ids, a side each."""
        self.claim(at)
        self.do(c.RequestEvidence(sides, requirements, None), by=REVIEWER, at=at)
        return tuple(each.id for each in self.dispute.requests[-len(sides) :])

    def extend(self, deadline: str, due: datetime, *, at: datetime = NOON, by: Actor = PLATFORM) -> Decision:
        return self.do(c.ExtendDeadline(deadline, due, ExtensionReason.CARRIER_DELAY, None), by=by, at=at)

    def rule(
        self, at: datetime, *, by: Actor = REVIEWER, share: int | None = None, claim: bool = True, **more
    ) -> Decision:
        """For the complainant, unless told otherwise; `share` of the claim, in minor units, makes it a split."""
        if claim:
            self.claim(at, by)
        return self.do(self.a_ruling(share=share, **more), by=by, at=at)

    def a_ruling(self, *, share: int | None = None, **more) -> c.Rule:
        claimed = self.dispute.requested_remedy
        money = claimed.money if share is None else replace(claimed.money, amount=share)
        favour = more.get("outcome") is Outcome.FOR_RESPONDENT
        parts = {
            "outcome": Outcome.FOR_COMPLAINANT if share is None else Outcome.SPLIT,
            "basis": Basis.MERITS,
            "remedy": None if favour else replace(claimed, money=money),
            "liabilities": () if favour else (Liability(self.shop, money),),
            "checklist": self.answers(),
            "invalid_pieces": (),
            "rationale": text(),
        }
        return c.Rule(**{**parts, **more})

    def answers(self, *, met: bool = True) -> tuple[Answer, ...]:
        listed = points(Case(self.dispute, self.facts(REVIEWER), self.dispute.updated_at))
        return tuple(Answer(each.requirement, each.standing.point, met, each.side) for each in listed if each.wanted)

    def ruled(self, opened: datetime = NOON, *, ruled: datetime | None = None, **more) -> "Docket":
        """Opened, contested, and ruled for the complainant."""
        self.open(opened)
        self.contest(opened)
        self.rule(ruled or opened, **more)
        return self

    def appeal(self, at: datetime, *, pieces: Iterable[str] | None = None, **more) -> str:
        """Files an appeal with the key evidence that the policy wants; gives its id."""
        key = self.policy.appeal.key_evidence
        wanted = (*key.all_of, *(group[0] for group in key.one_of))
        if pieces is None:
            pieces = [self.submit(each, at=at, stage=Stage.APPEAL) for each in wanted]
        command = c.FileAppeal((Ground.ATTRIBUTION,), text(), tuple(pieces), **more)
        self.do(command, by=self._as_shop(MERCHANT), at=at)
        return self.dispute.appeals[-1].id

    def decide_appeal(
        self, at: datetime, status: AppealStatus = AppealStatus.DENIED, *, by: Actor = APPEAL_REVIEWER, share: int = 0
    ) -> Decision:
        """Claims and decides. Relief leaves the shop with `share`, in minor units."""
        self.claim(at, by)
        claimed = self.dispute.requested_remedy
        relief = status in (AppealStatus.GRANTED, AppealStatus.PARTLY_GRANTED)
        left = replace(claimed.money, amount=share)
        command = c.DecideAppeal(
            appeal=self.dispute.appeals[-1].id,
            status=status,
            outcome=(Outcome.SPLIT if share else Outcome.FOR_RESPONDENT) if relief else None,
            remedy=replace(claimed, money=left) if relief and share else None,
            liabilities=(Liability(self.shop, left),) if relief and share else (),
            checklist=self.answers(),
            invalid_pieces=(),
            rationale=text(),
        )
        return self.do(command, by=by, at=at)

    def may_appeal(self, at: datetime, by: Actor = MERCHANT):
        return may_appeal(self.dispute, self.facts(self._as_shop(by)), at)

    def due(self, kind: DeadlineKind) -> datetime:
        deadline = self.dispute.deadline(kind)
        assert deadline is not None, f"no deadline {kind} runs"
        return deadline.due

    def refs(self, side: Side) -> tuple[PieceRef, ...]:
        return tuple(each for each in self.dispute.pieces if each.side is side)


def failed(shop: str = SHOP, *, instants: Iterable[datetime], zone: str = "Asia/Shanghai") -> Failures:
    """A shop's count after an appeal failed at each of these instants."""
    failures = Failures()
    for number, each in enumerate(instants):
        month = Month.of(each, zone)
        failure = Failure("marketplace", shop, month.year, month.month, each, f"dispute-{number}", f"appeal-{number}")
        failures = booked(failures, (QuotaChange("marketplace", shop, month.year, add=failure),))
    return failures


def booked(failures: Failures, changes: Iterable[QuotaChange]) -> Failures:
    """The counts after a commit's changes, as the store books them."""
    for change in changes:
        year = _booked(failures.year(change.year), change)
        failures = Failures((*(each for each in failures.years if each.year != change.year), year))
    return failures


def _booked(year: QuotaYear, change: QuotaChange) -> QuotaYear:
    pending: tuple[Pending, ...] = tuple(each for each in year.pending if each != change.settle)
    pending += (change.pend,) if change.pend else ()
    months, kept = dict(year.by_month), year.failures
    for failure, step in ((change.add, 1), (change.take_back, -1)):
        if failure:
            months[failure.month] = months.get(failure.month, 0) + step
    if change.add:
        kept = (*kept, change.add)
    if change.take_back:
        kept = tuple(each for each in kept if each.appeal != change.take_back.appeal)
    return QuotaYear(year.year, sum(months.values()), months, kept, pending)
