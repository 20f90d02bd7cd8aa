"""Webhooks over HTTP: whose they are, what they are told, and what their owner can see and do."""

import json
from base64 import b64decode
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from chalicelib.domain.measures import Measure
from chalicelib.domain.webhooks import FAILS_AT_MOST, MOST, Outcome, Trouble
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.memory import MemoryTable
from tests.api.build import OTHER_SHOP, SHOP, World

URL = "https://hooks.example.com/recourse"
OPENED = "dispute.opened"
NOWHERE = "01K00000000000000000000000"


def path_of(registered) -> str:
    return f"/v1/webhooks/{registered['webhook']['id']}"


def told(world: World) -> list[dict[str, Any]]:
    return [json.loads(each.body) for each in world.postman.posted]


def carry(world: World) -> None:
    world.announce()
    world.deliver()


def until_nothing_waits(world: World) -> None:
    """Turns the clock to each instant for which something was put off."""
    while world.underway.waiting:
        world.now = max(world.now, *(each.not_before for each in world.underway.waiting))
        world.deliver()


# The owner's own


def test_the_secret_is_shown_when_it_is_made_and_never_again(world: World):
    registered = world.hooked(world.merchant, OPENED)
    secret = registered["secret"]
    assert secret.startswith("whsec_")
    assert len(b64decode(secret.removeprefix("whsec_"))) == 32
    path = path_of(registered)
    shown = [world.merchant.get(each).text for each in (path, "/v1/webhooks")]
    shown.append(world.merchant.post(path, {"enabled": True}).text)
    assert not [each for each in shown if secret in each or 'secret"' in each]


def test_what_is_stored_of_a_secret_is_sealed(world: World):
    secret = b64decode(world.hooked(world.merchant, OPENED)["secret"].removeprefix("whsec_"))
    (webhook,) = world.webhooks.store.of_owner(SHOP)
    assert secret.hex() not in webhook.secrets[0].sealed
    assert world.sealed.open(webhook.secrets[0].sealed, webhook.id) == secret


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
    world = World(store=DisputeStore(table), table=table)
    body = {"url": URL, "events": [OPENED]}
    world.platform.post("/v1/webhooks", body, key="k")
    dispute = world.opened()
    assert world.platform.post(f"/v1/disputes/{dispute}/withdrawal", {}, key="k").code == "idempotency_key_reused"
    assert world.platform.post(f"/v1/disputes/{dispute}/withdrawal", {}, key="d").status == 200
    assert world.platform.post("/v1/webhooks", body, key="d").code == "idempotency_key_reused"


def test_f_every_other_request_takes_effect_once_too(world: World):
    path = path_of(world.hooked(world.merchant, OPENED))
    rotated = [world.merchant.post(f"{path}/secret", key="r").text for _ in range(2)]
    assert rotated[0] == rotated[1]
    changed = [world.merchant.post(path, {"enabled": False}, key="c") for _ in range(2)]
    assert changed[0].etag == changed[1].etag == '"3"'
    deleted = [world.merchant.delete(path, key="d").text for _ in range(2)]
    assert deleted[0] == deleted[1]


def test_e_anothers_webhook_is_not_there(world: World):
    path, absent = path_of(world.hooked(world.merchant, OPENED)), f"/v1/webhooks/{NOWHERE}"
    dispute = world.opened()
    carry(world)
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
    assert not world.underway.waiting


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
    paths = [path_of(world.hooked(world.merchant, OPENED)) for _ in range(MOST)]
    body = {"url": URL, "events": [OPENED]}
    assert world.merchant.post("/v1/webhooks", body).code == "too_many_webhooks"
    world.hooked(world.platform, OPENED)
    world.merchant.delete(paths[0])
    assert world.merchant.post("/v1/webhooks", body).status == 201
    assert world.merchant.post("/v1/webhooks", body).code == "too_many_webhooks"


def test_an_address_inside_is_refused_with_the_fix_in_both_languages(world: World):
    reply = world.merchant.post("/v1/webhooks", {"url": "https://169.254.169.254/", "events": [OPENED]})
    assert reply.code == "webhook_address_refused"
    assert set(reply.body["fix"]) == {"en", "zh-Hans"}
    path = path_of(world.hooked(world.merchant, OPENED))
    assert world.merchant.post(path, {"url": "http://hooks.example.com/"}).code == "webhook_address_refused"


