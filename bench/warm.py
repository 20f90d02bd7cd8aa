"""CPU of a warm request through the Lambda handler against the same boto3 calls made bare; both answered from memory.

The handler's share is everything but AWS: the gateway's event, the token, the rules, the models, the answer. The bare
calls are those of a client as boto3 makes it, without a word of configuration.
"""

import gc
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

import boto3
from botocore import xform_name
from chalice.local import LambdaContext
from moto import mock_aws

from app import app
from bench.figures import Figure, Part, Ratio, Row, Table, least_cpu_ratio
from bench.tape import Tape
from chalicelib.http.deps import provide
from chalicelib.store import clients
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.dynamo import DynamoTable
from tests.api.build import WORDS, Caller, World, a_claim
from tests.contract.template import create_table

TABLE: Final = "recourse"


@dataclass(frozen=True, slots=True)
class Staged:
    """A request through the handler, and its calls made bare; both answered from memory, again and again."""

    handle: Callable[[], object]
    bare: Callable[[], None]
    calls: Sequence[str]


def measure() -> Part:
    logging.getLogger("recourse").setLevel(logging.INFO)
    found = {name: _measured(name) for name in REQUESTS}
    worst = max(found.values(), key=lambda each: each[0].value)[0]
    rows: list[Row] = [(name, calls, ratio.value, ratio.low, ratio.high) for name, (ratio, calls) in found.items()]
    figure = Figure(
        "warm",
        "CPU of a warm request through the Lambda handler, against its calls made bare by a plain boto3 (worst)",
        "热启动请求经 Lambda 处理函数的 CPU，对比用默认配置的 boto3 直接执行相同调用（取最差者）",
        worst.value,
        at_most=1.5,
        spread=worst.spread,
    )
    return Part([figure], [Table("CPU of a warm request", ("request", "calls", "×", "least", "most"), rows)])


def _measured(name: str) -> tuple[Ratio, str]:
    with staged(name) as it:
        gc.collect()
        gc.freeze()  # what moto has left isn't for a handler to look through
        ratio = least_cpu_ratio(it.handle, it.bare)
        gc.unfreeze()
    return ratio, ", ".join(it.calls)


@contextmanager
def staged(name: str) -> Iterator[Staged]:
    """One of REQUESTS. What functions log meanwhile goes nowhere."""
    tape = Tape()
    clients.session().set_config_variable("region", "us-east-1")
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        with mock_aws():
            ours, bare = tape.tap(clients.dynamodb()), tape.tap(boto3.client("dynamodb", region_name="us-east-1"))
            create_table(ours, TABLE)
            world = _World(store=DisputeStore(DynamoTable(ours, TABLE)))
            handle = _handler(world, REQUESTS[name](world))
            tape.record(handle)
        # From here on the tape alone answers: moto would be asked as well, and its time counted.
        tape.play(handle)
        yield Staged(handle, _again(bare, tape.calls), [name for name, _ in tape.calls])


def _again(client: Any, calls: Sequence[tuple[str, Mapping[str, Any]]]) -> Callable[[], None]:
    made = [(getattr(client, xform_name(name)), params) for name, params in calls]

    def run() -> None:
        for call, params in made:
            call(**params)

    return run


class _World(World):
    def same_ids_again(self) -> None:
        """So that what was answered once is an answer again."""
        self._numbers = count(10**9)


def _handler(world: _World, event: dict[str, Any]) -> Callable[[], dict[str, Any]]:
    context = LambdaContext("api", 1024)

    def handle() -> dict[str, Any]:
        world.same_ids_again()
        with provide(world.deps):
            answer: dict[str, Any] = app(event, context)
        if answer["statusCode"] >= 300:
            raise ValueError(answer["body"])
        return answer

    return handle


type Request = Callable[[World], dict[str, Any]]


def _event(world: World, by: Caller, method: str, path: str, body: object = None) -> dict[str, Any]:
    """The gateway's, of a request of this caller."""
    headers = {"authorization": f"Bearer {world.token(role=by.role, parties=by.parties, sub=by.sub)}"}
    if body is None:
        return world.gateway_event(method, path, b"", headers)
    headers |= {"content-type": "application/json", "idempotency-key": world.new_id()}
    return world.gateway_event(method, path, json.dumps(body).encode(), headers)


def _read(world: World) -> dict[str, Any]:
    return _event(world, world.merchant, "GET", f"/v1/disputes/{world.contested()}")


def _list(world: World) -> dict[str, Any]:
    for number in range(20):
        world.opened(external_id=f"EXT-{number}")
    return _event(world, world.merchant, "GET", "/v1/disputes?limit=20")


def _open(world: World) -> dict[str, Any]:
    return _event(world, world.platform, "POST", "/v1/disputes", a_claim())


def _register(world: World) -> dict[str, Any]:
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
    return _event(world, world.merchant, "POST", f"/v1/disputes/{world.opened()}/evidence", asked)


def _contest(world: World) -> dict[str, Any]:
    dispute = world.opened()
    pieces = [world.submitted(dispute) for _ in range(5)]
    answer = {"statement": WORDS, "pieces": pieces}
    return _event(world, world.merchant, "POST", f"/v1/disputes/{dispute}/response", answer)


def _rule(world: World) -> dict[str, Any]:
    dispute = world.claimed()
    return _event(world, world.reviewer, "POST", f"/v1/disputes/{dispute}/ruling", world.a_ruling(dispute))


REQUESTS: Mapping[str, Request] = {
    "read a dispute": _read,
    "list a shop's twenty": _list,
    "open a dispute": _open,
    "register a piece": _register,
    "contest with five pieces": _contest,
    "rule": _rule,
}
