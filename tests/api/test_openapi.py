"""The document says what is so. That answers are as it says, every test of the API checks (`truth`)."""

from dataclasses import fields

import pytest
from openapi_spec_validator import validate

from app import app
from chalicelib.http.docs_page import page
from chalicelib.http.openapi import document, refusals
from chalicelib.http.problem_schemas import schemas
from chalicelib.http.problems import every_refusal, member_of
from tests.api.build import endpoint
from tests.api.examples import FILE, recorded, written
from tests.api.truth import Truth

DOCUMENT = document(app.routes)
OPERATIONS = [(path, method, each) for path, methods in DOCUMENT["paths"].items() for method, each in methods.items()]
BEFORE_ANY_OPERATION = {"method_not_allowed"}
CODES = sorted(each.code for each in every_refusal())


@pytest.mark.slow
def test_it_is_valid_openapi_3_1():
    validate(DOCUMENT)
    assert DOCUMENT["openapi"] == "3.1.0"


def test_every_route_is_in_it_once():
    told = {(path, method.upper()) for path, method, _ in OPERATIONS}
    assert told == {(path, method) for path, methods in app.routes.items() for method in methods}
    names = [each["operationId"] for _, _, each in OPERATIONS]
    assert len(set(names)) == len(names)


def test_every_code_is_in_it():
    assert {f"problem_{each}" for each in CODES} <= set(DOCUMENT["components"]["schemas"])


@pytest.mark.parametrize("code", sorted(set(CODES) - BEFORE_ANY_OPERATION))
def test_every_code_is_told_by_some_operation(code):
    reference = f"#/components/schemas/problem_{code}"
    told = [
        each["operationId"]
        for _, _, each in OPERATIONS
        for answer in each["responses"].values()
        for content in answer["content"].values()
        if {"$ref": reference} in content.get("schema", {}).get("anyOf", [])
    ]
    assert told


@pytest.mark.parametrize("refusal", every_refusal(), ids=lambda each: each.code)
def test_a_problem_s_facts_take_no_reserved_member(refusal):
    reserved = {"type", "title", "status", "code", "detail", "messages", "fix", "instance"}
    assert not {member_of(each.name) for each in fields(refusal)} & reserved
    assert schemas()[f"problem_{refusal.code}"]["properties"]["code"] == {"const": refusal.code}


def test_every_change_needs_a_key_and_says_so():
    for path, method, operation in OPERATIONS:
        headers = {each["name"] for each in operation["parameters"] if each["in"] == "header" and each.get("required")}
        contract = endpoint(method.upper(), path).contract
        assert contract.changes == ("Idempotency-Key" in headers)
        assert contract.changes or method == "get" or operation["operationId"] in ("get_upload_form", "read_messages")


def test_no_operation_tells_a_refusal_twice():
    for _, _, operation in OPERATIONS:
        for answer in operation["responses"].values():
            codes = answer["description"].split(", ")
            assert len(codes) == len(set(codes))
    assert refusals(endpoint("GET", "/v1/health").contract, public=True)


def test_examples_are_as_the_schemas_say():
    truth = Truth.of(app)
    for path, method, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            for kind, content in answer["content"].items():
                if "example" in content:
                    place = ["paths", path, method, "responses", status, "content", kind, "schema"]
                    truth.validator(place).validate(content["example"])
        if "requestBody" in operation:
            place = ["paths", path, method, "requestBody", "content", "application/json", "schema"]
            truth.validator(place).validate(operation["requestBody"]["content"]["application/json"]["example"])
    for name, example in DOCUMENT["components"]["examples"].items():
        truth.validator(["components", "schemas", name]).validate(example["value"])


def test_examples_are_what_is_answered():
    """Where it fails because an answer was changed on purpose: `python -m tests.api.examples`."""
    assert written(recorded()) == FILE.read_text(encoding="utf-8")


def test_every_operation_has_an_example_of_a_real_answer():
    without = [
        each["operationId"]
        for _, _, each in OPERATIONS
        for status, answer in each["responses"].items()
        if status.startswith("2") and "example" not in next(iter(answer["content"].values()))
    ]
    assert without == ["get_docs", "get_openapi"]


def test_every_problem_has_an_example():
    assert set(DOCUMENT["components"]["examples"]) == {f"problem_{each}" for each in CODES}


def test_the_page_tells_it_all_and_escapes_it():
    html = page(DOCUMENT)
    assert all(f'id="{each["operationId"]}"' in html for _, _, each in OPERATIONS)
    assert all(f'id="problem_{each}"' in html for each in CODES)
    odd = DOCUMENT | {"info": DOCUMENT["info"] | {"title": "<script>", "description": "<b> `x` **y**"}}
    assert "<script>" not in page(odd)
    assert "<code>x</code> <strong>y</strong>" in page(odd)
