"""What of a dispute is shown to whom (promise E). Who may reach it at all, test_matrix says."""

import json

import pytest

from tests.api.build import Caller, World, a_claim


def test_another_s_piece_is_not_there(world: World):
    dispute = world.opened(reason="quality")
    hers = world.submitted(dispute, "claim_photo", by=world.buyer, stage="claim")
    his = world.submitted(dispute, "product_document")
    assert world.merchant.get(f"/v1/disputes/{dispute}/evidence/{hers}").status == 404
    assert world.buyer.get(f"/v1/disputes/{dispute}/evidence/{his}").status == 404
    assert world.buyer.get(f"/v1/disputes/{dispute}/evidence/{his}/view").status == 404
    assert world.merchant.delete(f"/v1/disputes/{dispute}/evidence/{hers}").status == 404
    form = {"media_type": "image/png"}
    for caller in (world.buyer, world.platform):
        assert caller.post(f"/v1/disputes/{dispute}/evidence/{his}/upload-form", form, key=None).status == 404
    assert [each["id"] for each in world.reviewer.get(f"/v1/disputes/{dispute}/evidence").body["items"]] == [hers, his]


@pytest.mark.parametrize("strange", ["x", "../secrets", "01K0000000000000000000000U", "01k00000000000000000000000"])
def test_an_address_that_names_nothing_is_404(world: World, strange):
    assert world.platform.get(f"/v1/disputes/{strange.replace('/', '%2F')}").code == "not_found"


def test_a_shop_s_list_has_its_own_only(world: World):
    mine = world.opened()
    world.opened(external_id="EXT-2", respondent="shop:S2")
    assert [each["id"] for each in world.merchant.get("/v1/disputes").body["items"]] == [mine]
    assert world.merchant.get("/v1/disputes?shop=S2").code == "not_found"
    assert world.buyer.get("/v1/disputes").status == 200
    assert world.caller("buyer", "buyer:B2").get("/v1/disputes").body["items"] == []


def test_an_order_shared_with_another_shop_tells_nothing_of_it(world: World):
    mine = world.opened()
    world.opened(external_id="EXT-2", respondent="shop:S2")
    listed = world.merchant.get("/v1/disputes?order_id=O-1&limit=1").body
    assert ([each["id"] for each in listed["items"]], listed["next"]) == ([mine], None)
    assert len(world.platform.get("/v1/disputes?order_id=O-1").body["items"]) == 2


def everything(world: World) -> str:
    """A dispute in which everybody has done something."""
    dispute = world.opened(reason="quality")
    world.submitted(dispute, "claim_photo", by=world.buyer, stage="claim")
    pieces = [world.submitted(dispute, "product_document")]
    asked = {
        "requirement": "settlement_report",
        "stage": "response",
        "statement": "Called on the 2nd; she wants all of it back.",
    }
    pieces.append(world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked).body["piece"]["id"])
    spare = world.submitted(dispute, "product_document")
    world.merchant.delete(f"/v1/disputes/{dispute}/evidence/{spare}")
    world.merchant.post(
        f"/v1/disputes/{dispute}/response", {"statement": "DEFENCE: it left us whole.", "pieces": pieces}
    )
    world.reviewer.post(f"/v1/disputes/{dispute}/review-claim")
    world.reviewer.post(
        f"/v1/disputes/{dispute}/evidence-requests",
        {"sides": ["respondent"], "requirements": ["product_document"], "note": "ASKED: which batch?"},
    )
    (request,) = world.merchant.get(f"/v1/disputes/{dispute}").body["evidence_requests"]
    more = world.submitted(dispute, "product_document", stage="supplement", request=request["id"])
    world.merchant.post(
        f"/v1/disputes/{dispute}/evidence-requests/{request['id']}/answer",
        {"pieces": [more], "statement": "ANSWER: batch 7."},
    )
    world.reviewer.post(f"/v1/disputes/{dispute}/review-claim")
    ruled = world.reviewer.post(f"/v1/disputes/{dispute}/ruling", world.a_ruling(dispute))
    assert ruled.status == 200, ruled.text
    filed = world.merchant.post(
        f"/v1/disputes/{dispute}/appeals", world.an_appeal(dispute) | {"statement": "APPEAL: look again."}
    )
    assert filed.status == 201, filed.text
    world.appeal_reviewer.post(f"/v1/disputes/{dispute}/review-claim")
    decision = {
        "status": "denied",
        "checklist": world.answers(dispute, world.appeal_reviewer),
        "rationale": "DENIED: it is the same form.",
    }
    appeal = filed.body["appeals"][0]["id"]
    assert world.appeal_reviewer.post(f"/v1/disputes/{dispute}/appeals/{appeal}/decision", decision).status == 200
    note = {"target": "appeal", "cause": "review_error", "note": "STAFF: the wrong file was looked at."}
    assert world.platform.post(f"/v1/disputes/{dispute}/set-aside", note).status == 200
    return dispute


STAFF_IDS = ("reviewer-1", "appeal_reviewer-1", "platform-1")


