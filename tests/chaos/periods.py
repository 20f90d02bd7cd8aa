"""Months, years and what expires: each case asserts in which period a failure counts, or that what is over is over."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from chalicelib.domain.ports import IDEMPOTENCY_KEYS_LIVE, Commit, VersionRaced
from chalicelib.domain.quota import refusal
from chalicelib.jobs.inspect import inspect
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.imprints import LIVE
from policies.book import PolicyBook
from policies.calendar import Month
from policies.errors import PolicyError
from policies.model import FailureCountedIn, Policy
from tests.api.build import SHOP, WORDS, Reply
from tests.build import MILLISECOND, a_policy, at, failed
from tests.chaos.clocks import epoch
from tests.chaos.report import Counted, Section, asserted
from tests.chaos.town import Town, notification

MIDNIGHTS = {"month": at("2026-12-01T00:00:00+08:00"), "year": at("2027-01-01T00:00:00+08:00")}
"""The first instant of the next, in Shanghai."""
A_LIMIT = a_policy().appeal.quota


class Failing:
    """A shop in default, whose appeal is dismissed at once and counts, around the end of a period."""

    def __init__(self, midnight: datetime, town: Town | None = None) -> None:
        self.town, self.midnight = town or Town(), midnight
        self.town.now = midnight - timedelta(days=2)
        self.dispute = self.town.defaulted()

    def appeals(self, received: datetime, key: str = "the-same") -> Reply:
        asked = {"grounds": ["attribution"], "statement": WORDS, "pieces": [], "accept_dismissal": True}
        return self.town.merchant.post(f"/v1/disputes/{self.dispute}/appeals", asked, key=key, epoch=epoch(received))

    @property
    def counted(self) -> list[int]:
        """In the last month of the old period, and in the first of the new one."""
        return counted(self.town, self.midnight - MILLISECOND, self.midnight)


def counted(town: Town, *instants: datetime, policy: str = "marketplace") -> list[int]:
    months = [Month.of(each, "Asia/Shanghai") for each in instants]
    years = [each.year for each in months]
    _, failures = town.store.facts("none", (), policy=policy, respondent=SHOP, years=years)
    return [failures.in_month(each) for each in months]


def received_before_midnight_and_carried_out_after_it_counts_in_the_old_period(midnight: datetime) -> None:
    it = Failing(midnight)
    it.town.now = midnight + timedelta(seconds=5)
    first = it.appeals(midnight - MILLISECOND)
    assert (first.status, it.counted) == (HTTPStatus.CREATED, [1, 0])
    it.town.now = midnight + timedelta(days=1)
    again = it.appeals(it.town.now)
    assert (again.status, again.text, it.counted) == (first.status, first.text, [1, 0])


def received_at_midnight_counts_in_the_new_period(midnight: datetime) -> None:
    it = Failing(midnight)
    it.town.now = midnight + timedelta(seconds=5)
    assert it.appeals(midnight).status == HTTPStatus.CREATED
    assert it.counted == [0, 1]


def one_that_lost_races_over_midnight_counts_when_it_was_received(midnight: datetime) -> None:
    it = Failing(midnight)
    it.town.now = midnight - MILLISECOND
    store = _Racing(it.town)
    it.town.deps = copy.replace(it.town.deps, commands=copy.replace(it.town.commands, store=store))
    assert it.appeals(it.town.now).status == HTTPStatus.CREATED
    assert it.town.now > midnight
    assert it.counted == [1, 0]


class _Racing(DisputeStore):
    """Somebody else is always a little faster, until midnight is over."""

    def __init__(self, town: Town) -> None:
        super().__init__(town.table)
        self.town, self.lost = town, 0

    def commit(self, *commits: Commit) -> int:
        if self.lost < 3:
            self.lost += 1
            self.town.later(seconds=1)
            raise VersionRaced("by the test")
        return super().commit(*commits)


def one_that_was_never_decided_counts_when_it_is(midnight: datetime) -> None:
    """The process was gone before it wrote; the same request and key come the next day."""
    it = Failing(midnight)
    it.town.now = midnight - MILLISECOND
    before = it.town.save()
    it.appeals(it.town.now)
    it.town.restore(before)
    it.town.now = midnight + timedelta(days=1)
    assert it.appeals(it.town.now).status == HTTPStatus.CREATED
    assert it.counted == [0, 1]


def decided_by_a_person_after_midnight_it_counts_by_the_policys_choice(
    midnight: datetime, by: FailureCountedIn, wanted: list[int]
) -> None:
    town = Town(PolicyBook.of([a_policy(quota={"failure_counted_in": by})]))
    town.now = midnight - timedelta(hours=1)
    dispute, appeal = town.appealed()
    town.now = midnight - MILLISECOND
    assert town.appeal_reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == HTTPStatus.OK
    town.now = midnight
    asked = {"status": "denied", "checklist": town.answers(dispute, town.appeal_reviewer), "rationale": WORDS}
    reply = town.appeal_reviewer.post(f"/v1/disputes/{dispute}/appeals/{appeal}/decision", asked)
    assert reply.status == HTTPStatus.OK
    assert counted(town, midnight - MILLISECOND, midnight) == wanted


def set_aside_after_midnight_it_is_taken_back_from_where_it_was_counted(midnight: datetime) -> None:
    it = Failing(midnight)
    it.town.now = midnight - MILLISECOND
    it.appeals(it.town.now)
    it.town.now = midnight + timedelta(days=1)
    path = f"/v1/disputes/{it.dispute}/set-aside"
    assert it.town.platform.post(path, {"target": "appeal", "cause": "review_error"}).status == HTTPStatus.OK
    agreeing = it.town.caller("platform", sub="platform-2")
    assert agreeing.post(f"{path}/agreement", {"agreed": True}).status == HTTPStatus.OK
    assert it.counted == [0, 0]


# --- what changes in mid-period ---


def _in_force_from(instant: datetime, **quota: Any) -> Policy:
    return copy.replace(a_policy(quota=quota), version=2, effective_from=instant)


def a_new_version_takes_over_the_counts_and_its_limits_hold_for_old_disputes(limit: int, *, blocked: bool) -> None:
    changed = MIDNIGHTS["month"] - timedelta(days=10)
    town = Town(PolicyBook.of([a_policy(quota={"per_month": 0}), _in_force_from(changed, per_month=limit)]))
    it = Failing(changed, town)
    assert it.appeals(town.now).status == HTTPStatus.CREATED
    it.dispute = town.opened(external_id="EXT-2")
    town.later(hours=24, milliseconds=1)
    town.lapse(it.dispute)
    assert town.dispute(it.dispute).policy.version == 1
    assert town.now > changed
    reply = it.appeals(town.now, key="another")
    assert reply.status == (HTTPStatus.CONFLICT if blocked else HTTPStatus.CREATED), reply.text
    assert counted(town, town.now) == [1 if blocked else 2]


def another_default_policy_counts_for_itself_and_moves_no_open_dispute() -> None:
    other = copy.replace(a_policy(), id="other")
    town = Town(PolicyBook.of([a_policy(), other]))
    it = Failing(MIDNIGHTS["month"], town)
    town.commands = copy.replace(town.commands, default_policy="other")
    town.deps = copy.replace(town.deps, commands=town.commands, default_policy="other")
    assert it.appeals(town.now).status == HTTPStatus.CREATED
    assert town.dispute(it.dispute).policy.id == "marketplace"
    later = town.opened(external_id="EXT-2")
    assert town.dispute(later).policy.id == "other"
    assert (it.counted, counted(town, town.now, policy="other")) == ([1, 0], [0])


def a_policy_that_changes_its_zone_is_refused_before_it_is_used() -> None:
    moved = copy.replace(_in_force_from(MIDNIGHTS["month"]), zone="Asia/Tokyo")
    with pytest.raises(PolicyError, match="zone"):
        PolicyBook.of([a_policy(), moved])


# --- what has expired and still lies there ---


def an_idempotency_key_that_is_over_is_as_good_as_new() -> None:
    it = Failing(MIDNIGHTS["month"])
    first = it.town.now
    assert it.appeals(first).status == HTTPStatus.CREATED
    for passed, status in ((IDEMPOTENCY_KEYS_LIVE, 422), (IDEMPOTENCY_KEYS_LIVE + MILLISECOND, 201)):
        it.town.now = first + passed
        it.dispute = it.dispute if status == HTTPStatus.UNPROCESSABLE_ENTITY else _another(it.town)
        asked = {"grounds": ["amount"], "statement": WORDS, "pieces": [], "accept_dismissal": True}
        reply = it.town.merchant.post(f"/v1/disputes/{it.dispute}/appeals", asked, key="the-same")
        assert reply.status == status, reply.text


def _another(town: Town) -> str:
    """A dispute that is in default already, at the same instant."""
    now = town.now
    town.now -= timedelta(days=1, hours=1)
    dispute = town.defaulted(external_id="EXT-9")
    town.now = now
    return dispute


def a_picture_that_was_seen_too_long_ago_isnt_named(ago: timedelta, *, named: bool) -> None:
    town = Town()
    _looked_at(town, "EXT-1")
    town.now += ago
    dispute, piece = _looked_at(town, "EXT-2")
    assert bool(town.store.lookalikes(dispute, piece)) is named


def _looked_at(town: Town, external_id: str) -> tuple[str, str]:
    dispute = town.opened(external_id=external_id)
    piece, form = town.registered(dispute)
    town.upload(form)
    assert town.batch(inspect, [notification(form.fields["key"])]) == []
    return dispute, piece


# --- calendars ---


def months_of(zones: Iterable[str], years: Iterable[int]) -> Iterator[tuple[str, Month]]:
    for zone, year, month in product(zones, years, range(1, 13)):
        yield zone, Month(year, month)


def without_a_midnight(zones: Iterable[str], years: Iterable[int]) -> Iterator[tuple[str, Month]]:
    """Months on whose first day the clocks never show midnight."""
    for zone, month in months_of(zones, years):
        if month.start(zone).astimezone(ZoneInfo(zone)).hour or month.start(zone).astimezone(ZoneInfo(zone)).minute:
            yield zone, month


def disagreement(zone: str, month: Month) -> list[str]:
    """What is wrong around a month's first instant: with where it is, and with a shop that was blocked before."""
    start = month.start(zone)
    last = start - MILLISECOND
    if Month.of(start, zone) != month or Month.of(last, zone).next() != month:
        return [f"{month} doesn't begin at {start} in {zone}"]
    failures = failed(instants=[last] * (A_LIMIT.per_month + 1), zone=zone)
    blocked = refusal(failures, A_LIMIT, zone, last)
    if blocked is None or blocked.reopens != start or refusal(failures, A_LIMIT, zone, start) is not None:
        return [f"a shop blocked before {month} isn't free from its beginning in {zone}"]
    return []


