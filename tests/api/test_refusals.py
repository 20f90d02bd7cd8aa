"""Requests that are refused, and how it is said."""

import json
from dataclasses import replace

import pytest

from chalicelib.domain.errors import AppealQuotaExceeded, DeadlinePassed, TooBusy, WrongState
from chalicelib.http.problems import document, every_refusal, headers, language_of
from tests.api.build import WORDS, World, a_claim
from tests.build import NOON

JSON = {"content-type": "application/json"}


def test_a_problem_says_what_why_and_what_to_do_in_both_languages(world: World):
    dispute = world.opened()
    reply = world.merchant.post(
        f"/v1/disputes/{dispute}/response", {"statement": WORDS, "pieces": []}, accept_language="zh-CN"
    )
    problem = reply.body
    assert (reply.status, problem["status"]) == (409, 409)
    assert (problem["type"], problem["title"]) == ("urn:recourse:problem:evidence_incomplete", "Evidence incomplete")
    assert problem["blocking"] == ["proof_of_delivery"]
    assert problem["detail"] == problem["messages"]["zh-Hans"] == "必需的凭证缺失或无法使用：proof_of_delivery。"
    assert problem["messages"]["en"].startswith("Needed evidence is missing")
    assert problem["fix"]["en"]
    assert problem["fix"]["zh-Hans"]
    assert reply.headers["Content-Language"] == "zh-Hans"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh", "zh-Hans"),
        ("zh-Hans-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr, zh;q=0.3", "zh-Hans"),
        ("zh;q=0, en;q=0.1", "en"),
        ("zh;q=much", "en"),
        ("*", "en"),
    ],
)
def test_the_language_is_what_the_caller_likes_best(accepted, language):
    assert language_of(accepted) == language


@pytest.mark.parametrize("refusal", every_refusal(), ids=lambda each: each.code)
def test_every_refusal_is_bilingual_and_fills_in_its_facts(refusal):
    assert all((refusal.says.en, refusal.says.zh, refusal.fix.en, refusal.fix.zh))
    assert refusal.says.en != refusal.says.zh


def test_facts_are_members_instants_in_utc_with_milliseconds():
    problem = document(DeadlinePassed(kind="response", due=NOON, now=NOON), "en")
    assert (problem["kind"], problem["due"]) == ("response", "2026-11-02T04:00:00.000Z")
    quota = document(AppealQuotaExceeded(period="2026-11", used=4, limit=3, reopens=NOON), "en")
    assert (quota["used"], quota["limit"], quota["reopens"]) == (4, 3, "2026-11-02T04:00:00.000Z")


def test_a_fact_never_takes_the_place_of_the_status():
    problem = document(WrongState(action="contest", status="ruled"), "en")
    assert (problem["status"], problem["state"]) == (409, "ruled")


