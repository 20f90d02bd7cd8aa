"""Every route, used as a platform, a shop, a buyer and reviewers would use it."""

from tests.api.build import REMEDY, SHOP, WORDS, World, a_claim


def test_a_dispute_is_opened_and_read(world: World):
    reply = world.platform.post("/v1/disputes", a_claim())
    assert (reply.status, reply.body["status"]) == (201, "awaiting_response")
    assert reply.headers["Location"] == f"/v1/disputes/{reply.body['id']}"
    assert reply.etag == '"2"'
    shown = world.merchant.get(reply.headers["Location"])
    assert shown.body["statement"] == {"id": reply.body["statement"]["id"], "text": "Nothing has arrived."}
    assert shown.body["order"]["items"][0]["title"] == "Teapot"


def test_a_shop_sees_what_it_may_do_and_until_when(world: World):
    dispute = world.opened()
    shown = world.merchant.get(f"/v1/disputes/{dispute}").body
    actions = {each["action"]: each["by"] for each in shown["allowed_actions"]}
    assert actions["contest"] == actions["accept"] == shown["due_at"] == "2026-11-03T04:00:00.000Z"
    assert shown["due_at_local"] == "2026-11-03T12:00:00.000+08:00"
    assert (shown["due_party"], shown["zone"], shown["past_due"]) == (SHOP, "Asia/Shanghai", False)
    (deadline,) = shown["deadlines"]
    assert deadline["term"] == {"count": 24, "unit": "hours"}
    assert (deadline["started_by"], deadline["falls"]) == ("DisputeOpened", "default")
    assert shown["server_time"] == "2026-11-02T04:00:00.000Z"


def test_a_shop_is_told_what_is_wanted_submits_it_and_contests(world: World):
    dispute = world.opened()
    wanted = world.merchant.get(f"/v1/disputes/{dispute}/requirements").body
    assert wanted["submissions"][0]["rule"]["all_of"] == ["proof_of_delivery"]
    assert "red_stamp" in wanted["requirements"]["proof_of_delivery"]["points"]
    before = world.merchant.get(f"/v1/disputes/{dispute}/readiness").body["submissions"][0]
    assert before["blocking"] == ["proof_of_delivery"]
    piece = world.submitted(dispute)
    key = world.store.pieces(dispute)[0].key
    assert key is not None
    assert world.inspector.inspect(key)
    after = world.merchant.get(f"/v1/disputes/{dispute}/readiness").body["submissions"][0]
    assert (after["complete"], after["requirements"][0]["standing"]) == (True, "open")
    sent = world.merchant.post(f"/v1/disputes/{dispute}/response", {"statement": WORDS, "pieces": [piece]})
    assert (sent.status, sent.body["status"]) == (200, "under_review")
    assert sent.body["response"]["pieces"] == [piece]


def test_a_piece_shows_its_findings_and_a_link_to_look_at_it(world: World):
    dispute = world.opened()
    piece = world.submitted(dispute)
    (listed,) = world.merchant.get(f"/v1/disputes/{dispute}/evidence").body["items"]
    assert (listed["id"], listed["status"]) == (piece, "registered")
    assert world.merchant.get(f"/v1/disputes/{dispute}/evidence/{piece}/view").code == "not_found"
    world.inspector.inspect(str(world.store.pieces(dispute)[0].key))
    shown = world.merchant.get(f"/v1/disputes/{dispute}/evidence/{piece}").body
    assert (shown["status"], shown["file"]["media_type"], shown["twins"]) == ("inspected", "image/jpeg", None)
    assert {each["verdict"] for each in shown["findings"]} == {"open"}
    link = world.merchant.get(f"/v1/disputes/{dispute}/evidence/{piece}/view").body
    assert "clean/" in link["url"]
    assert link["expires_at"] == "2026-11-02T04:05:00.000Z"


