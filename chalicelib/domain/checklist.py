"""The reviewer's checklist: every point of the sealed evidence, with what a machine was sure of (A12, A13)."""

from dataclasses import dataclass, replace

from chalicelib.domain.case import Case
from chalicelib.domain.errors import ChecklistUnanswered, InvalidRuling
from chalicelib.domain.model import Answer, PieceRef, Stage
from chalicelib.domain.parties import Side
from evidence.model import PointStanding, Verdict
from policies.model import EvidenceRule


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """One point that one side's evidence is to show."""

    side: Side
    requirement: str
    standing: PointStanding

    @property
    def wanted(self) -> bool:
        """Whether a reviewer has to answer it: what a machine is sure is there need only be answered to overrule it."""
        return self.standing.verdict is not Verdict.MET

    @property
    def name(self) -> tuple[Side, str, str]:
        return self.side, self.requirement, self.standing.point


def points(case: Case) -> tuple[CheckPoint, ...]:
    """Of the appeal's evidence where an appeal is open, else of all the rest."""
    return tuple(each for side in Side for each in _of_side(case, side))


def _of_side(case: Case, side: Side) -> tuple[CheckPoint, ...]:
    """The sealed evidence of one side, every requirement that it was submitted for."""
    refs = tuple(each for each in before_the_reviewer(case) if each.side is side)
    rule = EvidenceRule(optional=tuple(dict.fromkeys(each.requirement for each in refs)))
    standing = case.standing(rule, refs)
    return tuple(
        CheckPoint(side, each.requirement, point)
        for each in standing.requirements
        if each.pieces
        for point in each.points
    )


def before_the_reviewer(case: Case) -> tuple[PieceRef, ...]:
    """The sealed evidence of the open appeal, or else of all the rest."""
    on_appeal = case.dispute.open_appeal is not None
    return tuple(each for each in case.dispute.pieces if each.sealed and (each.stage is Stage.APPEAL) == on_appeal)


def answered(case: Case, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """The reviewer's answers, each beside the machine's. Every point that wants one is answered once, and no other.

    Raises ChecklistUnanswered, and InvalidRuling for a point that isn't on the list, or is answered twice.
    """
    listed = {each.name: each for each in points(case)}
    given = [(each.side, each.requirement, each.point) for each in answers]
    missing = tuple(
        f"{side}:{requirement}.{point}"
        for (side, requirement, point), each in listed.items()
        if each.wanted and each.name not in given
    )
    if missing:
        raise ChecklistUnanswered(points=missing)
    if len(set(given)) < len(given) or not set(given) <= set(listed):
        raise InvalidRuling(problem="answered_twice")
    return tuple(
        replace(answer, machine=listed[name].standing.verdict) for name, answer in zip(given, answers, strict=True)
    )
