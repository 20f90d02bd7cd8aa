"""Clocks that differ: each case has one function, or two, five minutes off, and asserts what holds and what doesn't."""

import copy
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from itertools import pairwise
from typing import Any

from chalicelib.domain.model import Basis
from chalicelib.domain.piece import PieceStatus
from chalicelib.http.tokens import TokenVerifier
from tests.api.build import SETTINGS, SHOP, WORDS, Reply, sign
from tests.build import MILLISECOND
from tests.chaos.consumers import details, reference_consumer
from tests.chaos.report import Section, asserted
from tests.chaos.town import Town
from tests.chaos.uploads import DAY, Upload

OFF = timedelta(minutes=5)
IN_FLIGHT = timedelta(seconds=20)
"""The sweep takes what has been due for longer than this."""
SETTLED = timedelta(seconds=30)
"""So far is the feed behind."""
PARTS = ("api", "inspect", "lapse", "sweep")


def off(town: Town, part: str, by: timedelta) -> None:
    """From here on this function's clock is ahead by so much, or behind."""

    def clock() -> datetime:
        return town.now + by

    match part:
        case "api":
            town.deps = copy.replace(town.deps, clock=clock, tokens=TokenVerifier(SETTINGS, town.keys, clock))
        case "inspect":
            town.inspector = copy.replace(town.inspector, clock=clock)
        case "lapse":
            town.lapser = copy.replace(town.lapser, clock=clock)
        case "sweep":
            town.sweeper = copy.replace(town.sweeper, clock=clock)
        case _:
            raise ValueError(part)


def epoch(instant: datetime) -> int:
    """As API Gateway says when it received a request."""
    return round(instant.timestamp() * 1000)


def accepts(town: Town, dispute: str, received: datetime, **more: Any) -> Reply:
    """The shop accepts; its request reached the gateway at this instant."""
    return town.merchant.post(f"/v1/disputes/{dispute}/acceptance", {"statement": WORDS}, epoch=epoch(received), **more)


def basis(town: Town, dispute: str) -> Basis | None:
    ruling = town.dispute(dispute).ruling
    return ruling.basis if ruling else None


# --- deadlines ---


def no_default_falls_early_nor_more_than_so_much_late(part: str, by: timedelta) -> None:
    town = Town()
    dispute = town.opened()
    due = town.now + DAY
    off(town, part, by)
    town.now = due - timedelta(minutes=4)
    _run(town)
    assert basis(town, dispute) is None
    town.now = due + OFF + IN_FLIGHT + MILLISECOND
    _run(town)
    assert basis(town, dispute) is Basis.DEFAULT


def only_if_sweep_and_worker_are_both_ahead_it_falls_early_by_what_they_are_less_twenty_seconds() -> None:
    town = Town()
    dispute = town.opened()
    due = town.now + DAY
    off(town, "sweep", OFF)
    off(town, "lapse", OFF)
    town.now = due - OFF + IN_FLIGHT
    _run(town)
    assert basis(town, dispute) is None
    town.now += MILLISECOND
    _run(town)
    assert basis(town, dispute) is Basis.DEFAULT


def _run(town: Town) -> None:
    town.sweep()
    for job, body in town.queued():
        town.hand(job, body)
    assert town.failed == []


def an_api_that_is_ahead_refuses_nothing_that_the_gateway_got_in_time() -> None:
    town = Town()
    dispute = town.opened()
    town.now += DAY
    off(town, "api", OFF)
    assert accepts(town, dispute, town.now).status == HTTPStatus.OK


def an_api_that_is_behind_lets_through_who_is_late_by_no_more_than_that() -> None:
    for late, status in ((OFF, HTTPStatus.OK), (OFF + MILLISECOND, HTTPStatus.CONFLICT)):
        town = Town()
        dispute = town.opened()
        town.now += DAY + late
        off(town, "api", -OFF)
        assert accepts(town, dispute, town.now).status == status


def instants_of_a_dispute_never_go_back(first: timedelta, then: timedelta) -> None:
    town = Town()
    off(town, "api", first)
    dispute = town.contested()
    off(town, "api", then)
    assert town.reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == HTTPStatus.OK
    off(town, "api", first)
    ruling = town.a_ruling(dispute)
    off(town, "api", then)
    assert town.reviewer.post(f"/v1/disputes/{dispute}/ruling", ruling).status == HTTPStatus.OK
    instants = [each.at for each in town.store.timeline(dispute, limit=100).items]
    assert all(one <= other for one, other in pairwise(instants))
    window = next(each for each in town.dispute(dispute).deadlines if each.kind == "appeal_window")
    assert window.due - instants[-1] == timedelta(days=7)


# --- uploads: the store's clock alone ---


def what_the_store_says_came_in_time_counts(part: str, by: timedelta) -> None:
    town = Town()
    it = Upload(town)
    off(town, part, by)
    assert it.is_stamped(timedelta(), b"x").noticed()
    _run_until(town, it.due + 2 * OFF)
    assert it.piece.status is PieceStatus.UNUSABLE
    assert it.piece.in_time


def what_the_store_says_came_late_counts_for_nothing(part: str, by: timedelta) -> None:
    town = Town()
    it = Upload(town)
    off(town, part, by)
    assert it.is_stamped(MILLISECOND).noticed()
    _run_until(town, it.due + 2 * OFF)
    assert (it.piece.status, it.basis) == (PieceStatus.LATE, Basis.DEFAULT)


def _run_until(town: Town, end: datetime) -> None:
    while town.now < end:
        town.later(minutes=1)
        _run(town)


def a_form_still_ends_with_the_deadline(by: timedelta) -> None:
    town = Town()
    dispute = town.opened()
    due = town.now + DAY
    off(town, "api", by)
    town.now = due - OFF - MILLISECOND
    _, form = town.registered(dispute)
    assert form.expires_at <= due


