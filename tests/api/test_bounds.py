"""Nothing that a caller may send is without a bound: walked through as the OpenAPI document says it."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from app import app
from chalicelib.http.access import ACCESS
from chalicelib.http.endpoint import MOST_BYTES
from chalicelib.http.openapi import document
from tests.api.build import World

DOCUMENT: Final = document(app.routes)
OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
ID: Final = "01JD0000000000000000000000"
BOUND_BY_THE_GATEWAY: Final = "header"
"""API Gateway takes 10,240 bytes of headers, all together."""

_ENDLESS: Final = re.compile(r"(?<!\\)[*+]|\{\d+,\}")


def schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Of every parameter and every body, by what it is of."""
    for name, operation in OPERATIONS.items():
        for each in operation["parameters"]:
            if each["in"] != BOUND_BY_THE_GATEWAY:
                yield f"{name} {each['name']}", each["schema"]
        if "requestBody" in operation:
            yield name, operation["requestBody"]["content"]["application/json"]["schema"]


def unbounded(schema: dict[str, Any], at: str = "") -> Iterator[str]:
    """Where a schema lets something grow without end."""
    schema = resolved(schema)
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from unbounded(each, at)
    match schema.get("type"):
        case "object":
            if schema.get("additionalProperties") is not False:
                yield f"{at}: takes fields that it doesn't name"
            for name, each in schema.get("properties", {}).items():
                yield from unbounded(each, f"{at}.{name}")
        case "array":
            if "maxItems" not in schema:
                yield f"{at}: a list of any length"
            yield from unbounded(schema["items"], f"{at}[]")
        case "string" if not is_bounded(schema):
            yield f"{at}: a text of any length"
        case "integer" | "number" if not {"minimum", "maximum"} <= set(schema):
            yield f"{at}: a number of any size"
        case None if not {"anyOf", "oneOf", "allOf", "enum", "const"} & set(schema):
            yield f"{at}: anything"
        case _:
            pass


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][name] if name else schema
    return found


def is_bounded(schema: dict[str, Any]) -> bool:
    pattern = schema.get("pattern", "")
    whole = (
        pattern.startswith("^") and pattern.endswith("$") and not _ENDLESS.search(re.sub(r"\[[^]]*\]", "x", pattern))
    )
    return whole or schema.get("format") == "date-time" or bool({"maxLength", "enum", "const"} & set(schema))


@pytest.mark.parametrize(("what", "schema"), [pytest.param(name, each, id=name) for name, each in schemas()])
def test_what_is_sent_has_a_bound_in_every_part(what: str, schema: dict[str, Any]):
    assert list(unbounded(schema, what)) == []


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": "string", "pattern": "^a+$"},
        {"type": "string", "pattern": "a{3}"},
        {"type": "array", "items": {"type": "string", "maxLength": 3}},
        {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        {"type": "integer", "minimum": 0},
        {"type": "object", "properties": {}},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {},
    ],
)
def test_the_walk_finds_what_has_none(schema: dict[str, Any]):
    assert list(unbounded(schema))


def test_every_list_is_read_by_pages_of_a_hundred_at_most():
    paged = {
        name: resolved(each["schema"])
        for name, operation in OPERATIONS.items()
        for each in operation["parameters"]
        if each["name"] == "limit"
    }
    listing = {name for name, operation in OPERATIONS.items() if {"cursor", "after"} & _parameters(operation)}
    assert set(paged) == listing
    assert {"GET /v1/disputes", "GET /v1/events"} <= listing
    assert all(each["maximum"] <= 100 for each in paged.values())


def _parameters(operation: dict[str, Any]) -> set[str]:
    return {each["name"] for each in operation["parameters"]}


def address(path: str) -> str:
    """One that names something, by its form."""
    return re.sub(r"\{\w+\}", ID, path.replace("{event_id}", f"{ID}:1"))


@pytest.mark.parametrize("route", [route for route, operation in OPERATIONS.items() if "requestBody" in operation])
def test_no_body_is_larger_than_a_quarter_of_a_megabyte(route: str):
    world = World()
    method, path = route.split(" ")
    role = min(ACCESS[method, path])
    headers = {"authorization": f"Bearer {world.token(role=role)}", "idempotency-key": "k"}
    body = b'{"note": "' + b"x" * MOST_BYTES + b'"}'
    reply = world.send(method, address(path), body, headers | {"content-type": "application/json"})
    assert (reply.status, reply.code, reply.body["limit"]) == (413, "content_too_large", 256 * 1024)