def test_an_unusable_file_is_told_with_its_fix_in_both_languages(world: World):
    dispute = world.opened()
    piece = world.submitted(dispute)
    key = str(world.store.pieces(dispute)[0].key)
    world.bucket._versions.clear()  # noqa: SLF001  (the file that arrives is another one)
    world.bucket.put(key, b"MZ\x90 nothing to look at", at=world.now)
    world.inspector.inspect(key)
    shown = world.merchant.get(f"/v1/disputes/{dispute}/evidence/{piece}").body
    assert shown["status"] == "unusable"
    assert shown["defect"]["fix"]["en"]
    assert shown["defect"]["fix"]["zh-Hans"]


def test_a_fresh_upload_form_until_the_file_is_there(world: World):
    dispute = world.opened()
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "application/pdf"}
    piece = world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked).body["piece"]["id"]
    world.later(hours=23, minutes=55)
    form = world.merchant.post(
        f"/v1/disputes/{dispute}/evidence/{piece}/upload-form", {"media_type": "application/pdf"}, key=None
    )
    assert form.body["expires_at"] == "2026-11-03T04:00:00.000Z", "never past the deadline"
    world.bucket.put(form.body["fields"]["key"], b"%PDF-1.7", at=world.now)
    world.inspector.inspect(form.body["fields"]["key"])
    again = world.merchant.post(
        f"/v1/disputes/{dispute}/evidence/{piece}/upload-form", {"media_type": "application/pdf"}, key=None
    )
    assert (again.status, again.code) == (409, "upload_closed")


def test_a_statement_is_looked_at_at_once(world: World):
    dispute = world.opened(reason="quality")
    asked = {
        "requirement": "settlement_report",
        "stage": "response",
        "statement": "Called on the 2nd: she keeps it for 20 off.",
    }
    reply = world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked)
    assert reply.status == 201
    assert (reply.body["piece"]["status"], reply.body["upload"]) == ("inspected", None)
    assert reply.body["piece"]["findings"]
    listed = world.merchant.get(f"/v1/disputes/{dispute}/evidence").body["items"]
    assert listed[0]["statement"]["text"].startswith("Called on the 2nd")
    refused = world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked | {"statement": "好的"})
    assert (refused.status, refused.code) == (422, "meaningless_statement")


def test_a_piece_is_withdrawn(world: World):
    dispute = world.opened()
    piece = world.submitted(dispute)
    reply = world.merchant.delete(f"/v1/disputes/{dispute}/evidence/{piece}")
    assert (reply.status, reply.body["pieces"]) == (200, [])
    assert world.merchant.get(f"/v1/disputes/{dispute}/evidence/{piece}").status == 404


def test_a_claim_is_accepted_and_the_dispute_closed(world: World):
    dispute = world.opened()
    accepted = world.merchant.post(f"/v1/disputes/{dispute}/acceptance")
    assert (accepted.body["status"], accepted.body["rulings"][0]["basis"]) == ("final", "accepted")
    carried_out = {"remedy": REMEDY, "reference": "RF-1", "carried_out_at": "2026-11-02T12:00:00+08:00"}
    closed = world.platform.post(f"/v1/disputes/{dispute}/closure", carried_out)
    assert closed.body["status"] == "closed"
    assert closed.body["closure"] == {
        "remedy": REMEDY,
        "reference": "RF-1",
        "carried_out_at": "2026-11-02T04:00:00.000Z",
    }


def test_a_settlement_is_reported_and_confirmed(world: World):
    dispute = world.opened()
    reported = world.merchant.post(f"/v1/disputes/{dispute}/settlement", {"statement": "Sent another one; she agrees."})
    assert reported.body["settlement"]["confirmed"] is None
    assert world.buyer.get(f"/v1/disputes/{dispute}").body["settlement"]["statement"]["text"].startswith("Sent another")
    confirmed = world.buyer.post(f"/v1/disputes/{dispute}/settlement/confirmation", {"confirmed": True})
    assert (confirmed.body["status"], confirmed.body["rulings"][0]["outcome"]) == ("final", "nobody_at_fault")


