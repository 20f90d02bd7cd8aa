"""What was read reaches the shop in its words, the reviewer with its places, and nobody else (A13, promise E)."""

from typing import Any

from tests.api.build import WORDS, Caller, World

WAYBILL = "SF1234567890"
PROOF = ("快递签收证明", f"快递单号：{WAYBILL}", "收件人姓名：王勇", "派件人姓名：罗涛", "日期：2026年10月30日")


def looked_at(world: World, dispute: str, piece: str, *lines: str) -> None:
    """Both looks; without lines, the first alone."""
    (found,) = [each for each in world.store.pieces(dispute) if each.id == piece]
    world.inspector.inspect(str(found.key))
    if lines:
        world.reads.says(*lines)
        assert world.recognition.recognise(dispute, piece)


def submitted(world: World, *lines: str, external_id: str = "EXT-1") -> tuple[str, str]:
    dispute = world.opened(external_id=external_id)
    piece = world.submitted(dispute)
    looked_at(world, dispute, piece, *lines)
    return f"/v1/disputes/{dispute}", piece


def findings(caller: Caller, dispute: str, piece: str):
    return {each["point"]: each for each in caller.get(f"{dispute}/evidence/{piece}").body["findings"]}


def test_a_shop_is_told_point_by_point_what_was_seen_where_and_what_to_do():
    world = World()
    dispute, piece = submitted(world, *PROOF)
    shown = world.merchant.get(f"{dispute}/evidence/{piece}").body
    assert (shown["kind"], shown["text_pending"]) == ("delivery_proof", False)
    found = findings(world.merchant, dispute, piece)
    assert (found["recipient_name"]["verdict"], found["recipient_name"]["seen"]) == ("met", "王勇")
    assert 0 <= found["recipient_name"]["box"]["left"] < found["recipient_name"]["box"]["right"] <= 1
    assert found["red_stamp"]["code"] == "no_stamp_seen"
    assert set(found["red_stamp"]["fix"]) == {"en", "zh-Hans"}


def test_until_the_text_is_read_more_is_to_come_and_nothing_waits_for_it():
    world = World()
    dispute, piece = submitted(world)
    shown = world.merchant.get(f"{dispute}/evidence/{piece}").body
    assert (shown["status"], shown["text_pending"], shown["kind"]) == ("inspected", True, None)
    assert {each["verdict"] for each in shown["findings"]} == {"open"}
    reply = world.merchant.post(f"{dispute}/response", {"statement": WORDS, "pieces": [piece]})
    assert reply.body["status"] == "under_review"


def test_readiness_tells_the_same_as_the_piece():
    world = World()
    dispute, piece = submitted(world, *PROOF)
    (submission,) = [
        each for each in world.merchant.get(f"{dispute}/readiness").body["submissions"] if each["stage"] == "response"
    ]
    (requirement,) = submission["requirements"]
    told = {each["point"]: each["findings"][0]["finding"] for each in requirement["points"]}
    assert told == findings(world.merchant, dispute, piece)


def test_a_refused_kind_is_doubtful_and_can_be_sent_anyway():
    world = World()
    dispute = f"/v1/disputes/{world.opened(reason='shipping_fee')}"
    piece = world.submitted(dispute.rpartition("/")[2], "freight_receipt")
    chat = (
        "转账成功",
        "¥161.46",
        "转账时间 2026年11月12日 12:30:05",
        "收款时间 2026-11-12",
        "支付方式 零钱",
        "微信支付",
    )
    looked_at(world, dispute.rpartition("/")[2], piece, *chat)
    assert findings(world.merchant, dispute, piece)["accepted_kind"]["code"] == "kind_refused"
    answer = {"statement": WORDS, "pieces": [piece]}
    refused = world.merchant.post(f"{dispute}/response", answer)
    assert (refused.status, refused.body["code"]) == (409, "evidence_doubtful")
    assert world.merchant.post(f"{dispute}/response", answer | {"submit_anyway": True}).status == 200


def reviewed(world: World, *lines: str) -> tuple[str, dict[str, Any]]:
    """Contested and claimed; the dispute, and its checklist by point."""
    dispute, piece = submitted(world, *lines)
    world.merchant.post(f"{dispute}/response", {"statement": WORDS, "pieces": [piece]})
    world.reviewer.post(f"{dispute}/review-claim")
    points = world.reviewer.get(f"{dispute}/checklist").body["points"]
    return dispute, {each["point"]: each for each in points}


def test_the_reviewers_checklist_is_filled_in_with_the_places_cut_out():
    world = World()
    dispute, points = reviewed(world, *PROOF)
    number = points["waybill_number"]
    assert (number["verdict"], number["wanted"]) == ("met", False)
    (checked,) = number["findings"]
    assert checked["finding"]["seen"] == WAYBILL
    key = f"clean/{dispute.rpartition('/')[2]}/{checked['piece']}/waybill_number.jpg"
    assert key in checked["crop"]["url"]
    assert world.bucket.clean(key)[1] == "image/jpeg"
    assert points["relevance"]["wanted"]
    assert points["relevance"]["findings"][0]["crop"] is None


def test_a_ruling_answers_what_is_wanted_and_keeps_both_answers():
    world = World()
    dispute, points = reviewed(world, *PROOF)
    wanted = [
        {"side": each["side"], "requirement": each["requirement"], "point": each["point"], "met": True}
        for each in points.values()
        if each["wanted"]
    ]
    overruled = {"requirement": "proof_of_delivery", "point": "date", "met": False}
    ruling = world.a_ruling(dispute.rpartition("/")[2], checklist=[*wanted, overruled])
    ruled = world.reviewer.post(f"{dispute}/ruling", ruling).body
    kept = {each["point"]: (each["met"], each["machine"]) for each in ruled["rulings"][-1]["checklist"]}
    assert kept["date"] == (False, "met")
    assert kept["relevance"] == (True, "open")
    assert "waybill_number" not in kept


def test_only_staff_is_told_where_the_same_picture_was_seen():
    world = World()
    first = submitted(world, *PROOF)
    second = submitted(world, *PROOF, external_id="EXT-2")
    told = world.reviewer.get(f"{second[0]}/evidence/{second[1]}").body
    assert told["lookalikes"] == [{"dispute": first[0].rpartition("/")[2], "piece": first[1]}]
    assert world.merchant.get(f"{second[0]}/evidence/{second[1]}").body["lookalikes"] is None


def test_e_what_was_read_in_a_shops_papers_isnt_shown_to_the_buyer():
    world = World()
    dispute, piece = submitted(world, *PROOF)
    assert world.buyer.get(f"{dispute}/evidence/{piece}").status == 404
    assert world.buyer.get(f"{dispute}/checklist").status in (403, 404)
    assert world.merchant.get(f"{dispute}/checklist").status in (403, 404)
    for each in ("timeline", "evidence", "readiness"):
        assert "王勇" not in world.buyer.get(f"{dispute}/{each}").text
