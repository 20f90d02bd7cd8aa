"""A webhook that is disabled because it fails: its owner reads of it in its messages, and nobody else does."""

import pytest

from chalicelib.domain.webhooks import FAILS_AT_MOST, Outcome
from chalicelib.store.disputes import DisputeStore
from tests.api.build import OTHER_SHOP, SHOP, Caller, World
from tests.api.hooks import OPENED, hooked, path_of
from tests.api.test_budget import CountingTable, cost


@pytest.fixture
def table() -> CountingTable:
    return CountingTable()


@pytest.fixture
def world(table: CountingTable) -> World:
    """Messages and webhooks are in one table, as they are when deployed."""
    return World(store=DisputeStore(table), hooks_table=table)


def of_webhooks(caller: Caller) -> list[dict[str, object]]:
    items = caller.get("/v1/messages").body["items"]
    return [each for each in items if each["code"] == "webhook_disabled"]


def failed_for_days(world: World, by: Caller) -> str:
    """A webhook of theirs that is disabled for it; gives its path."""
    path = path_of(hooked(by, OPENED))
    world.mail.postman.answers = [Outcome(9, 500)] * 2
    world.opened()
    world.mail.carry()
    world.mail.underway.waiting.clear()
    world.now += FAILS_AT_MOST
    world.opened(external_id="EXT-2")
    world.mail.announce()
    world.mail.underway.waiting *= 2
    world.mail.deliver()
    return path


def test_its_owner_is_told_once_where_since_when_and_what_to_do_though_the_delivery_comes_twice(world: World):
    path = failed_for_days(world, world.merchant)
    (message,) = of_webhooks(world.merchant)
    assert (message["webhook"], message["party"]) == (path.rpartition("/")[2], SHOP)
    assert (message["dispute"], message["order_id"], message["due_at"]) == (None, None, None)
    assert (message["at"], message["zone"]) == ("2026-11-07T04:00:00.000Z", "Asia/Shanghai")
    assert message["message"] == {
        "en": "Webhook hooks.example.com: it was disabled at 2026-11-07 12:00:00 (Asia/Shanghai), for nothing could be "
        "delivered since 2026-11-02 12:00:00 (Asia/Shanghai). Mend the receiver, enable the webhook again, and read in "
        "the timelines, or replay, what you missed.",
        "zh-Hans": "Webhook hooks.example.com：自2026年11月02日 12:00:00（Asia/Shanghai）起投递一直失败，"
        "已于2026年11月07日 12:00:00（Asia/Shanghai）停用。"
        "请修复接收端后重新启用，并在时间线中查阅或重新投递遗漏的事件。",
    }
    assert (message["current"], message["read_at"]) == (True, None)
    assert len(world.merchant.get("/v1/messages?unread=true").body["items"]) == 1
    assert world.merchant.post("/v1/messages/read", {"ids": [message["id"]]}, key=None).body["unread"]["count"] == 0


def test_enabled_again_it_no_longer_holds_and_deleted_it_is_shown_no_more(world: World):
    path = failed_for_days(world, world.merchant)
    world.merchant.post(path, {"enabled": True})
    assert [each["current"] for each in of_webhooks(world.merchant)] == [False]
    world.merchant.post(path, {"enabled": False})
    assert [each["current"] for each in of_webhooks(world.merchant)] == [False]
    world.merchant.delete(path)
    assert of_webhooks(world.merchant) == []


def test_failing_anew_after_it_was_enabled_makes_a_message_of_its_own(world: World):
    path = failed_for_days(world, world.merchant)
    world.merchant.post(path, {"enabled": True})
    world.mail.postman.answers = [Outcome(9, 410)]
    world.opened(external_id="EXT-3")
    world.mail.carry()
    assert [each["current"] for each in of_webhooks(world.merchant)] == [True, False]
    assert "(410)" in str(of_webhooks(world.merchant)[0]["message"])


def test_promise_e_a_webhook_of_the_platform_is_the_platforms_news_and_a_shops_the_shops(world: World):
    failed_for_days(world, world.platform)
    (message,) = of_webhooks(world.platform)
    assert message["party"] == "platform"
    assert of_webhooks(world.caller("platform", SHOP)) == [message]
    for other in (world.merchant, world.caller("merchant", OTHER_SHOP), world.buyer):
        assert of_webhooks(other) == []
    read = {"ids": [message["id"]]}
    assert world.merchant.post("/v1/messages/read", read, key=None).body["read"] == 0
    assert world.platform.post("/v1/messages/read", read, key=None).body["read"] == 1


def test_what_its_owner_disables_is_no_news(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    world.merchant.post(path, {"enabled": False})
    assert of_webhooks(world.merchant) == []


def test_a_page_of_both_kinds_costs_no_more(table: CountingTable, world: World):
    failed_for_days(world, world.merchant)
    world.opened(external_id="EXT-3")
    world.tell()
    codes = {each["code"] for each in world.merchant.get("/v1/messages").body["items"]}
    assert codes >= {"webhook_disabled", "action_wanted"}
    assert cost(table, lambda: world.merchant.get("/v1/messages")) == {"queries": 2, "reads": 1}
