"""How the evidence of a dispute stands, beforehand: what is wanted, what is there, what is missing (A1, A13)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.case import Case
from chalicelib.domain.model import Dispute, PieceRef, Stage, Status
from chalicelib.domain.moves import open_stages
from chalicelib.domain.parties import Side
from chalicelib.domain.responses import wanted
from evidence.model import Readiness
from policies.model import EvidenceRule, Policy


@dataclass(frozen=True, slots=True)
class Occasion:
    """One submission that a side can make now, and how it stands."""

    side: Side
    stage: Stage
    request: str | None
    rule: EvidenceRule
    readiness: Readiness


def occasions(case: Case, sides: Sequence[Side]) -> tuple[Occasion, ...]:
    return tuple(
        _occasion(case, side, stage, request) for side in sides for stage, request in open_stages(case.dispute, side)
    )


def _occasion(case: Case, side: Side, stage: Stage, request: str | None) -> Occasion:
    rule = wanted(case, stage, request)
    return Occasion(side, stage, request, rule, case.standing(rule, case.dispute.pieces_of(stage, request, side=side)))


def missing_count(dispute: Dispute, policy: Policy) -> int:
    """Needed requirements of the running response or requests for which nothing is registered, as lists show it."""
    if dispute.status is Status.AWAITING_RESPONSE:
        return _missing(policy.reasons[dispute.reason].respondent, dispute.pieces_of(Stage.RESPONSE))
    return sum(
        _missing(EvidenceRule(all_of=each.requirements), dispute.pieces_of(Stage.SUPPLEMENT, each.id))
        for each in dispute.requests
        if each.open
    )


def _missing(rule: EvidenceRule, registered: Sequence[PieceRef]) -> int:
    """Of a one-of group, any one will do; without one, each of them is asked for."""
    there = {each.requirement for each in registered}
    wanting = {each for group in rule.one_of if there.isdisjoint(group) for each in group}
    return len((wanting | set(rule.all_of)) - there)
