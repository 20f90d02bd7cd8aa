"""A burst: 200 clients with mixed commands on one hot shop's disputes, against the engine's rate for the same items.

Two clients share two disputes. Each opens one, submits a file to both, contests its own, reads, lists, claims the
review of both and rules where it came first: so they race for each dispute again and again. They go through the service
and the store in this process, on the engine; files lie in memory. The floor is the very transactions that got through,
sent bare by as many clients to a table of their own, in turns with the bursts; it reads nothing. A second floor sends
what was read, too: what is left between it and ours is our own work, and what was refused or overtaken.
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

from botocore import xform_name
from botocore.config import Config

from bench.clients import Desk, Pair, Seen
from bench.figures import Figure, Part, Row, Table, ratio_of
from chalicelib.bootstrap import new_id, utc_now
from chalicelib.domain.measures import Measure
from chalicelib.service.verifying import Verified, Verifier
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.dynamo import DynamoTable, jittered
from chalicelib.store.records import TableRecords
from chalicelib.store.wire import plain
from policies.book import PolicyBook
from tests.contract.template import create_table
from tools import engine
from tools.ports import free_port

CLIENTS, ROUNDS = 200, 3
_TABLE, _BARE = "burst", "bare"

type Transaction = Mapping[str, Any]
type Call = Callable[[], object]


@dataclass(slots=True)
class Recorder:
    """The transactions that got through, by their dispute and its version then: answers may come out of order."""

    by_dispute: defaultdict[str, dict[int, Transaction]] = field(default_factory=lambda: defaultdict(dict))
    reads: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    """Operations of the client, and what was asked."""

    def tap(self, client: Any) -> Any:
        client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", self._asked)
        client.meta.events.register("after-call.dynamodb.TransactWriteItems", self._answered)
        for operation in ("BatchGetItem", "Query"):
            client.meta.events.register(f"provide-client-params.dynamodb.{operation}", self._read)
        return client

    def take(self, client: Any) -> tuple[list[list[Call]], list[Call]]:
        """The transactions of each dispute in order, to be sent to the bare table, and the reads of all.

        What comes from now on is another round's.
        """
        transactions = [[each[version] for version in sorted(each)] for each in self.by_dispute.values()]
        sent: list[list[Call]] = [
            [partial(client.transact_write_items, **_for_bare(each)) for each in some] for some in transactions
        ]
        read: list[Call] = [partial(getattr(client, xform_name(name)), **asked) for name, asked in self.reads]
        self.by_dispute, self.reads = defaultdict(dict), []
        return sent, read

    def _read(self, params: Mapping[str, Any], model: Any, **_: object) -> None:
        self.reads.append((model.name, dict(params)))

    def _asked(self, params: Transaction, context: dict[str, Any], **_: object) -> None:
        context["asked"] = params

    def _answered(self, http_response: Any, context: dict[str, Any], **_: object) -> None:
        if http_response.status_code == 200:
            put = [each["Put"]["Item"] for each in context["asked"]["TransactItems"] if "Put" in each]
            snapshot = next(each for each in put if each["sk"]["S"] == "SNAPSHOT")
            self.by_dispute[snapshot["pk"]["S"]][int(snapshot["seq"]["N"])] = context["asked"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds that a burst took, and its transactions and its reads when they were sent bare."""

    took: float
    sending: float
    reading: float
    transactions: int


def measure() -> Part:
    with TemporaryDirectory(prefix="recourse-bench-") as name, engine.running(free_port(), Path(name)) as local:
        recorder = Recorder()
        ours, bare = plain(recorder.tap(_client(local))), _client(local)
        create_table(ours, _TABLE)
        create_table(ours, _BARE)
        desk = _desk(ours)
        turns = _in_turns(desk, recorder, bare)
        verified = Verifier(
            TableRecords(DynamoTable(ours, _TABLE)), desk.bucket, utc_now, partial(time.sleep, 1)
        ).whole()
    return Part(_figures(turns, verified), [_commands(desk.seen), _rest(desk.seen, verified, turns)])


def _client(local: engine.Engine) -> Any:
    """With the service's settings, but a connection and patience for each of the clients."""
    config = Config(max_pool_connections=CLIENTS, read_timeout=60, parameter_validation=False)
    return local.session().client("dynamodb", endpoint_url=local.url, config=config)


def _desk(client: Any) -> Desk:
    def pause(attempt: int) -> None:
        desk.seen.count("tried again")
        jittered(attempt)

    desk = Desk(DisputeStore(DynamoTable(client, _TABLE, pause=pause)), PolicyBook.from_folder())
    return desk


def _in_turns(desk: Desk, recorder: Recorder, bare: Any) -> list[Turn]:
    rounds = []
    for number in range(ROUNDS):
        took = _at_once(_burst(desk, number))
        sent, read = recorder.take(bare)
        sending = _at_once([partial(_do_all, each) for each in sent])
        reading = _at_once([partial(_do_all, read[each::CLIENTS]) for each in range(CLIENTS)])
        rounds.append(Turn(took, sending, reading, sum(map(len, sent))))
    return rounds


def _burst(desk: Desk, number: int) -> list[Callable[[], None]]:
    numbers = range(number * CLIENTS, (number + 1) * CLIENTS, 2)
    return list(chain.from_iterable(_both(Pair(desk), each) for each in numbers))


def _both(pair: Pair, number: int) -> tuple[Callable[[], None], Callable[[], None]]:
    return pair.client(number), pair.client(number + 1)


def _do_all(calls: Iterable[Call]) -> None:
    for each in calls:
        each()


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


def _figures(turns: Sequence[Turn], verified: Verified) -> list[Figure]:
    ratio = ratio_of([each.sending / each.took for each in turns])
    with_reads = ratio_of([(each.sending + each.reading) / each.took for each in turns])
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
            "burst-requests",
            "The same, against the engine's own rate for them and for what was read",
            "同上，对比引擎自身执行同样事务与读取的速率",
            with_reads.value,
            spread=with_reads.spread,
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


def _rest(seen: Seen, verified: Verified, turns: Sequence[Turn]) -> Table:
    counts = dict(seen.counts)
    rows: list[Row] = [
        ("races lost, and decided anew", counts.pop(Measure.RACES_LOST, 0)),
        ("conflicts in DynamoDB, tried again", counts.pop("tried again", 0)),
        *((f"refused: {code}", times) for code, times in counts.items()),
        ("transactions a second", max(each.transactions / each.took for each in turns)),
        ("transactions a second, sent bare", max(each.transactions / each.sending for each in turns)),
        ("disputes verified", verified.disputes),
        ("events verified", verified.events),
        ("sealed files verified", verified.evidence),
        ("wrong", len(verified.violations)),
    ]
    return Table("What came of the burst", ("what", "number"), rows)
