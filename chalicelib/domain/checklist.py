"""The reviewer's checklist: every point of the sealed evidence that no machine could decide (A12, A13)."""

from chalicelib.domain.case import Case
from chalicelib.domain.model import PieceRef, Stage
from chalicelib.domain.parties import Side
from evidence.model import Readiness
from policies.model import EvidenceRule


def open_points(case: Case) -> tuple[tuple[Side, str, str], ...]:
    """(side, requirement, point): of the appeal's evidence where an appeal is open, else of all the rest."""
    return tuple((side, requirement, point) for side in Side for requirement, point in standing(case, side).open_points)


def standing(case: Case, side: Side) -> Readiness:
    """How the sealed evidence of one side stands, every requirement that it was submitted for."""
    refs = tuple(each for each in before_the_reviewer(case) if each.side is side)
    return case.standing(EvidenceRule(optional=tuple(dict.fromkeys(each.requirement for each in refs))), refs)


def before_the_reviewer(case: Case) -> tuple[PieceRef, ...]:
    """The sealed evidence of the open appeal, or else of all the rest."""
    on_appeal = case.dispute.open_appeal is not None
    return tuple(each for each in case.dispute.pieces if each.sealed and (each.stage is Stage.APPEAL) == on_appeal)
