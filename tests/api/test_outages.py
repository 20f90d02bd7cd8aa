"""Outages over HTTP: one operator declares, another agrees, and what was lost comes back (B11)."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.store.disputes import DisputeStore
from chalicelib.store.memory import MemoryTable
from tests.api.build import Caller, Reply, World
from tests.build import at
from tests.harm import verifier_of

WINDOW = {"since": "2026-11-03T03:00:00.000Z", "until": "2026-11-03T05:00:00.000Z", "cause": "The API was down."}
"""Around the instant at which what is opened at noon is due."""

ABSENT = "01K00000000000000000000000"


def operator(world: World, name: str = "operator-1") -> Caller:
    return world.caller("operator", sub=name)


def declared(world: World, **changes: Any) -> str:
    reply = operator(world).post("/v1/outages", WINDOW | changes)
    assert reply.status == 201, reply.text
    assert reply.headers["Location"] == f"/v1/outages/{reply.body['id']}"
    return str(reply.body["id"])


def agree(world: World, outage: str, *, by: str = "operator-2", agreed: bool = True) -> Reply:
    return operator(world, by).post(f"/v1/outages/{outage}/agreement", {"agreed": agreed})


def previewed(world: World, outage: str) -> list[dict[str, Any]]:
    """Every item, a page of one after the other."""
    items, following = [], ""
    while True:
        reply = operator(world).get(f"/v1/outages/{outage}/preview?limit=1{following}")
        items += reply.body["items"]
        if reply.body["next"] is None:
            return items
        following = f"&cursor={reply.body['next']}"


def test_b11_the_story_of_an_outage(world: World):
    running, lapsed = world.opened(), world.opened(external_id="EXT-2")
    world.now = at("2026-11-03T12:00:00.001+08:00")
    world.lapse(lapsed)
    fresh = world.opened(external_id="EXT-3")
    outage = declared(world)
    told = operator(world).get(f"/v1/outages/{outage}/preview").body
    assert told["totals"] == {
        "extended": 1, "set_aside": 1, "final": 0, "withdrawn": 0, "no_default": 0, "complete": True,
    }  # fmt: skip
    found = previewed(world, outage)
    assert [(each["dispute"], each["would"]) for each in found] == [(running, "extend"), (lapsed, "set_aside")]
    assert agree(world, outage).body["state"] == "agreed"
    world.work(outage)
    done = operator(world).get(f"/v1/outages/{outage}").body
    assert (done["state"], done["answered_by"]["id"]) == ("done", "operator-2")
    assert done["result"] == {
        "disputes": 2, "extended": 1, "set_aside": 1, "final": 0, "withdrawn": 0, "no_default": 0,
    }  # fmt: skip
    assert previewed(world, outage) == []
    (deadline,) = world.merchant.get(f"/v1/disputes/{running}").body["deadlines"]
    (extension,) = deadline["extensions"]
    assert (extension["reason"], extension["outage"]) == ("platform_fault", outage)
    assert extension["by"] == {"role": "system", "id": None}
    assert world.merchant.get(f"/v1/disputes/{lapsed}").body["status"] == "awaiting_response"
    assert world.merchant.get(f"/v1/disputes/{fresh}").body["deadlines"][0]["extensions"] == []


def test_the_parties_see_that_two_operators_said_so_and_not_which(world: World):
    dispute = world.opened()
    world.now = at("2026-11-03T12:00:00+08:00")
    outage = declared(world)
    agree(world, outage)
    world.work(outage)
    for caller in (world.merchant, world.buyer):
        items = caller.get(f"/v1/disputes/{dispute}/timeline?limit=100").body["items"]
        (allowed,) = [each for each in items if each["type"] == "OutageAllowed"]
        assert allowed["data"] == {"outage": outage, "asked": {"role": "operator"}, "agreed": {"role": "operator"}}


def test_b11_who_declared_it_cant_agree_but_may_take_it_back(world: World):
    outage = declared(world)
    assert agree(world, outage, by="operator-1").code == "second_person_needed"
    assert agree(world, outage, by="operator-1", agreed=False).body["state"] == "declined"
    assert agree(world, outage).code == "outage_answered"


def test_nobody_has_a_say_who_belongs_to_a_party(world: World):
    insider = world.caller("operator", "shop:S1", sub="operator-3")
    assert insider.post("/v1/outages", WINDOW).code == "conflict_of_interest"
    path = f"/v1/outages/{declared(world)}/agreement"
    assert insider.post(path, {"agreed": True}).code == "conflict_of_interest"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until": WINDOW["since"]}, "invalid_outage"),
        ({"since": "2026-08-01T00:00:00.000Z", "until": "2026-08-02T00:00:00.000Z"}, "invalid_outage"),
        ({"reasons": ["boredom"]}, "unknown_reason"),
        ({"kinds": ["review_claim"]}, "invalid_body"),
        ({"kinds": []}, "invalid_body"),
        ({"extra_hours": 0}, "invalid_body"),
        ({"extra_hours": 721}, "invalid_body"),
        ({"respondents": ["S1"]}, "invalid_body"),
        ({"cause": ""}, "invalid_body"),
        ({"colour": "red"}, "invalid_body"),
    ],
)
def test_what_isnt_an_outage_is_refused(world: World, changes, code):
    refused = operator(world).post("/v1/outages", WINDOW | changes)
    assert refused.code == code
    assert refused.status == 422


def test_it_can_be_about_some_shops_reasons_and_deadlines(world: World):
    only = {"respondents": ["shop:S2"], "reasons": ["quality"], "kinds": ["review"]}
    told = operator(world).get(f"/v1/outages/{declared(world, **only, extra_hours=3)}").body
    assert {name: told[name] for name in only} == only
    assert told["extra_seconds"] == 3 * 3600


@pytest.mark.parametrize("path", ["", "/preview"])
def test_an_outage_that_isnt_there_is_404(world: World, path):
    assert operator(world).get(f"/v1/outages/{ABSENT}{path}").code == "not_found"
    assert agree(world, ABSENT).code == "not_found"


def test_f_the_same_request_answers_the_same_again(world: World):
    caller = operator(world)
    first = caller.post("/v1/outages", WINDOW, key="k1")
    outage = first.body["id"]
    second = operator(world, "operator-2")
    answered = second.post(f"/v1/outages/{outage}/agreement", {"agreed": True}, key="k2")
    world.work(outage)
    world.later(hours=1)
    for caller_, path, body, key, before in (
        (caller, "/v1/outages", WINDOW, "k1", first),
        (second, f"/v1/outages/{outage}/agreement", {"agreed": True}, "k2", answered),
    ):
        again = caller_.post(path, body, key=key)
        assert (again.status, again.text) == (before.status, before.text)
    assert caller.post("/v1/outages", WINDOW | {"cause": "Another."}, key="k1").code == "idempotency_key_reused"
    assert len(caller.get("/v1/outages").body["items"]) == 1


def test_they_are_listed_for_operators_in_pages_that_are_their_holders_own(world: World):
    ids = []
    for _ in range(3):
        ids.append(declared(world))
        world.later(seconds=1)
    first = operator(world).get("/v1/outages?limit=2").body
    assert [each["id"] for each in first["items"]] == ids[:0:-1]
    rest = operator(world).get(f"/v1/outages?limit=2&cursor={first['next']}").body
    assert ([each["id"] for each in rest["items"]], rest["next"]) == (ids[:1], None)
    other = operator(world, "operator-2").get(f"/v1/outages?limit=2&cursor={first['next']}")
    assert other.code == "invalid_cursor"


def test_b7_what_an_outage_leaves_is_in_order_seen_from_outside():
    table = MemoryTable()
    world = World(store=DisputeStore(table))
    dispute = world.opened()
    world.opened(external_id="EXT-2")
    world.now = at("2026-11-03T12:00:00.001+08:00")
    world.lapse(dispute)
    dismissed = world.an_appeal(dispute) | {"accept_dismissal": True}
    assert world.merchant.post(f"/v1/disputes/{dispute}/appeals", dismissed).status == 201
    assert world.merchant.get("/v1/shops/S1/appeal-quota").body["failed_in_year"] == 1
    outage = declared(world)
    agree(world, outage)
    world.work(outage)
    assert world.merchant.get("/v1/shops/S1/appeal-quota").body["failed_in_year"] == 0
    for each in world.store.outbox(world.now + timedelta(seconds=1), limit=100):
        world.store.published(each.id)
    assert verifier_of(table, world).whole().violations == ()
