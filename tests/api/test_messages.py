"""C6: a party's message centre, over HTTP."""

import pytest

from chalicelib.store.disputes import DisputeStore
from tests.api.build import SHOP, Caller, World
from tests.api.matrix.targets import ABSENT
from tests.api.test_budget import CountingTable, cost


@pytest.fixture
def table() -> CountingTable:
    return CountingTable()


@pytest.fixture
def world(table: CountingTable) -> World:
    return World(store=DisputeStore(table))


def messages(caller: Caller, query: str = "") -> list[dict[str, object]]:
    items: list[dict[str, object]] = caller.get(f"/v1/messages{query}").body["items"]
    return items


def codes(caller: Caller, query: str = "") -> list[str]:
    return sorted(str(each["code"]) for each in messages(caller, query))


def test_a_shop_reads_what_is_wanted_by_when_in_both_languages_and_its_policys_zone(world: World):
    dispute = world.opened()
    world.tell()
    reply = world.merchant.get("/v1/messages").body
    (message,) = reply["items"]
    assert (message["code"], message["party"], message["dispute"]) == ("action_wanted", SHOP, dispute)
    assert message["message"]["en"] == (
        "Order O-1: until 2026-11-03 12:00:00 (Asia/Shanghai): answer the claim; to contest it, send Stamped proof of "
        "delivery."
    )
    assert message["message"]["zh-Hans"] == (
        "订单 O-1：请于2026年11月03日 12:00:00（Asia/Shanghai）前处理售后申请（如有异议，请提交红章签收证明）。"
    )
    assert (message["due_at_local"], message["zone"]) == ("2026-11-03T12:00:00.000+08:00", "Asia/Shanghai")
    assert (message["current"], message["read_at"]) == (True, None)
    assert reply["unread"] == {"count": 1, "more": False}
    assert messages(world.buyer) == []


def test_what_no_longer_holds_stays_and_says_so(world: World):
    dispute = world.opened()
    world.tell()
    world.merchant.post(f"/v1/disputes/{dispute}/acceptance")
    world.tell()
    shown = {each["code"]: each["current"] for each in messages(world.merchant)}
    assert shown == {"action_wanted": False, "ruling_made": True}


def test_a_ruling_says_what_it_leaves_to_the_shop_and_until_when_it_may_appeal(world: World):
    world.ruled()
    world.tell()
    ruled = next(each for each in messages(world.merchant) if each["code"] == "ruling_made")
    assert ruled["bears"] == {"amount": 10000, "currency": "CNY"}
    assert codes(world.merchant) == ["action_wanted", "ruling_made"]
    assert codes(world.buyer) == ["ruling_made"]


def test_b5_a_shop_reads_how_its_quota_stands(world: World):
    dispute, appeal = world.appealed()
    world.appeal_reviewer.post(f"/v1/disputes/{dispute}/review-claim")
    checklist = world.answers(dispute, world.appeal_reviewer)
    decision = {"status": "denied", "rationale": "As before.", "checklist": checklist}
    reply = world.appeal_reviewer.post(f"/v1/disputes/{dispute}/appeals/{appeal}/decision", decision)
    assert reply.status == 200, reply.text
    world.tell()
    (quota,) = [each for each in messages(world.merchant) if each["code"] == "quota_state"]
    assert "1 of your appeals failed in 2026-11" in str(quota["message"])
    assert quota["appeal"] == appeal
    assert "quota_state" not in codes(world.buyer)


def test_reading_by_id_or_up_to_an_instant_is_the_same_twice(world: World):
    world.opened()
    world.later(minutes=1)
    world.opened(external_id="EXT-2")
    world.tell()
    newest, oldest = messages(world.merchant)
    for read in (1, 0):
        reply = world.merchant.post("/v1/messages/read", {"ids": [newest["id"]]}, key=None)
        assert (reply.body["read"], reply.body["unread"]["count"]) == (read, 1)
    assert [each["id"] for each in messages(world.merchant, "?unread=true")] == [oldest["id"]]
    for read in (1, 0):
        reply = world.merchant.post("/v1/messages/read", {"until": oldest["at"]}, key=None)
        assert (reply.body["read"], reply.body["more"], reply.body["unread"]["count"]) == (read, False, 0)
    assert all(each["read_at"] for each in messages(world.merchant))


