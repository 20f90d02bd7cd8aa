"""Lists, queues, timelines, the feed: pages that go on, for their holder only."""

from typing import Any

import pytest

from chalicelib.http.cursors import Cursors
from chalicelib.http.problems import InvalidCursor
from tests.api.build import Caller, World


def pages(caller: Caller, path: str, name: str = "cursor") -> list[dict[str, Any]]:
    """Every item, a page after the other."""
    items, reply = [], caller.get(path).body
    items.extend(reply["items"])
    while reply["next"] and reply["items"]:
        reply = caller.get(f"{path}&{name}={reply['next']}").body
        items.extend(reply["items"])
    return items


def five(world: World) -> list[str]:
    opened = []
    for number in range(5):
        opened.append(world.opened(external_id=f"EXT-{number}"))
        world.later(seconds=1)
    return opened


def test_pages_hold_everything_once_newest_first(world: World):
    opened = five(world)
    assert [each["id"] for each in pages(world.merchant, "/v1/disputes?limit=2")] == opened[::-1]


def test_a_row_says_what_is_missing_and_what_is_due(world: World):
    dispute = world.opened()
    (row,) = world.merchant.get("/v1/disputes?sort=deadline").body["items"]
    assert (row["id"], row["missing_count"], row["due_party"]) == (dispute, 1, "shop:S1")
    assert (row["due_at"], row["due_at_local"]) == ("2026-11-03T04:00:00.000Z", "2026-11-03T12:00:00.000+08:00")
    world.submitted(dispute)
    assert world.merchant.get("/v1/disputes").body["items"][0]["missing_count"] == 0
    world.later(hours=24, milliseconds=1)
    assert world.merchant.get("/v1/disputes").body["items"][0]["past_due"] is True


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("external_id=EXT-1", 1),
        ("external_id=EXT-9", 0),
        ("order_id=O-1", 2),
        ("shop=S1&status=under_review", 1),
        ("shop=S1&status=awaiting_response&sort=deadline", 1),
        ("shop=S1&reason=not_received", 2),
        ("shop=S1&due_before=2026-11-03T04:00:00.001Z", 1),
        ("shop=S1&due_before=2026-11-03T04:00:00.000Z", 0),
        ("updated_since=2026-11-02T04:00:00.000Z", 2),
        ("updated_since=2026-11-02T04:00:00.001Z", 0),
    ],
)
def test_disputes_are_found_by_what_there_is_an_index_for(world: World, query, found):
    world.opened(external_id="EXT-0")
    world.contested(external_id="EXT-1")
    assert len(world.platform.get(f"/v1/disputes?{query}").body["items"]) == found


def test_who_holds_a_review_until_when_is_staff_s_own(world: World):
    world.claimed()
    assert world.reviewer.get("/v1/reviews?queue=review").body["items"][0]["claimed_until"]
    assert world.merchant.get("/v1/disputes").body["items"][0]["claimed_until"] is None


def test_a_cursor_is_of_its_holder_and_its_list(world: World):
    five(world)
    cursor = world.merchant.get("/v1/disputes?limit=2").body["next"]
    colleague = world.caller("merchant", "shop:S1", sub="merchant-2")
    elsewhere = (
        (colleague, f"/v1/disputes?limit=2&cursor={cursor}"),
        (world.platform, f"/v1/disputes?limit=2&cursor={cursor}"),
        (world.merchant, f"/v1/disputes?limit=2&shop=S1&cursor={cursor}"),
        (world.merchant, f"/v1/disputes?limit=2&reason=not_received&shop=S1&cursor={cursor}"),
        (world.merchant, f"/v1/disputes?limit=2&cursor={cursor[:-2]}"),
        (world.merchant, f"/v1/disputes?limit=2&cursor={cursor[:-4]}AAAA"),
        (world.merchant, "/v1/disputes?limit=2&cursor=%C3%A9"),
        (world.merchant, "/v1/disputes?limit=2&cursor=x"),
    )
    for caller, path in elsewhere:
        reply = caller.get(path)
        assert (reply.status, reply.code) == (400, "invalid_cursor"), path
    assert world.merchant.get(f"/v1/disputes?limit=3&cursor={cursor}").status == 200, "the limit may change"


def test_a_cursor_of_one_timeline_is_not_another_s(world: World):
    one, other = world.opened(), world.opened(external_id="EXT-2")
    cursor = world.merchant.get(f"/v1/disputes/{one}/timeline?limit=1").body["next"]
    assert world.merchant.get(f"/v1/disputes/{one}/timeline?cursor={cursor}").body["items"][0]["seq"] == 2
    assert world.merchant.get(f"/v1/disputes/{other}/timeline?cursor={cursor}").code == "invalid_cursor"


def test_a_cursor_tells_nothing():
    cursors = Cursors.keyed("secret", lambda size: b"n" * size)
    sealed = cursors.seal("2026-11-02#01K0000", "merchant:1", {"shop": "S1"})
    assert sealed is not None
    assert "2026" not in sealed
    assert cursors.open(sealed, "merchant:1", {"shop": "S1"}) == "2026-11-02#01K0000"
    with pytest.raises(InvalidCursor):
        Cursors.keyed("another", lambda size: b"n" * size).open(sealed, "merchant:1", {"shop": "S1"})


def test_a_timeline_tells_what_happened_in_order(world: World):
    dispute = world.ruled()
    items = pages(world.reviewer, f"/v1/disputes/{dispute}/timeline?limit=3")
    assert [each["type"] for each in items][:2] == ["DisputeOpened", "DeadlineSet"]
    assert [each["seq"] for each in items] == list(range(1, len(items) + 1))
    assert items[-2]["type"] == "DeadlineCleared" or "Ruled" in {each["type"] for each in items}
    assert items[0]["by"] == {"role": "platform", "id": "platform-1"}


def test_the_feed_holds_every_event_once_and_goes_on(world: World):
    dispute = world.contested()
    world.later(seconds=31)
    items = pages(world.platform, "/v1/events?limit=4", "after")
    assert len({each["id"] for each in items}) == len(items)
    of_dispute = [each for each in items if each["aggregate"] == dispute]
    assert [each["seq"] for each in of_dispute] == list(range(1, len(of_dispute) + 1))
    assert {each["type"] for each in items} >= {"DisputeOpened", "PieceRegistered", "Responded"}
    end = world.platform.get("/v1/events?limit=100").body["next"]
    assert world.platform.get(f"/v1/events?after={end}").body["items"] == []
    world.opened(external_id="EXT-2")
    world.later(seconds=31)
    other_system = world.caller("platform", sub="platform-2")
    assert other_system.get(f"/v1/events?after={end}").body["items"][0]["type"] == "DisputeOpened"


def test_the_feed_stays_half_a_minute_behind_so_that_nothing_slips_in_before(world: World):
    world.opened()
    assert world.platform.get("/v1/events").body["items"] == []
    world.later(seconds=30, milliseconds=1)
    assert len(world.platform.get("/v1/events").body["items"]) == 2


def test_the_feed_is_the_platform_s(world: World):
    assert world.reviewer.get("/v1/events").code == "not_permitted"


def test_queues_are_for_those_who_work_on_them(world: World):
    world.contested()
    world.appealed(external_id="EXT-2")
    assert len(world.reviewer.get("/v1/reviews?queue=review").body["items"]) == 1
    assert len(world.appeal_reviewer.get("/v1/reviews?queue=appeal").body["items"]) == 1
    assert world.reviewer.get("/v1/reviews").code == "invalid_query"
    assert world.reviewer.get("/v1/reviews?queue=lunch").code == "invalid_query"
