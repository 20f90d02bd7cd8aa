"""Whose something is, the token says, and nothing else in a request (promise E)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pytest

from app import app
from chalicelib.domain.parties import Role
from chalicelib.http.access import ACCESS, OPERATOR, PLATFORM, PUBLIC, REVIEWERS
from chalicelib.http.openapi import document
from chalicelib.store import keys
from tests.api.build import Reply, endpoint
from tests.api.matrix.apt import EXAMPLES, Route
from tests.api.matrix.cells import ROLES, Matrix
from tests.api.matrix.targets import Standing, Target, targets
from tests.api.matrix.town import ROUTES

DOCUMENT: Final = document(app.routes)
NAMES_A_PARTY: Final = {"shop", "buyer", "respondent", "respondents", "complainant", "party", "owner", "tenant"}


def fields(schema: dict[str, Any], at: str = "") -> Iterator[str]:
    """Every field of a schema, the nested ones by their path."""
    named = schema.get("$ref", "").rpartition("/")[2]
    schema = DOCUMENT["components"]["schemas"][named] if named else schema
    for name, each in schema.get("properties", {}).items():
        yield f"{at}{name}"
        yield from fields(each, f"{at}{name}.")
    for each in (schema.get("items"), *schema.get("anyOf", ())):
        if each:
            yield from fields(each, at)


def named_parties() -> Iterator[tuple[Route, str]]:
    """Every field of every request that names a party."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            told = [*fields(body), *(each["name"] for each in operation["parameters"] if each["in"] != "header")]
            for name in told:
                if name.rpartition(".")[2] in NAMES_A_PARTY:
                    yield (method.upper(), path), name


BY_STAFF: Final = {
    (("POST", "/v1/disputes"), "respondent"): PLATFORM,
    (("POST", "/v1/disputes"), "complainant"): PLATFORM,
    (("POST", "/v1/disputes/{dispute_id}/ruling"), "liabilities.party"): REVIEWERS,
    (("POST", "/v1/disputes/{dispute_id}/appeals/{appeal_id}/decision"), "liabilities.party"): REVIEWERS,
    (("POST", "/v1/outages"), "respondents"): OPERATOR,
}
"""What names a party for everybody to see, in requests that no party may send."""


@pytest.mark.parametrize(("route", "name"), sorted(set(named_parties())))
def test_a_party_that_a_request_names_is_held_against_the_token(matrix: Matrix, route, name):
    """Or only staff may name it. A new field that names a party is tried in the matrix, or told of in BY_STAFF."""
    if (route, name) in BY_STAFF:
        assert ACCESS[route] <= BY_STAFF[route, name]
        return
    foreign = [
        each
        for role in (Role.MERCHANT, Role.BUYER)
        if role in ACCESS[route]
        for each in targets(matrix.scene, route, role)
        if each.standing is Standing.FOREIGN
    ]
    tried = [each for each in foreign if name in each.path or name in (each.body or {}) or f"{name}=" in each.query]
    assert tried


@pytest.mark.parametrize("route", [each for each in ROUTES if endpoint(*each).contract.takes])
def test_no_body_takes_a_field_that_it_doesn_t_name(matrix: Matrix, route):
    """At no depth."""
    example = EXAMPLES.get(endpoint(*route).name, {})
    for place, body in widened(example):
        for role in matrix.admitted(route):
            (target, *_) = targets(matrix.scene, route, role)
            reply = matrix.ask_with(route, role, Target(Standing.OWN, target.path, body=body))
            assert (reply.status, reply.code) == (422, "invalid_body")
            assert (place, "unknown_field") in {(each["field"], each["code"]) for each in reply.body["errors"]}


