"""What the API logs: enough to follow a request by, and nothing of what was said in it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from chalicelib.store.memory import MemoryStore
from chalicelib.store.memory_bucket import MemoryBucket
from tests.api.build import WORDS, Reply, World, a_claim
from tests.canaries import CANARY, QUOTED, TOKEN

PROOF = ("快递签收证明", "快递单号：SF1234567890", "收件人姓名：王勇")


class Fault(Exception):
    """Quotes what was read, as a library's may."""


@dataclass
class Cut:
    """Fails at one call, counted over everything that it stands before."""

    at: int = 0
    calls: int = 0
    fell: list[str] = field(default_factory=list)

    def before(self, name: str) -> None:
        self.calls += 1
        if self.calls == self.at:
            self.fell.append(name)
            raise Fault(QUOTED)


class Cuttable:
    """Stands before a store or a bucket."""

    def __init__(self, real: Any, cut: Cut) -> None:
        self._real = real
        self._cut = cut

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found) or name.startswith("_") or name in ("put", "upload", "clean"):
            return found

        def call(*given: Any, **more: Any) -> Any:
            self._cut.before(name)
            return found(*given, **more)

        return call


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Each line is JSON: a record, or a metric."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def records(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [each for each in logged(capsys) if "_aws" not in each]


def test_a_request_is_logged_with_who_what_and_how_it_ended(world: World, capsys):
    dispute = world.opened()
    piece = world.submitted(dispute)
    capsys.readouterr()
    world.merchant.get(f"/v1/disputes/{dispute}/evidence/{piece}")
    (record,) = records(capsys)
    assert record["message"] == "answered"
    assert (record["service"], record["level"], record["status"]) == ("recourse", "INFO", 200)
    assert (record["dispute"], record["piece"], record["role"]) == (dispute, piece, "merchant")
    assert record["route"] == "GET /v1/disputes/{dispute_id}/evidence/{piece_id}"
    assert {"timestamp", "cold_start", "function_request_id"} <= set(record)


def test_a_request_is_found_by_the_gateways_id(world: World, capsys):
    event = world.gateway_event("GET", "/v1/health")
    event["requestContext"]["requestId"] = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    world.handle(event)
    assert records(capsys)[-1]["correlation_id"] == "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


def test_a_dispute_just_opened_is_named(world: World, capsys):
    assert world.opened() == records(capsys)[-1]["dispute"]


def test_a_refusal_is_logged_and_counted_by_its_code(world: World, capsys):
    world.merchant.get("/v1/disputes/01K00000000000000000000000")
    metric, record = logged(capsys)
    assert (record["message"], record["status"], record["code"]) == ("refused", 404, "not_found")
    assert (metric["Refused"], metric["code"]) == ([1.0], "not_found")


def test_what_is_in_an_address_is_not_logged_unless_it_is_an_id(world: World, capsys):
    world.merchant.get("/v1/disputes/handed over at the door")
    world.merchant.get(f"/v1/shops/SF1234567890/appeal-quota?x={TOKEN}")
    lines = capsys.readouterr().out
    assert lines
    assert not CANARY.search(lines)


def test_nothing_of_one_request_is_told_of_the_next(world: World, capsys):
    dispute = world.opened()
    world.merchant.get(f"/v1/disputes/{dispute}")
    capsys.readouterr()
    world.send("GET", "/v1/health")
    (record,) = records(capsys)
    assert {"dispute", "role"}.isdisjoint(record)


def test_a_whole_case_is_logged_without_a_word_of_it_wherever_it_fails(capsys):
    """Each step is tried with a fault at its first call, at its second, and so on, and then without."""
    cut = Cut()
    world = World(store=Cuttable(MemoryStore(), cut), bucket=Cuttable(MemoryBucket(), cut))  # type: ignore[arg-type]
    dispute = str(_tried(cut, lambda: world.platform.post("/v1/disputes", a_claim())).body["id"])
    base = f"/v1/disputes/{dispute}"
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
    piece = _tried(cut, lambda: world.merchant.post(f"{base}/evidence", asked)).body
    world.bucket.put(piece["upload"]["fields"]["key"], b"not a picture", at=world.now)
    _tried(cut, lambda: world.merchant.get(f"{base}/evidence"))
    spoken = {"requirement": "proof_of_delivery", "stage": "response", "statement": WORDS}
    _tried(cut, lambda: world.merchant.post(f"{base}/evidence", spoken), 422)
    contested = {"statement": WORDS, "pieces": [piece["piece"]["id"]], "submit_anyway": True}
    _tried(cut, lambda: world.merchant.post(f"{base}/response", contested))
    _tried(cut, lambda: world.reviewer.post(f"{base}/review-claim"))
    ruling = world.a_ruling(dispute)
    _tried(cut, lambda: world.reviewer.post(f"{base}/ruling", ruling))
    appeal = world.an_appeal(dispute)
    filed = _tried(cut, lambda: world.merchant.post(f"{base}/appeals", appeal)).body["appeals"][0]["id"]
    _tried(cut, lambda: world.merchant.post(f"{base}/appeals/{filed}/withdrawal"))
    _tried(cut, lambda: world.merchant.get(base))
    _tried(cut, lambda: world.merchant.get(f"{base}/timeline"))
    lines = capsys.readouterr().out
    assert lines.count('"the request failed"') == len(cut.fell) > 25
    assert "tests.api.test_logs.Fault" in lines
    assert not CANARY.search(lines)


def _failing_at(at: int, cut: Cut, request: Callable[[], Reply]) -> Reply:
    cut.at, cut.calls = at, 0
    return request()


def _tried(cut: Cut, request: Callable[[], Reply], *statuses: int) -> Reply:
    """What comes of it in the end."""
    reply = _failing_at(1, cut, request)
    for at in count(2):
        if reply.status != 500:
            break
        reply = _failing_at(at, cut, request)
    cut.at = 0
    assert reply.status in (statuses or (200, 201)), reply.text
    return reply
