"""Nobody learns who complains in confidence (D2), and what is erased is said to be erased, on every route."""

import re
from collections.abc import Iterator

import pytest

from chalicelib.domain.commands import EraseDue
from chalicelib.domain.parties import Actor, Role
from chalicelib.domain.retention import SETTLES
from chalicelib.http.access import ACCESS
from chalicelib.service.commands import Request
from chalicelib.service.erasing import Eraser, ErasureRun
from tests.api.build import SHOP, WORDS, Caller, Reply, World, a_claim
from tests.build import MILLISECOND

ABSENT = "01K00000000000000000000000"
SECRET, SAID = "buyer:B-in-confidence", "They sell it under the counter, and I am the only one who knows."
UPLOAD = {"media_type": "image/jpeg"}
STAFF = ("reviewer", "appeal_reviewer", "operator")


def secret(world: World) -> tuple[str, str]:
    """A confidential case under review, in nobody's hands, where the complainant has answered a request for evidence.

    Two photos of hers are sent off; gives a third one, which isn't.
    """
    dispute = world.opened(complainant=SECRET, statement=SAID, confidential=True, reason="quality")
    buyer = world.caller("buyer", SECRET, sub=SECRET)
    world.submitted(dispute, "claim_photo", buyer, stage="claim")
    report = world.merchant.post(f"/v1/disputes/{dispute}/settlement", {"statement": WORDS})
    assert report.status == 200, report.text
    denied = buyer.post(f"/v1/disputes/{dispute}/settlement/confirmation", {"confirmed": False})
    assert denied.body["status"] == "under_review", denied.text
    assert world.reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
    answered(world, dispute, buyer)
    hers = world.submitted(dispute, "claim_photo", buyer, stage="claim")
    for each in world.store.pieces(dispute):
        world.inspector.inspect(str(each.key))
    return dispute, hers


def answered(world: World, dispute: str, buyer: Caller) -> None:
    """With a photo, and in the complainant's words."""
    wanted = {"sides": ["complainant"], "requirements": ["claim_photo"], "note": WORDS}
    reply = world.reviewer.post(f"/v1/disputes/{dispute}/evidence-requests", wanted)
    assert reply.status == 201, reply.text
    request = reply.body["evidence_requests"][0]["id"]
    photo = world.submitted(dispute, "claim_photo", buyer, stage="supplement", request=request)
    sent = {"pieces": [photo], "statement": SAID, "submit_anyway": True}
    reply = buyer.post(f"/v1/disputes/{dispute}/evidence-requests/{request}/answer", sent)
    assert reply.status == 200, reply.text


def outsiders(world: World) -> list[Caller]:
    """Everybody but the complainant, the platform, and who holds the case."""
    others = [world.caller(role, sub=f"{role}-x") for role in STAFF]
    conflicted = world.caller("platform", SHOP, sub="platform-of-the-shop")
    return [world.merchant, world.caller("buyer", "buyer:B9", sub="b9"), conflicted, *others]


def addresses(dispute: str, piece: str) -> Iterator[tuple[str, str]]:
    """Every route, in this dispute; lists under every filter that could tell."""
    for method, path in sorted(ACCESS):
        filled = path.replace("{dispute_id}", dispute).replace("{piece_id}", piece).replace("{shop}", "S1")
        filled = filled.replace("{policy_id}", "marketplace").replace("{version}", "1")
        yield method, re.sub(r"\{\w+\}", ABSENT, filled)
    for query in ("shop=S1", "order_id=O-1", "external_id=EXT-1", "shop=S1&status=under_review", "sort=updated"):
        yield "GET", f"/v1/disputes?{query}"
    yield "GET", "/v1/reviews?queue=review"


def answers(caller: Caller, dispute: str, piece: str) -> list[Reply]:
    asked = [each for each in addresses(dispute, piece) if each != ("GET", "/v1/events") or caller.role != "platform"]
    return [caller.get(path) if method == "GET" else getattr(caller, method.lower())(path) for method, path in asked]


