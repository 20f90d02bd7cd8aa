"""The access table: complete, obeyed, and at one with the rules."""

import json

import pytest

from app import app
from chalicelib.domain import commands as c
from chalicelib.domain.moves import MOVES
from chalicelib.http.access import ACCESS, PUBLIC
from chalicelib.http.deps import provide
from chalicelib.http.endpoint import Endpoint
from tests.api.build import World

ROUTES = {(method, path) for path, methods in app.routes.items() for method in methods}

COMMANDS = {
    ("POST", "evidence"): c.RegisterPiece,
    ("DELETE", "evidence/{piece_id}"): c.WithdrawPiece,
    ("POST", "acceptance"): c.Accept,
    ("POST", "settlement"): c.ReportSettlement,
    ("POST", "settlement/confirmation"): c.AnswerSettlement,
    ("POST", "response"): c.Contest,
    ("POST", "evidence-requests"): c.RequestEvidence,
    ("POST", "evidence-requests/{request_id}/answer"): c.SupplyEvidence,
    ("POST", "review-claim"): c.ClaimReview,
    ("DELETE", "review-claim"): c.ReleaseReview,
    ("POST", "ruling"): c.Rule,
    ("POST", "extension"): c.ExtendDeadline,
    ("POST", "appeals"): c.FileAppeal,
    ("POST", "appeals/{appeal_id}/withdrawal"): c.WithdrawAppeal,
    ("POST", "appeals/{appeal_id}/decision"): c.DecideAppeal,
    ("POST", "set-aside"): c.AskSetAside,
    ("POST", "set-aside/agreement"): c.AnswerSetAside,
    ("POST", "withdrawal"): c.WithdrawDispute,
    ("POST", "closure"): c.Close,
    ("POST", "hold"): c.PlaceHold,
    ("DELETE", "hold"): c.LiftHold,
    ("POST", "erasure"): c.Erase,
}


def test_every_route_is_in_the_table_and_nothing_else_is():
    assert set(ACCESS) == ROUTES


def test_every_route_is_guarded():
    views = [entry.view_function for methods in app.routes.values() for entry in methods.values()]
    assert all(isinstance(each, Endpoint) for each in views)


def test_public_is_what_tells_nothing_of_anybody():
    assert {path for (_, path), roles in ACCESS.items() if roles is PUBLIC} == {
        "/v1/health",
        "/v1/openapi.json",
        "/v1/docs",
        "/v1/bundle-key",
    }


@pytest.mark.parametrize(("route", "command"), COMMANDS.items())
def test_the_table_admits_who_the_rules_admit(route, command):
    method, path = route
    assert ACCESS[method, f"/v1/disputes/{{dispute_id}}/{path}"] == MOVES[command].roles


def test_every_command_of_a_person_has_a_route():
    assert set(COMMANDS.values()) == set(MOVES) - {c.Lapse, c.AllowForOutage, c.EraseDue}


def test_a_route_that_is_not_in_the_table_can_not_be_reached(world: World):
    entry = app.routes["/v1/health"]["GET"]
    app.routes["/v1/unlisted"]["GET"] = entry
    try:
        event = world._gateway.event_converter.create_lambda_event("GET", "/v1/health", {}, None)  # noqa: SLF001
        event["requestContext"]["resourcePath"] = "/v1/unlisted"
        with provide(world.deps):
            answer = app(event, None)
    finally:
        del app.routes["/v1/unlisted"]
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (403, "not_permitted")