@pytest.mark.parametrize(
    "body",
    [{}, {"ids": [ABSENT], "until": "2026-11-02T04:00:00.000Z"}, {"ids": []}, {"until": 3}],
)
def test_what_says_neither_or_both_is_refused(world: World, body):
    assert world.merchant.post("/v1/messages/read", body, key=None).code == "invalid_body"


def test_promise_e_messages_are_their_partys_alone(world: World):
    world.opened()
    world.tell()
    (message,) = messages(world.merchant)
    stranger = world.caller("merchant", "shop:S2")
    assert messages(stranger) == []
    assert stranger.get("/v1/messages?shop=S1").code == "not_found"
    foreign = stranger.post("/v1/messages/read", {"ids": [message["id"]]}, key=None)
    absent = stranger.post("/v1/messages/read", {"ids": [ABSENT]}, key=None)
    assert (foreign.status, foreign.text) == (absent.status, absent.text)
    assert stranger.post("/v1/messages/read", {"shop": "S1", "ids": [message["id"]]}, key=None).code == "not_found"
    assert world.buyer.get("/v1/messages?shop=S1").code == "not_found"
    assert messages(world.merchant)[0]["read_at"] is None


def test_a_token_of_several_shops_says_which(world: World):
    world.opened()
    world.tell()
    both = world.caller("merchant", SHOP, "shop:S2")
    assert both.get("/v1/messages").code == "invalid_query"
    assert len(messages(both, "?shop=S1")) == 1
    assert messages(both, "?shop=S2") == []
    assert both.get("/v1/messages?shop=S1&buyer=B1").code == "invalid_query"


def test_the_platforms_systems_read_for_a_buyer_and_for_no_shop(world: World):
    world.contested()
    world.tell()
    assert codes(world.platform, "?buyer=B1") == ["claim_contested"]
    assert world.platform.get("/v1/messages?shop=S1").code == "not_found"
    assert codes(world.platform) == []


def test_the_platforms_people_who_belong_to_a_shop_read_for_nobody(world: World):
    world.contested(confidential=True)
    world.tell()
    assert codes(world.platform, "?buyer=B1") == codes(world.buyer) == ["claim_contested"]
    insider = world.caller("platform", SHOP)
    for others in ("?buyer=B1", "?shop=S1"):
        assert insider.get(f"/v1/messages{others}").code == "not_found"


def test_who_complains_stands_in_no_message_and_once_it_is_erased_nobody_is_shown_one_as_theirs(
    table: CountingTable, world: World
):
    dispute = world.contested()
    world.tell()
    world.buyer.post(f"/v1/disputes/{dispute}/withdrawal", {})
    written = [str(item) for key, item in table.items.items() if key.pk.startswith("N#")]
    assert len(written) == 1
    assert not [each for each in written if "B1" in each or "O-1" in each]
    erased = world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "person_asked"})
    assert erased.status < 300, erased.text
    world.tell()
    assert messages(world.buyer) == []
    assert codes(world.merchant) == ["claim_withdrawn"]


def test_a_page_goes_on_for_its_holder_and_on_its_own_list(world: World):
    for number in range(3):
        world.opened(external_id=f"EXT-{number}")
        world.later(seconds=1)
    world.tell()
    first = world.merchant.get("/v1/messages?limit=2").body
    rest = world.merchant.get(f"/v1/messages?limit=2&cursor={first['next']}").body
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    for path in (f"?unread=true&cursor={first['next']}", f"?shop=S2&cursor={first['next']}"):
        caller = world.caller("merchant", SHOP, "shop:S2", sub="merchant-1")
        assert caller.get(f"/v1/messages{path}").code in ("invalid_cursor", "invalid_query")


def test_a_page_costs_one_query_one_read_of_the_disputes_and_one_count(table: CountingTable, world: World):
    world.opened()
    world.opened(external_id="EXT-2")
    world.tell()
    assert cost(table, lambda: world.merchant.get("/v1/messages")) == {"queries": 2, "reads": 1}
    up_to = {"until": "2026-11-02T04:00:00.000Z"}
    marked = cost(table, lambda: world.merchant.post("/v1/messages/read", up_to, key=None))
    assert marked == {"queries": 2, "reads": 1, "writes": 1}