def test_d2_no_route_tells_others_who_complains_or_in_which_words(world: World):
    dispute, hers = secret(world)
    for caller in outsiders(world):
        replies = answers(caller, dispute, hers)
        assert any(each.status == 200 for each in replies)
        told = [each.text for each in replies if "in-confidence" in each.text or SAID in each.text]
        assert told == [], caller


def test_d2_the_events_tell_nobody_not_even_by_the_feed(world: World):
    dispute, _ = secret(world)
    world.later(minutes=1)
    feed = world.platform.get("/v1/events")
    assert dispute in feed.text
    assert "in-confidence" not in feed.text


def test_d2_who_handles_the_case_knows(world: World):
    dispute, _ = secret(world)
    knowing = [world.platform, world.caller("buyer", SECRET)]
    for caller in knowing:
        shown = caller.get(f"/v1/disputes/{dispute}").body
        assert (shown["complainant"], shown["statement"]["text"], shown["confidential"]) == (SECRET, SAID, True)
        assert caller.get("/v1/disputes?buyer=B-in-confidence").body["items"][0]["complainant"] == SECRET
    assert world.reviewer.get(f"/v1/disputes/{dispute}").body["complainant"] is None
    claimed = world.reviewer.post(f"/v1/disputes/{dispute}/review-claim").body
    assert claimed["complainant"] == SECRET
    assert world.reviewer.get(f"/v1/disputes/{dispute}").body["statement"]["text"] == SAID
    assert world.caller("reviewer", sub="another").get(f"/v1/disputes/{dispute}").body["complainant"] is None


def seen_of_hers(caller: Caller, dispute: str) -> list[tuple[bool, int]]:
    """Of each piece of the complainant's that is listed: whether it was sent off, and how a link to it is answered."""
    items = caller.get(f"/v1/disputes/{dispute}/evidence").body["items"]
    hers = [each for each in items if each["side"] == "complainant"]
    views = [caller.get(f"/v1/disputes/{dispute}/evidence/{each['id']}/view").status for each in hers]
    return [(each["sealed_at"] is not None, view) for each, view in zip(hers, views, strict=True)]


def test_d2_who_doesn_t_handle_the_case_sees_none_of_her_evidence(world: World):
    dispute, hers = secret(world)
    for caller in [world.caller(role, sub=f"{role}-x") for role in STAFF]:
        assert seen_of_hers(caller, dispute) == [], caller
        assert caller.get(f"/v1/disputes/{dispute}/evidence/{hers}").code == "not_found"
        assert caller.get(f"/v1/disputes/{dispute}/evidence/{hers}/view").code == "not_found"
        shown = caller.get(f"/v1/disputes/{dispute}").body
        assert [each["side"] for each in shown["pieces"]] == []
        assert shown["evidence_requests"][0]["statement"] is None


def test_d2_neither_checklist_nor_readiness_tells_of_it(world: World):
    dispute, _ = secret(world)
    for caller in [*outsiders(world)[2:], world.platform]:
        knows = caller == world.platform
        points = caller.get(f"/v1/disputes/{dispute}/checklist").body["points"]
        open_now = caller.get(f"/v1/disputes/{dispute}/readiness").body["submissions"]
        for found in (points, open_now):
            assert any(each["side"] == "complainant" for each in found) == knows, caller


def test_d2_the_shop_s_people_see_what_was_sent_off_whatever_their_role(world: World):
    dispute, hers = secret(world)
    for caller in (world.merchant, world.caller("platform", SHOP, sub="platform-of-the-shop")):
        assert seen_of_hers(caller, dispute) == [(True, 200)] * 2, caller
        assert caller.get(f"/v1/disputes/{dispute}/evidence/{hers}/view").code == "not_found"
        assert caller.post(f"/v1/disputes/{dispute}/evidence/{hers}/upload-form", UPLOAD).code == "not_found"


def test_d2_who_handles_the_case_sees_her_evidence_and_reads_her_answer(world: World):
    dispute, _ = secret(world)
    for caller in (world.platform, world.caller("buyer", SECRET)):
        assert sorted(seen_of_hers(caller, dispute)) == [(False, 200), (True, 200), (True, 200)]
    assert world.reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
    for caller in (world.reviewer, world.platform, world.caller("buyer", SECRET)):
        assert seen_of_hers(caller, dispute) == [(True, 200)] * 3
        (request,) = caller.get(f"/v1/disputes/{dispute}").body["evidence_requests"]
        assert (request["statement"]["text"], len(request["pieces"])) == (SAID, 1)


