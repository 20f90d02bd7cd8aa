"""Many at once: what one of them wins, the others see, and nothing is done twice or half."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count

import pytest

from chalicelib.domain.errors import ExternalIdTaken
from chalicelib.domain.ports import Commit, IdempotencyRaced, QuotaRaced, Raced, Store, VersionRaced
from chalicelib.domain.quota import QuotaChange, QuotaCheck
from chalicelib.store.codec import verify_chain
from tests.contract.build import A_KEY, HOUR, POLICY, SHOP, START, Scribe, a_failure, ulid

THREADS = 8
CHECK = QuotaCheck(month=11, per_month=3, per_year=10)


def at_once(actions: Sequence[Callable[[], object]]) -> list[object]:
    """What each action gives, or the exception that it ends with; all run at the same time."""

    def outcome(action: Callable[[], object]) -> object:
        try:
            return action()
        except (Raced, ExternalIdTaken) as refusal:
            return refusal

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(outcome, actions))


def sending(store: Store, commits: Sequence[Commit]) -> list[object]:
    return at_once([partial(store.commit, each) for each in commits])


def failures_of(store: Store) -> int:
    return store.facts("", [], policy=POLICY, respondent=SHOP, years=[2026])[1].in_year(2026)


def test_of_commits_from_one_version_one_wins(store):
    scribe = Scribe(store).open()
    outcomes = sending(store, [scribe.plan() for _ in range(THREADS)])
    assert outcomes.count(1) == 1
    assert sum(isinstance(each, VersionRaced) for each in outcomes) == THREADS - 1
    assert len(store.timeline(scribe.id, limit=50).items) == 2
    assert len(store.outbox(START + HOUR, limit=50)) == 2


def test_of_openings_with_one_external_id_one_wins(store):
    scribes = [Scribe(store) for _ in range(THREADS)]
    outcomes = at_once([partial(each.open, external_id="E-1") for each in scribes])
    refusals = [each for each in outcomes if isinstance(each, ExternalIdTaken)]
    assert len(refusals) == THREADS - 1
    (winner,) = {each.dispute for each in refusals}
    assert store.load(winner).dispute is not None


def test_promise_f_of_commits_with_one_key_one_wins_whatever_they_change(store):
    scribes = [Scribe(store).open() for _ in range(THREADS)]
    outcomes = sending(store, [each.plan(key=A_KEY) for each in scribes])
    assert outcomes.count(1) == 1
    assert sum(isinstance(each, IdempotencyRaced) for each in outcomes) == THREADS - 1
    answered = store.answered(A_KEY)
    assert answered is not None
    assert answered.dispute == scribes[outcomes.index(1)].id


def test_b5_appeals_that_fail_at_the_same_time_dont_pass_the_limit_together(store):
    """Filed and dismissed at once: each checks the count and adds to it."""
    scribes = [Scribe(store).open() for _ in range(THREADS)]
    commits = [
        each.plan(quota=[QuotaChange(POLICY, SHOP, 2026, check=CHECK, add=a_failure(f"A{number}"))])
        for number, each in enumerate(scribes)
    ]
    outcomes = sending(store, commits)
    assert outcomes.count(1) == failures_of(store) == 4
    assert sum(isinstance(each, QuotaRaced) for each in outcomes) == THREADS - 4


def test_promise_b_nothing_is_lost_where_all_try_until_they_get_through(store):
    appeals = count()

    def fail_an_appeal() -> None:
        scribe = Scribe(store).open()
        change = QuotaChange(POLICY, SHOP, 2026, add=a_failure(f"A{next(appeals)}"))
        scribe.write(quota=[change])

    outcomes = at_once([fail_an_appeal] * (2 * THREADS))
    assert outcomes == [None] * 2 * THREADS
    assert failures_of(store) == len(store.ledger(POLICY, SHOP, 2026)) == 2 * THREADS


def test_losers_that_read_again_all_get_through_and_the_chain_holds(store):
    scribe = Scribe(store).open()

    def write() -> int:
        for attempt in range(200):
            now = store.load(scribe.id).dispute
            mine = Scribe(store, scribe.id).standing_at(now)
            try:
                mine.write()
            except VersionRaced:
                continue
            return attempt
        pytest.fail("never got through")

    at_once([write] * THREADS)
    events = store.timeline(scribe.id, limit=50).items
    assert [each.seq for each in events] == list(range(1, THREADS + 2))
    verify_chain(events)
    assert len(store.outbox(START + HOUR, limit=50)) == THREADS + 1


def test_one_commit_sent_many_times_at_once_is_one_effect(store):
    scribe = Scribe(store).open()
    commit = scribe.plan(key=A_KEY, quota=[QuotaChange(POLICY, SHOP, 2026, add=a_failure())])
    assert sending(store, [commit] * THREADS) == [1] * THREADS
    assert failures_of(store) == 1
    assert len(store.timeline(scribe.id, limit=50).items) == 2
    with pytest.raises(IdempotencyRaced):
        store.commit(replace(commit, id=ulid()))
