"""The burst in small, on a table in memory: what its commands cost in calls, and that nothing is wrong afterwards."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest

from bench.clients import Desk, Pair
from chalicelib.bootstrap import utc_now
from chalicelib.domain.measures import Measure
from chalicelib.service.verifying import Verifier
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.keys import Key
from chalicelib.store.memory import MemoryTable
from chalicelib.store.records import TableRecords
from chalicelib.store.table import Cancelled, Item, Write
from policies.book import PolicyBook

PAIRS = 10


class CountingTable(MemoryTable):
    """Keeps count of what it is asked, and of what came of it."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()
        self._counting = Lock()

    def get(self, keys: Sequence[Key]) -> Mapping[Key, Item]:
        self._count("reads")
        return super().get(keys)

    def write(self, writes: Sequence[Write], token: str) -> None:
        try:
            super().write(writes, token)
        except Cancelled:
            self._count("cancelled")
            raise
        self._count("committed")

    def _count(self, what: str) -> None:
        with self._counting:
            self.calls[what] += 1


@pytest.fixture(scope="module")
def after():
    """The desk and its table, after a burst."""
    table = CountingTable()
    desk = Desk(DisputeStore(table), PolicyBook.from_folder())
    pairs = [Pair(desk) for _ in range(PAIRS)]
    clients = [pair.client(2 * number + each) for number, pair in enumerate(pairs) for each in range(2)]
    with ThreadPoolExecutor(len(clients)) as threads:
        for each in [threads.submit(client) for client in clients]:
            each.result()
    return desk, table


def test_what_is_asked_of_every_dispute_is_done_once(after):
    """Opened, two pieces, contested, claimed and ruled; the second claim of each is refused."""
    desk, table = after
    assert table.calls["committed"] == 2 * PAIRS * 6
    refused = {code: times for code, times in desk.seen.counts.items() if code != Measure.RACES_LOST}
    assert sum(refused.values()) == 2 * PAIRS
    assert refused.keys() <= {"review_taken", "wrong_state"}
    times = {name: len(each) for name, each in desk.seen.seconds.items()}
    assert times == {"open": 20, "register": 40, "contest": 20, "read": 40, "list": 2, "claim": 40, "rule": 20}


def test_commands_read_no_more_than_they_did(after):
    """Of each dispute: none to open, 1 for each piece, 1 to contest, 2 to claim, 1 to be refused that, 2 to rule.

    Beside them it is read, and so is its checklist. A lost race reads anew what it had read.
    """
    desk, table = after
    assert table.calls["cancelled"] == desk.seen.counts[Measure.RACES_LOST]
    assert table.calls["reads"] <= 2 * PAIRS * 10 + 2 * table.calls["cancelled"]


def test_nothing_is_wrong_afterwards(after):
    desk, table = after
    verified = Verifier(TableRecords(table), desk.bucket, utc_now, lambda: None).whole()
    assert (verified.disputes, verified.evidence, verified.violations) == (2 * PAIRS, 4 * PAIRS, ())
