"""Webhooks over HTTP: whose they are, and what their owner can see and do."""

from base64 import b64decode

from chalicelib.domain.webhooks import MOST, Outcome
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.memory import MemoryTable
from tests.api.build import OTHER_SHOP, SHOP, World
from tests.api.hooks import OPENED, URL, hooked, path_of

NOWHERE = "01K00000000000000000000000"


# The owner's own


def test_the_secret_is_shown_when_it_is_made_and_never_again(world: World):
    registered = hooked(world.merchant, OPENED)
    secret = registered["secret"]
    assert secret.startswith("whsec_")
    assert len(b64decode(secret.removeprefix("whsec_"))) == 32
    path = path_of(registered)
    shown = [world.merchant.get(each).text for each in (path, "/v1/webhooks")]
    shown.append(world.merchant.post(path, {"enabled": True}).text)
    assert not [each for each in shown if secret in each or 'secret"' in each]


def test_what_is_stored_of_a_secret_is_sealed(world: World):
    secret = b64decode(hooked(world.merchant, OPENED)["secret"].removeprefix("whsec_"))
    (webhook,) = world.mail.stored(SHOP)
    assert secret.hex() not in webhook.secrets[0].sealed
    assert world.mail.sealed.open(webhook.secrets[0].sealed, webhook.id) == secret


def test_f_the_same_request_registers_once_and_answers_the_same_secret(world: World):
    body = {"url": URL, "events": [OPENED]}
    first = world.merchant.post("/v1/webhooks", body, key="k")
    world.later(days=29)
    assert world.merchant.post("/v1/webhooks", body, key="k").text == first.text
    assert len(world.merchant.get("/v1/webhooks").body["items"]) == 1
    assert world.merchant.post("/v1/webhooks", body | {"events": ["dispute.ruled"]}, key="k").code == (
        "idempotency_key_reused"
    )


def test_f_a_key_of_a_dispute_is_none_of_a_webhook_nor_the_other_way_round():
    table = MemoryTable()
    world = World(store=DisputeStore(table), hooks_table=table)
    body = {"url": URL, "events": [OPENED]}
    world.platform.post("/v1/webhooks", body, key="k")
    dispute = world.opened()
    assert world.platform.post(f"/v1/disputes/{dispute}/withdrawal", {}, key="k").code == "idempotency_key_reused"
    assert world.platform.post(f"/v1/disputes/{dispute}/withdrawal", {}, key="d").status == 200
    assert world.platform.post("/v1/webhooks", body, key="d").code == "idempotency_key_reused"


