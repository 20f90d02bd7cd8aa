"""Outages in the table, and the deadlines that fell in one: found by time, run or lapsed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.deadline import DeadlineKind, Extension, ExtensionReason
from chalicelib.domain.events import Cleared, DeadlineCleared, DeadlineExtended, DefaultSetAside, OutageAllowed
from chalicelib.domain.outage import Declaration, Outage, OutageState, Pass, Progress, Scope, answer, declare
from chalicelib.domain.outage_ports import Given
from chalicelib.domain.parties import Actor, Role
from chalicelib.domain.ports import IdempotencyRaced, VersionRaced
from chalicelib.store import keys
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.memory import MemoryStore
from chalicelib.store.plan import plan
from chalicelib.store.table import Table
from tests.contract.build import A_KEY, BY, HOUR, MILLISECOND, START, Scribe, a_deadline, ulid
from tests.contract.conftest import on_dynamodb

OPERATOR, SECOND = Actor("operator-1", Role.OPERATOR), Actor("operator-2", Role.OPERATOR)
WINDOW = Scope(START, START + 4 * HOUR)
DUE = START + 2 * HOUR


def an_outage(**changes: object) -> Outage:
    asked = Declaration(WINDOW, None, "The API was down.", None)
    return replace(declare(asked, ulid(), OPERATOR, START), **changes)  # type: ignore[arg-type]


def kept(store: DisputeStore) -> Outage:
    outage = an_outage()
    store.keep(outage, commit=ulid())
    return outage


def agreed(store: DisputeStore, at=START) -> Outage:
    outage = answer(kept(store), SECOND, at, agreed=True)
    store.keep(outage, commit=ulid())
    return outage


def lapse(scribe: Scribe, deadline: str, *, kind: DeadlineKind = DeadlineKind.RESPONSE, why=Cleared.LAPSED) -> None:
    scribe.write(DeadlineCleared(deadline, kind, DUE, why))


def met(store: DisputeStore, part: Pass, scope: Scope = WINDOW) -> list[tuple[str, str, DeadlineKind | None]]:
    return [(each.dispute.id, each.deadline, each.kind) for each in store.met(part, scope, limit=100).items]


def test_an_outage_is_found_as_it_was_kept(store):
    outage = agreed(store)
    assert store.outage(outage.id) == (outage, Given())
    later = outage.worked(Progress(Pass.LAPSED, "x", final=2), START + HOUR, done=False)
    store.keep(later, commit=ulid())
    assert store.outage(outage.id) == (later, Given())
    assert store.outage(ulid()) is None


def test_of_two_who_change_it_at_once_one_has_to_look_again(store, another):
    outage = kept(store)
    store.keep(answer(outage, SECOND, START, agreed=True), commit=ulid())
    with pytest.raises(VersionRaced):
        another.keep(answer(outage, SECOND, START, agreed=False), commit=ulid())
    assert store.outage(outage.id)[0].state is OutageState.AGREED


def test_a_commit_that_is_sent_again_is_done(store):
    outage, commit = an_outage(), ulid()
    store.keep(outage, commit=commit, key=A_KEY)
    store.keep(outage, commit=commit, key=A_KEY)
    with pytest.raises(VersionRaced):
        store.keep(outage, commit=ulid())


def test_f_a_key_is_kept_with_what_it_changed_and_taken_once(store):
    outage = an_outage()
    store.keep(outage, commit=ulid(), key=A_KEY)
    answered = store.answered(A_KEY)
    assert (answered.dispute, answered.seq, answered.fingerprint) == (outage.id, 1, A_KEY.fingerprint)
    other = an_outage()
    with pytest.raises(IdempotencyRaced):
        store.keep(other, commit=ulid(), key=A_KEY)
    assert store.outage(other.id) is None


def test_they_are_listed_the_latest_first_in_pages(store):
    ids = [kept(store).id for _ in range(5)]
    seen: list[str] = []
    after = None
    while True:
        page = store.outages(limit=2, after=after)
        seen += [each.id for each, _ in page.items]
        after = page.next
        if after is None:
            break
    assert seen == ids[::-1]


def test_what_was_agreed_to_and_isnt_done_is_unfinished(store):
    kept(store)
    first, second = agreed(store, START), agreed(store, START + HOUR)
    assert store.unfinished(START + HOUR, limit=9) == (first.id,)
    assert store.unfinished(START + HOUR + MILLISECOND, limit=9) == (first.id, second.id)
    store.keep(first.worked(Progress(), START + HOUR, done=True), commit=ulid())
    assert store.unfinished(START + 2 * HOUR, limit=9) == (second.id,)


def test_running_deadlines_are_met_from_the_first_instant_to_the_last(store):
    inside = [START, DUE, START + 4 * HOUR]
    for due in (START - MILLISECOND, *inside, START + 4 * HOUR + MILLISECOND):
        Scribe(store).open(a_deadline(due))
    assert [each.due for each in store.met(Pass.RUNNING, WINDOW, limit=100).items] == inside
    assert met(store, Pass.LAPSED) == []


def test_a_lapsed_deadline_moves_from_the_running_ones_to_the_lapsed(store):
    scribe = Scribe(store).open(a_deadline(DUE, name="L1"))
    assert met(store, Pass.RUNNING) == [(scribe.id, "L1", DeadlineKind.RESPONSE)]
    lapse(scribe, "L1")
    assert met(store, Pass.RUNNING) == []
    assert met(store, Pass.LAPSED) == [(scribe.id, "L1", DeadlineKind.RESPONSE)]
    assert list(store.due(START + 9 * HOUR)) == []


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (DeadlineKind.RESPONSE, Cleared.KEPT),
        (DeadlineKind.RESPONSE, Cleared.SUPERSEDED),
        (DeadlineKind.REVIEW, Cleared.LAPSED),
        (DeadlineKind.REVIEW_CLAIM, Cleared.LAPSED),
        (DeadlineKind.APPEAL_REVIEW, Cleared.LAPSED),
    ],
)
def test_what_no_party_let_pass_isnt_kept(store, kind, why):
    scribe = Scribe(store).open(a_deadline(DUE, name="L1", kind=kind))
    lapse(scribe, "L1", kind=kind, why=why)
    assert met(store, Pass.LAPSED) == met(store, Pass.RUNNING) == []


def test_set_and_lapsed_in_one_commit_it_is_lapsed(store):
    scribe = Scribe(store).open(
        a_deadline(DUE, name="L1"), DeadlineCleared("L1", DeadlineKind.RESPONSE, DUE, Cleared.LAPSED)
    )
    assert met(store, Pass.LAPSED) == [(scribe.id, "L1", DeadlineKind.RESPONSE)]


def test_pages_of_what_lapsed_hold_each_once(store):
    ids = []
    for number in range(7):
        scribe = Scribe(store).open(a_deadline(DUE, name=f"L{number}"))
        lapse(scribe, f"L{number}")
        ids.append(scribe.id)
    seen: list[str] = []
    after = None
    while True:
        page = store.met(Pass.LAPSED, WINDOW, limit=3, after=after)
        seen += [each.dispute.id for each in page.items]
        after = page.next
        if after is None:
            break
    assert sorted(seen) == sorted(ids)


def test_what_an_outage_gives_back_is_counted_in_the_commit_that_does_it(store):
    outage = kept(store)
    extension = Extension(START, BY, DUE, DUE + HOUR, ExtensionReason.PLATFORM_FAULT, outage=outage.id)
    by_hand = replace(extension, outage=None)
    allowed = OutageAllowed(outage.id, BY, BY)
    first = Scribe(store).open(a_deadline(DUE, name="L1"), a_deadline(DUE, name="L2"))
    both = (DeadlineExtended("L1", extension), DeadlineExtended("L2", extension))
    first.write(allowed, *both, DeadlineExtended("L1", by_hand))
    second = Scribe(store).open(a_deadline(DUE, name="L3"))
    second.write(allowed, DefaultSetAside(outage.id))
    assert store.outage(outage.id)[1] == Given(disputes=2, extended=2, set_aside=1)
    assert store.outages(limit=9).items[0][1].disputes == 2


def test_c_a_commit_that_lost_its_race_counts_nothing(store):
    outage = kept(store)
    scribe = Scribe(store).open(a_deadline(DUE, name="L1"))
    allowed = scribe.plan(OutageAllowed(outage.id, BY, BY))
    scribe.write()
    with pytest.raises(VersionRaced):
        store.commit(allowed)
    assert store.outage(outage.id)[1] == Given()


def test_a_lapse_is_forgotten_by_itself_after_90_days(table: Table):
    scribe = Scribe(DisputeStore(table)).open(a_deadline(DUE, name="L1"))
    lapse(scribe, "L1")
    key = keys.deadline(scribe.id, "L1")
    assert table.get([key])[key][keys.TTL_ATTRIBUTE] == int((DUE + timedelta(days=90)).timestamp())


def test_a_lapse_costs_no_write_more_than_a_deadline_that_is_kept():
    scribe = Scribe(MemoryStore()).open(a_deadline(DUE, name="L1"))
    lapsed, kept_in_time = (
        scribe.plan(DeadlineCleared("L1", DeadlineKind.RESPONSE, DUE, why)) for why in (Cleared.LAPSED, Cleared.KEPT)
    )
    assert len(plan(lapsed, {}).writes) == len(plan(kept_in_time, {}).writes)


@on_dynamodb
def test_a_page_of_what_was_met_costs_a_query_a_shard_and_one_read(counted, calls):
    for number in range(3):
        Scribe(counted).open(a_deadline(DUE, name=f"L{number}"))
    cost = calls.of(lambda: counted.met(Pass.RUNNING, WINDOW, limit=25))
    assert cost == {"Query": keys.SHARDS, "BatchGetItem": 1}