def test_who_should_try_again_is_told_when():
    assert headers(TooBusy(), "en")["Retry-After"] == "1"


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"not json", b'{"statement": "\\ud800"}'])
def test_a_body_that_is_no_json_is_malformed(world: World, body):
    dispute = world.opened()
    said = {"authorization": f"Bearer {world.token()}", "idempotency-key": "k"} | JSON
    reply = world.send("POST", f"/v1/disputes/{dispute}/acceptance", body, said)
    assert (reply.status, reply.code) == (400, "malformed_body")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"extra": 1}, "extra", "unknown_field"),
        ({"external_id": ""}, "external_id", "wrong_form"),
        ({"external_id": "a#b"}, "external_id", "wrong_form"),
        ({"respondent": "S1"}, "respondent", "wrong_form"),
        ({"reason": 1}, "reason", "not_text"),
        ({"statement": ""}, "statement", "too_short"),
        ({"statement": "x" * 4001}, "statement", "too_long"),
        (
            {"requested_remedy": {"kind": "apology", "amount": 1, "currency": "CNY"}},
            "requested_remedy.kind",
            "not_a_choice",
        ),
        (
            {"requested_remedy": {"kind": "repair", "amount": -1, "currency": "CNY"}},
            "requested_remedy.amount",
            "too_small",
        ),
        (
            {"requested_remedy": {"kind": "repair", "amount": 1.5, "currency": "CNY"}},
            "requested_remedy.amount",
            "not_an_integer",
        ),
        (
            {"requested_remedy": {"kind": "repair", "amount": "1", "currency": "CNY"}},
            "requested_remedy.amount",
            "not_an_integer",
        ),
        (
            {"requested_remedy": {"kind": "repair", "amount": 10**13, "currency": "CNY"}},
            "requested_remedy.amount",
            "too_large",
        ),
        ({"order": {"id": "O", "shop_name": "S", "items": [{"sku": "s"}]}}, "order.items[0].title", "missing"),
        ({"order": []}, "order", "not_an_object"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_wrong_in_both_languages(world: World, changes, field, code):
    reply = world.platform.post("/v1/disputes", a_claim(**changes))
    assert (reply.status, reply.code) == (422, "invalid_body")
    found = next(each for each in reply.body["errors"] if each["field"] == field)
    assert found["code"] == code
    assert found["messages"]["en"]
    assert found["messages"]["zh-Hans"]


@pytest.mark.parametrize(
    "due", ["2026-11-04", "2026-11-04T00:00:00", "2026-11-04T00:00:00.0001Z", "9999-12-31T23:59:59-10:00", 1, True]
)
def test_an_instant_has_a_zone_and_milliseconds_at_most(world: World, due):
    dispute = world.opened()
    asked = {"deadline": world.new_id(), "due": due, "reason": "carrier_delay"}
    assert world.platform.post(f"/v1/disputes/{dispute}/extension", asked).code == "invalid_body"


def test_a_reason_that_is_the_clockwork_s_own_is_nobody_s(world: World):
    dispute = world.opened()
    asked = {"deadline": world.new_id(), "due": "2026-11-04T00:00:00Z", "reason": "quota_block"}
    assert world.platform.post(f"/v1/disputes/{dispute}/extension", asked).code == "invalid_body"


def test_a_piece_is_a_file_or_a_statement(world: World):
    dispute = world.opened()
    for more in ({}, {"media_type": "image/png", "statement": WORDS}):
        reply = world.merchant.post(
            f"/v1/disputes/{dispute}/evidence", {"requirement": "x", "stage": "response", **more}
        )
        assert reply.body["errors"][0]["code"] == "one_of_two"


def test_a_change_needs_a_key(world: World):
    dispute = world.opened()
    for key, status, code in (
        (None, 428, "idempotency_key_required"),
        ("a b", 400, "invalid_header"),
        ("x" * 129, 400, "invalid_header"),
    ):
        reply = world.merchant.post(f"/v1/disputes/{dispute}/acceptance", key=key)
        assert (reply.status, reply.code) == (status, code)


def test_a_changed_dispute_is_412_and_says_to_read_it_again(world: World):
    dispute = world.opened()
    seen = world.merchant.get(f"/v1/disputes/{dispute}").etag
    world.submitted(dispute)
    reply = world.merchant.post(f"/v1/disputes/{dispute}/acceptance", if_match=seen)
    assert (reply.status, reply.code) == (412, "version_conflict")
    assert (reply.body["expected"], reply.body["current"]) == (2, 3)
    now = world.merchant.get(f"/v1/disputes/{dispute}").etag
    assert world.merchant.post(f"/v1/disputes/{dispute}/acceptance", if_match=now).status == 200


@pytest.mark.parametrize("etag", ["2", 'W/"2"', '"two"', '"2", "3"'])
def test_an_etag_that_is_none_is_refused(world: World, etag):
    dispute = world.opened()
    assert world.merchant.post(f"/v1/disputes/{dispute}/acceptance", if_match=etag).code == "invalid_header"


def test_any_etag_is_any_version(world: World):
    dispute = world.opened()
    assert world.merchant.post(f"/v1/disputes/{dispute}/acceptance", if_match="*").status == 200


def test_a_late_answer_is_refused_by_the_clock_to_the_millisecond(world: World):
    dispute = world.opened()
    piece = world.submitted(dispute)
    body = {"statement": WORDS, "pieces": [piece]}
    world.later(hours=24, milliseconds=1)
    late = world.merchant.post(f"/v1/disputes/{dispute}/response", body)
    assert (late.status, late.code) == (409, "deadline_passed")
    assert late.body["due"] == "2026-11-03T04:00:00.000Z"


def test_the_instant_is_when_the_gateway_received_it(world: World):
    dispute = world.opened()
    piece = world.submitted(dispute)
    world.later(hours=24, seconds=5)
    received = int(world.now.timestamp() * 1000) - 5000
    reply = world.merchant.post(
        f"/v1/disputes/{dispute}/response", {"statement": WORDS, "pieces": [piece]}, epoch=received
    )
    assert (reply.status, reply.body["response"]["at"]) == (200, "2026-11-03T04:00:00.000Z")


def test_an_instant_of_the_future_is_now(world: World):
    dispute = world.opened()
    ahead = int(world.now.timestamp() * 1000) + 60_000
    reply = world.merchant.post(f"/v1/disputes/{dispute}/acceptance", epoch=ahead)
    assert reply.body["server_time"] == "2026-11-02T04:00:00.000Z"


def test_the_same_external_id_answers_with_the_dispute_that_has_it(world: World):
    dispute = world.opened()
    reply = world.platform.post("/v1/disputes", a_claim())
    assert (reply.status, reply.code, reply.body["dispute"]) == (409, "external_id_taken", dispute)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "boredom"}, "unknown_reason"),
        ({"policy": "nobodys"}, "unknown_policy"),
        ({"requested_remedy": {"kind": "refund_only", "amount": 1, "currency": "EUR"}}, "wrong_currency"),
    ],
)
def test_what_the_policy_does_not_know_is_422(world: World, changes, code):
    reply = world.platform.post("/v1/disputes", a_claim(**changes))
    assert (reply.status, reply.code) == (422, code)