def test_d2_a_reviewer_of_the_shop_never_holds_the_case_and_so_never_knows(world: World):
    dispute, hers = secret(world)
    for role in ("reviewer", "appeal_reviewer"):
        conflicted = world.caller(role, SHOP, sub=f"{role}-of-the-shop")
        assert conflicted.post(f"/v1/disputes/{dispute}/review-claim").status in (403, 409)
        assert seen_of_hers(conflicted, dispute) == [(True, 200)] * 2
        told = [each.text for each in answers(conflicted, dispute, hers)]
        assert not any("in-confidence" in each or SAID in each for each in told)


@pytest.mark.parametrize("query", ["buyer=B-in-confidence", "order_id=O-1&buyer=B-in-confidence"])
@pytest.mark.parametrize("caller", [(each,) for each in STAFF] + [("platform", SHOP)], ids="-".join)
def test_d2_nobody_finds_it_by_who_complains(world: World, query, caller):
    secret(world)
    mine = world.opened(complainant=SECRET, external_id="EXT-2")
    found = world.caller(*caller).get(f"/v1/disputes?{query}").body
    assert ([each["id"] for each in found["items"]], found["next"]) == ([mine], None)


def test_d2_a_shop_cant_probe_for_it_by_order_and_buyer(world: World):
    secret(world)
    for buyer in ("B-in-confidence", "B-somebody-else"):
        reply = world.merchant.get(f"/v1/disputes?order_id=O-1&buyer={buyer}&shop=S1")
        assert reply.body["items"] == []
    assert len(world.merchant.get("/v1/disputes?order_id=O-1&shop=S1").body["items"]) == 1


def test_d2_a_buyer_s_list_goes_on_over_both_kinds(world: World):
    ids = []
    for number in range(6):
        world.later(seconds=1)
        ids.append(world.opened(complainant=SECRET, external_id=f"E{number}", confidential=number % 2 == 0))
    buyer, seen, cursor = world.caller("buyer", SECRET), [], ""
    while cursor is not None:
        page = buyer.get(f"/v1/disputes?limit=2{cursor and f'&cursor={cursor}'}").body
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
    assert seen == ids[::-1]


def test_d2_what_is_not_confidential_is_shown_as_ever(world: World):
    dispute = world.opened()
    shown = world.merchant.get(f"/v1/disputes/{dispute}").body
    assert (shown["complainant"], shown["confidential"]) == ("buyer:B1", False)


# Holds, and what is erased


def final(world: World) -> tuple[str, str]:
    dispute = world.opened()
    piece = world.submitted(dispute)
    world.inspector.inspect(str(world.store.pieces(dispute)[0].key))
    sent = {"statement": WORDS, "pieces": [piece], "submit_anyway": True}
    assert world.merchant.post(f"/v1/disputes/{dispute}/response", sent).status == 200
    assert world.reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
    ruling = world.a_ruling(dispute, outcome="for_respondent", remedy=None, liabilities=[])
    assert world.reviewer.post(f"/v1/disputes/{dispute}/ruling", ruling).body["status"] == "final"
    return dispute, piece