def test_a_reviewer_asks_for_more_of_both_sides_and_is_answered(world: World):
    dispute = world.claimed()
    asked = world.reviewer.post(
        f"/v1/disputes/{dispute}/evidence-requests",
        {"sides": ["respondent", "complainant"], "requirements": ["freight_receipt"], "note": "Who paid for it?"},
    )
    assert (asked.status, len(asked.body["evidence_requests"])) == (201, 2)
    (own,) = world.merchant.get(f"/v1/disputes/{dispute}").body["evidence_requests"]
    assert own["note"]["text"] == "Who paid for it?"
    piece = world.submitted(dispute, "freight_receipt", stage="supplement", request=own["id"])
    answered = world.merchant.post(
        f"/v1/disputes/{dispute}/evidence-requests/{own['id']}/answer",
        {"pieces": [piece], "statement": "The carrier did."},
    )
    assert answered.body["evidence_requests"][0]["answered_at"] == "2026-11-02T04:00:00.000Z"


def test_a_review_is_claimed_released_and_claimed_as_the_next(world: World):
    dispute = world.contested()
    assert world.reviewer.post(f"/v1/disputes/{dispute}/review-claim").body["claim"]["reviewer"] == "reviewer-1"
    assert world.reviewer.delete(f"/v1/disputes/{dispute}/review-claim").body["claim"] is None
    (row,) = world.reviewer.get("/v1/reviews?queue=review").body["items"]
    assert row["id"] == dispute
    other = world.caller("reviewer", sub="reviewer-2")
    assert other.post("/v1/reviews/claim-next", {"queue": "review"}).body["claim"]["reviewer"] == "reviewer-2"
    assert world.reviewer.post("/v1/reviews/claim-next", {"queue": "review"}).code == "nothing_to_claim"


def test_the_next_review_is_not_one_of_a_party_that_the_reviewer_belongs_to(world: World):
    world.contested()
    partial = world.caller("reviewer", SHOP, sub="reviewer-3")
    assert partial.post("/v1/reviews/claim-next", {"queue": "review"}).code == "nothing_to_claim"
    assert partial.post("/v1/reviews/claim-next", {"queue": "appeal"}).code == "not_permitted"


def test_an_appeal_is_asked_about_filed_and_granted(world: World):
    dispute = world.ruled()
    before = world.merchant.get(f"/v1/disputes/{dispute}/appeal-eligibility").body
    assert (before["may"], [each["code"] for each in before["obstacles"]]) == (False, ["evidence_incomplete"])
    filed = world.merchant.post(f"/v1/disputes/{dispute}/appeals", world.an_appeal(dispute))
    assert (filed.status, filed.body["appeals"][0]["status"]) == (201, "filed")
    assert world.appeal_reviewer.post("/v1/reviews/claim-next", {"queue": "appeal"}).body["id"] == dispute
    appeal = filed.body["appeals"][0]["id"]
    decision = {
        "status": "granted",
        "outcome": "for_respondent",
        "checklist": world.answers(dispute, world.appeal_reviewer, met=True),
        "rationale": "The form shows it.",
    }
    decided = world.appeal_reviewer.post(f"/v1/disputes/{dispute}/appeals/{appeal}/decision", decision)
    assert (decided.status, decided.body["status"]) == (200, "final")
    assert [each["in_force"] for each in decided.body["rulings"]] == [False, True]


def test_an_appeal_is_withdrawn(world: World):
    dispute, appeal = world.appealed()
    reply = world.merchant.post(f"/v1/disputes/{dispute}/appeals/{appeal}/withdrawal")
    assert reply.body["appeals"][0]["status"] == "withdrawn"
    assert world.merchant.get("/v1/shops/S1/appeal-quota").body["failed_in_month"] == 0


