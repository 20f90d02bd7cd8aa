"""A burst: 200 clients with mixed commands on one hot shop's disputes, against the engine's rate for the same items.

Two clients share two disputes. Each opens one, submits a file to both, contests its own, reads, lists, claims the
review of both and rules where it came first: so they race for each dispute again and again. They go through the service
and the store in this process, on the engine; files lie in memory. The floor is the very transactions that got through,
sent bare by as many clients to a table of their own, in turns with the bursts; it reads nothing.
Afterwards the whole table is verified from outside.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from botocore.config import Config

from bench.clients import Desk, Pair, Seen
from bench.figures import Figure, Part, Ratio, Row, Table, ratio_of
from chalicelib.bootstrap import new_id, utc_now
from chalicelib.domain.measures import Measure
from chalicelib.service.verifying import Verified, Verifier
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.dynamo import DynamoTable, jittered
from chalicelib.store.records import TableRecords
from policies.book import PolicyBook
from tests.contract.template import create_table
from tools import engine
from tools.ports import free_port

CLIENTS, ROUNDS = 200, 2
_TABLE, _BARE = "burst", "bare"

type Transaction = Mapping[str, Any]


@dataclass(slots=True)
class Recorder:
    """The transactions that got through, by their dispute and its version then: answers may come out of order."""

    by_dispute: defaultdict[str, dict[int, Transaction]] = field(default_factory=lambda: defaultdict(dict))

    def tap(self, client: Any) -> Any:
        client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", self._asked)
        client.meta.events.register("after-call.dynamodb.TransactWriteItems", self._answered)
        return client

    def take(self) -> list[list[Transaction]]:
        """One list for each dispute, in order; what comes from now on is another round's."""
        taken = [[each[version] for version in sorted(each)] for each in self.by_dispute.values()]
        self.by_dispute = defaultdict(dict)
        return taken

    def _asked(self, params: Transaction, context: dict[str, Any], **_: object) -> None:
        context["asked"] = params

    def _answered(self, http_response: Any, context: dict[str, Any], **_: object) -> None:
        if http_response.status_code == 200:
            put = [each["Put"]["Item"] for each in context["asked"]["TransactItems"] if "Put" in each]
            snapshot = next(each for each in put if each["sk"]["S"] == "SNAPSHOT")
            self.by_dispute[snapshot["pk"]["S"]][int(snapshot["seq"]["N"])] = context["asked"]


def measure() -> Part:
    with TemporaryDirectory(prefix="recourse-bench-") as name, engine.running(free_port(), Path(name)) as local:
        recorder = Recorder()
        ours, bare = recorder.tap(_client(local)), _client(local)
        create_table(ours, _TABLE)
        create_table(ours, _BARE)
        desk = _desk(ours)
        ratio, rate = _in_turns(desk, recorder, bare)
        verified = Verifier(
            TableRecords(DynamoTable(ours, _TABLE)), desk.bucket, utc_now, partial(time.sleep, 1)
        ).whole()
    return Part(_figures(ratio, verified), [_commands(desk.seen), _rest(desk.seen, verified, rate)])


def _client(local: engine.Engine) -> Any:
    """As the service makes its own, but with a connection and patience for each of the clients."""
    config = Config(max_pool_connections=CLIENTS, read_timeout=60, parameter_validation=False)
    return local.session().client("dynamodb", endpoint_url=local.url, config=config)


def _desk(client: Any) -> Desk:
    def pause(attempt: int) -> None:
        desk.seen.count("tried again")
        jittered(attempt)

    desk = Desk(DisputeStore(DynamoTable(client, _TABLE, pause=pause)), PolicyBook.from_folder())
    return desk


def _in_turns(desk: Desk, recorder: Recorder, bare: Any) -> tuple[Ratio, float]:
    """How our rate compares with the floor's, and the floor's, in transactions a second."""
    ratios, floors = [], []
    for number in range(ROUNDS):
        took = _at_once(_burst(desk, number))
        sequences = recorder.take()
        floor = _at_once([partial(_send, bare, each) for each in sequences])
        ratios.append(floor / took)
        floors.append(sum(map(len, sequences)) / floor)
    return ratio_of(ratios), max(floors)


def _burst(desk: Desk, number: int) -> list[Callable[[], None]]:
    numbers = range(number * CLIENTS, (number + 1) * CLIENTS, 2)
    return list(chain.from_iterable(_both(Pair(desk), each) for each in numbers))


def _both(pair: Pair, number: int) -> tuple[Callable[[], None], Callable[[], None]]:
    return pair.client(number), pair.client(number + 1)


def _send(client: Any, transactions: Iterable[Transaction]) -> None:
    for each in transactions:
        client.transact_write_items(**_for_bare(each))


def _for_bare(transaction: Transaction) -> Transaction:
    items = [
        {operation: {**what, "TableName": _BARE} for operation, what in each.items()}
        for each in transaction["TransactItems"]
    ]
    return {"TransactItems": items, "ClientRequestToken": new_id()}


def _at_once(acts: Sequence[Callable[[], None]]) -> float:
    """Seconds until all are done, each in a thread of its own."""
    with ThreadPoolExecutor(CLIENTS) as threads:
        begun = time.perf_counter()
        for each in [threads.submit(act) for act in acts]:
            each.result()
        return time.perf_counter() - begun


def _figures(ratio: Ratio, verified: Verified) -> list[Figure]:
    return [
        Figure(
            "burst",
            "Committed transactions a second under 200 clients on one shop, against the engine's own rate for them",
            "200 个客户端并发处理同一店铺时每秒提交的事务数，对比引擎自身执行同样事务的速率",
            ratio.value,
            at_least=0.7,
            spread=ratio.spread,
        ),
        Figure(
            "burst-wrong",
            "What verifying the whole table after the burst found wrong",
            "突发之后全表核验发现的错误",
            len(verified.violations),
            "",
            at_most=0,
        ),
    ]


def _commands(seen: Seen) -> Table:
    rows: list[Row] = []
    for name, seconds in seen.seconds.items():
        percentiles = quantiles(seconds, n=100)
        rows.append((name, len(seconds), 1000 * percentiles[49], 1000 * percentiles[98]))
    return Table("A burst of 200 clients on one shop", ("command", "times", "median, ms", "p99, ms"), rows)


def _rest(seen: Seen, verified: Verified, rate: float) -> Table:
    counts = dict(seen.counts)
    rows: list[Row] = [
        ("races lost, and decided anew", counts.pop(Measure.RACES_LOST, 0)),
        ("conflicts in DynamoDB, tried again", counts.pop("tried again", 0)),
        *((f"refused: {code}", times) for code, times in counts.items()),
        ("the engine's own transactions a second", rate),
        ("disputes verified", verified.disputes),
        ("events verified", verified.events),
        ("sealed files verified", verified.evidence),
        ("wrong", len(verified.violations)),
    ]
    return Table("What came of the burst", ("what", "number"), rows)
