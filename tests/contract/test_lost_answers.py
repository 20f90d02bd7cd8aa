"""What can happen on the way to DynamoDB and back: it comes out as one effect, or as the refusal that it is."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from chalicelib.domain.ports import QuotaRaced, Raced, VersionRaced
from chalicelib.domain.quota import QuotaChange, QuotaCheck
from chalicelib.store.codec import verify_chain
from chalicelib.store.dynamo import WRITES_TRIED_FOR, DynamoStore, Throttled
from tests.contract.build import A_KEY, POLICY, SHOP, START, Scribe, a_failure
from tests.contract.conftest import on_dynamodb

pytestmark = on_dynamodb

type Fault = Callable[[Callable[[], Any]], Any]


def answer_lost(send: Callable[[], Any]) -> Any:
    send()
    raise ReadTimeoutError(endpoint_url="dynamodb")


def request_lost(_send: Callable[[], Any]) -> Any:
    raise ConnectTimeoutError(endpoint_url="dynamodb")


def refused(code: str, *reasons: str) -> Fault:
    def refuse(_send: Callable[[], Any]) -> Any:
        answer: Any = {"Error": {"Code": code, "Message": ""}}
        if reasons:
            answer["CancellationReasons"] = [{"Code": each} for each in reasons]
        raise ClientError(answer, "TransactWriteItems")

    return refuse


conflict = refused("TransactionCanceledException", "None", "TransactionConflict", "None")
conflict_and_condition = refused("TransactionCanceledException", "ConditionalCheckFailed", "TransactionConflict")
throttled_item = refused("TransactionCanceledException", "None", "ThrottlingError")
in_progress = refused("TransactionInProgressException")
throttled = refused("ThrottlingException")
broken = refused("InternalServerError")


class Troubled:
    """A client whose transactions meet these faults, one each, before they get through."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.faults: list[Fault] = []
        self.tokens: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: Any) -> Any:
        self.tokens.append(request["ClientRequestToken"])
        # Tokens are forgotten after 10 minutes: the store may not rely on them.
        request["ClientRequestToken"] += f"-{len(self.tokens)}"

        def send() -> Any:
            return self._client.transact_write_items(**request)

        return self.faults.pop(0)(send) if self.faults else send()


@pytest.fixture
def client(dynamodb: Any) -> Troubled:
    return Troubled(dynamodb)


@pytest.fixture
def pauses() -> list[int]:
    return []


@pytest.fixture
def store(client, table_name, pauses) -> DynamoStore:
    return DynamoStore(client, table_name, pause=pauses.append)


PASSING = [answer_lost, request_lost, conflict, throttled_item, in_progress, throttled, broken, conflict_and_condition]


@pytest.mark.parametrize("fault", PASSING, ids=range(len(PASSING)))
def test_what_passes_is_tried_again_with_the_same_token_and_is_one_effect(store, client, pauses, fault):
    scribe = Scribe(store).open()
    client.faults = [fault, fault]
    client.tokens.clear()
    commit = scribe.write(key=A_KEY, quota=[QuotaChange(POLICY, SHOP, 2026, add=a_failure())])
    assert set(client.tokens) == {commit.id}
    assert pauses == list(range(len(client.tokens) - 1))
    assert store.load(scribe.id).dispute == scribe.dispute
    assert store.facts("", [], policy=POLICY, respondent=SHOP, years=[2026])[1].in_year(2026) == 1
    verify_chain(store.timeline(scribe.id, limit=10).items)


def test_an_answer_lost_is_success_even_when_another_commit_followed(store, client, dynamodb, table_name):
    scribe = Scribe(store).open()
    commit = scribe.plan()
    other = DynamoStore(dynamodb, table_name)

    def lost_and_followed(send: Callable[[], Any]) -> Any:
        send()
        Scribe(other, scribe.id).standing_at(other.load(scribe.id).dispute).write()
        raise ReadTimeoutError(endpoint_url="dynamodb")

    client.faults = [lost_and_followed]
    store.commit(commit)
    assert [each.seq for each in store.timeline(scribe.id, limit=10).items] == [1, 2, 3]


def test_an_answer_lost_of_a_commit_that_lost_its_race_is_the_refusal(store, client):
    scribe = Scribe(store).open()
    stale = scribe.plan()
    scribe.write()
    client.faults = [request_lost]
    with pytest.raises(VersionRaced):
        store.commit(stale)


