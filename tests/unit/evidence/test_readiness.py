"""A13, A14: what would pass, what is missing, and how to mend it; only what is missing or unusable blocks."""

import subprocess
import sys

import pytest

from evidence.finding_messages import FindingCode, finding_message, open_findings
from evidence.messages import Code, defect, warning
from evidence.model import Finding, Inspection, Standing, Submitted, Verdict
from evidence.readiness import assess
from policies.model import EvidenceRule, Medium
from tests.unit.evidence.build import a_requirement

REQUIREMENTS = {each: a_requirement(label=each) for each in ("receipt", "report", "invoice", "photo")}


def seen(verdicts=None, *, warnings=(), broken=None):
    """An inspection with the verdicts given by point; all open by default."""
    if broken:
        return Inspection(Medium.IMAGE, "image/jpeg", broken)
    findings = open_findings(REQUIREMENTS["receipt"])
    if verdicts:
        findings = tuple(
            Finding(point, verdict, "seen", finding_message(FindingCode.FOR_THE_REVIEWER), 1.0)
            for point, verdict in verdicts.items()
        )
    return Inspection(Medium.IMAGE, "image/jpeg", findings=findings, warnings=warnings)


def asked(found):
    assert found.fix is not None
    return found.fix


def piece(name="p1", requirement="receipt", *, arrived=True, inspection=None):
    return Submitted(name, requirement, arrived, inspection)


def standing(*pieces, rule=None):
    return assess(rule or EvidenceRule(all_of=("receipt",)), REQUIREMENTS, pieces).requirements[0]


MET = {"waybill_number": Verdict.MET, "date": Verdict.MET}
NOT_MET = {"waybill_number": Verdict.NOT_MET, "date": Verdict.MET}


def test_a_requirement_without_a_piece_is_missing_and_asked_for_by_name():
    found = standing()
    assert found.standing is Standing.MISSING
    assert "receipt" in asked(found).en
    assert "receipt（中）" in asked(found).zh


def test_a_piece_that_has_not_arrived_is_missing_and_its_upload_is_asked_for():
    found = standing(piece(arrived=False))
    assert found.standing is Standing.MISSING
    assert "hasn't arrived" in asked(found).en
    assert found.pieces == ()


def test_a_piece_that_has_arrived_and_is_not_inspected_yet_is_open_and_does_not_block():
    readiness = assess(EvidenceRule(all_of=("receipt",)), REQUIREMENTS, [piece()])
    assert readiness.requirements[0].standing is Standing.OPEN
    assert readiness.complete
    assert {each.verdict for each in readiness.requirements[0].points} == {Verdict.OPEN}


def test_what_no_machine_could_decide_is_open_and_needs_no_mending():
    found = standing(piece(inspection=seen()))
    assert found.standing is Standing.OPEN
    assert found.fix is None


def test_a_piece_that_can_not_be_used_blocks_with_its_own_fix():
    broken = defect(Code.HEIC_NOT_ACCEPTED)
    readiness = assess(EvidenceRule(all_of=("receipt",)), REQUIREMENTS, [piece(inspection=seen(broken=broken))])
    found = readiness.requirements[0]
    assert found.standing is Standing.UNUSABLE
    assert found.fix == broken.fix
    assert found.defects == (("p1", broken),)
    assert not readiness.complete


def test_a_bad_piece_beside_a_good_one_does_not_block():
    found = standing(piece("bad", inspection=seen(broken=defect(Code.FILE_CORRUPT))), piece("good", inspection=seen()))
    assert found.standing is Standing.OPEN
    assert found.pieces == ("bad", "good")
    assert found.fix is None


def test_a_bad_piece_beside_one_still_to_be_inspected_does_not_block():
    assert standing(piece("bad", inspection=seen(broken=defect(Code.FILE_CORRUPT))), piece("new")).standing == "open"


def test_the_fixes_of_several_bad_pieces_are_said_once_each():
    broken = seen(broken=defect(Code.FILE_CORRUPT))
    found = standing(piece("a", inspection=broken), piece("b", inspection=broken))
    assert found.fix == defect(Code.FILE_CORRUPT).fix


def test_several_pieces_are_judged_together_a_point_is_met_if_one_shows_it():
    body = {"waybill_number": Verdict.MET, "date": Verdict.NOT_MET}
    found = standing(piece("cover", inspection=seen(NOT_MET)), piece("body", inspection=seen(body)))
    assert found.standing is Standing.MET
    assert {each.verdict for each in found.points} == {Verdict.MET}