def test_erased_a_piece_says_so_and_every_route_still_answers(world: World):
    dispute, piece = final(world)
    world.later(days=180)
    world.commands.execute(dispute, EraseDue(), Request(Actor("recourse", Role.SYSTEM), world.now))
    for caller in (world.merchant, world.buyer, world.platform, world.reviewer, world.appeal_reviewer):
        paths = [path for method, path in addresses(dispute, piece) if method == "GET" and dispute in path]
        replies = [caller.get(path) for path in paths]
        assert {each.status for each in replies} <= {200, 400, 403, 404, 410}
        assert "clean/" not in "".join(each.text for each in replies)
    gone = world.merchant.get(f"/v1/disputes/{dispute}/evidence/{piece}/view")
    assert (gone.status, gone.code, gone.body["piece"]) == (410, "erased", piece)
    assert "清除" in gone.body["messages"]["zh-Hans"]
    shown = world.merchant.get(f"/v1/disputes/{dispute}/evidence/{piece}").body
    assert (shown["status"], shown["erased_at"] is not None, len(shown["file"]["sha256"])) == ("erased", True, 64)
    whole = world.merchant.get(f"/v1/disputes/{dispute}").body
    assert whole["images_erased_at"] == shown["erased_at"]
    assert whole["texts_erased_at"] is None
    assert whole["response"]["statement"]["text"] == WORDS


def test_the_timeline_says_when_and_why_it_was_erased_and_its_chain_goes_on(world: World):
    dispute, _ = final(world)
    world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "authority_ordered"})
    items = world.merchant.get(f"/v1/disputes/{dispute}/timeline?limit=100").body["items"]
    assert (items[-1]["type"], items[-1]["by"]["role"]) == ("Erased", "platform")
    assert items[-1]["data"] == {"what": ["images", "texts"], "cause": "authority_ordered", "pieces": []}
    assert items[-1]["previous_hash"] == items[-2]["hash"]


def test_a_hold_is_staff_s_business_and_refuses_erasure(world: World):
    dispute, _ = final(world)
    held = world.platform.post(f"/v1/disputes/{dispute}/hold", {"cause": "lawsuit", "note": "Case 7 of the court."})
    assert held.body["hold"]["by"] == {"role": "platform", "id": "platform-1"}
    assert world.platform.get(f"/v1/disputes/{dispute}").body["hold"]["note"]["text"] == "Case 7 of the court."
    assert world.merchant.get(f"/v1/disputes/{dispute}").body["hold"] is None
    types = {each["type"]: each["data"] for each in timeline(world.merchant, dispute)}
    assert types["HoldPlaced"] is None
    refused = world.caller("operator").post(f"/v1/disputes/{dispute}/erasure", {"cause": "person_asked"})
    assert (refused.status, refused.code) == (409, "on_hold")
    assert world.platform.delete(f"/v1/disputes/{dispute}/hold").code == "second_person_needed"
    assert world.caller("operator").delete(f"/v1/disputes/{dispute}/hold").body["hold"] is None
    assert world.caller("operator").post(f"/v1/disputes/{dispute}/erasure", {"cause": "person_asked"}).status == 200


def timeline(caller: Caller, dispute: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = caller.get(f"/v1/disputes/{dispute}/timeline?limit=100").body["items"]
    return items


def test_what_is_open_cant_be_erased_and_retention_is_nobodys_cause(world: World):
    dispute = world.opened()
    assert world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "person_asked"}).code == "wrong_state"
    assert world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "retention"}).code == "invalid_body"


def test_a_repeated_erasure_answers_as_it_did(world: World):
    dispute, _ = final(world)
    first, again = (
        world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "person_asked"}, key="once") for _ in "12"
    )
    assert (first.status, first.text) == (again.status, again.text)
    assert world.platform.post("/v1/disputes", {"confidential": "yes"}).code == "invalid_body"


def erase_all(world: World, dispute: str) -> None:
    assert world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "person_asked"}).status == 200
    for _ in range(3):
        world.later(minutes=16)
        Eraser(world.commands, world.clock).run()


FILE = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}


def test_a_replayed_registration_gives_no_form_once_the_piece_was_taken_back(world: World):
    dispute = world.opened()
    first = world.merchant.post(f"/v1/disputes/{dispute}/evidence", FILE, key="once")
    assert first.body["upload"]["fields"]["key"]
    again = world.merchant.post(f"/v1/disputes/{dispute}/evidence", FILE, key="once")
    assert again.body["upload"]["fields"]["key"] == first.body["upload"]["fields"]["key"]
    world.merchant.delete(f"/v1/disputes/{dispute}/evidence/{first.body['piece']['id']}")
    replayed = world.merchant.post(f"/v1/disputes/{dispute}/evidence", FILE, key="once")
    assert (replayed.status, replayed.body["piece"], replayed.body["upload"]) == (201, first.body["piece"], None)