def widened(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """The value with one field more, in each of its objects."""
    if isinstance(value, dict):
        yield f"{at}.tenant".removeprefix("."), value | {"tenant": "shop:S2"}
        for name, each in value.items():
            yield from ((place, value | {name: wider}) for place, wider in widened(each, f"{at}.{name}"))
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from (
                (place, [*value[:number], wider, *value[number + 1 :]])
                for place, wider in widened(each, f"{at}[{number}]")
            )


@pytest.mark.parametrize("route", ROUTES)
def test_no_query_takes_a_parameter_that_it_doesn_t_name(matrix: Matrix, route):
    for role in ROLES if ACCESS[route] is PUBLIC else matrix.admitted(route):
        (target, *_) = targets(matrix.scene, route, role)
        query = "&".join(filter(None, (target.query, "tenant=S2")))
        reply = matrix.ask_with(route, role, Target(Standing.OWN, target.path, query, target.body))
        assert (reply.status, reply.code) == (400, "invalid_query")
        assert [(each["field"], each["code"]) for each in reply.body["errors"]] == [("tenant", "unknown_field")]


SAID: Final = {
    "x-tenant": "shop:S2",
    "x-shop": "S2",
    "x-user-id": "merchant-2",
    "x-forwarded-user": "merchant-2",
    "x-remote-user": "merchant-2",
    "x-role": "operator",
    "x-amzn-oidc-identity": "merchant-2",
    "x-amzn-oidc-data": "e30.e30.e30",
    "x-original-url": "/v1/outages",
    "x-http-method-override": "DELETE",
    "cookie": "recourse_role=operator",
}


@pytest.mark.parametrize("route", [each for each in ROUTES if each[0] == "GET"])
def test_no_header_but_the_token_says_who_asks(matrix: Matrix, route):
    for role in matrix.admitted(route):
        for target in matrix.own(route, role):
            plain, more = matrix.ask_with(route, role, target), matrix.ask_with(route, role, target, SAID)
            assert (plain.status, without_seals(plain.text)) == (more.status, without_seals(more.text))


def without_seals(text: str) -> Any:
    """A cursor is sealed afresh each time."""
    body = json.loads(text)
    return body | {"next": None} if "next" in body else body


LISTS: Final = [
    (each, name)
    for each in ROUTES
    if (query := endpoint(*each).contract.query)
    for name in {"cursor", "after"} & set(query.model_fields)
]


@pytest.mark.parametrize(("route", "name"), LISTS)
def test_a_cursor_is_its_holder_s_and_its_list_s(matrix: Matrix, route, name):
    """The feed's is any of the platform's systems'."""
    role = Role.PLATFORM if route == ("GET", "/v1/webhooks/{webhook_id}/attempts") else matrix.admitted(route)[0]
    asked = [paged(each) for each in matrix.own(route, role)]
    (sealed, target) = next((cursor, each) for each in asked if (cursor := next_of(matrix, route, role, each)))
    going_on = replace(target, query=f"{target.query}&{name}={sealed}")
    assert matrix.ask_with(route, role, going_on).status == 200
    if route != ("GET", "/v1/events"):
        assert is_refused(matrix.ask_as(route, role, "colleague", going_on))
        for other in set(matrix.admitted(route)) - {role}:
            (there, *_) = matrix.own(route, other)
            assert is_refused(matrix.ask_with(route, other, paged(there, f"{name}={sealed}")))
    for elsewhere, its in LISTS:
        if elsewhere != route and role in ACCESS[elsewhere]:
            (there, *_) = matrix.own(elsewhere, role)
            assert is_refused(matrix.ask_with(elsewhere, role, paged(there, f"{its}={sealed}")))


def next_of(matrix: Matrix, route: Route, role: Role, target: Target) -> str | None:
    cursor: str | None = matrix.ask_with(route, role, target).body["next"]
    return cursor


def is_refused(reply: Reply) -> bool:
    return (reply.status, reply.code) == (400, "invalid_cursor")


def paged(target: Target, *more: str) -> Target:
    query = "&".join(filter(None, (target.query, "limit=1", *more)))
    return replace(target, query=query)


ALSO: Final = {
    "O#O-1": "an order's disputes: those of others are left out after reading, and no page tells of them",
}
"""Partitions that don't name the party, and why a party's request may read them."""


@pytest.mark.parametrize("role", [Role.MERCHANT, Role.BUYER])
def test_every_query_for_a_party_is_of_a_partition_of_its_own(matrix: Matrix, role):
    """The party's, that of a dispute which it may see, or of its webhook."""
    scene = matrix.scene
    (party,) = scene.parties[role]
    disputes = {keys.dispute_partition(each.dispute) for each in scene.ours.values()}
    named = {party, scene.hooks["ours"].id}
    also = {*ALSO, *disputes, keys.of_messages(party), keys.of_unread(party)}
    before = scene.town.state()
    for route in (each for each in ROUTES if role in ACCESS[each]):
        for target in targets(scene, route, role):
            scene.town.shelf.asked.clear()
            matrix.ask_with(route, role, target)
            for each in scene.town.shelf.asked:
                known = named & set(each.partition.split("#")) or each.partition in also
                assert known, f"{route} {target.path} {target.query} reads {each.partition}"
            if scene.town.state() != before:
                scene.town.put_back(before)
