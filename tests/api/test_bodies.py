"""Bodies, addresses and headers that are odd: refused or read, never a fault of ours."""

import gzip
import json
import re
from base64 import b64encode

import pytest

from chalicelib.http.endpoint import IN_PATHS
from tests.api.build import Reply, World, a_claim

JSON = {"content-type": "application/json"}


def sent(world: World, body: bytes, key: str = "k", **headers: str) -> Reply:
    """A claim, as its bytes come; what isn't UTF-8 as lone surrogates."""
    event = _event(world, key, **headers)
    return world.handle(event | {"body": body.decode("utf-8", "surrogateescape")})


def _event(world: World, key: str = "k", **headers: str) -> dict[str, object]:
    token = world.token(role="platform")
    said = {"authorization": f"Bearer {token}", "idempotency-key": key} | JSON | headers
    return world.gateway_event("POST", "/v1/disputes", b"{}", said)


def claim(**changes: object) -> bytes:
    return json.dumps(a_claim(**changes)).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"order":' * 10_000,
        b'{"statement":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b"\xef\xbb\xbf{}",
        gzip.compress(claim()),
        claim().decode().encode("utf-16"),
        claim() + claim(),
        claim().replace(b"Nothing", b"\xff\xfe"),
        claim().replace(b"Nothing", b"\xed\xa0\x80"),
        claim().replace(b"Nothing", rb"\ud800"),
        claim().replace(b'"Nothing', b"'Nothing"),
        b"NaN",
    ],
    ids=lambda body: body[:12].hex(),
)
def test_what_is_no_json_in_utf_8_is_refused(world: World, body):
    """Too deep is too much; compressed and in other encodings isn't read."""
    reply = sent(world, body)
    assert (reply.status, reply.code) in {(400, "malformed_body"), (422, "invalid_body")}
    assert world.store.feed(limit=1).items == ()
    in_base64 = world.handle(_event(world) | {"body": b64encode(body).decode(), "isBase64Encoded": True})
    assert (in_base64.status, in_base64.code) in {(400, "malformed_body"), (422, "invalid_body")}


@pytest.mark.parametrize(
    "number", ["1e999", "-1e999", "1" * 5000, "1.0", "1e3", "NaN", "Infinity", "-0.5", "true", "null"]
)
def test_a_number_that_is_none_of_ours_is_refused(world: World, number):
    reply = sent(world, claim().replace(b'"amount": 10000', f'"amount": {number}'.encode()))
    assert (reply.status, reply.code) in {(400, "malformed_body"), (422, "invalid_body")}


def test_of_a_name_that_comes_twice_the_last_counts_everywhere(world: World):
    """For what is done, and for what a key stands for."""
    twice = claim(statement="The first.")[:-1] + b', "statement": "The last."}'
    first = sent(world, twice)
    assert first.status == 201
    again = sent(world, claim(statement="The last."))
    assert (again.status, again.text) == (201, first.text)
    assert sent(world, claim(statement="The first.")).code == "idempotency_key_reused"
    assert world.platform.get(f"/v1/disputes/{first.body['id']}").body["statement"]["text"] == "The last."


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "\r\nSet-Cookie: a=b", "\u202e", "\x7f\x1b[31m", "🫖" * 100, "<script>"]
)
def test_a_text_is_kept_as_it_was_sent_and_comes_back_as_data(world: World, text):
    reply = sent(world, claim(statement=text))
    assert reply.status == 201
    assert world.platform.get(f"/v1/disputes/{reply.body['id']}").body["statement"]["text"] == text
    assert not any(each in value for value in reply.headers.values() for each in "\r\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\0", " ", "\u2028", "#", "/"])
def test_what_comes_back_in_a_header_or_names_a_key_has_one_form_to_its_very_end(world: World, end):
    """Some regular expressions let a line's end pass."""
    for changes in ({"external_id": f"E{end}\n"}, {"respondent": f"shop:S1{end}"}, {"complainant": f"buyer:B1{end}"}):
        reply = sent(world, claim(**changes))
        assert (reply.status, reply.code) == (422, "invalid_body")
    assert sent(world, claim(), key=f"k{end}").status == (201 if end in "#/" else 400)


@pytest.mark.parametrize("name", sorted(IN_PATHS))
def test_a_part_of_an_address_has_one_form_to_its_very_end(name):
    pattern = re.compile(IN_PATHS[name])
    for each in ("\n", "x\n", "../x", "a/b", "%00", "", " ", "é"):
        assert not pattern.fullmatch(each)


def test_a_charset_is_said_in_vain(world: World):
    assert sent(world, claim(), **{"content-type": "application/json; charset=utf-16"}).status == 201


def test_an_encoding_is_said_in_vain(world: World):
    assert sent(world, claim(), **{"content-encoding": "gzip"}).status == 201
