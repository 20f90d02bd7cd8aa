"""How the evidence for a submission stands: asked beforehand, and by contesting alike (A13, A14)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from evidence.messages import Code, fix
from evidence.model import (
    Defect,
    Finding,
    PointStanding,
    Readiness,
    RequirementStanding,
    Standing,
    Submitted,
    Verdict,
)
from policies.model import Bilingual, EvidenceRule, Requirement

_NOT_THERE = (Standing.MISSING, Standing.UNUSABLE)


def assess(rule: EvidenceRule, requirements: Mapping[str, Requirement], submitted: Sequence[Submitted]) -> Readiness:
    """Judges what was submitted against what is wanted. What the rule doesn't name is left out.

    Raises KeyError if the rule names a requirement that the policy doesn't have.
    """
    alone = {
        each: _standing(each, requirements[each], [piece for piece in submitted if piece.requirement == each])
        for each in rule.ids
    }
    needed = {*rule.all_of, *(each for group in rule.one_of for each in _needed_of(group, alone))}
    return Readiness(
        tuple(
            replace(standing, needed=id_ in needed, fix=_fix(standing, _alternatives(id_, rule, alone), requirements))
            if id_ in needed
            else standing
            for id_, standing in alone.items()
        )
    )


def _needed_of(group: tuple[str, ...], standings: Mapping[str, RequirementStanding]) -> tuple[str, ...]:
    """Of a one-of group: those that would do, or else those that are there, or all of them while none is."""
    there = tuple(each for each in group if standings[each].standing not in _NOT_THERE)
    return tuple(each for each in there if standings[each].standing is not Standing.NOT_MET) or there or group


def _alternatives(
    requirement: str, rule: EvidenceRule, standings: Mapping[str, RequirementStanding]
) -> tuple[str, ...]:
    """What may be submitted in this requirement's place, itself included."""
    if requirement in rule.all_of:
        return (requirement,)
    open_groups = (each for each in rule.one_of if requirement in each and _needed_of(each, standings) == each)
    return next(open_groups, (requirement,))


def _standing(id_: str, requirement: Requirement, pieces: Sequence[Submitted]) -> RequirementStanding:
    """One requirement by itself, as if it were optional. Several pieces are judged together."""
    arrived = [each for each in pieces if each.arrived]
    usable = [each for each in arrived if each.inspection is None or each.inspection.defect is None]
    points = tuple(_point(name, point.fix, usable) for name, point in requirement.points.items())
    if not pieces:
        standing, todo = Standing.MISSING, None
    elif not arrived:
        standing, todo = Standing.MISSING, fix(Code.NOT_ARRIVED)
    elif not usable:
        standing, todo = Standing.UNUSABLE, _joined(each.fix for _, each in _defects(arrived))
    else:
        standing = _overall(points, usable)
        todo = _joined(each.fix for each in points if each.verdict is Verdict.NOT_MET)
    return RequirementStanding(
        requirement=id_,
        standing=standing,
        needed=False,
        pieces=tuple(each.piece for each in arrived),
        points=points,
        warnings=tuple((each.piece, one) for each in usable if each.inspection for one in each.inspection.warnings),
        defects=_defects(arrived),
        fix=todo,
    )


def _point(name: str, how_to_mend: Bilingual, usable: Sequence[Submitted]) -> PointStanding:
    """Met if one piece shows it; not met only if every piece is known not to show it; else open (A13)."""
    found = tuple(_findings(name, usable))
    verdicts = {finding.verdict for _, finding in found}
    if Verdict.MET in verdicts:
        verdict = Verdict.MET
    elif verdicts == {Verdict.NOT_MET} and {piece for piece, _ in found} == {each.piece for each in usable}:
        verdict = Verdict.NOT_MET
    else:
        verdict = Verdict.OPEN
    return PointStanding(name, verdict, found, how_to_mend)


def _findings(point: str, usable: Sequence[Submitted]) -> Iterable[tuple[str, Finding]]:
    for each in usable:
        if each.inspection:
            yield from ((each.piece, finding) for finding in each.inspection.findings if finding.point == point)


def _overall(points: Sequence[PointStanding], usable: Sequence[Submitted]) -> Standing:
    verdicts = {each.verdict for each in points}
    if Verdict.NOT_MET in verdicts:
        return Standing.NOT_MET
    uninspected = not points and all(each.inspection is None for each in usable)
    return Standing.OPEN if Verdict.OPEN in verdicts or uninspected else Standing.MET


def _defects(arrived: Sequence[Submitted]) -> tuple[tuple[str, Defect], ...]:
    return tuple((each.piece, each.inspection.defect) for each in arrived if each.inspection and each.inspection.defect)


def _fix(
    standing: RequirementStanding, alternatives: Sequence[str], requirements: Mapping[str, Requirement]
) -> Bilingual | None:
    """What to do next; what is needed and wasn't submitted at all is asked for by name."""
    if standing.fix is not None or standing.standing is not Standing.MISSING:
        return standing.fix
    labels = [requirements[each].label for each in alternatives]
    return fix(
        Code.NOT_SUBMITTED,
        requirement_en=" or ".join(each.en for each in labels),
        requirement_zh="或".join(each.zh for each in labels),
    )


def _joined(fixes: Iterable[Bilingual]) -> Bilingual | None:
    """Several fixes as one, each said once; None if there are none."""
    once = tuple(dict.fromkeys(fixes))
    return Bilingual(" ".join(each.en for each in once), "".join(each.zh for each in once)) if once else None