def test_c_a_write_isnt_begun_so_late_that_the_feed_would_have_passed_it(client, table_name):
    seconds = iter((0.0, WRITES_TRIED_FOR - 0.1, WRITES_TRIED_FOR))
    store = DynamoStore(client, table_name, pause=lambda _attempt: None, clock=lambda: next(seconds))
    client.faults = [request_lost] * 6
    with pytest.raises(ConnectTimeoutError):
        Scribe(store).open()
    assert len(client.tokens) == 2


def test_a_condition_that_fails_isnt_tried_again(store, client):
    scribe = Scribe(store).open()
    stale = scribe.plan()
    scribe.write()
    client.tokens.clear()
    with pytest.raises(VersionRaced):
        store.commit(stale)
    assert client.tokens == [stale.id]


def test_rivals_that_never_give_way_are_a_race(store, client, pauses):
    scribe = Scribe(store).open()
    client.faults = [conflict] * 6
    with pytest.raises(Raced) as raced:
        scribe.write()
    assert type(raced.value) is Raced
    assert pauses == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("fault", [throttled, throttled_item, broken])
def test_what_doesnt_pass_is_told_as_it_came(store, client, fault):
    scribe = Scribe(store).open()
    client.faults = [fault] * 6
    with pytest.raises(ClientError):
        scribe.write()


def test_an_answer_that_never_comes_is_told_as_it_is(store, client):
    scribe = Scribe(store).open()
    client.faults = [request_lost] * 6
    with pytest.raises(ConnectTimeoutError):
        scribe.write()


def test_only_the_failure_that_is_meant_is_translated(store, client):
    scribe = Scribe(store).open()
    client.faults = [refused("TransactionCanceledException", "ConditionalCheckFailed", "ValidationError")]
    with pytest.raises(ClientError):
        scribe.write()
    client.faults = [refused("AccessDeniedException")]
    with pytest.raises(ClientError):
        scribe.write()
    assert len(client.tokens) == 3


def test_a_quota_that_is_over_its_limit_isnt_mistaken_for_a_conflict(store, client):
    scribe = Scribe(store).open()
    for number in range(4):
        scribe.write(quota=[QuotaChange(POLICY, SHOP, 2026, add=a_failure(f"A{number}"))])
    client.faults = [conflict]
    with pytest.raises(QuotaRaced):
        scribe.write(quota=[QuotaChange(POLICY, SHOP, 2026, check=QuotaCheck(11, 3, 10))])


class Reluctant:
    """A client that leaves all keys of a batch but the first unprocessed."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def batch_get_item(self, RequestItems: Any) -> Any:  # noqa: N803  (the client's own word)
        ((table, wanted),) = RequestItems.items()
        first, rest = wanted["Keys"][:1], wanted["Keys"][1:]
        answer = self._client.batch_get_item(RequestItems={table: {**wanted, "Keys": first}})
        return {**answer, "UnprocessedKeys": {table: {**wanted, "Keys": rest}} if rest else {}}


def test_keys_left_unprocessed_are_asked_for_again(dynamodb, table_name, pauses):
    scribe = Scribe(DynamoStore(dynamodb, table_name)).open(key=A_KEY)
    store = DynamoStore(cast("Any", Reluctant(dynamodb)), table_name, pause=pauses.append)
    loaded = store.load(scribe.id, A_KEY)
    assert loaded.dispute == scribe.dispute
    assert loaded.answered is not None
    assert pauses == [0, 1]


class Deaf:
    """A client that leaves all keys unprocessed."""

    def batch_get_item(self, RequestItems: Any) -> Any:  # noqa: N803  (the client's own word)
        return {"Responses": {}, "UnprocessedKeys": RequestItems}


def test_keys_left_unprocessed_for_good_are_an_error_and_not_an_absence(table_name, pauses):
    store = DynamoStore(cast("Any", Deaf()), table_name, pause=pauses.append)
    with pytest.raises(Throttled):
        store.load("D1")


def test_more_keys_than_one_request_takes_are_read_in_several(counted, calls):
    scribe = Scribe(counted).open(at=START)
    assert calls.of(lambda: counted.texts(scribe.id, [f"T{number}" for number in range(101)])) == {"BatchGetItem": 2}