def test_what_a_shop_can_not_be_told_of_is_refused_with_what_it_can(world: World):
    reply = world.merchant.post("/v1/webhooks", {"url": URL, "events": ["piece.inspected", "dispute.eaten"]})
    assert reply.code == "unknown_event_types"
    assert reply.body["unknown"] == ["piece.inspected", "dispute.eaten"]
    assert OPENED in reply.body["known"]
    assert world.platform.post("/v1/webhooks", {"url": URL, "events": ["piece.inspected"]}).status == 201


def test_a_change_on_another_version_is_refused(world: World):
    path = path_of(world.hooked(world.merchant, OPENED))
    etag = world.merchant.get(path).etag
    assert world.merchant.post(path, {"events": ["dispute.ruled"]}, if_match=etag).status == 200
    assert world.merchant.post(path, {"enabled": False}, if_match=etag).code == "version_conflict"


# What is sent


def test_an_event_is_sent_thin_and_signed(world: World):
    registered = world.hooked(world.merchant, OPENED)
    dispute = world.opened()
    carry(world)
    (posted,) = world.postman.posted
    assert posted.url == URL
    assert json.loads(posted.body) == {
        "type": OPENED,
        "timestamp": "2026-11-02T04:00:00.000Z",
        "data": {
            "webhook": registered["webhook"]["id"],
            "event": f"{dispute}:1",
            "dispute": dispute,
            "aggregate": dispute,
            "seq": 1,
        },
    }
    assert posted.headers["webhook-id"] == f"{dispute}:1"
    assert posted.headers["webhook-timestamp"] == str(int(world.now.timestamp()))
    signed = Verifier(registered["secret"]).sign(f"{dispute}:1", world.now, posted.body.decode())
    assert posted.headers["webhook-signature"] == signed


def test_during_the_overlap_both_secrets_sign_and_then_the_new_one_alone(world: World):
    registered = world.hooked(world.merchant, OPENED)
    rotated = world.merchant.post(f"{path_of(registered)}/secret").body
    assert rotated["webhook"]["former_secret_until"] == "2026-11-03T04:00:00.000Z"
    for hours, secrets in ((0, [rotated["secret"], registered["secret"]]), (25, [rotated["secret"]])):
        world.later(hours=hours)
        dispute = world.opened(external_id=f"EXT-{hours}")
        carry(world)
        posted = world.postman.posted[-1]
        expected = [Verifier(each).sign(f"{dispute}:1", world.now, posted.body.decode()) for each in secrets]
        assert posted.headers["webhook-signature"].split(" ") == expected


def test_e_a_shop_hears_of_its_own_disputes_and_the_platform_of_all(world: World):
    mine = world.hooked(world.merchant, OPENED)["webhook"]["id"]
    all_of_them = world.hooked(world.platform, OPENED)["webhook"]["id"]
    own = world.opened()
    other = world.opened(external_id="EXT-2", respondent=OTHER_SHOP)
    carry(world)
    heard = [(each["data"]["webhook"], each["data"]["dispute"]) for each in told(world)]
    assert sorted(heard) == sorted([(mine, own), (all_of_them, own), (all_of_them, other)])


def test_e_a_shop_hears_of_what_its_timeline_tells_and_of_nothing_else(world: World):
    """Whoever claims a review, and what the other side was asked for, is staff's business."""
    known = world.merchant.post("/v1/webhooks", {"url": URL, "events": ["?"]}).body["known"]
    everything = world.platform.post("/v1/webhooks", {"url": URL, "events": ["?"]}).body["known"]
    mine = world.hooked(world.merchant, *known)["webhook"]["id"]
    platforms = world.hooked(world.platform, *everything)["webhook"]["id"]
    dispute, _ = world.appealed()
    carry(world)
    page = world.merchant.get(f"/v1/disputes/{dispute}/timeline?limit=100").body["items"]
    shown = {each["id"] for each in page if each["data"] is not None}
    withheld = {each["id"] for each in page} - shown
    heard = {who: {e["data"]["event"] for e in told(world) if e["data"]["webhook"] == who} for who in (mine, platforms)}
    assert withheld
    assert heard[mine] == shown
    assert heard[platforms] >= shown | withheld
    assert {each["type"] for each in told(world)} >= {"piece.registered", "dispute.review_claimed"}


