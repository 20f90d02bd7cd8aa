"""D2 for what was typed in as evidence: words tell whose they are, also where a piece may be looked at."""

from dataclasses import replace

from policies.book import PolicyBook
from policies.model import Medium
from tests.api.build import SHOP, WORDS, World
from tests.api.test_privacy import SECRET, answers, outsiders
from tests.build import a_policy

TYPED = "My cousin packed them, and told me what they put in."


def typed() -> World:
    """One in which what complainants show may be typed in."""
    policy = a_policy()
    either = replace(policy.requirements["claim_photo"], media=(Medium.IMAGE, Medium.STATEMENT))
    return World(book=PolicyBook.of([replace(policy, requirements={**policy.requirements, "claim_photo": either})]))


def test_d2_what_was_typed_in_as_evidence_is_shown_without_its_words_to_who_may_not_know():
    world = typed()
    dispute = world.opened(complainant=SECRET, confidential=True, reason="quality")
    buyer = world.caller("buyer", SECRET, sub=SECRET)
    asked = {"requirement": "claim_photo", "stage": "claim", "statement": TYPED}
    registered = buyer.post(f"/v1/disputes/{dispute}/evidence", asked)
    assert registered.status == 201, registered.text
    assert world.merchant.post(f"/v1/disputes/{dispute}/settlement", {"statement": WORDS}).status == 200
    assert buyer.post(f"/v1/disputes/{dispute}/settlement/confirmation", {"confirmed": False}).status == 200
    assert world.reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
    piece = registered.body["piece"]["id"]
    path = f"/v1/disputes/{dispute}/evidence"
    for caller in (world.merchant, world.caller("platform", SHOP, sub="platform-of-the-shop")):
        (listed,) = [each for each in caller.get(path).body["items"] if each["side"] == "complainant"]
        alone = caller.get(f"{path}/{piece}")
        assert (listed["id"], listed["statement"], alone.body["statement"]) == (piece, None, None), caller
    for caller in (buyer, world.platform, world.reviewer):
        assert caller.get(f"{path}/{piece}").body["statement"]["text"] == TYPED
    for caller in outsiders(world):
        assert not any(TYPED in each.text for each in answers(caller, dispute, piece)), caller