def test_a_denied_appeal_counts_and_a_quota_tells_which(world: World):
    dispute, appeal = world.appealed()
    assert world.merchant.get("/v1/shops/S1/appeal-quota").body["pending"] == [{"dispute": dispute, "appeal": appeal}]
    world.appeal_reviewer.post(f"/v1/disputes/{dispute}/review-claim")
    decision = {
        "status": "denied",
        "checklist": world.answers(dispute, world.appeal_reviewer),
        "rationale": "It is another form.",
    }
    decided = world.appeal_reviewer.post(f"/v1/disputes/{dispute}/appeals/{appeal}/decision", decision)
    assert decided.body["appeals"][0]["counted_in"] == "2026-11"
    quota = world.merchant.get("/v1/shops/S1/appeal-quota").body
    assert (quota["failed_in_month"], quota["per_month"], quota["blocked"]) == (1, 3, False)
    assert [each["dispute"] for each in quota["failures"]] == [dispute]


def test_a_default_is_set_aside_by_two(world: World):
    dispute = world.defaulted()
    asked = world.platform.post(
        f"/v1/disputes/{dispute}/set-aside",
        {"target": "default", "cause": "platform_fault", "note": "The mail was lost."},
    )
    assert asked.body["set_aside"]["by"]["id"] == "platform-1"
    alone = world.platform.post(f"/v1/disputes/{dispute}/set-aside/agreement", {"agreed": True})
    assert (alone.status, alone.code) == (409, "second_person_needed")
    agreed = world.reviewer.post(f"/v1/disputes/{dispute}/set-aside/agreement", {"agreed": True})
    assert agreed.body["status"] == "awaiting_response"


def test_a_deadline_is_extended_and_says_why(world: World):
    dispute = world.opened()
    (deadline,) = world.platform.get(f"/v1/disputes/{dispute}").body["deadlines"]
    asked = {"deadline": deadline["id"], "due": "2026-11-03T20:00:00+08:00", "reason": "carrier_delay", "note": "Snow."}
    extended = world.platform.post(f"/v1/disputes/{dispute}/extension", asked)
    (extension,) = extended.body["deadlines"][0]["extensions"]
    assert (extension["reason"], extension["due_after"]) == ("carrier_delay", "2026-11-03T12:00:00.000Z")
    seen = world.merchant.get(f"/v1/disputes/{dispute}").body["deadlines"][0]["extensions"][0]
    assert (seen["by"], seen["note"]) == ({"role": "platform", "id": None}, None)


def test_a_dispute_is_withdrawn_by_the_buyer(world: World):
    dispute = world.opened()
    reply = world.buyer.post(f"/v1/disputes/{dispute}/withdrawal", {"note": "It came after all."})
    assert reply.body["status"] == "withdrawn"


def test_the_complainants_evidence_goes_with_the_claim(world: World):
    dispute = world.opened(reason="quality")
    piece = world.submitted(dispute, "claim_photo", by=world.buyer, stage="claim")
    assert [each["id"] for each in world.buyer.get(f"/v1/disputes/{dispute}/evidence").body["items"]] == [piece]


def test_a_policy_is_read_as_it_was_published(world: World):
    reply = world.merchant.get("/v1/policies/marketplace/versions/1").body
    assert reply["document"]["appeal"]["quota"]["per_month"] == 3
    assert reply["digest"] == world.book.digest(world.book.version("marketplace", 1))
    assert world.merchant.get("/v1/policies/marketplace/versions/99").code == "not_found"


def test_health_and_documents_need_no_token(world: World):
    assert world.send("GET", "/v1/health").body["status"] == "ok"
    described = world.send("GET", "/v1/openapi.json").body
    assert (described["openapi"], described["servers"]) == ("3.1.0", [{"url": "/"}])
    page = world.send("GET", "/v1/docs")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert not any(each in page.text for each in (" src=", "<script", "<link", "@import", "url(")), "nothing is fetched"
