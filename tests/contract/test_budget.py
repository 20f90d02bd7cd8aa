"""What each access costs: a command two reads and one transaction, a list one Query a shard."""

from collections.abc import Callable

import pytest

from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.events import EvidenceSealed, ReviewEscalated
from chalicelib.domain.model import Status
from chalicelib.domain.piece import PieceSealed
from chalicelib.domain.ports import DisputeFilter, Queue, Sort
from chalicelib.domain.quota import Pending, QuotaChange, QuotaCheck
from chalicelib.store.dynamo import DynamoStore
from chalicelib.store.keys import SHARDS
from tests.contract.build import A_KEY, BUYER, HOUR, POLICY, SHOP, START, Scribe, a_deadline
from tests.contract.conftest import on_dynamodb
from tests.contract.test_messages import a_notice

pytestmark = on_dynamodb
KILOBYTE = 1024


@pytest.fixture
def scribe(counted) -> Scribe:
    scribe = Scribe(counted).open(a_deadline(START + HOUR))
    for _ in range(3):
        scribe.register()
    return scribe


def test_a_command_costs_two_reads_and_one_transaction(counted, calls, scribe):
    sealed = list(scribe.pieces)

    def contest() -> None:
        counted.load(scribe.id, A_KEY)
        counted.facts(scribe.id, sealed, policy=POLICY, respondent=SHOP, years=[2025, 2026])
        pieces = [scribe.piece_change(PieceSealed(scribe.pieces[each].arrival), piece=each) for each in sealed]
        quota = [QuotaChange(POLICY, SHOP, 2026, check=QuotaCheck(11, 3, 10), pend=Pending(scribe.id, "A1"))]
        scribe.write(EvidenceSealed(tuple(sealed)), key=A_KEY, pieces=pieces, quota=quota)

    assert calls.of(contest) == {"BatchGetItem": 2, "TransactWriteItems": 1}


def test_it_costs_the_same_in_a_process_that_has_seen_nothing_before(dynamodb, table_name, calls, scribe):
    fresh = DynamoStore(dynamodb, table_name)
    scribe.store = fresh

    def write() -> None:
        fresh.load(scribe.id)
        scribe.write()

    assert calls.of(write) == {"BatchGetItem": 1, "TransactWriteItems": 1}


def test_whoever_commits_without_having_read_pays_one_more_read(dynamodb, table_name, calls, scribe):
    scribe.store = DynamoStore(dynamodb, table_name)
    assert calls.of(scribe.write) == {"BatchGetItem": 1, "TransactWriteItems": 1}


def test_facts_that_nobody_asks_for_cost_nothing(counted, calls):
    assert calls.of(lambda: counted.facts("D", [], policy=POLICY, respondent=SHOP, years=[])) == {}
    assert calls.of(lambda: counted.texts("D", [])) == {}


ONE_QUERY: dict[str, Callable[[DynamoStore, Scribe], object]] = {
    "newest": lambda store, _: store.disputes(DisputeFilter(respondent=SHOP), limit=20),
    "of a complainant": lambda store, _: store.disputes(DisputeFilter(complainant=BUYER), limit=20),
    "by status": lambda store, _: store.disputes(DisputeFilter(respondent=SHOP, status=Status.RULED), limit=20),
    "by reason": lambda store, _: store.disputes(DisputeFilter(respondent=SHOP, reason="quality"), limit=20),
    "by deadline": lambda store, _: store.disputes(DisputeFilter(respondent=SHOP, sort=Sort.DEADLINE), limit=20),
    "of an order": lambda store, _: store.disputes(DisputeFilter(order_id="O-1"), limit=20),
    "queue": lambda store, _: store.disputes(DisputeFilter(queue=Queue.REVIEW), limit=20),
    "timeline": lambda store, scribe: store.timeline(scribe.id, limit=20),
    "pieces": lambda store, scribe: store.pieces(scribe.id),
    "twins": lambda store, _: store.twins("a" * 64),
    "lookalikes": lambda store, scribe: store.lookalikes(scribe.id, "P"),
    "pictures under a key": lambda store, _: store.alike(("0:a",), START, limit=50),
    "ledger": lambda store, _: store.ledger(POLICY, SHOP, 2026),
    "messages": lambda store, _: store.messages(SHOP, START, unread=False, limit=20),
    "unread messages": lambda store, _: store.messages(SHOP, START, unread=True, limit=20),
    "how many are unread": lambda store, _: store.unread(SHOP, START),
}
ONE_QUERY_A_SHARD: dict[str, Callable[[DynamoStore, Scribe], object]] = {
    "latest": lambda store, _: store.disputes(DisputeFilter(), limit=20),
    "updated since": lambda store, _: store.disputes(DisputeFilter(updated_since=START), limit=20),
    "heads": lambda store, _: store.heads(limit=20),
    "due": lambda store, _: list(store.due(START + 2 * HOUR)),
    "near": lambda store, _: list(store.due(START + 2 * HOUR, since=START + HOUR)),
    "awaited": lambda store, _: store.awaited(START, START + HOUR, limit=20),
}


