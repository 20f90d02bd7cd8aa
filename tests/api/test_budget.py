"""What requests cost the table: two reads and one transaction a command, one query a list and shard."""

from collections import Counter
from typing import Any

import pytest

from chalicelib.store.disputes import DisputeStore
from chalicelib.store.keys import SHARDS, Key
from chalicelib.store.memory import MemoryTable
from chalicelib.store.table import Item
from tests.api.build import WORDS, World, a_claim


class CountingTable(MemoryTable):
    """Keeps count of what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    @property
    def items(self) -> dict[Key, Item]:
        return dict(self._items)

    def get(self, keys: Any) -> Any:
        self.asked["reads"] += 1
        return super().get(keys)

    def query(self, wanted: Any, *, limit: int) -> Any:
        self.asked["queries"] += 1
        return super().query(wanted, limit=limit)

    def write(self, writes: Any, token: str) -> None:
        self.asked["writes"] += 1
        super().write(writes, token)


@pytest.fixture
def table() -> CountingTable:
    return CountingTable()


@pytest.fixture
def world(table: CountingTable) -> World:
    return World(store=DisputeStore(table))


def cost(table: CountingTable, request: Any) -> dict[str, int]:
    table.asked.clear()
    assert request().status < 300
    return dict(table.asked)


def test_a_command_costs_two_reads_and_one_transaction_at_most(world: World, table: CountingTable):
    dispute = world.opened()
    path = f"/v1/disputes/{dispute}"
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
    assert cost(table, lambda: world.merchant.post(f"{path}/evidence", asked)) == {"reads": 1, "writes": 1}
    sent = {"statement": WORDS, "pieces": [world.submitted(dispute)]}
    assert cost(table, lambda: world.merchant.post(f"{path}/response", sent)) == {"reads": 1, "writes": 1}
    assert cost(table, lambda: world.reviewer.post(f"{path}/review-claim"))["reads"] <= 2
    ruling = world.a_ruling(dispute)
    assert cost(table, lambda: world.reviewer.post(f"{path}/ruling", ruling)) == {"reads": 2, "writes": 1}
    appeal = world.an_appeal(dispute)
    assert cost(table, lambda: world.merchant.post(f"{path}/appeals", appeal)) == {"reads": 2, "writes": 1}


def test_opening_costs_one_transaction_and_a_read_only_where_it_is_told_that_it_is_no_news(
    world: World, table: CountingTable
):
    assert cost(table, lambda: world.platform.post("/v1/disputes", a_claim(), key="once")) == {"writes": 1}
    assert cost(table, lambda: world.platform.post("/v1/disputes", a_claim(external_id="EXT-2"))) == {"writes": 1}
    again = cost(table, lambda: world.platform.post("/v1/disputes", a_claim(), key="once"))
    assert again == {"reads": 2, "writes": 1}


def test_reading_a_dispute_costs_two_reads_its_texts_among_them(world: World, table: CountingTable):
    dispute = world.ruled()
    assert cost(table, lambda: world.merchant.get(f"/v1/disputes/{dispute}")) == {"reads": 2}


def test_an_outages_batch_costs_a_query_a_shard_and_a_read_and_a_write_for_each_dispute(
    world: World, table: CountingTable
):
    disputes = [world.opened(external_id=f"EXT-{number}") for number in range(3)]
    window = {"since": "2026-11-03T03:00:00.000Z", "until": "2026-11-03T05:00:00.000Z", "cause": "The API was down."}
    outage = world.caller("operator").post("/v1/outages", window).body["id"]
    world.caller("operator", sub="operator-2").post(f"/v1/outages/{outage}/agreement", {"agreed": True})
    table.asked.clear()
    world.outage_worker.work(outage)
    assert dict(table.asked) == {"reads": 2 + len(disputes), "queries": SHARDS, "writes": 1 + len(disputes)}


def test_a_list_costs_one_query_a_shard(world: World, table: CountingTable):
    world.contested()
    assert cost(table, lambda: world.merchant.get("/v1/disputes")) == {"queries": 1}
    assert cost(table, lambda: world.reviewer.get("/v1/reviews?queue=review")) == {"queries": 1}
    assert cost(table, lambda: world.platform.get("/v1/events")) == {"queries": SHARDS}