# --- keys, tokens, the feed, the outbox ---


def the_same_key_gives_the_same_answer(first: timedelta, then: timedelta) -> None:
    town = Town()
    dispute = town.opened()
    off(town, "api", first)
    before = accepts(town, dispute, town.now, key="the-same")
    off(town, "api", then)
    town.later(minutes=1)
    again = accepts(town, dispute, town.now, key="the-same")
    assert (before.status, before.text) == (again.status, again.text)
    assert town.dispute(dispute).seq == before.body["version"]


def a_token_is_good_for_as_much_more_or_less(by: timedelta) -> None:
    """And for the thirty seconds by which any two clocks may differ."""
    town = Town()
    issued = town.claims(role="merchant", parties=(SHOP,))
    ends = datetime.fromtimestamp(issued["exp"], tz=town.now.tzinfo)
    off(town, "api", by)
    for shift, status in ((timedelta(seconds=-31), HTTPStatus.OK), (timedelta(seconds=31), HTTPStatus.UNAUTHORIZED)):
        headers = {"authorization": f"Bearer {sign(issued)}"}
        town.now = ends - by + shift
        assert town.send("GET", "/v1/disputes", headers=headers).status == status, (by, shift)


def a_token_from_the_future_is_refused_and_nothing_is_done() -> None:
    town = Town()
    dispute = town.opened()
    off(town, "api", -OFF)
    fresh = town.claims() | {"iat": int(town.now.timestamp())}
    headers = {"authorization": f"Bearer {sign(fresh)}", "idempotency-key": "k", "content-type": "application/json"}
    refused = town.send("POST", f"/v1/disputes/{dispute}/acceptance", b"{}", headers)
    assert (refused.status, town.dispute(dispute).seq) == (HTTPStatus.UNAUTHORIZED, 2)


def the_feed_overtakes_who_is_behind_by_more_than_it_waits(behind: timedelta, *, seen: bool) -> None:
    town = Town()
    town.opened(external_id="EXT-1")
    follower = _Follower(town)
    town.later(seconds=31)
    follower.asks()
    town.now -= behind
    slow = town.opened(external_id="EXT-2")
    town.now += behind
    town.later(seconds=31)
    follower.asks()
    assert (f"{slow}:1" in follower.ids) is seen
    _bus_carries(town, slow)


class _Follower:
    def __init__(self, town: Town) -> None:
        self.town = town
        self.after: str | None = None
        self.ids: list[str] = []

    def asks(self) -> None:
        page = self.town.store.feed(limit=100, after=self.after, until=self.town.now - SETTLED)
        self.after = page.next
        self.ids += [each.id for each in page.items]


def _bus_carries(town: Town, dispute: str) -> None:
    """Whoever follows the bus has it all the same."""
    town.publish(town.stream())
    seen: list[Mapping[str, Any]] = []
    consumer = reference_consumer()(seen.append)
    for each in details(town.sent.published):
        consumer.take(each)
    assert [each["seq"] for each in seen if each["dispute"] == dispute] == [1, 2]
    assert consumer.missing() == set()


def all_is_published_in_the_end(by: timedelta) -> None:
    town = Town()
    off(town, "sweep", by)
    town.opened()
    for _ in range(8):
        town.sweep()
        town.later(minutes=1)
    assert town.outbox() == ()
    assert len(town.sent.published) == 1


def _both_ways(case: Callable[[timedelta], None]) -> dict[str, Callable[[], object]]:
    return {f"{_name(case)}: {_said(by)}": partial(case, by) for by in (OFF, -OFF)}


def _each_part(case: Callable[[str, timedelta], None]) -> dict[str, Callable[[], object]]:
    return {f"{_name(case)}: {part} {_said(by)}": partial(case, part, by) for part in PARTS for by in (OFF, -OFF)}


def _name(case: Callable[..., object]) -> str:
    return str(case.__name__).replace("_", " ")


def _said(by: timedelta) -> str:
    return f"five minutes {'ahead' if by > timedelta() else 'behind'}"


_ALONE = (
    only_if_sweep_and_worker_are_both_ahead_it_falls_early_by_what_they_are_less_twenty_seconds,
    an_api_that_is_ahead_refuses_nothing_that_the_gateway_got_in_time,
    a_token_from_the_future_is_refused_and_nothing_is_done,
    an_api_that_is_behind_lets_through_who_is_late_by_no_more_than_that,
)

CASES: Mapping[str, Callable[[], object]] = {
    **{_name(each): each for each in _ALONE},
    **_each_part(no_default_falls_early_nor_more_than_so_much_late),
    **_each_part(what_the_store_says_came_in_time_counts),
    **_each_part(what_the_store_says_came_late_counts_for_nothing),
    **_both_ways(a_form_still_ends_with_the_deadline),
    **_both_ways(a_token_is_good_for_as_much_more_or_less),
    **_both_ways(all_is_published_in_the_end),
    **{
        f"{_name(case)}: {_said(first)}, then {_said(-first)}": partial(case, first, -first)
        for case in (instants_of_a_dispute_never_go_back, the_same_key_gives_the_same_answer)
        for first in (OFF, -OFF)
    },
    "the feed shows who is behind by no more than it waits": partial(
        the_feed_overtakes_who_is_behind_by_more_than_it_waits, timedelta(seconds=29), seen=True
    ),
    "the feed overtakes who is five minutes behind, the bus doesn't": partial(
        the_feed_overtakes_who_is_behind_by_more_than_it_waits, OFF, seen=False
    ),
}


SECTION = Section("Clocks that differ", "clock cases", lambda: asserted(CASES))
