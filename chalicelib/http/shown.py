"""A dispute as its caller sees it: a function of dispute, policy, caller and instant, and of nothing else."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from chalicelib.domain.claim import Order, Text
from chalicelib.domain.deadline import Deadline, DeadlineKind, Extension
from chalicelib.domain.model import Answer, Appeal, Dispute, EvidenceRequest, PieceRef, Response, Ruling
from chalicelib.domain.moves import allowed_actions
from chalicelib.domain.parties import COMPLAINANT, Actor, By, Side
from chalicelib.domain.viewer import Viewer
from chalicelib.http.instants import local
from chalicelib.http.models import dispute as out
from chalicelib.http.models.common import MoneyOut, RemedyOut, TextOut, TextRef
from policies.calendar import Month
from policies.model import Policy

type Shows = Callable[[Text], out.Written]
"""How a text is shown: by what it says, or by reference."""


def by_reference(text: Text) -> out.Written:
    return TextRef(id=text.id)


def by_content(found: Mapping[str, str]) -> Shows:
    """What isn't among the found texts has been erased."""
    return lambda text: TextOut(id=text.id, text=found.get(text.id))


def texts_of(dispute: Dispute) -> Iterator[str]:
    """The ids of all texts that `dispute_out` may show."""
    settlement, response, asked, hold = dispute.settlement, dispute.response, dispute.set_aside, dispute.hold
    texts = [
        dispute.statement,
        response.statement if response else None,
        settlement.statement if settlement else None,
        asked.note if asked else None,
        hold.note if hold else None,
        *(text for each in dispute.requests for text in (each.note, each.statement)),
        *(each.rationale for each in dispute.rulings),
        *(text for each in dispute.appeals for text in (each.statement, each.rationale)),
        *(extension.note for each in dispute.deadlines for extension in each.extensions),
    ]
    return (each.id for each in texts if each)


def dispute_out(
    dispute: Dispute, actor: Actor, policy: Policy, now: datetime, shows: Shows = by_reference
) -> out.DisputeOut:
    """By the policy that the dispute pins."""
    view = _View(Viewer.of(dispute, actor), now, shows)
    known = view.viewer.pieces
    following = next_due(dispute, actor)
    zone = dispute.policy.zone
    return out.DisputeOut(
        id=dispute.id,
        version=dispute.seq,
        external_id=dispute.external_id,
        policy=out.PolicyRefOut(id=dispute.policy.id, version=dispute.policy.version, digest=dispute.policy.digest),
        status=dispute.status,
        respondent=dispute.respondent,
        complainant=view.complainant(),
        confidential=dispute.confidential,
        order=_order(dispute.order),
        reason=dispute.reason,
        requested_remedy=RemedyOut.of(dispute.requested_remedy),
        on_lapse=dispute.on_lapse,
        statement=view.written(dispute.statement, to=view.viewer.hears(Side.COMPLAINANT)),
        opened_at=dispute.opened_at,
        updated_at=dispute.updated_at,
        in_default=dispute.in_default,
        escalations=dispute.escalations,
        allowed_actions=_allowed(dispute, actor, policy, now),
        due_at=following.due if following else None,
        due_at_local=local(following.due, zone) if following else None,
        due_party=following.party if following else None,
        zone=zone,
        past_due=following.passed(now) if following else False,
        server_time=now,
        deadlines=tuple(view.deadline(each) for each in dispute.deadlines if view.viewer.knows_deadline(each)),
        evidence_requests=tuple(view.request(each) for each in dispute.requests if view.viewer.is_of(each.side)),
        pieces=tuple(_piece(each) for each in dispute.pieces if each.id in known),
        response=view.response(dispute.response),
        settlement=view.settlement(),
        claim=view.claim(),
        rulings=tuple(view.ruling(each) for each in dispute.rulings),
        appeals=tuple(view.appeal(each) for each in dispute.appeals),
        appeal_window_until=dispute.appeal_window_until,
        set_aside=view.set_aside(),
        closure=view.closure(),
        hold=view.hold(),
        images_erased_at=dispute.images_erased_at,
        texts_erased_at=dispute.texts_erased_at,
    )


