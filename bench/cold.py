"""A cold start of the packaged zip, against one of a bare Chalice app: CPU time of a fresh process to its first answer.

Each is a process of its own under Lambda's runtime client, on the unpacked zip and nothing beside it, in turns; AWS and
the identity provider are on loopback and answer from memory. No bytecode is kept between two starts, as on Lambda's
read-only disk. What the sweep then asks of the table is its work, not its start: to its first call is what counts.
"""

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import Any, Final

import boto3
from moto import mock_aws

from bench import aws_stub, bare_app
from bench.aws_stub import Stub
from bench.figures import Figure, Part, Ratio, Row, Table, ratio_of
from bench.processes import cpu_of_process
from chalicelib.bootstrap import utc_now
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.dynamo import DynamoTable
from tests.api.build import AUDIENCE, ISSUER, World
from tests.contract.template import create_table
from tests.package.alone import function, link_runtime
from tools.package import ZIP
from tools.paths import BUILD

_ROUNDS: Final = 7
_TABLE, _IDLE = "recourse", "idle"
"""One with a dispute, and one of which nothing is due."""
API, SWEEP, BARE, _COMPILED = "API", "sweep", "bare app", "bare app, compiled"
_ROUTE: Final = "/disputes/{dispute_id}"
_MINUTE: Final = {
    "account": "0",
    "detail": {},
    "detail-type": "Scheduled Event",
    "id": "1",
    "region": "us-east-1",
    "resources": ["arn:aws:events:us-east-1:0:rule/sweep"],
    "source": "aws.events",
    "time": "2026-11-24T00:00:00Z",
    "version": "0",
}

type Measured = Callable[[Start], float]


class NoAnswerError(Exception):
    """What was started didn't do what is measured; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Start:
    """CPU seconds of a process, from its beginning; and what it asked of DynamoDB."""

    to_first_call: float
    to_answer: float
    calls: Sequence[str]


@dataclass(frozen=True, slots=True)
class Subject:
    unzipped: Path
    handler: str
    event: Mapping[str, Any]
    table: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What is started, and what it speaks to."""

    stub: Stub
    runtime: Path
    subjects: Mapping[str, Subject]

    def start(self, name: str) -> Start:
        """Raises NoAnswerError."""
        subject, begun = self.subjects[name], len(self.stub.called)
        at_calls: list[float] = []
        with function(subject.unzipped, self.runtime, subject.handler, **self._environment(subject)) as running:
            self.stub.on_call = lambda: at_calls.append(cpu_of_process(running.pid))
            kind, answer = running.invoke(subject.event)
            used = cpu_of_process(running.pid)
        if kind != "response" or answer.get("statusCode", HTTPStatus.OK) != HTTPStatus.OK or not at_calls:
            raise NoAnswerError(f"{name}: {answer}")
        return Start(at_calls[0], used, self.stub.called[begun:])

    def _environment(self, subject: Subject) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.stub.address,
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TABLE_NAME": subject.table,
            "ISSUER": ISSUER,
            "AUDIENCE": AUDIENCE,
            "JWKS_URI": f"{self.stub.address}/jwks.json",
        }


def measure() -> Part:
    with scene() as staged:
        while staged.start(SWEEP).calls.count("TransactWriteItems") > 1:
            """The first sweeps of a table have a past to catch up with; from then on, a mark is all that is written."""
        rounds = [{name: staged.start(name) for name in staged.subjects} for _ in range(_ROUNDS)]
    api = _ratio(rounds, API, BARE, lambda start: start.to_answer)
    sweep = _ratio(rounds, SWEEP, BARE, lambda start: start.to_first_call)
    compiled = (
        _ratio(rounds, API, _COMPILED, lambda start: start.to_answer),
        _ratio(rounds, SWEEP, _COMPILED, lambda start: start.to_first_call),
    )
    return Part((*_figures(api, sweep), *_against_bytecode(*compiled)), (Table("Cold starts", _HEAD, _rows(rounds)),))


