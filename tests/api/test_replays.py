"""The same key and request answer the same again (promise F)."""

import json

from tests.api.build import WORDS, World, a_claim


def answers_alike(first, again) -> bool:
    return (first.status, first.text, first.etag) == (again.status, again.text, again.etag)


def test_opening_twice_opens_one_dispute(world: World):
    first = world.platform.post("/v1/disputes", a_claim(), key="k")
    world.later(hours=30)
    again = world.platform.post("/v1/disputes", a_claim(), key="k")
    assert answers_alike(first, again)
    assert again.headers["Location"] == first.headers["Location"]


def test_a_command_is_answered_as_it_was_then_whatever_has_happened_since(world: World):
    dispute = world.opened()
    piece = world.submitted(dispute)
    body = {"statement": WORDS, "pieces": [piece]}
    first = world.merchant.post(f"/v1/disputes/{dispute}/response", body, key="k")
    world.later(hours=3)
    world.reviewer.post(f"/v1/disputes/{dispute}/review-claim")
    again = world.merchant.post(f"/v1/disputes/{dispute}/response", body, key="k")
    assert answers_alike(first, again)
    assert again.body["status"] == "under_review"
    assert again.body["server_time"] == "2026-11-02T04:00:00.000Z"


def test_the_answer_is_the_same_for_a_request_that_was_overtaken(world: World):
    """It came before the last commit: events are never back-dated, and the answer is of the instant recorded."""
    dispute = world.opened()
    world.later(seconds=5)
    world.submitted(dispute)
    received = int(world.now.timestamp() * 1000) - 4000
    first = world.merchant.post(f"/v1/disputes/{dispute}/acceptance", key="k", epoch=received)
    again = world.merchant.post(f"/v1/disputes/{dispute}/acceptance", key="k")
    assert answers_alike(first, again)


def test_however_the_json_is_written(world: World):
    dispute = world.opened()
    piece = world.submitted(dispute)
    said = {"authorization": f"Bearer {world.token()}", "idempotency-key": "k", "content-type": "application/json"}
    path = f"/v1/disputes/{dispute}/response"
    first = world.send("POST", path, json.dumps({"statement": WORDS, "pieces": [piece]}).encode(), said)
    again = world.send("POST", path, json.dumps({"pieces": [piece], "statement": WORDS}, indent=2).encode(), said)
    assert first.status == 200
    assert answers_alike(first, again)


def test_another_request_under_the_same_key_is_refused(world: World):
    dispute = world.opened()
    world.merchant.post(f"/v1/disputes/{dispute}/settlement", {"statement": "Sent another one."}, key="k")
    for path, body in (("settlement", {"statement": "Sent another two."}), ("acceptance", None)):
        reply = world.merchant.post(f"/v1/disputes/{dispute}/{path}", body, key="k")
        assert (reply.status, reply.code) == (422, "idempotency_key_reused")


def test_a_key_is_its_caller_s_own(world: World):
    dispute = world.opened()
    assert world.merchant.post(f"/v1/disputes/{dispute}/acceptance", key="k").status == 200
    colleague = world.caller("merchant", "shop:S1", sub="merchant-2")
    assert colleague.post(f"/v1/disputes/{dispute}/acceptance", key="k").code == "wrong_state"


def test_another_opening_under_the_same_key_is_told_so_before_what_else_is_wrong_with_it(world: World):
    world.opened(external_id="EXT-2")
    world.platform.post("/v1/disputes", a_claim(), key="k")
    for changes in ({"external_id": "EXT-3"}, {"reason": "moonlight"}, {"external_id": "EXT-2"}):
        reply = world.platform.post("/v1/disputes", a_claim(**changes), key="k")
        assert (reply.status, reply.code) == (422, "idempotency_key_reused")


def test_a_refusal_is_not_kept(world: World):
    dispute = world.opened()
    body = {"statement": WORDS, "pieces": []}
    assert world.merchant.post(f"/v1/disputes/{dispute}/response", body, key="k").status == 409
    body["pieces"] = [world.submitted(dispute)]
    assert world.merchant.post(f"/v1/disputes/{dispute}/response", body, key="k").status == 200


def test_a_key_with_an_etag_is_answered_although_the_dispute_has_moved_on(world: World):
    dispute = world.opened()
    etag = world.merchant.get(f"/v1/disputes/{dispute}").etag
    first = world.merchant.post(f"/v1/disputes/{dispute}/acceptance", key="k", if_match=etag)
    assert answers_alike(first, world.merchant.post(f"/v1/disputes/{dispute}/acceptance", key="k", if_match=etag))


def test_registering_again_signs_the_form_afresh_and_changes_nothing_else(world: World):
    dispute = world.opened()
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
    first = world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked, key="k")
    world.later(minutes=20)
    key = first.body["upload"]["fields"]["key"]
    world.bucket.put(key, b"\xff\xd8\xff", at=world.now)
    world.inspector.inspect(key)
    again = world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked, key="k")
    assert (again.status, again.body["piece"]) == (first.status, first.body["piece"])
    assert again.body["upload"]["fields"]["key"] == key
    assert again.body["upload"]["expires_at"] == "2026-11-02T04:30:00.000Z"
    world.later(hours=24)
    assert world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked, key="k").body["upload"] is None


def test_a_statement_registered_again_shows_the_same_findings(world: World):
    dispute = world.opened(reason="quality")
    asked = {
        "requirement": "settlement_report",
        "stage": "response",
        "statement": "Called on the 2nd; 20 off was agreed.",
    }
    first = world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked, key="k")
    world.later(minutes=1)
    assert answers_alike(first, world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked, key="k"))


def test_withdrawing_and_releasing_are_answered_again_too(world: World):
    dispute = world.opened()
    piece = world.submitted(dispute)
    path = f"/v1/disputes/{dispute}/evidence/{piece}"
    first = world.merchant.delete(path, key="k")
    assert first.status == 200
    assert answers_alike(first, world.merchant.delete(path, key="k"))


def test_a_body_says_nothing_where_none_is_asked_for(world: World):
    dispute = world.opened()
    piece = world.submitted(dispute)
    said = {"authorization": f"Bearer {world.token()}", "idempotency-key": "k"}
    assert world.send("DELETE", f"/v1/disputes/{dispute}/evidence/{piece}", b"{not json", said).status == 200


def test_claiming_the_next_twice_claims_one(world: World):
    one, other = world.contested(), world.contested(external_id="EXT-2")
    first = world.reviewer.post("/v1/reviews/claim-next", {"queue": "review"}, key="k")
    world.later(seconds=1)
    again = world.reviewer.post("/v1/reviews/claim-next", {"queue": "review"}, key="k")
    assert answers_alike(first, again)
    assert first.body["id"] == one
    assert world.reviewer.get(f"/v1/disputes/{other}").body["claim"] is None


def test_the_most_urgent_is_claimed_first(world: World):
    late = world.contested()
    world.later(hours=1)
    world.contested(external_id="EXT-2")
    assert world.reviewer.post("/v1/reviews/claim-next", {"queue": "review"}).body["id"] == late
