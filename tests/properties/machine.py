"""Random commands by random actors at random times, and what must hold after each (promises A, B, C, D, G)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chalicelib.domain import commands as c
from chalicelib.domain.case import judged
from chalicelib.domain.claim import Money, Order, Remedy, Text
from chalicelib.domain.deadline import DeadlineKind, ExtensionReason
from chalicelib.domain.errors import Refusal
from chalicelib.domain.evolve import fold
from chalicelib.domain.keeping import ErasureCause, HoldCause, Particulars
from chalicelib.domain.model import (
    Answer,
    AppealStatus,
    Basis,
    Cause,
    Closure,
    Dispute,
    Liability,
    Outcome,
    SetAsideTarget,
    Stage,
    Status,
)
from chalicelib.domain.moves import allowed_actions, open_stages
from chalicelib.domain.outage import Declaration, Scope, answer, declare
from chalicelib.domain.parties import Actor, Role, Side
from chalicelib.domain.ports import Booking, EvidenceBucket, PrivateText, Store
from chalicelib.service.commands import Commands, Request
from chalicelib.service.inspection import Inspector
from chalicelib.service.lapsing import CLOCKWORK
from chalicelib.service.queries import Queries
from chalicelib.service.recognition import Recognition
from chalicelib.service.texts import TextKeeper
from chalicelib.store import codec
from policies.book import PolicyBook
from policies.model import Ground, Medium, Policy, RemedyKind
from tests.build import (
    APPEAL_REVIEWER,
    BUYER,
    BUYER_PARTY,
    COLLEAGUE,
    MERCHANT,
    MILLISECOND,
    OTHER_REVIEWER,
    PLATFORM,
    REVIEWER,
    SHOP,
    at,
)
from tests.fakes import Reads, Sent
from tests.properties.erasing import Erasing

STRANGER = Actor("stranger", Role.MERCHANT, frozenset({"shop:S2"}))
ACTORS = (MERCHANT, BUYER, PLATFORM, COLLEAGUE, REVIEWER, OTHER_REVIEWER, APPEAL_REVIEWER, STRANGER)
STEPS = (timedelta(0), MILLISECOND, timedelta(minutes=7), timedelta(hours=2), timedelta(hours=9))
SEEDS = st.integers(0, 2**32)
RARE = frozenset(
    {"accept", "withdraw", "report_settlement", "extend_deadline", "ask_set_aside", "withdraw_evidence"}
    | {"place_hold", "erase"}
)
"""Asked for seldom, or most disputes would be over, or long under way, before much happened to them."""

PROGRESS = frozenset({"rule", "file_appeal", "decide_appeal", "answer_set_aside"})

SETTLED = frozenset({Status.FINAL, Status.CLOSED})


class LifecycleMachine(Erasing, RuleBasedStateMachine):
    """Subclasses say which policy, and which store and bucket."""

    policy: Policy
    store: Store
    bucket: EvidenceBucket

    def make_store(self) -> Store:
        raise NotImplementedError

    def make_bucket(self) -> EvidenceBucket:
        raise NotImplementedError

    def start(self) -> datetime:
        """Shortly before a month ends, and the clocks of New York go back."""
        return at("2026-10-29T12:00:00+08:00")

    @initialize()
    def begin(self) -> None:
        self.now = self.start()
        self._ids = count(1)
        self.steps = 0
        self.store, self.bucket = self.make_store(), self.make_bucket()
        book = PolicyBook.of([self.policy])
        self.commands = Commands(self.store, self.bucket, book, self.new_id, default_policy=self.policy.id)
        self.queries = Queries(self.store, self.bucket, book, self.new_id)
        self.sent, self.reads = Sent(), Reads()
        parts = lambda: self.now, self.new_id, lambda: "salt"
        self.inspector = Inspector(self.store, self.bucket, self.sent, book, *parts)
        self.recognition = Recognition(self.store, self.bucket, book, self.reads, *parts)
        self.disputes: list[str] = []
        self.final: dict[str, object] = {}
        self.touched: str | None = None

    def new_id(self) -> str:
        return f"01K{self.salt()}{next(self._ids):016}"

    def salt(self) -> str:
        """Keeps the ids of one run apart from another's on the same table."""
        return "0000000"

    def load(self, dispute_id: str) -> Dispute:
        dispute = self.store.load(dispute_id).dispute
        assert dispute is not None
        return dispute

    def ask(self, dispute_id: str, command: c.Command, by: Actor) -> bool:
        """False where the rules refuse it; then nothing has changed."""
        before = self.load(dispute_id)
        self.touched = dispute_id
        written = getattr(command, "statement", None)
        texts = (PrivateText(written.id, "salt", "Handed over to the carrier."),) if isinstance(written, Text) else ()
        try:
            self.commands.execute(dispute_id, command, Request(by, self.now, texts=texts))
        except Refusal:
            assert self.load(dispute_id) == before
            return False
        return True

    def text(self) -> Text:
        return Text(self.new_id(), "0" * 64)

    # What happens

    @rule(seed=SEEDS)
    def step(self, seed) -> None:
        """One of the things that happen, mostly what could be right, by whoever it would be right for."""
        self.steps += 1
        # Hypothesis likes small numbers, and the same ones: the step makes each draw another one.
        pick = Random(f"{seed}/{self.steps}")  # noqa: S311  (chance, not secrets)
        if len(self.disputes) < 6 and (not self.disputes or pick.random() < 0.08):
            self._open(pick)
            return
        happens = (
            self._time_passes,
            self._sweep,
            self._outage,
            self._erase,
            *[self._submit] * 3,
            *[self._somebody_asks] * 16,
        )
        pick.choice(happens)(pick)

    def _open(self, pick: Random) -> None:
        claimed = Remedy(RemedyKind.REFUND_ONLY, Money(pick.choice((0, 1, 20_000)), self.policy.currency))
        ref = self.commands.policy_ref(None, self.now)
        reason = pick.choice(sorted(self.policy.reasons))
        texts = TextKeeper(self.new_id, lambda: "salt")
        apart = texts.keep_particulars(Particulars(BUYER_PARTY, (), ())) if pick.random() < 0.7 else None
        command = c.Open(self.new_id(), ref, SHOP, BUYER_PARTY, Order("O", "Shop"), reason, claimed, None, apart)
        request = Request(PLATFORM, self.now, texts=tuple(texts.kept))
        self.touched = self.commands.open(command, request).dispute.id
        self.disputes.append(self.touched)

    def _time_passes(self, pick: Random) -> None:
        """A little, or to just before, at, or just after the next deadline."""
        self.now += pick.choice(STEPS)
        dues = [each.due for dispute in self.disputes for each in self.load(dispute).deadlines if each.due >= self.now]
        if dues and pick.random() < 0.3:
            self.now = min(dues) + pick.choice((-MILLISECOND, timedelta(0), MILLISECOND))

    def _sweep(self, pick: Random) -> None:
        """Promise G: after it nothing that has passed is left, but what waits for an upload."""
        dispute_id = pick.choice(self.disputes)
        self.ask(dispute_id, c.Lapse(), CLOCKWORK)
        grace = timedelta(seconds=self.policy.response.upload_grace_seconds)
        waiting = {DeadlineKind.RESPONSE, DeadlineKind.SUPPLEMENT}
        for each in self.load(dispute_id).deadlines:
            assert not each.passed(self.now) or (each.kind in waiting and self.now <= each.due + grace)

    def _outage(self, pick: Random) -> None:
        """B11: each is given its time once, however often it is asked for; and then it has some."""
        window = Scope(self.now - timedelta(hours=pick.randint(1, 48)), self.now + timedelta(hours=1))
        declared = declare(Declaration(window, None, "x", None), self.new_id(), Actor("o1", Role.OPERATOR), self.now)
        outage = answer(declared, Actor("o2", Role.OPERATOR), self.now, agreed=True)
        dispute_id = pick.choice(self.disputes)
        assert self.ask(dispute_id, c.AllowForOutage(outage), CLOCKWORK)
        given = self.load(dispute_id)
        assert all(each.due > self.now for each in given.deadlines if each.extensions and each.extensions[-1].outage)
        assert self.ask(dispute_id, c.AllowForOutage(outage), CLOCKWORK)
        assert self.load(dispute_id) == given

    def _submit(self, pick: Random) -> None:
        dispute = self.load(pick.choice(self.disputes))
        side = pick.choice((Side.RESPONDENT, Side.RESPONDENT, Side.COMPLAINANT))
        by = MERCHANT if side is Side.RESPONDENT else BUYER
        for stage, request in open_stages(dispute, side):
            there = {each.requirement for each in dispute.pieces_of(stage, request)}
            for requirement in self._wanted(dispute, stage, request):
                if requirement in there and pick.random() < 0.8:
                    continue
                command = c.RegisterPiece(requirement, stage, request, self._medium(requirement))
                if self.ask(dispute.id, command, by) and pick.random() < 0.9:
                    self._upload(dispute.id, inspected=pick.random() < 0.3)

    def _medium(self, requirement: str) -> Medium:
        media = self.policy.requirements[requirement].media
        return Medium.IMAGE if Medium.IMAGE in media else media[0]

    def _wanted(self, dispute: Dispute, stage: Stage, request: str | None) -> tuple[str, ...]:
        reason = self.policy.reasons[dispute.reason]
        if stage is Stage.SUPPLEMENT:
            return next(each.requirements for each in dispute.requests if each.id == request)
        rules = {
            Stage.CLAIM: reason.complainant,
            Stage.RESPONSE: reason.respondent,
            Stage.APPEAL: self.policy.appeal.key_evidence,
        }
        return rules[stage].ids

    def _upload(self, dispute_id: str, *, inspected: bool) -> None:
        """What isn't inspected has arrived all the same (A14)."""
        for piece in self.store.pieces(dispute_id):
            if piece.key and not piece.arrival and not piece.withdrawn_at:
                self.put(piece.key)
                if inspected:
                    self.inspector.inspect(piece.key)
        for unread in self.sent.unread:
            self.recognition.recognise(*unread)
        self.sent.unread.clear()

    def put(self, key: str) -> None:
        raise NotImplementedError

    def _somebody_asks(self, pick: Random) -> None:
        dispute = self.load(pick.choice(self.disputes))
        right = [
            (by, each.name)
            for by in ACTORS
            for each in allowed_actions(dispute, by, self.commands.policy_of(dispute), self.now)
            if each.name != "register_evidence" and (each.name not in RARE or pick.random() < 0.05)
        ]
        if right and pick.random() < 0.9:
            by, name = pick.choices(right, [5 if name in PROGRESS else 1 for _, name in right])[0]
        else:
            by, name = pick.choice(ACTORS), pick.choice(sorted({*self._makers} - RARE))
        self.ask(dispute.id, self._makers[name](dispute, pick), by)

    @property
    def _makers(self) -> dict[str, Callable[[Dispute, Random], c.Command]]:
        return {
            "accept": lambda _dispute, _pick: c.Accept(None),
            "report_settlement": lambda _dispute, _pick: c.ReportSettlement(self.text()),
            "answer_settlement": lambda _dispute, pick: c.AnswerSettlement(confirmed=pick.random() < 0.5),
            "contest": self._contest,
            "claim_review": lambda _dispute, _pick: c.ClaimReview(),
            "release_review": lambda _dispute, _pick: c.ReleaseReview(),
            "rule": self._rule,
            "request_evidence": lambda _dispute, pick: self._request(pick),
            "supply_evidence": self._supply,
            "file_appeal": self._file,
            "withdraw_appeal": lambda dispute, _pick: c.WithdrawAppeal(self._appeal(dispute)),
            "decide_appeal": self._decide,
            "extend_deadline": self._extend,
            "ask_set_aside": lambda _dispute, pick: c.AskSetAside(
                pick.choice(list(SetAsideTarget)), Cause.NEW_FACTS, None
            ),
            "answer_set_aside": lambda _dispute, pick: c.AnswerSetAside(agreed=pick.random() < 0.8),
            "withdraw_evidence": self._withdraw_piece,
            "withdraw": lambda _dispute, _pick: c.WithdrawDispute(None),
            "place_hold": lambda _dispute, _pick: c.PlaceHold(HoldCause.LAWSUIT, None),
            "lift_hold": lambda _dispute, _pick: c.LiftHold(),
            "erase": lambda _dispute, _pick: c.Erase(ErasureCause.PERSON_ASKED),
            "close": lambda dispute, _pick: c.Close(
                Closure(dispute.ruling.remedy if dispute.ruling else None, "R", self.now)
            ),
        }

    def _appeal(self, dispute: Dispute) -> str:
        return dispute.appeals[-1].id if dispute.appeals else "none"

    def _contest(self, dispute: Dispute, pick: Random) -> c.Command:
        ids = tuple(each.id for each in dispute.pieces_of(Stage.RESPONSE))
        return c.Contest(self.text(), ids if pick.random() < 0.9 else ids[1:], submit_anyway=pick.random() < 0.5)

    def _rule(self, dispute: Dispute, pick: Random) -> c.Command:
        claimed = dispute.requested_remedy
        outcomes = (Outcome.FOR_COMPLAINANT, Outcome.FOR_COMPLAINANT, Outcome.FOR_RESPONDENT, Outcome.SPLIT)
        outcome = Outcome.FOR_COMPLAINANT if dispute.in_default else pick.choice(outcomes)
        share = claimed.money.amount // 2 if outcome is Outcome.SPLIT else claimed.money.amount
        money = replace(claimed.money, amount=share)
        own = tuple(each.id for each in dispute.pieces if each.sealed and each.side is Side.RESPONDENT)
        basis = (
            Basis.DEFAULT if dispute.in_default else pick.choice((Basis.MERITS, Basis.MERITS, Basis.INVALID_EVIDENCE))
        )
        favoured = outcome is Outcome.FOR_RESPONDENT
        return c.Rule(
            outcome,
            basis,
            None if favoured else replace(claimed, money=money),
            () if favoured else (Liability(SHOP, money),),
            self._answers(dispute),
            own if basis is Basis.INVALID_EVIDENCE else (),
            self.text(),
        )

    def _answers(self, dispute: Dispute) -> tuple[Answer, ...]:
        points = self.queries.checklist(dispute, PLATFORM, self.now)
        return tuple(Answer(each.requirement, each.standing.point, met=True, side=each.side) for each in points)

    def _request(self, pick: Random) -> c.Command:
        wanted = pick.choice(sorted(self.policy.requirements))
        return c.RequestEvidence((pick.choice(list(Side)),), (wanted,), None)

    def _supply(self, dispute: Dispute, pick: Random) -> c.Command:
        asked = pick.choice([each.id for each in dispute.requests if each.open] or ["none"])
        ids = tuple(each.id for each in dispute.pieces_of(Stage.SUPPLEMENT, asked))
        return c.SupplyEvidence(asked, ids, None, submit_anyway=True)

    def _file(self, dispute: Dispute, pick: Random) -> c.Command:
        ids = tuple(each.id for each in dispute.pieces_of(Stage.APPEAL))
        accept = pick.random() < 0.5
        return c.FileAppeal((pick.choice(list(Ground)),), self.text(), ids, accept, submit_anyway=True)

    def _decide(self, dispute: Dispute, pick: Random) -> c.Command:
        status = pick.choice((AppealStatus.DENIED, AppealStatus.DENIED, AppealStatus.DISMISSED, AppealStatus.GRANTED))
        outcome = Outcome.FOR_RESPONDENT if status is AppealStatus.GRANTED else None
        return c.DecideAppeal(self._appeal(dispute), status, outcome, None, (), self._answers(dispute), (), self.text())

    def _extend(self, dispute: Dispute, pick: Random) -> c.Command:
        if not dispute.deadlines:
            return c.ExtendDeadline("none", self.now, ExtensionReason.CARRIER_DELAY, None)
        each = pick.choice(dispute.deadlines)
        return c.ExtendDeadline(
            each.id, each.due + timedelta(hours=pick.randint(0, 90)), ExtensionReason.CARRIER_DELAY, None
        )

    def _withdraw_piece(self, dispute: Dispute, pick: Random) -> c.Command:
        return c.WithdrawPiece(pick.choice(dispute.pieces).id if dispute.pieces else "none")

    # What must hold

    @invariant()
    def the_state_is_the_fold_of_its_events(self) -> None:
        if self.touched is None:
            return
        stored = self.store.timeline(self.touched, limit=1000).items
        codec.verify_chain(stored)
        assert fold(codec.recorded(each.body) for each in stored) == self.load(self.touched).without_particulars()
        instants = [each.at for each in stored]
        assert instants == sorted(instants)

    @invariant()
    def a_at_most_one_ruling_is_in_force_and_a_final_one_never_changes(self) -> None:
        if self.touched is None:
            return
        dispute = self.load(self.touched)
        assert [each.version for each in dispute.rulings] == list(range(1, len(dispute.rulings) + 1))
        if dispute.status in SETTLED:
            assert self.final.setdefault(dispute.id, dispute.ruling) == dispute.ruling
        else:
            assert dispute.id not in self.final

    @invariant()
    def b_the_counts_are_the_failed_appeals(self) -> None:
        if self.touched is None:
            return
        appeals = [(dispute, each) for dispute in self.disputes for each in self.load(dispute).appeals]
        counted = [each.counted for _, each in appeals if each.counted]
        years = sorted({self.now.year - 1, self.now.year, self.now.year + 1, *(each.year for each in counted)})
        _, failures = self.store.facts("", (), policy=self.policy.id, respondent=SHOP, years=years)
        by_month = {(y.year, month): n for y in failures.years for month, n in y.by_month.items() if n}
        assert by_month == Counter((each.year, each.month) for each in counted)
        assert {each.year: each.failed for each in failures.years if each.failed} == Counter(e.year for e in counted)
        assert {each.appeal for each in failures.pending} == {each.id for _, each in appeals if each.open}
        for year in years:
            booked: Counter[str] = Counter()
            for entry in self.store.ledger(self.policy.id, SHOP, year):
                booked[entry.failure.appeal] += 1 if entry.booking is Booking.FAILED else -1
            assert {each for each, n in booked.items() if n} == {e.appeal for e in counted if e.year == year}

    @invariant()
    def d_the_pieces_are_the_fold_of_theirs_and_what_is_sealed_stays(self) -> None:
        if self.touched is None:
            return
        dispute = self.load(self.touched)
        found = {each.id: each for each in self.store.pieces(dispute.id)}
        for ref in dispute.pieces:
            assert (found[ref.id].sealed_at is not None) == ref.sealed
            assert found[ref.id].withdrawn_at is None
            if ref.sealed:
                assert judged(found[ref.id], dispute, self.policy).in_time