def test_a_body_has_a_bound(world: World):
    big = json.dumps(a_claim(statement="x" * 300_000)).encode()
    headers_ = {"authorization": f"Bearer {world.token(role='platform')}", "idempotency-key": "k"} | JSON
    reply = world.send("POST", "/v1/disputes", big, headers_)
    assert (reply.status, reply.code) == (413, "content_too_large")


def test_another_method_is_405_as_a_problem(world: World):
    reply = world.send("PUT", "/v1/disputes", b"", JSON | {"accept-language": "zh"})
    assert (reply.status, reply.code) == (405, "method_not_allowed")
    assert set(reply.headers["Allow"].split(", ")) == {"GET", "POST"}
    assert reply.headers["Content-Language"] == "zh-Hans"


def test_another_media_type_is_415_as_a_problem(world: World):
    reply = world.send("POST", "/v1/disputes", b"a=1", {"content-type": "application/x-www-form-urlencoded"})
    assert (reply.status, reply.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "status=lost", "colour=red", "shop=S1&shop=S2", "cursor="]
)
def test_a_wrong_query_is_400(world: World, query):
    reply = world.platform.get(f"/v1/disputes?{query}")
    assert (reply.status, reply.code) == (400, "invalid_query")


def test_a_query_where_none_is_asked_for_is_400(world: World):
    dispute = world.opened()
    assert world.merchant.get(f"/v1/disputes/{dispute}?expand=all").code == "invalid_query"


def test_a_combination_without_an_index_is_400_and_says_which_work(world: World):
    reply = world.platform.get("/v1/disputes?shop=S1&status=ruled&reason=quality")
    assert (reply.status, reply.code) == (400, "unsupported_query")
    assert "shop + status, sort=newest" in reply.body["supported"]


class Broken:
    def __getattr__(self, name):
        raise RuntimeError("secret: the table's name")


def test_what_goes_wrong_is_logged_by_its_place_and_nothing_of_it_leaks(world: World, capsys):
    world.deps = replace(world.deps, queries=Broken())  # type: ignore[arg-type]
    reply = world.platform.get("/v1/disputes")
    assert (reply.status, reply.code) == (500, "internal_error")
    logged = capsys.readouterr().out
    assert reply.body["request_id"] in logged
    assert "disputes.py" in logged
    assert "secret" not in logged
    assert "secret" not in reply.text