def test_f_every_other_request_takes_effect_once_too(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    rotated = [world.merchant.post(f"{path}/secret", key="r").text for _ in range(2)]
    assert rotated[0] == rotated[1]
    changed = [world.merchant.post(path, {"enabled": False}, key="c") for _ in range(2)]
    assert changed[0].etag == changed[1].etag == '"3"'
    deleted = [world.merchant.delete(path, key="d").text for _ in range(2)]
    assert deleted[0] == deleted[1]


def test_e_anothers_webhook_is_not_there(world: World):
    path, absent = path_of(hooked(world.merchant, OPENED)), f"/v1/webhooks/{NOWHERE}"
    dispute = world.opened()
    world.mail.carry()
    before = world.merchant.get(path).text
    for stranger in (world.platform, world.caller("merchant", OTHER_SHOP, sub="m-2")):
        for more, body in (
            ("", {"enabled": False}),
            ("/secret", {}),
            ("/test", {}),
            (f"/attempts/{dispute}:1/replay", {}),
        ):
            foreign, missing = (stranger.post(f"{each}{more}", body) for each in (path, absent))
            assert (foreign.status, foreign.text) == (404, missing.text)
        assert stranger.get(path).text == stranger.get(absent).text
        assert stranger.get(f"{path}/attempts").text == stranger.get(f"{absent}/attempts").text
        assert stranger.delete(path).status == 404
    assert world.merchant.get(path).text == before
    assert not world.mail.underway.waiting


def test_e_nobody_registers_or_lists_for_another_shop(world: World):
    body = {"url": URL, "events": [OPENED], "shop": "S2"}
    assert world.merchant.post("/v1/webhooks", body).code == "not_found"
    assert world.merchant.get("/v1/webhooks?shop=S2").code == "not_found"
    assert world.platform.post("/v1/webhooks", body).code == "invalid_body"
    assert world.platform.get("/v1/webhooks?shop=S2").code == "invalid_query"


def test_with_a_token_of_several_shops_it_is_said_whose_it_is(world: World):
    both = world.caller("merchant", SHOP, OTHER_SHOP)
    assert both.post("/v1/webhooks", {"url": URL, "events": [OPENED]}).code == "invalid_body"
    assert both.get("/v1/webhooks").code == "invalid_query"
    reply = both.post("/v1/webhooks", {"url": URL, "events": [OPENED], "shop": "S2"})
    assert reply.body["webhook"]["owner"] == OTHER_SHOP
    assert len(both.get("/v1/webhooks?shop=S2").body["items"]) == 1
    assert both.get("/v1/webhooks?shop=S1").body["items"] == []


def test_an_owner_has_a_bounded_number_and_room_again_after_a_deletion(world: World):
    paths = [path_of(hooked(world.merchant, OPENED)) for _ in range(MOST)]
    body = {"url": URL, "events": [OPENED]}
    assert world.merchant.post("/v1/webhooks", body).code == "too_many_webhooks"
    hooked(world.platform, OPENED)
    world.merchant.delete(paths[0])
    assert world.merchant.post("/v1/webhooks", body).status == 201
    assert world.merchant.post("/v1/webhooks", body).code == "too_many_webhooks"


def test_an_address_inside_is_refused_with_the_fix_in_both_languages(world: World):
    reply = world.merchant.post("/v1/webhooks", {"url": "https://169.254.169.254/", "events": [OPENED]})
    assert reply.code == "webhook_address_refused"
    assert set(reply.body["fix"]) == {"en", "zh-Hans"}
    path = path_of(hooked(world.merchant, OPENED))
    assert world.merchant.post(path, {"url": "http://hooks.example.com/"}).code == "webhook_address_refused"


def test_what_a_shop_can_not_be_told_of_is_refused_with_what_it_can(world: World):
    reply = world.merchant.post("/v1/webhooks", {"url": URL, "events": ["piece.inspected", "dispute.eaten"]})
    assert reply.code == "unknown_event_types"
    assert reply.body["unknown"] == ["piece.inspected", "dispute.eaten"]
    assert OPENED in reply.body["known"]
    assert world.platform.post("/v1/webhooks", {"url": URL, "events": ["piece.inspected"]}).status == 201


def test_a_change_on_another_version_is_refused(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    etag = world.merchant.get(path).etag
    assert world.merchant.post(path, {"events": ["dispute.ruled"]}, if_match=etag).status == 200
    assert world.merchant.post(path, {"enabled": False}, if_match=etag).code == "version_conflict"


# Tests and replays


def test_a_test_is_sent_once_and_is_in_the_log(world: World):
    registered = hooked(world.merchant, OPENED)
    path = path_of(registered)
    world.mail.postman.answers = [Outcome(9, 500)]
    reply = world.merchant.post(f"{path}/test", key="t")
    assert reply.status == 202
    assert world.merchant.post(f"{path}/test", key="t").text == reply.text
    world.mail.deliver()
    (sent,) = world.mail.told
    assert sent["type"] == "webhook.test"
    assert sent["data"] == {"webhook": registered["webhook"]["id"], "event": reply.body["event"]}
    (logged,) = world.merchant.get(f"{path}/attempts").body["items"]
    assert (logged["event"], logged["status"]) == (reply.body["event"], 500)
    assert not world.mail.underway.waiting
    assert not world.mail.underway.dead
    assert world.merchant.get(path).body["failing_since"] is None


def test_an_event_of_the_log_is_sent_again_under_its_own_id(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    dispute = world.opened()
    world.mail.carry()
    world.merchant.post(path, {"events": ["dispute.ruled"]})
    replay = f"{path}/attempts/{dispute}:1/replay"
    first = world.merchant.post(replay, key="r")
    assert world.merchant.post(replay, key="r").text == first.text
    world.mail.deliver()
    ids = [each.headers["webhook-id"] for each in world.mail.postman.posted]
    assert ids == [f"{dispute}:1"] * 2
    runs = [each["run"] for each in world.merchant.get(f"{path}/attempts").body["items"]]
    assert sorted(runs) == ["0", first.body["run"]]


def test_what_is_not_in_the_log_can_not_be_replayed(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    test = world.merchant.post(f"{path}/test").body["event"]
    world.mail.deliver()
    for each in (f"{NOWHERE}:1", f"{test}:1", "nothing"):
        assert world.merchant.post(f"{path}/attempts/{each}/replay").code == "not_found"


def test_a_webhook_is_tried_out_once_a_minute_at_most(world: World):
    """Whoever doesn't control the address mustn't be flooded by our doing, nor the queue of the others."""
    path = path_of(hooked(world.merchant, OPENED))
    world.merchant.post(f"{path}/test", key="first")
    world.later(seconds=59)
    refused = world.merchant.post(f"{path}/test")
    assert (refused.status, refused.code) == (409, "webhook_just_tested")
    assert refused.body["again_at"] == "2026-11-02T04:01:00.000Z"
    assert len(world.mail.underway.waiting) == 1
    world.later(seconds=1)
    assert world.merchant.post(f"{path}/test").status == 202


def test_a_disabled_webhook_is_neither_tried_out_nor_replayed_to(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    dispute = world.opened()
    world.mail.carry()
    world.merchant.post(path, {"enabled": False})
    for each in ("test", f"attempts/{dispute}:1/replay"):
        assert world.merchant.post(f"{path}/{each}").code == "webhook_disabled"
    assert not world.mail.underway.waiting


def test_the_log_goes_on_by_cursor_and_a_cursor_is_good_for_its_log_only(world: World):
    one, other = (path_of(hooked(world.merchant, OPENED)) for _ in range(2))
    for number in range(3):
        world.opened(external_id=f"EXT-{number}")
        world.later(seconds=1)
        world.mail.carry()
    first = world.merchant.get(f"{one}/attempts?limit=2").body
    rest = world.merchant.get(f"{one}/attempts?limit=2&cursor={first['next']}").body
    assert [len(each["items"]) for each in (first, rest)] == [2, 1]
    assert world.merchant.get(f"{other}/attempts?cursor={first['next']}").code == "invalid_cursor"