def test_a_point_that_every_piece_is_known_not_to_show_is_not_met_and_can_be_contested_all_the_same():
    pieces = [piece("a", inspection=seen(NOT_MET)), piece("b", inspection=seen(NOT_MET))]
    readiness = assess(EvidenceRule(all_of=("receipt",)), REQUIREMENTS, pieces)
    found = readiness.requirements[0]
    assert found.standing is Standing.NOT_MET
    assert asked(found).en == "Show the waybill_number."
    assert readiness.complete
    assert readiness.doubtful == (found,)


@pytest.mark.parametrize("other", [None, seen(), seen({"date": Verdict.MET})], ids=["not inspected", "open", "silent"])
def test_a_point_is_not_called_not_met_while_one_piece_may_show_it(other):
    found = standing(piece("a", inspection=seen(NOT_MET)), piece("b", inspection=other))
    assert found.points[0].verdict is Verdict.OPEN
    assert found.standing is Standing.OPEN


def test_a_requirement_is_met_when_all_its_points_are():
    found = standing(piece(inspection=seen(MET)))
    assert found.standing is Standing.MET
    assert found.fix is None


def test_warnings_are_passed_on_and_change_nothing():
    found = standing(piece(inspection=seen(MET, warnings=(warning(Code.BLURRED),))))
    assert found.standing is Standing.MET
    assert [(name, each.code) for name, each in found.warnings] == [("p1", "blurred")]


ONE_OF = EvidenceRule(one_of=(("report", "invoice"),), optional=("photo",))


def test_of_a_group_all_are_needed_while_none_is_there_and_each_fix_names_the_choice():
    readiness = assess(ONE_OF, REQUIREMENTS, [])
    assert [(each.requirement, each.needed) for each in readiness.requirements] == [
        ("report", True),
        ("invoice", True),
        ("photo", False),
    ]
    assert "report or invoice" in asked(readiness.requirements[0]).en
    assert not readiness.complete


def test_of_a_group_one_is_enough_and_the_rest_is_not_needed_any_more():
    readiness = assess(ONE_OF, REQUIREMENTS, [piece(requirement="invoice")])
    assert [each.requirement for each in readiness.requirements if each.needed] == ["invoice"]
    assert readiness.complete
    assert readiness.requirements[0].fix is None


def test_a_bad_piece_for_one_of_a_group_does_not_block_when_another_is_there():
    bad = piece("bad", "report", inspection=seen(broken=defect(Code.FILE_CORRUPT)))
    assert assess(ONE_OF, REQUIREMENTS, [bad, piece("good", "invoice")]).complete
    assert not assess(ONE_OF, REQUIREMENTS, [bad]).complete


def test_what_is_asked_for_by_itself_and_in_a_group_stays_needed():
    rule = EvidenceRule(all_of=("report",), one_of=(("report", "invoice"),))
    blocking = assess(rule, REQUIREMENTS, [piece(requirement="invoice")]).blocking
    assert [each.requirement for each in blocking] == ["report"]
    assert "invoice" not in asked(blocking[0]).en


def test_what_is_optional_never_blocks_and_is_not_asked_for():
    readiness = assess(EvidenceRule(optional=("photo",)), REQUIREMENTS, [])
    assert readiness.complete
    assert readiness.requirements[0].fix is None


def test_pieces_for_what_the_rule_does_not_name_are_left_out():
    assert assess(EvidenceRule(), REQUIREMENTS, [piece()]).requirements == ()


def test_a_requirement_without_points_is_met_once_its_piece_could_be_opened():
    requirements = {"photo": a_requirement(points=())}
    rule = EvidenceRule(all_of=("photo",))
    assert assess(rule, requirements, [piece(requirement="photo")]).requirements[0].standing is Standing.OPEN
    opened = piece(requirement="photo", inspection=Inspection(Medium.IMAGE, "image/png"))
    assert assess(rule, requirements, [opened]).requirements[0].standing is Standing.MET


def test_the_api_gets_readiness_and_statements_without_pillow_and_pypdf():
    program = (
        "import sys, evidence.readiness, evidence.statement, evidence.sniff; "
        "sys.exit(bool({'PIL', 'pypdf'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