def test_nothing_personal_and_nothing_written_is_sent(world: World):
    everything = world.platform.post("/v1/webhooks", {"url": URL, "events": ["?"]}).body["known"]
    world.hooked(world.platform, *everything)
    world.appealed()
    carry(world)
    assert len(told(world)) > 10
    for each in told(world):
        assert set(each) == {"type", "timestamp", "data"}
        assert set(each["data"]) == {"webhook", "event", "dispute", "aggregate", "seq"}


def test_a_type_that_was_not_asked_for_is_not_sent(world: World):
    world.hooked(world.merchant, "dispute.ruled")
    world.opened()
    carry(world)
    assert not world.postman.posted


# What no longer holds is not sent


@pytest.mark.parametrize("end", ["delete", "disable", "unsubscribe"])
def test_it_is_asked_at_the_moment_of_sending_whether_it_still_holds(world: World, end):
    path = path_of(world.hooked(world.merchant, OPENED))
    world.opened()
    world.announce()
    assert len(world.underway.waiting) == 1
    if end == "delete":
        world.merchant.delete(path)
    else:
        world.merchant.post(path, {"enabled": False} if end == "disable" else {"events": ["dispute.ruled"]})
    world.deliver()
    assert not world.postman.posted
    assert not world.underway.waiting


# Failures


def test_a_failure_is_tried_again_by_the_schedule_then_set_aside_and_each_try_is_in_the_log(world: World):
    path = path_of(world.hooked(world.merchant, OPENED))
    world.postman.answers = [Outcome(9, 500), Outcome(9, trouble=Trouble.TIMED_OUT), *[Outcome(9, 503)] * 8]
    dispute = world.opened()
    began = world.now
    carry(world)
    until_nothing_waits(world)
    attempts = world.merchant.get(f"{path}/attempts?limit=100").body["items"]
    assert [each["number"] for each in attempts] == list(range(10, 0, -1))
    assert [each["status"] for each in attempts[-2:]] == [None, 500]
    assert attempts[-2]["trouble"] == "timed_out"
    assert {each["event"] for each in attempts} == {f"{dispute}:1"}
    assert world.now - began == timedelta(hours=75, minutes=35, seconds=5)
    (dead,) = world.underway.dead
    assert dead.happening.id == f"{dispute}:1"
    assert len({each.headers["webhook-id"] for each in world.postman.posted}) == 1
    world.underway.waiting = [dead]
    world.deliver()
    assert world.merchant.get(f"{path}/attempts?limit=1").body["items"][0]["delivered"]


def test_a_delivery_that_comes_too_early_is_put_off(world: World):
    world.hooked(world.merchant, OPENED)
    world.postman.answers = [Outcome(9, 500)]
    world.opened()
    carry(world)
    world.later(seconds=4)
    world.deliver()
    assert len(world.postman.posted) == 1
    assert world.underway.waits[-1] == timedelta(seconds=1)
    world.later(seconds=1)
    world.deliver()
    assert len(world.postman.posted) == 2


def test_the_same_delivery_twice_is_one_request(world: World):
    path = path_of(world.hooked(world.merchant, OPENED))
    world.opened()
    world.announce()
    world.underway.waiting *= 3
    world.deliver()
    assert len(world.postman.posted) == 1
    assert len(world.merchant.get(f"{path}/attempts").body["items"]) == 1


def test_a_failure_whose_next_attempt_got_lost_is_queued_again_without_another_request(world: World):
    world.hooked(world.merchant, OPENED)
    world.postman.answers = [Outcome(9, 500)]
    world.opened()
    world.announce()
    (first,) = world.underway.waiting
    world.deliver()
    world.underway.waiting = [first]
    world.deliver()
    assert len(world.postman.posted) == 1
    assert [each.attempt for each in world.underway.waiting] == [2]