def _against_bytecode(api: Ratio, sweep: Ratio) -> tuple[Figure, ...]:
    """Which Chalice doesn't package; ours does."""
    en, zh = (
        "the same, were the bare app packaged with bytecode, as ours is",
        "同上，若空白应用也附带字节码打包",
    )
    return tuple(
        Figure(f"cold.{name}.bytecode", f"{en} ({told})", f"{zh}（{told}）", each.value, spread=each.spread)
        for name, told, each in (("api", "API", api), ("sweep", "sweeper", sweep))
    )


def _figures(api: Ratio, sweep: Ratio) -> tuple[Figure, ...]:
    return (
        Figure(
            "cold.api",
            "cold start of the API's zip to its first answer (a dispute, with a token checked), CPU; "
            "floor: a bare Chalice app with one DynamoDB call, as Chalice packages it, without bytecode",
            "API 包冷启动至首个应答（校验令牌并读取一个纠纷）的 CPU 时间；"
            "基准：由 Chalice 打包、不含字节码、仅调用一次 DynamoDB 的空白 Chalice 应用",
            api.value,
            at_most=1.6,
            spread=api.spread,
        ),
        Figure(
            "cold.sweep",
            "cold start of the sweeper to its first call, CPU; floor: the same bare app to its first call",
            "清扫任务冷启动至首次调用的 CPU 时间；基准：同一空白应用至其首次调用",
            sweep.value,
            at_most=1.15,
            spread=sweep.spread,
        ),
    )


type _Rounds = Sequence[Mapping[str, Start]]


def _ratio(rounds: _Rounds, ours: str, floor: str, of: Measured) -> Ratio:
    return ratio_of([of(each[ours]) / of(each[floor]) for each in rounds])


_HEAD: Final = ("what", "CPU, ms", "× the bare app", "× the bare app with bytecode, too", "calls to DynamoDB")


def _rows(rounds: _Rounds) -> list[Row]:
    """The compiled bare app is the stricter floor: what Chalice packages has no bytecode, and ours has."""
    milestones: list[tuple[str, Measured]] = [
        ("to the first call", lambda start: start.to_first_call),
        ("to the answer", lambda start: start.to_answer),
    ]
    return [
        (
            f"{name} {milestone}",
            round(median(of(each[name]) for each in rounds) * 1000),
            _ratio(rounds, name, BARE, of).value,
            _ratio(rounds, name, _COMPILED, of).value,
            len(rounds[-1][name].calls),
        )
        for name in rounds[0]
        for milestone, of in milestones
    ]


@contextmanager
def scene() -> Iterator[Scene]:
    with ExitStack() as stack:
        room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="recourse-cold-")))
        bare = bare_app.unpack(room / "bare")
        compiled = bare_app.with_bytecode(bare, room / "compiled")
        with zipfile.ZipFile(BUILD / ZIP) as archive:
            archive.extractall(room / "ours")
        stack.enter_context(mock_aws())
        table = boto3.client("dynamodb", region_name="us-east-1")
        create_table(table, _TABLE)
        create_table(table, _IDLE)
        world = World(now=utc_now(), store=DisputeStore(DynamoTable(table, _TABLE)))
        asked = _asked(world)
        subjects = {
            API: Subject(room / "ours", "app.app", asked, _TABLE),
            SWEEP: Subject(room / "ours", "chalicelib.jobs.sweep.sweep", _MINUTE, _IDLE),
            BARE: Subject(bare, bare_app.HANDLER, _unversioned(asked), _TABLE),
            _COMPILED: Subject(compiled, bare_app.HANDLER, _unversioned(asked), _TABLE),
        }
        keys = world.provider.fetch().as_dict()
        stub = stack.enter_context(aws_stub.serving(Stub(keys, aws_stub.answers_of(table))))
        yield Scene(stub, link_runtime(room / "runtime"), subjects)


def _asked(world: World) -> dict[str, Any]:
    """The gateway's event for reading a dispute that was just opened."""
    headers = {"authorization": f"Bearer {world.token()}"}
    return world.gateway_event("GET", f"/v1/disputes/{world.opened()}", headers=headers)


def _unversioned(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Likewise, of an app that has that route alone."""
    return {**asked, "resource": _ROUTE, "requestContext": {**asked["requestContext"], "resourcePath": _ROUTE}}
