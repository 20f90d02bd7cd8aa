"""How the evidence of a dispute stands, beforehand: what is wanted, what is there, what is missing (A1, A13)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.case import Case
from chalicelib.domain.model import Dispute, PieceRef, Stage, Status
from chalicelib.domain.moves import open_stages
from chalicelib.domain.parties import Side
from chalicelib.domain.responses import wanted
from evidence.model import Readiness, Submitted
from evidence.readiness import assess
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
        rule = policy.reasons[dispute.reason].respondent
        return _missing(rule, dispute.pieces_of(Stage.RESPONSE), policy)
    return sum(
        _missing(EvidenceRule(all_of=each.requirements), dispute.pieces_of(Stage.SUPPLEMENT, each.id), policy)
        for each in dispute.requests
        if each.open
    )


def _missing(rule: EvidenceRule, refs: tuple[PieceRef, ...], policy: Policy) -> int:
    registered = [Submitted(each.id, each.requirement, arrived=True, inspection=None) for each in refs]
    return len(assess(rule, policy.requirements, registered).blocking)
