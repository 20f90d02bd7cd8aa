"""The gateway before a measured function: a request becomes its event, and its answer the caller's."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import urllib3

from bench.gateway import Gateway
from tests.package.runtime_api import PREFIX
from tools import loopback

RECEIVED = {"statusCode": 201, "headers": {"ETag": '"1"'}, "body": '{"id":"D1"}'}


@pytest.fixture
def http():
    with urllib3.PoolManager(timeout=10, retries=False) as pool:
        yield pool


@pytest.fixture
def address():
    with loopback.serving(Gateway().answer) as served:
        yield f"http://{served}"


def invoked(http: urllib3.PoolManager, address: str, outcome: str, said: dict[str, Any]) -> dict[str, Any]:
    """What a function is told once, that ends like this."""
    event = http.request("GET", f"{address}{PREFIX}/invocation/next").json()
    assert http.request("POST", f"{address}{PREFIX}/invocation/1/{outcome}", json=said).status == 202
    return dict(event)


def asked(http: urllib3.PoolManager, address: str, outcome: str, said: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    with ThreadPoolExecutor(1) as function:
        told = function.submit(invoked, http, address, outcome, said)
        body = json.dumps({"note": "迟到"}).encode()
        answer = http.request("POST", f"{address}/v1/disputes/D1/withdrawal", body=body, headers={"If-Match": '"7"'})
        return answer, told.result()


def test_a_request_becomes_the_functions_event_and_its_answer_the_callers(http, address):
    answer, event = asked(http, address, "response", RECEIVED)
    assert (answer.status, answer.headers["ETag"], answer.data) == (201, '"1"', b'{"id":"D1"}')
    assert event["requestContext"]["resourcePath"] == "/v1/disputes/{dispute_id}/withdrawal"
    assert event["pathParameters"] == {"dispute_id": "D1"}
    assert event["headers"]["if-match"] == '"7"'
    assert json.loads(event["body"]) == {"note": "迟到"}


def test_a_function_that_fails_is_a_bad_gateway(http, address):
    answer, _ = asked(http, address, "error", {"errorType": "JobFailed"})
    assert answer.status == 502
