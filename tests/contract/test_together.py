"""Several disputes read and written together: whatever one transaction takes of them is there whole, or not at all."""

from typing import Any

import pytest

from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import ExternalIdTaken
from chalicelib.domain.events import ReviewEscalated
from chalicelib.domain.piece import Piece
from chalicelib.domain.ports import QuotaRaced, Store, VersionRaced
from chalicelib.domain.quota import QuotaChange, QuotaCheck
from chalicelib.store.codec import verify_chain
from chalicelib.store.dynamo import DynamoStore
from chalicelib.store.limits import MOST_WRITES
from tests.contract.build import HOUR, POLICY, SHOP, START, Scribe, a_failure, opened
from tests.contract.conftest import on_dynamodb
from tests.contract.test_lost_answers import Troubled, answer_lost


def some(store, number: int = 3) -> list[Scribe]:
    return [Scribe(store).open() for _ in range(number)]


def seqs(store, scribes) -> list[int]:
    return [each.dispute.seq for each in store.load_all([scribe.id for scribe in scribes])]


def failing(number: int, **more) -> list[QuotaChange]:
    return [QuotaChange(POLICY, SHOP, 2026, add=a_failure(f"A{number}"), **more)]


def failures(store: Store) -> int:
    return store.facts("", [], policy=POLICY, respondent=SHOP, years=[2026])[1].in_year(2026)


def test_many_are_read_as_each_is_read_alone_in_their_order(store):
    scribes = some(store)
    ids = [scribes[2].id, "nothing", scribes[0].id]
    assert store.load_all(ids) == tuple(map(store.load, ids))


def test_each_of_several_commits_leaves_what_it_leaves_alone(store):
    scribes = some(store)
    commits = [each.plan() for each in scribes]
    assert store.commit(*commits) == 3
    assert seqs(store, scribes) == [2, 2, 2]
    for each in scribes:
        verify_chain(store.timeline(each.id, limit=10).items)
    outbox = store.outbox(START + HOUR, limit=10)
    assert {each.id for each in commits} <= {each.id for each in outbox}
    assert all(len({event.dispute for event in each.events}) == 1 for each in outbox)


def test_where_one_of_them_lost_a_race_none_is_written_and_each_can_go_alone(store, another):
    scribes = some(store)
    commits = [each.plan() for each in scribes]
    Scribe(another, scribes[1].id).standing_at(another.load(scribes[1].id).dispute).write()
    with pytest.raises(VersionRaced):
        store.commit(*commits)
    assert seqs(store, scribes) == [1, 2, 1]
    store.commit(commits[0])
    store.commit(commits[2])
    assert seqs(store, scribes) == [2, 2, 2]


def test_b5_two_failures_of_one_shop_are_counted_one_after_the_other(store):
    """They touch one item, which a transaction may not do twice; and the second sees what the first has counted."""
    scribes = some(store, 2)
    check = QuotaCheck(11, per_month=0, per_year=10)
    first, second = (each.plan(quota=failing(number, check=check)) for number, each in enumerate(scribes))
    assert store.commit(first, second) == 1
    with pytest.raises(QuotaRaced):
        store.commit(second)
    assert (failures(store), seqs(store, scribes)) == (1, [2, 1])


def test_what_is_too_much_for_one_transaction_is_left(store):
    scribes = some(store, 3)
    events = [ReviewEscalated(DeadlineKind.REVIEW)] * (MOST_WRITES // 2 - 2)
    assert store.commit(*(each.plan(*events) for each in scribes)) == 2
    assert seqs(store, scribes) == [1 + len(events), 1 + len(events), 1]


def test_an_external_id_that_is_taken_is_named_whichever_it_is(store):
    (taken,) = some(store, 1)
    fresh, again = Scribe(store), Scribe(store)
    openings = [fresh.plan(opened(fresh.id)), again.plan(opened(again.id, external_id=taken.dispute.external_id))]
    with pytest.raises(ExternalIdTaken) as refused:
        store.commit(*openings)
    assert refused.value.facts == {"external_id": taken.dispute.external_id, "dispute": taken.id}
    assert store.load(fresh.id).dispute is None


@on_dynamodb
class TestOnDynamodb:
    def test_ten_cost_one_read_and_one_transaction(self, counted, calls):
        scribes = some(counted, 10)

        def escalate() -> None:
            counted.load_all([each.id for each in scribes])
            counted.commit(*(each.plan() for each in scribes))

        assert calls.of(escalate) == {"BatchGetItem": 1, "TransactWriteItems": 1}

    def test_so_do_the_pieces_of_ten(self, counted, calls):
        pieces = [(each.id, each.register()) for each in some(counted, 10)]
        read: dict[str, Piece] = {}
        assert calls.of(lambda: read.update(counted.named([*pieces, ("nothing", "none")]))) == {"BatchGetItem": 1}
        assert {(each.dispute, each.id) for each in read.values()} == set(pieces)
        assert calls.of(lambda: counted.named([])) == {}

    def test_an_answer_lost_is_success_of_all(self, dynamodb, table_name):
        client: Any = Troubled(dynamodb)
        store = DynamoStore(client, table_name, pause=lambda _: None)
        scribes = some(store)
        client.faults = [answer_lost]
        client.tokens.clear()
        commits = [each.plan() for each in scribes]
        store.commit(*commits)
        assert client.tokens == [commits[0].id] * 2
        assert seqs(store, scribes) == [2, 2, 2]
