"""What webhooks are told: which events, signed how, how often, and until when."""

import json
from datetime import timedelta

import pytest
from standardwebhooks import Webhook as Verifier

from chalicelib.domain.measures import Measure
from chalicelib.domain.webhooks import FAILS_AT_MOST, Outcome, Trouble
from tests.api.build import OTHER_SHOP, World
from tests.api.hooks import OPENED, URL, hooked, path_of

NOWHERE = "01K00000000000000000000000"


def until_nothing_waits(world: World) -> None:
    """Turns the clock to each instant for which something was put off."""
    while world.mail.underway.waiting:
        world.now = max(world.now, *(each.not_before for each in world.mail.underway.waiting))
        world.mail.deliver()


# What is sent


def test_an_event_is_sent_thin_and_signed(world: World):
    registered = hooked(world.merchant, OPENED)
    dispute = world.opened()
    world.mail.carry()
    (posted,) = world.mail.postman.posted
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
    registered = hooked(world.merchant, OPENED)
    rotated = world.merchant.post(f"{path_of(registered)}/secret").body
    assert rotated["webhook"]["former_secret_until"] == "2026-11-03T04:00:00.000Z"
    for hours, secrets in ((0, [rotated["secret"], registered["secret"]]), (25, [rotated["secret"]])):
        world.later(hours=hours)
        dispute = world.opened(external_id=f"EXT-{hours}")
        world.mail.carry()
        posted = world.mail.postman.posted[-1]
        expected = [Verifier(each).sign(f"{dispute}:1", world.now, posted.body.decode()) for each in secrets]
        assert posted.headers["webhook-signature"].split(" ") == expected


def test_e_a_shop_hears_of_its_own_disputes_and_the_platform_of_all(world: World):
    mine = hooked(world.merchant, OPENED)["webhook"]["id"]
    all_of_them = hooked(world.platform, OPENED)["webhook"]["id"]
    own = world.opened()
    other = world.opened(external_id="EXT-2", respondent=OTHER_SHOP)
    world.mail.carry()
    heard = [(each["data"]["webhook"], each["data"]["dispute"]) for each in world.mail.told]
    assert sorted(heard) == sorted([(mine, own), (all_of_them, own), (all_of_them, other)])


def test_e_a_shop_hears_of_what_its_timeline_tells_and_of_nothing_else(world: World):
    """Whoever claims a review, and what the other side was asked for, is staff's business."""
    known = world.merchant.post("/v1/webhooks", {"url": URL, "events": ["?"]}).body["known"]
    everything = world.platform.post("/v1/webhooks", {"url": URL, "events": ["?"]}).body["known"]
    mine = hooked(world.merchant, *known)["webhook"]["id"]
    platforms = hooked(world.platform, *everything)["webhook"]["id"]
    dispute, _ = world.appealed()
    world.mail.carry()
    page = world.merchant.get(f"/v1/disputes/{dispute}/timeline?limit=100").body["items"]
    shown = {each["id"] for each in page if each["data"] is not None}
    withheld = {each["id"] for each in page} - shown
    heard = {
        who: {e["data"]["event"] for e in world.mail.told if e["data"]["webhook"] == who} for who in (mine, platforms)
    }
    assert withheld
    assert heard[mine] == shown
    assert heard[platforms] >= shown | withheld
    assert {each["type"] for each in world.mail.told} >= {"piece.registered", "dispute.review_claimed"}


def test_nothing_personal_and_nothing_written_is_sent(world: World):
    everything = world.platform.post("/v1/webhooks", {"url": URL, "events": ["?"]}).body["known"]
    hooked(world.platform, *everything)
    world.appealed()
    world.mail.carry()
    assert len(world.mail.told) > 10
    for each in world.mail.told:
        assert set(each) == {"type", "timestamp", "data"}
        assert set(each["data"]) == {"webhook", "event", "dispute", "aggregate", "seq"}


def test_a_type_that_was_not_asked_for_is_not_sent(world: World):
    hooked(world.merchant, "dispute.ruled")
    world.opened()
    world.mail.carry()
    assert not world.mail.postman.posted


# What no longer holds is not sent


@pytest.mark.parametrize("end", ["delete", "disable", "unsubscribe"])
def test_it_is_asked_at_the_moment_of_sending_whether_it_still_holds(world: World, end):
    path = path_of(hooked(world.merchant, OPENED))
    world.opened()
    world.mail.announce()
    assert len(world.mail.underway.waiting) == 1
    if end == "delete":
        world.merchant.delete(path)
    else:
        world.merchant.post(path, {"enabled": False} if end == "disable" else {"events": ["dispute.ruled"]})
    world.mail.deliver()
    assert not world.mail.postman.posted
    assert not world.mail.underway.waiting


# Failures