@pytest.mark.parametrize("read", ONE_QUERY.values(), ids=ONE_QUERY)
def test_a_list_page_is_one_query(counted, calls, scribe, read):
    assert calls.of(lambda: read(counted, scribe)) == {"Query": 1}


@pytest.mark.parametrize("read", ONE_QUERY_A_SHARD.values(), ids=ONE_QUERY_A_SHARD)
def test_a_page_of_a_sharded_list_is_one_query_a_shard(counted, calls, scribe, read):
    assert calls.of(lambda: read(counted, scribe)) == {"Query": SHARDS}


def test_a_page_of_the_feed_is_one_query_a_shard_and_one_read_of_what_its_events_tell(counted, calls, scribe):
    scribe.register()
    assert calls.of(lambda: counted.feed(limit=20)) == {"Query": SHARDS, "BatchGetItem": 1}


def test_a_list_that_is_known_to_be_empty_isnt_asked_for(counted, calls):
    wanted = DisputeFilter(respondent=SHOP, due_before=START)
    assert calls.of(lambda: counted.disputes(wanted, limit=20, after="2027")) == {}


def test_the_platforms_own_id_is_two_consistent_reads(counted, calls, scribe):
    wanted = DisputeFilter(external_id=scribe.dispute.external_id)
    assert calls.of(lambda: counted.disputes(wanted, limit=20)) == {"BatchGetItem": 2}


def test_a_dispute_as_it_was_is_read_from_its_snapshot_while_nothing_followed(counted, calls, scribe):
    assert calls.of(lambda: counted.as_of(scribe.id, scribe.dispute.seq)) == {"BatchGetItem": 1}
    assert calls.of(lambda: counted.as_of(scribe.id, 1)) == {"BatchGetItem": 1, "Query": 1}


def test_telling_costs_one_write_a_notice_and_finding_out_what_happened_one_read(counted, calls, scribe):
    notices = [a_notice(number) for number in range(3)]
    assert calls.of(lambda: counted.tell(notices)) == {"TransactWriteItems": 3}
    assert calls.of(lambda: counted.happened(scribe.id, scribe.id, 1)) == {"BatchGetItem": 1}


def test_reading_a_hundred_messages_costs_one_query_one_read_and_one_transaction(counted, calls):
    counted.tell([a_notice(number) for number in range(100)])
    mark = calls.of(lambda: counted.read_until(SHOP, START + HOUR, START + HOUR))
    assert mark == {"Query": 1, "BatchGetItem": 1, "TransactWriteItems": 1}


def test_publishing_costs_one_delete(counted, calls):
    assert calls.of(lambda: counted.published("01")) == {"DeleteItem": 1}


def test_a_dispute_with_40_pieces_and_200_events_stays_cheap(counted, calls):
    scribe = Scribe(counted).open(a_deadline(START + HOUR))
    for _ in range(2):
        scribe.register_all(20)
    while scribe.dispute.seq < 200:
        scribe.write(*[ReviewEscalated(DeadlineKind.REVIEW)] * 20)
    assert calls.of(lambda: counted.load(scribe.id, A_KEY)) == {"BatchGetItem": 1}
    assert calls.received < 32 * KILOBYTE
    assert calls.of(scribe.write) == {"TransactWriteItems": 1}
    assert calls.sent < 32 * KILOBYTE
    pieces = list(scribe.pieces)
    assert calls.of(lambda: counted.facts(scribe.id, pieces, policy=POLICY, respondent=SHOP, years=[2025, 2026])) == {
        "BatchGetItem": 1
    }
    assert calls.received < 64 * KILOBYTE
    assert calls.of(lambda: counted.disputes(DisputeFilter(respondent=SHOP), limit=20)) == {"Query": 1}
    assert calls.received < 4 * KILOBYTE
    assert calls.of(lambda: counted.timeline(scribe.id, limit=50)) == {"Query": 1}
    assert calls.of(lambda: counted.as_of(scribe.id, 150)) == {"BatchGetItem": 1, "Query": 1}
    changes = [scribe.piece_change(PieceSealed(scribe.pieces[each].arrival), piece=each) for each in pieces]
    assert calls.of(lambda: scribe.write(EvidenceSealed(tuple(pieces)), key=A_KEY, pieces=changes)) == {
        "TransactWriteItems": 1
    }
    assert calls.sent < 256 * KILOBYTE
