"""Who is let in: real keys, real tokens, and the ways in which a token can be wrong."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from joserfc.jwk import OctKey

from chalicelib.http.keys import KeysUnavailable, fetch_keys
from tests.api.build import World, ec_key, rsa_key, sign


def ask(world: World, token: str):
    return world.send("GET", "/v1/disputes?shop=S1", headers={"authorization": f"Bearer {token}"})


def b64(value) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_a_good_token_is_let_in(world: World):
    assert ask(world, world.token()).status == 200


def test_rsa_is_as_good(world: World):
    world.provider.published.append(rsa_key("r1"))  # type: ignore[arg-type]
    assert ask(world, sign(world.claims(), rsa_key("r1"))).status == 200


def test_without_a_token_it_is_401_and_says_what_is_wanted(world: World):
    reply = world.send("GET", "/v1/disputes?shop=S1")
    assert (reply.status, reply.code) == (401, "unauthenticated")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": 4102444800},
        {"iat": 4102444800},
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://id.example.evil"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": 1},
    ],
)
def test_claims_that_are_not_for_us_are_refused(world: World, changes):
    claims = {name: value for name, value in (world.claims() | changes).items() if value is not None}
    reply = ask(world, sign(claims))
    assert (reply.status, reply.code) == (401, "unauthenticated")


def test_clocks_may_differ_by_half_a_minute(world: World):
    claims = world.claims()
    now = claims["iat"]
    assert ask(world, sign(claims | {"exp": now - 29})).status == 200
    assert ask(world, sign(claims | {"exp": now - 30})).status == 401


def test_several_audiences_with_ours_among_them_will_do(world: World):
    assert ask(world, sign(world.claims() | {"aud": ["account", "recourse"]})).status == 200


def test_an_id_token_opens_nothing(world: World):
    """It is signed by the same key, for the same audience perhaps."""
    assert ask(world, sign(world.claims() | {"nonce": "n"}, typ="JWT")).status == 401
    assert ask(world, sign(world.claims() | {"token_use": "id"}, typ="JWT")).status == 401
    assert ask(world, sign(world.claims() | {"typ": "ID"}, typ="JWT")).status == 401


@pytest.mark.parametrize("claims", [{"token_use": "access"}, {"typ": "Bearer"}])
def test_a_provider_without_the_access_type_says_so_in_a_claim(world: World, claims):
    assert ask(world, sign(world.claims() | claims, typ="JWT")).status == 200


def test_no_signature_is_no_token(world: World):
    unsigned = f"{b64({'alg': 'none', 'typ': 'at+jwt', 'kid': 'k1'})}.{b64(world.claims())}."
    assert ask(world, unsigned).status == 401


def test_a_public_key_is_no_shared_secret(world: World):
    """HS256 with the public key as its secret: the classic confusion."""
    pem = ec_key("k1").as_pem(private=False)
    signed = f"{b64({'alg': 'HS256', 'typ': 'at+jwt', 'kid': 'k1'})}.{b64(world.claims())}"
    mac = hmac.new(pem, signed.encode(), hashlib.sha256).digest()
    assert ask(world, f"{signed}.{b64(mac)}").status == 401


def test_a_published_shared_secret_is_not_used(world: World):
    world.provider.published.append(OctKey.import_key("a" * 64, {"kid": "o1"}))  # type: ignore[arg-type]
    assert ask(world, sign(world.claims())).status == 200
    signed = f"{b64({'alg': 'HS256', 'typ': 'at+jwt', 'kid': 'o1'})}.{b64(world.claims())}"
    mac = hmac.new(b"a" * 64, signed.encode(), hashlib.sha256).digest()
    assert ask(world, f"{signed}.{b64(mac)}").status == 401


def test_a_tampered_token_is_refused(world: World):
    header, _, signature = world.token().split(".")
    assert ask(world, f"{header}.{b64(world.claims(role='platform'))}.{signature}").status == 401


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b", "a.b.c.d", "....", "é.é.é", f"{'e30'}.e30.e30", "bnVsbA.bnVsbA.bnVsbA", "W10.W10.W10", "x" * 9000],
)
def test_rubbish_is_refused(world: World, token):
    assert ask(world, token).status == 401


@pytest.mark.parametrize(
    "header",
    [
        {"kid": 1},
        {"kid": ["k1"]},
        {"alg": ["ES256"]},
        {"alg": None},
        {"typ": 1},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
    ],
)
def test_odd_headers_are_refused(world: World, header):
    signed = f"{b64({'alg': 'ES256', 'typ': 'at+jwt', 'kid': 'k1'} | header)}.{b64(world.claims())}.{b64(b'x' * 64)}"
    assert ask(world, signed).status == 401


def test_another_key_of_the_same_name_is_refused(world: World):
    assert ask(world, sign(world.claims(), ec_key("stolen"), kid="k1")).status == 401


def test_rotation_is_followed(world: World):
    assert ask(world, world.token()).status == 200
    world.provider.published = [ec_key("k2")]
    new = sign(world.claims(), ec_key("k2"))
    assert ask(world, new).status == 401, "asked a moment ago"
    world.seconds += 31
    assert ask(world, new).status == 200
    assert ask(world, world.token()).status == 401, "the old key is withdrawn"


def test_made_up_key_ids_make_nobody_ask_the_provider(world: World):
    for number in range(5):
        assert ask(world, sign(world.claims(), kid=f"made-up-{number}")).status == 401
    assert world.provider.asked == 1


def test_keys_are_fetched_anew_now_and_then(world: World):
    ask(world, world.token())
    world.seconds += 601
    ask(world, world.token())
    assert world.provider.asked == 2


def test_while_the_provider_is_away_known_keys_go_on(world: World):
    ask(world, world.token())
    world.provider.away = True
    world.seconds += 601
    assert ask(world, world.token()).status == 200


def test_without_any_keys_it_is_503(world: World):
    world.provider.away = True
    reply = ask(world, world.token())
    assert (reply.status, reply.code, reply.headers["Retry-After"]) == (503, "identity_unavailable", "5")


@pytest.mark.parametrize(
    "claims",
    [
        {"recourse_role": "system"},
        {"recourse_role": "admin"},
        {"recourse_role": None},
        {"recourse_role": ["merchant"]},
        {"recourse_parties": "shop:S1"},
        {"recourse_parties": ["S1"]},
        {"recourse_parties": ["shop:S1#"]},
        {"recourse_parties": [f"shop:S{number}" for number in range(101)]},
    ],
)
def test_a_role_that_is_none_of_ours_may_do_nothing(world: World, claims):
    reply = ask(world, sign(world.claims() | claims))
    assert (reply.status, reply.code) == (403, "role_missing")


def test_keys_are_read_over_http_and_redirects_are_not_followed():
    documents = {
        "/keys": json.dumps({"keys": [ec_key("k1").as_dict(private=False)]}).encode(),
        "/none": b'{"keys": []}',
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path in documents else 302)
            self.send_header("Location", "/keys")
            self.end_headers()
            self.wfile.write(documents.get(self.path, b""))

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        assert [each.kid for each in fetch_keys(f"{address}/keys")] == ["k1"]
        for elsewhere in ("/redirect", "/none"):
            with pytest.raises(KeysUnavailable):
                fetch_keys(address + elsewhere)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