def test_a_failure_is_tried_again_by_the_schedule_then_set_aside_and_each_try_is_in_the_log(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    world.mail.postman.answers = [Outcome(9, 500), Outcome(9, trouble=Trouble.TIMED_OUT), *[Outcome(9, 503)] * 8]
    dispute = world.opened()
    began = world.now
    world.mail.carry()
    until_nothing_waits(world)
    attempts = world.merchant.get(f"{path}/attempts?limit=100").body["items"]
    assert [each["number"] for each in attempts] == list(range(10, 0, -1))
    assert [each["status"] for each in attempts[-2:]] == [None, 500]
    assert attempts[-2]["trouble"] == "timed_out"
    assert {each["event"] for each in attempts} == {f"{dispute}:1"}
    assert world.now - began == timedelta(hours=75, minutes=35, seconds=5)
    (dead,) = world.mail.underway.dead
    assert dead.happening.id == f"{dispute}:1"
    assert len({each.headers["webhook-id"] for each in world.mail.postman.posted}) == 1
    world.mail.underway.waiting = [dead]
    world.mail.deliver()
    assert world.merchant.get(f"{path}/attempts?limit=1").body["items"][0]["delivered"]


def test_what_is_put_back_from_the_dead_letters_is_sent_only_if_it_is_still_wanted(world: World):
    """Putting back is the operator's doing; a replay is the owner's, and is sent whatever the webhook says."""
    path = path_of(hooked(world.merchant, OPENED))
    world.mail.postman.answers = [Outcome(9, 500)] * 10
    dispute = world.opened()
    world.mail.carry()
    until_nothing_waits(world)
    world.mail.underway.waiting = world.mail.underway.dead
    world.merchant.post(path, {"events": ["dispute.ruled"]})
    world.mail.deliver()
    assert len(world.mail.postman.posted) == 10
    world.merchant.post(f"{path}/attempts/{dispute}:1/replay")
    world.mail.deliver()
    assert len(world.mail.postman.posted) == 11


def test_a_delivery_that_comes_too_early_is_put_off(world: World):
    hooked(world.merchant, OPENED)
    world.mail.postman.answers = [Outcome(9, 500)]
    world.opened()
    world.mail.carry()
    world.later(seconds=4)
    world.mail.deliver()
    assert len(world.mail.postman.posted) == 1
    assert world.mail.underway.waits[-1] == timedelta(seconds=1)
    world.later(seconds=1)
    world.mail.deliver()
    assert len(world.mail.postman.posted) == 2


def test_the_same_delivery_twice_is_one_request(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    world.opened()
    world.mail.announce()
    world.mail.underway.waiting *= 3
    world.mail.deliver()
    assert len(world.mail.postman.posted) == 1
    assert len(world.merchant.get(f"{path}/attempts").body["items"]) == 1


def test_a_failure_whose_next_attempt_got_lost_is_queued_again_without_another_request(world: World):
    hooked(world.merchant, OPENED)
    world.mail.postman.answers = [Outcome(9, 500)]
    world.opened()
    world.mail.announce()
    (first,) = world.mail.underway.waiting
    world.mail.deliver()
    world.mail.underway.waiting = [first]
    world.mail.deliver()
    assert len(world.mail.postman.posted) == 1
    assert [each.attempt for each in world.mail.underway.waiting] == [2]


def test_days_of_failure_disable_a_webhook_and_its_owner_sees_since_when_and_enables_it(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    world.mail.postman.answers = [Outcome(9, 500), Outcome(9, 500)]
    world.opened()
    world.mail.carry()
    assert world.merchant.get(path).body["failing_since"] == "2026-11-02T04:00:00.000Z"
    world.mail.underway.waiting.clear()
    world.now += FAILS_AT_MOST
    world.opened(external_id="EXT-2")
    world.mail.carry()
    seen = world.merchant.get(path).body
    assert (seen["enabled"], seen["disabled_why"]) == (False, "failing")
    assert seen["disabled_at"] == "2026-11-07T04:00:00.000Z"
    for each in (f"{path}/test", f"{path}/attempts/{NOWHERE}:1/replay"):
        assert world.merchant.post(each).code in {"webhook_disabled", "not_found"}
    enabled = world.merchant.post(path, {"enabled": True}).body
    assert (enabled["enabled"], enabled["failing_since"]) == (True, None)


def test_a_receiver_that_is_gone_is_left_alone_and_it_is_measured(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    world.mail.postman.answers = [Outcome(9, 410)]
    world.opened()
    world.mail.carry()
    until_nothing_waits(world)
    assert len(world.mail.postman.posted) == 1
    assert world.merchant.get(path).body["disabled_why"] == "gone"
    assert world.mail.measured == [(Measure.DELIVERIES_FAILED, 1), (Measure.WEBHOOKS_DISABLED, 1)]


# Others at the same time


def test_what_is_changed_while_a_request_is_under_way_stays_changed_and_the_attempt_is_logged(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    world.mail.postman.answers = [Outcome(9, 500)]
    world.mail.postman.meanwhile = lambda: world.merchant.post(path, {"events": ["dispute.ruled"]})
    world.opened()
    world.mail.carry()
    seen = world.merchant.get(path).body
    assert (seen["events"], seen["failing_since"]) == (["dispute.ruled"], "2026-11-02T04:00:00.000Z")
    assert len(world.merchant.get(f"{path}/attempts").body["items"]) == 1


def test_what_is_deleted_while_a_request_is_under_way_stays_deleted(world: World):
    path = path_of(hooked(world.merchant, OPENED))
    world.mail.postman.answers = [Outcome(9, 500)]
    world.mail.postman.meanwhile = lambda: world.merchant.delete(path)
    world.opened()
    world.mail.carry()
    until_nothing_waits(world)
    assert world.merchant.get("/v1/webhooks").body["items"] == []
    assert len(world.mail.postman.posted) == 1


def test_two_deliver_the_same_at_once_and_the_log_has_it_once(world: World):
    """Both ask before either has answered: the receiver gets it twice under one id, and the failure goes on once."""
    path = path_of(hooked(world.merchant, OPENED))
    world.mail.postman.answers = [Outcome(9, 500), Outcome(9, 500)]
    world.opened()
    world.mail.announce()
    (delivery,) = world.mail.underway.waiting
    world.mail.postman.meanwhile = lambda: world.mail.work_on(delivery)
    world.mail.deliver()
    assert len({each.headers["webhook-id"] for each in world.mail.postman.posted}) == 1
    assert len(world.merchant.get(f"{path}/attempts").body["items"]) == 1
    assert {each.attempt for each in world.mail.underway.waiting} == {2}
    world.later(seconds=5)
    world.mail.deliver()
    assert len(world.mail.postman.posted) == 3
    assert not world.mail.underway.waiting