def next_due(dispute: Dispute, actor: Actor) -> Deadline | None:
    """The caller's own next deadline; where it has none, the next one of anybody that it may know of."""
    viewer = Viewer.of(dispute, actor)
    known = [
        each for each in dispute.deadlines if each.kind is not DeadlineKind.REVIEW_CLAIM and viewer.knows_deadline(each)
    ]
    own = [each for each in known if each.party in (actor.role, *_parties(dispute, viewer))]
    return min(own or known, key=lambda each: each.due, default=None)


def _parties(dispute: Dispute, viewer: Viewer) -> tuple[str, ...]:
    return (dispute.named(viewer.side),) if viewer.side else ()


def _allowed(dispute: Dispute, actor: Actor, policy: Policy, now: datetime) -> tuple[out.AllowedActionOut, ...]:
    zone = dispute.policy.zone
    return tuple(
        out.AllowedActionOut(action=each.name, by=each.by, by_local=local(each.by, zone) if each.by else None)
        for each in allowed_actions(dispute, actor, policy, now)
    )


def _order(order: Order) -> out.OrderOut:
    return out.OrderOut(
        id=order.id,
        shop_name=order.shop_name,
        items=tuple(
            out.ItemOut(sku=each.sku, title=each.title, quantity=each.quantity, price=MoneyOut.of(each.price))
            for each in order.items
        ),
        shipments=tuple(
            out.ShipmentOut(direction=each.direction, carrier=each.carrier, waybill_no=each.waybill_no)
            for each in order.shipments
        ),
    )


def _piece(piece: PieceRef) -> out.PieceRefOut:
    return out.PieceRefOut(
        id=piece.id,
        side=piece.side,
        requirement=piece.requirement,
        stage=piece.stage,
        request=piece.request,
        registered_at=piece.registered_at,
        sealed=piece.sealed,
    )


