"""What lists say is missing is what readiness would ask for, were all that is registered there."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.model import Dispute, PieceRef, Stage
from chalicelib.domain.parties import Side
from chalicelib.service.outlook import missing_count
from evidence.model import Submitted
from evidence.readiness import assess
from policies.model import EvidenceRule
from tests.unit.service.build import Shop

SHOP = Shop()
DISPUTE: Dispute = SHOP.open().dispute
POLICY = SHOP.commands.policy_of(DISPUTE)
KNOWN = st.sampled_from(sorted(POLICY.requirements)[:4])
SOME = st.lists(KNOWN, max_size=3, unique=True).map(tuple)
RULES = st.builds(EvidenceRule, SOME, st.lists(st.lists(KNOWN, min_size=1, max_size=3).map(tuple), max_size=2), SOME)


def registered(requirement: str, number: int) -> PieceRef:
    return PieceRef(
        f"P{number}", DISPUTE.respondent, Side.RESPONDENT, requirement, Stage.RESPONSE, None, DISPUTE.opened_at
    )


@given(rule=RULES, there=st.lists(KNOWN, max_size=3))
@settings(max_examples=200, deadline=None)
def test_a_requirement_is_missing_in_lists_where_it_would_block_contesting(rule: EvidenceRule, there: list[str]):
    refs = tuple(registered(each, number) for number, each in enumerate(there))
    reason = replace(POLICY.reasons[DISPUTE.reason], respondent=rule)
    policy = replace(POLICY, reasons={DISPUTE.reason: reason})
    arrived = [Submitted(each.id, each.requirement, arrived=True, inspection=None) for each in refs]
    wanted = assess(rule, POLICY.requirements, arrived).blocking
    assert missing_count(replace(DISPUTE, pieces=refs), policy) == len(wanted)