def test_a_replayed_registration_gives_no_form_once_all_is_erased(world: World):
    dispute = world.opened()
    assert world.merchant.post(f"/v1/disputes/{dispute}/evidence", FILE, key="once").body["upload"]
    assert world.merchant.post(f"/v1/disputes/{dispute}/acceptance", {}).status == 200
    erase_all(world, dispute)
    replayed = world.merchant.post(f"/v1/disputes/{dispute}/evidence", FILE, key="once")
    assert (replayed.status, replayed.body["upload"]) == (201, None)


def test_what_is_uploaded_for_an_erased_piece_all_the_same_is_erased_too(world: World):
    dispute = world.opened()
    key = world.merchant.post(f"/v1/disputes/{dispute}/evidence", FILE).body["upload"]["fields"]["key"]
    assert world.merchant.post(f"/v1/disputes/{dispute}/acceptance", {}).status == 200
    erase_all(world, dispute)
    assert Eraser(world.commands, world.clock).run().due == 0
    world.put(key)
    assert not world.inspector.inspect(key)
    world.later(seconds=1)
    assert Eraser(world.commands, world.clock).run() == ErasureRun(due=1, done=1)
    assert world.bucket.find(key) is None
    assert not world.inspector.inspect(key)
    world.later(days=400)
    assert Eraser(world.commands, world.clock).run().due == 0


def test_what_arrives_for_a_piece_that_was_taken_back_puts_its_erasure_off_no_further(world: World):
    dispute = world.opened()
    answer = world.merchant.post(f"/v1/disputes/{dispute}/evidence", FILE).body
    world.merchant.delete(f"/v1/disputes/{dispute}/evidence/{answer['piece']['id']}")
    world.put(answer["upload"]["fields"]["key"])
    due = list(world.store.erasures(world.now + SETTLES + MILLISECOND))
    world.later(minutes=14)
    assert not world.inspector.inspect(answer["upload"]["fields"]["key"])
    assert list(world.store.erasures(world.now + SETTLES + MILLISECOND)) == due
    world.later(minutes=2)
    assert Eraser(world.commands, world.clock).run().due == 1
    assert world.bucket.find(answer["upload"]["fields"]["key"]) is None


def test_a_replayed_opening_names_nobody_once_the_complainant_is_erased(world: World):
    first = world.platform.post("/v1/disputes", a_claim(), key="once").body
    assert first["complainant"] == "buyer:B1"
    assert world.merchant.post(f"/v1/disputes/{first['id']}/acceptance", {}).status == 200
    erase_all(world, first["id"])
    replayed = world.platform.post("/v1/disputes", a_claim(), key="once")
    assert (replayed.status, replayed.body["id"], replayed.body["complainant"]) == (201, first["id"], None)


def test_what_the_complainant_was_told_is_erased_and_nothing_of_another_case_or_the_shop(world: World):
    dispute, _ = final(world)
    world.claimed(external_id="EXT-2")
    world.tell()
    before, shop = (each.get("/v1/messages").body for each in (world.buyer, world.merchant))
    assert {each["dispute"] for each in before["items"]} > {dispute}
    assert before["unread"]["count"] == len(before["items"])
    erase_all(world, dispute)
    after = world.buyer.get("/v1/messages").body
    kept = [each for each in before["items"] if each["dispute"] != dispute]
    assert [each["id"] for each in after["items"]] == [each["id"] for each in kept]
    assert after["unread"]["count"] == len(kept) > 0
    assert [each["id"] for each in world.merchant.get("/v1/messages").body["items"]] == [
        each["id"] for each in shop["items"]
    ]


def test_no_message_is_left_that_a_known_name_would_lead_to(world: World):
    dispute, _ = final(world)
    world.tell()
    assert world.store.unread("buyer:B1", world.now).count > 0
    erase_all(world, dispute)
    assert world.store.messages("buyer:B1", world.now, unread=False, limit=10).items == ()
    assert world.store.unread("buyer:B1", world.now).count == 0