class _View:
    """The parts of a dispute, for one viewer."""

    def __init__(self, viewer: Viewer, now: datetime, shows: Shows) -> None:
        self.viewer = viewer
        self._now = now
        self._shows = shows

    def written(self, text: Text | None, *, to: bool = True) -> out.Written | None:
        return self._shows(text) if text and to else None

    def complainant(self) -> str | None:
        """None once it is erased, also in a replay of what was before."""
        dispute = self.viewer.dispute
        there = not dispute.texts_erased_at and dispute.complainant != COMPLAINANT
        return dispute.complainant if self.viewer.knows_complainant and there else None

    def by(self, by: By) -> out.ByOut:
        return out.ByOut(role=by.role, id=by.id if self.viewer.staff else None)

    def deadline(self, deadline: Deadline) -> out.DeadlineOut:
        return out.DeadlineOut(
            id=deadline.id,
            kind=deadline.kind,
            party=deadline.party,
            due=deadline.due,
            due_local=local(deadline.due, deadline.zone),
            zone=deadline.zone,
            started_at=deadline.started_at,
            started_by=deadline.started_by,
            term=out.TermOut(count=deadline.term.count, unit=deadline.term.unit),
            falls=deadline.falls,
            extensions=tuple(map(self._extension, deadline.extensions)),
            request=deadline.request,
            past_due=deadline.passed(self._now),
        )

    def _extension(self, extension: Extension) -> out.ExtensionOut:
        return out.ExtensionOut(
            at=extension.at,
            by=self.by(extension.by),
            due_before=extension.due_before,
            due_after=extension.due_after,
            reason=extension.reason,
            note=self.written(extension.note, to=self.viewer.staff),
            outage=extension.outage,
        )

    def request(self, request: EvidenceRequest) -> out.EvidenceRequestOut:
        return out.EvidenceRequestOut(
            id=request.id,
            side=request.side,
            requirements=request.requirements,
            note=self.written(request.note),
            asked_at=request.asked_at,
            until=request.until,
            by=self.by(request.by),
            answered_at=request.answered_at,
            lapsed=request.lapsed,
            pieces=self.viewer.known(request.pieces),
            statement=self.written(request.statement, to=self.viewer.hears(request.side)),
        )

    def response(self, response: Response | None) -> out.ResponseOut | None:
        """What the shop says in its defence goes to the platform, as its evidence does."""
        if response is None:
            return None
        return out.ResponseOut(
            kind=response.kind,
            at=response.at,
            statement=self.written(response.statement, to=self.viewer.is_of(Side.RESPONDENT)),
            pieces=self.viewer.known(response.pieces),
            automatic=response.automatic,
            submit_anyway=response.submit_anyway,
        )

    def settlement(self) -> out.SettlementOut | None:
        settlement = self.viewer.dispute.settlement
        if settlement is None:
            return None
        return out.SettlementOut(
            at=settlement.at, statement=self._shows(settlement.statement), confirmed=settlement.confirmed
        )

    def claim(self) -> out.ClaimOut | None:
        claim = self.viewer.dispute.claim if self.viewer.staff else None
        return out.ClaimOut(reviewer=claim.reviewer, at=claim.at, expires=claim.expires) if claim else None

    def ruling(self, ruling: Ruling) -> out.RulingOut:
        return out.RulingOut(
            version=ruling.version,
            outcome=ruling.outcome,
            basis=ruling.basis,
            remedy=RemedyOut.of_any(ruling.remedy),
            liabilities=tuple(
                out.LiabilityOut(party=each.party, amount=each.money.amount, currency=each.money.currency)
                for each in ruling.liabilities
            ),
            at=ruling.at,
            effective_at=ruling.effective_at,
            by=self.by(ruling.by),
            checklist=self.answers(ruling.checklist),
            invalid_pieces=self.viewer.known(ruling.invalid_pieces),
            rationale=self.written(ruling.rationale),
            appeal=ruling.appeal,
            set_aside_at=ruling.set_aside_at,
            in_force=ruling == self.viewer.dispute.ruling,
        )

    def answers(self, checklist: tuple[Answer, ...]) -> tuple[out.AnswerOut, ...]:
        """What was said of the evidence that this caller may see."""
        return tuple(
            out.AnswerOut(
                side=each.side, requirement=each.requirement, point=each.point, met=each.met, machine=each.machine
            )
            for each in checklist
            if self.viewer.is_of(each.side)
        )

    def appeal(self, appeal: Appeal) -> out.AppealOut:
        told = not self.viewer.complainant
        counted = appeal.counted if told else None
        return out.AppealOut(
            id=appeal.id,
            party=appeal.party,
            filed_at=appeal.filed_at,
            filed_by=self.by(appeal.filed_by),
            against=appeal.against,
            grounds=appeal.grounds,
            statement=self.written(appeal.statement, to=told),
            pieces=self.viewer.known(appeal.pieces),
            status=appeal.status,
            decided_at=appeal.decided_at,
            decided_by=self.by(appeal.decided_by) if appeal.decided_by else None,
            rationale=self.written(appeal.rationale, to=told),
            checklist=self.answers(appeal.checklist),
            invalid_pieces=self.viewer.known(appeal.invalid_pieces),
            counted_in=str(Month(counted.year, counted.month)) if counted else None,
            set_aside_at=appeal.set_aside_at,
        )

    def set_aside(self) -> out.SetAsideOut | None:
        asked = self.viewer.dispute.set_aside if self.viewer.staff else None
        if asked is None:
            return None
        return out.SetAsideOut(
            id=asked.id,
            target=asked.target,
            cause=asked.cause,
            note=self.written(asked.note),
            by=self.by(asked.by),
            at=asked.at,
        )

    def hold(self) -> out.HoldOut | None:
        hold = self.viewer.dispute.hold if self.viewer.staff else None
        return (
            out.HoldOut(cause=hold.cause, note=self.written(hold.note), by=self.by(hold.by), at=hold.at)
            if hold
            else None
        )

    def closure(self) -> out.ClosureOut | None:
        closure = self.viewer.dispute.closure
        if closure is None:
            return None
        return out.ClosureOut(
            remedy=RemedyOut.of_any(closure.remedy), reference=closure.reference, carried_out_at=closure.carried_out_at
        )