def seen_by(caller: Caller, dispute: str) -> str:
    """All that a caller can read of it, in one text."""
    paths = ("", "/requirements", "/readiness", "/evidence", "/timeline?limit=100")
    return "\n".join(caller.get(f"/v1/disputes/{dispute}{each}").text for each in paths)


def test_parties_see_staff_by_role_only(world: World):
    dispute = everything(world)
    for party in (world.merchant, world.buyer):
        seen = seen_by(party, dispute)
        assert not [each for each in STAFF_IDS if f'"{each}"' in seen]
        assert "STAFF" not in seen
        assert '"claim":null' in seen
        assert '"set_aside":null' in seen
    staff = seen_by(world.reviewer, dispute)
    assert all(f'"{each}"' in staff for each in STAFF_IDS)


def test_a_buyer_sees_nothing_of_the_shop_s_defence(world: World):
    dispute = everything(world)
    seen = seen_by(world.buyer, dispute)
    assert not [each for each in ("DEFENCE", "ASKED", "ANSWER", "APPEAL", "DENIED", "batch") if each in seen]
    his = [each.id for each in world.store.pieces(dispute) if each.side == "respondent"]
    assert not [each for each in his if each in seen]
    assert not world.buyer.get(f"/v1/disputes/{dispute}").body["evidence_requests"]


def test_a_shop_sees_its_own_and_what_the_buyer_has_sent_off(world: World):
    dispute = everything(world)
    seen = seen_by(world.merchant, dispute)
    assert all(each in seen for each in ("DEFENCE", "ASKED", "ANSWER", "APPEAL", "DENIED"))
    (hers,) = [each for each in world.store.pieces(dispute) if each.side == "complainant"]
    assert hers.sealed_at
    assert hers.id in [each["id"] for each in world.merchant.get(f"/v1/disputes/{dispute}/evidence").body["items"]]


def test_a_timeline_keeps_its_chain_where_something_is_withheld(world: World):
    dispute = everything(world)
    for caller in (world.buyer, world.merchant, world.reviewer):
        items = caller.get(f"/v1/disputes/{dispute}/timeline?limit=100").body["items"]
        assert [each["seq"] for each in items] == list(range(1, len(items) + 1))
        links = [each["hash"] for each in items]
        assert [each["previous_hash"] for each in items[1:]] == links[:-1]
    withheld = {
        each["type"]
        for each in world.buyer.get(f"/v1/disputes/{dispute}/timeline?limit=100").body["items"]
        if each["data"] is None
    }
    assert withheld == {
        "EvidenceRegistered", "EvidenceWithdrawn", "ReviewClaimed", "ReviewReleased", "EvidenceRequested",
        "EvidenceSupplied", "DeadlineSet", "DeadlineCleared", "SetAsideAsked",
    }  # fmt: skip


def test_a_deadline_of_another_s_review_claim_is_staff_s_own(world: World):
    dispute = world.claimed()
    kinds = {each["kind"] for each in world.merchant.get(f"/v1/disputes/{dispute}").body["deadlines"]}
    assert kinds == {"review"}
    kinds = {each["kind"] for each in world.reviewer.get(f"/v1/disputes/{dispute}").body["deadlines"]}
    assert kinds == {"review", "review_claim"}


def test_an_erased_text_is_null(world: World):
    dispute = world.opened()
    statement = world.merchant.get(f"/v1/disputes/{dispute}").body["statement"]["id"]
    world.store.erase_texts(dispute, last=True)
    assert world.merchant.get(f"/v1/disputes/{dispute}").body["statement"] == {"id": statement, "text": None}


def test_only_staff_are_told_of_the_same_bytes_elsewhere(world: World):
    disputes = [world.opened(), world.opened(external_id="EXT-2")]
    pieces = [world.submitted(each) for each in disputes]
    for dispute in disputes:
        world.inspector.inspect(str(world.store.pieces(dispute)[0].key))
    path = f"/v1/disputes/{disputes[0]}/evidence/{pieces[0]}"
    assert world.reviewer.get(path).body["twins"] == [{"dispute": disputes[1], "piece": pieces[1]}]
    assert world.merchant.get(path).body["twins"] is None


def test_no_event_holds_what_people_wrote(world: World):
    dispute = everything(world)
    events = world.store.feed(limit=500).items
    assert events
    assert not [each for each in events if any(word in each.body for word in ("DEFENCE", "ASKED", "APPEAL", "STAFF"))]
    assert json.loads(events[0].body)["dispute"] == dispute


def test_a_merchant_of_no_shop_has_no_list(world: World):
    for caller in (world.caller("merchant", sub="x"), world.caller("merchant", "shop:S1", "shop:S2")):
        assert caller.get("/v1/disputes").body["errors"][0]["field"] == "shop"
    both = world.caller("buyer", "buyer:B1", "buyer:B2")
    assert both.get("/v1/disputes").body["errors"][0]["field"] == "buyer"
    assert both.get("/v1/disputes?buyer=B2").status == 200
    assert both.get("/v1/disputes?buyer=B3").code == "not_found"


def test_a_claim_of_another_shop_under_a_shop_s_name_is_the_platform_s_to_open(world: World):
    assert world.merchant.post("/v1/disputes", a_claim()).code == "not_permitted"