def test_days_of_failure_disable_a_webhook_and_its_owner_sees_since_when_and_enables_it(world: World):
    path = path_of(world.hooked(world.merchant, OPENED))
    world.postman.answers = [Outcome(9, 500), Outcome(9, 500)]
    world.opened()
    carry(world)
    assert world.merchant.get(path).body["failing_since"] == "2026-11-02T04:00:00.000Z"
    world.underway.waiting.clear()
    world.now += FAILS_AT_MOST
    world.opened(external_id="EXT-2")
    carry(world)
    seen = world.merchant.get(path).body
    assert (seen["enabled"], seen["disabled_why"]) == (False, "failing")
    assert seen["disabled_at"] == "2026-11-07T04:00:00.000Z"
    for each in (f"{path}/test", f"{path}/attempts/{NOWHERE}:1/replay"):
        assert world.merchant.post(each).code in {"webhook_disabled", "not_found"}
    enabled = world.merchant.post(path, {"enabled": True}).body
    assert (enabled["enabled"], enabled["failing_since"]) == (True, None)


def test_a_receiver_that_is_gone_is_left_alone_and_it_is_measured(world: World):
    path = path_of(world.hooked(world.merchant, OPENED))
    world.postman.answers = [Outcome(9, 410)]
    world.opened()
    carry(world)
    until_nothing_waits(world)
    assert len(world.postman.posted) == 1
    assert world.merchant.get(path).body["disabled_why"] == "gone"
    assert world.measured == [(Measure.DELIVERIES_FAILED, 1), (Measure.WEBHOOKS_DISABLED, 1)]


# Tests and replays


def test_a_test_is_sent_once_and_is_in_the_log(world: World):
    registered = world.hooked(world.merchant, OPENED)
    path = path_of(registered)
    world.postman.answers = [Outcome(9, 500)]
    reply = world.merchant.post(f"{path}/test", key="t")
    assert reply.status == 202
    assert world.merchant.post(f"{path}/test", key="t").text == reply.text
    world.deliver()
    (sent,) = told(world)
    assert sent["type"] == "webhook.test"
    assert sent["data"] == {"webhook": registered["webhook"]["id"], "event": reply.body["event"]}
    (logged,) = world.merchant.get(f"{path}/attempts").body["items"]
    assert (logged["event"], logged["status"]) == (reply.body["event"], 500)
    assert not world.underway.waiting
    assert not world.underway.dead
    assert world.merchant.get(path).body["failing_since"] is None


def test_an_event_of_the_log_is_sent_again_under_its_own_id(world: World):
    path = path_of(world.hooked(world.merchant, OPENED))
    dispute = world.opened()
    carry(world)
    world.merchant.post(path, {"events": ["dispute.ruled"]})
    replay = f"{path}/attempts/{dispute}:1/replay"
    first = world.merchant.post(replay, key="r")
    assert world.merchant.post(replay, key="r").text == first.text
    world.deliver()
    ids = [each.headers["webhook-id"] for each in world.postman.posted]
    assert ids == [f"{dispute}:1"] * 2
    runs = [each["run"] for each in world.merchant.get(f"{path}/attempts").body["items"]]
    assert sorted(runs) == ["0", first.body["run"]]


def test_what_is_not_in_the_log_can_not_be_replayed(world: World):
    path = path_of(world.hooked(world.merchant, OPENED))
    test = world.merchant.post(f"{path}/test").body["event"]
    world.deliver()
    for each in (f"{NOWHERE}:1", f"{test}:1", "nothing"):
        assert world.merchant.post(f"{path}/attempts/{each}/replay").code == "not_found"


def test_a_disabled_webhook_is_neither_tried_out_nor_replayed_to(world: World):
    path = path_of(world.hooked(world.merchant, OPENED))
    dispute = world.opened()
    carry(world)
    world.merchant.post(path, {"enabled": False})
    for each in ("test", f"attempts/{dispute}:1/replay"):
        assert world.merchant.post(f"{path}/{each}").code == "webhook_disabled"
    assert not world.underway.waiting


def test_the_log_goes_on_by_cursor_and_a_cursor_is_good_for_its_log_only(world: World):
    one, other = (path_of(world.hooked(world.merchant, OPENED)) for _ in range(2))
    for number in range(3):
        world.opened(external_id=f"EXT-{number}")
        world.later(seconds=1)
        carry(world)
    first = world.merchant.get(f"{one}/attempts?limit=2").body
    rest = world.merchant.get(f"{one}/attempts?limit=2&cursor={first['next']}").body
    assert [len(each["items"]) for each in (first, rest)] == [2, 1]
    assert world.merchant.get(f"{other}/attempts?cursor={first['next']}").code == "invalid_cursor"
