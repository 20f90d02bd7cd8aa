"""Appeals over HTTP: asked beforehand, at what risk, and what blocks them (B3, B5, B6, B12)."""

from typing import Any

import pytest

from tests.api.build import WORDS, World


def denied(world: World, number: int) -> None:
    dispute, appeal = world.appealed(external_id=f"EXT-{number}")
    assert world.appeal_reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
    decision = {"status": "denied", "checklist": world.answers(dispute, world.appeal_reviewer), "rationale": "No."}
    reply = world.appeal_reviewer.post(f"/v1/disputes/{dispute}/appeals/{appeal}/decision", decision)
    assert reply.status == 200, reply.text


@pytest.fixture
def blocked(world: World) -> str:
    """A dispute of a shop with four failures this month."""
    for number in range(4):
        denied(world, number)
    return world.ruled(external_id="EXT-5")


def test_the_fourth_failure_blocks_and_the_shop_sees_until_when(world: World, blocked: str):
    quota = world.merchant.get("/v1/shops/S1/appeal-quota").body
    assert (quota["failed_in_month"], quota["blocked"]) == (4, True)
    assert quota["reopens_local"] == "2026-12-01T00:00:00.000+08:00"
    asked = world.merchant.get(f"/v1/disputes/{blocked}/appeal-eligibility", accept_language="zh").body
    first = asked["obstacles"][0]
    assert (first["code"], first["used"], first["limit"], first["reopens"]) == (
        "appeal_quota_exceeded", 4, 3, "2026-11-30T16:00:00.000Z"
    )  # fmt: skip
    assert first["detail"] == first["messages"]["zh-Hans"]
    filed = world.merchant.post(
        f"/v1/disputes/{blocked}/appeals", {"grounds": ["attribution"], "statement": WORDS, "pieces": []}
    )
    assert (filed.status, filed.code) == (409, "appeal_quota_exceeded")


def test_what_would_happen_if_all_that_is_pending_failed(world: World):
    for number in range(3):
        denied(world, number)
    world.appealed(external_id="EXT-4")
    quota = world.merchant.get("/v1/shops/S1/appeal-quota").body
    assert (quota["blocked"], len(quota["pending"])) == (False, 1)
    assert quota["reopens_if_pending_fail"] == "2026-11-30T16:00:00.000Z"


def test_an_appeal_after_a_default_is_filed_only_with_open_eyes(world: World):
    dispute = world.defaulted()
    asked = world.merchant.get(f"/v1/disputes/{dispute}/appeal-eligibility").body
    assert (asked["may"], asked["would_be_dismissed"]) == (False, True)
    body = {"grounds": ["attribution"], "statement": WORDS, "pieces": []}
    refused = world.merchant.post(f"/v1/disputes/{dispute}/appeals", body)
    assert (refused.code, refused.body["counts"]) == ("appeal_would_be_dismissed", True)
    assert world.merchant.get("/v1/shops/S1/appeal-quota").body["failed_in_month"] == 0
    filed = world.merchant.post(f"/v1/disputes/{dispute}/appeals", body | {"accept_dismissal": True})
    assert filed.body["appeals"][0]["status"] == "dismissed"
    assert world.merchant.get("/v1/shops/S1/appeal-quota").body["failed_in_month"] == 1


def test_the_window_is_told_and_closes_to_the_millisecond(world: World):
    dispute = world.ruled()
    body = world.an_appeal(dispute)
    asked = world.merchant.get(f"/v1/disputes/{dispute}/appeal-eligibility").body
    assert (asked["window_until"], asked["window_until_local"]) == (
        "2026-11-09T04:00:00.000Z", "2026-11-09T12:00:00.000+08:00"
    )  # fmt: skip
    assert asked["may"] is True
    assert asked["key_evidence"]["complete"] is True
    world.later(days=7, milliseconds=1)
    late = world.merchant.post(f"/v1/disputes/{dispute}/appeals", body)
    assert (late.code, late.body["ended"]) == ("appeal_window_closed", "2026-11-09T04:00:00.000Z")


def test_who_ruled_does_not_decide_the_appeal(world: World):
    dispute, _ = world.appealed()
    same_person = world.caller("appeal_reviewer", sub="reviewer-1")
    assert same_person.post(f"/v1/disputes/{dispute}/review-claim").code == "conflict_of_interest"
    assert same_person.post("/v1/reviews/claim-next", {"queue": "appeal"}).code == "nothing_to_claim"


def test_a_ruling_that_is_not_consistent_says_what_is_wrong(world: World):
    dispute = world.claimed()
    unanswered = world.reviewer.post(f"/v1/disputes/{dispute}/ruling", world.a_ruling(dispute, checklist=[]))
    assert unanswered.code == "checklist_unanswered"
    assert "respondent:proof_of_delivery.red_stamp" in unanswered.body["points"]
    wrong: tuple[dict[str, Any], ...] = ({"liabilities": []}, {"outcome": "for_respondent"}, {"basis": "default"})
    for changes in wrong:
        reply = world.reviewer.post(f"/v1/disputes/{dispute}/ruling", world.a_ruling(dispute, **changes))
        assert (reply.status, reply.code) == (422, "invalid_ruling")
    other = world.caller("reviewer", sub="reviewer-2")
    assert other.post(f"/v1/disputes/{dispute}/ruling", world.a_ruling(dispute)).code == "not_your_review"
    assert other.post(f"/v1/disputes/{dispute}/review-claim").code == "review_taken"


def test_a_quota_of_a_policy_that_is_none_is_422(world: World):
    assert world.merchant.get("/v1/shops/S1/appeal-quota?policy=nobodys").code == "unknown_policy"
    assert world.merchant.get("/v1/shops/S1/appeal-quota?policy=demo").body["policy"] == "demo"