ZONES = tuple(sorted(available_timezones() - {"localtime", "Factory"}))


CASES: Mapping[str, Callable[[], object]] = {
    **{
        f"{case.__name__.replace('_', ' ')}: {name}": partial(case, midnight)
        for case in (
            received_before_midnight_and_carried_out_after_it_counts_in_the_old_period,
            received_at_midnight_counts_in_the_new_period,
            one_that_lost_races_over_midnight_counts_when_it_was_received,
            one_that_was_never_decided_counts_when_it_is,
            set_aside_after_midnight_it_is_taken_back_from_where_it_was_counted,
        )
        for name, midnight in MIDNIGHTS.items()
    },
    **{
        f"decided by a person after midnight it counts when {by}: {name}": partial(
            decided_by_a_person_after_midnight_it_counts_by_the_policys_choice, midnight, by, wanted
        )
        for by, wanted in ((FailureCountedIn.DECIDED, [0, 1]), (FailureCountedIn.FILED, [1, 0]))
        for name, midnight in MIDNIGHTS.items()
    },
    **{
        f"a new version in mid-month, with a limit of {limit}": partial(
            a_new_version_takes_over_the_counts_and_its_limits_hold_for_old_disputes, limit, blocked=blocked
        )
        for limit, blocked in ((0, True), (1, False))
    },
    "another default policy in mid-month": another_default_policy_counts_for_itself_and_moves_no_open_dispute,
    "another zone": a_policy_that_changes_its_zone_is_refused_before_it_is_used,
    "an idempotency key that is over": an_idempotency_key_that_is_over_is_as_good_as_new,
    "a picture at the end of its time": partial(a_picture_that_was_seen_too_long_ago_isnt_named, LIVE, named=True),
    "a picture after its time": partial(
        a_picture_that_was_seen_too_long_ago_isnt_named, LIVE + MILLISECOND, named=False
    ),
}


def _run() -> Iterator[Counted]:
    yield from asserted(CASES)
    for name, months in (
        ("months without a midnight, in every zone", without_a_midnight(ZONES, range(1970, 2038))),
        ("months of every zone", months_of(ZONES, range(2025, 2029))),
    ):
        found = list(months)
        yield Counted(name, len(found), tuple(wrong for each in found for wrong in disagreement(*each)))


SECTION = Section("Months, years and what expires", "periods", _run)
