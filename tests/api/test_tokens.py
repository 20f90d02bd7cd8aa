"""Who is let in: real keys, real tokens, and the ways in which a token can be wrong."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import product

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from chalicelib.http.keys import KeysUnavailable, fetch_keys
from tests.api.build import World, ec_key, rsa_key, sign
from tests.api.matrix.tokens import b64, hs256

INVALID = "the token isn't valid here"
LONGEST = 8 * 1024
NO_ROLE = "recourse_role must be one of appeal_reviewer, buyer, merchant, operator, platform, reviewer"
NO_LIST = "recourse_parties must be a list of at most 100"
NO_PARTY = "recourse_parties must hold parties like shop:S1"


def ask(world: World, token: str):
    return world.send("GET", "/v1/disputes?shop=S1", headers={"authorization": f"Bearer {token}"})


def why(world: World, token: str) -> str:
    """Why a token isn't known."""
    reply = ask(world, token)
    assert (reply.status, reply.code) == (401, "unauthenticated")
    assert reply.headers["WWW-Authenticate"] == 'Bearer realm="recourse", error="invalid_token"'
    return str(reply.body["why"])


def a_token_of(world: World, length: int) -> str:
    """A good one of so many characters."""
    room = (length - len(sign(world.claims() | {"pad": ""}, cty=""))) * 3 // 4
    for more, pad in product(range(3), range(room - 8, room + 1)):
        claims = world.claims() | {"pad": "x" * pad}
        token = sign(claims, cty="x" * more)
        if len(token) == length:
            return token
    raise ValueError("no token has this length")


def test_a_good_token_is_let_in(world: World):
    assert ask(world, world.token()).status == 200


def test_rsa_is_as_good(world: World):
    world.provider.published.append(rsa_key("r1"))  # type: ignore[arg-type]
    assert ask(world, sign(world.claims(), rsa_key("r1"))).status == 200


@pytest.mark.parametrize("sent", [None, "", "Bearer", "Bearer ", "Basic {token}", "{token}", "Bearer\t{token}"])
def test_without_a_token_it_is_401_and_says_what_is_wanted(world: World, sent):
    headers = {} if sent is None else {"authorization": sent.format(token=world.token())}
    reply = world.send("GET", "/v1/disputes?shop=S1", headers=headers)
    assert (reply.status, reply.code, reply.body["why"]) == (401, "unauthenticated", "no bearer token")
    assert reply.headers["WWW-Authenticate"] == 'Bearer realm="recourse"'


@pytest.mark.parametrize("sent", ["bearer {token}", "BEARER {token}", "Bearer  {token} "])
def test_the_scheme_has_no_case_and_spaces_are_no_part_of_a_token(world: World, sent):
    reply = world.send("GET", "/v1/disputes", headers={"authorization": sent.format(token=world.token())})
    assert reply.status == 200


def test_a_token_has_8_kib_at_most(world: World):
    assert ask(world, a_token_of(world, LONGEST)).status == 200
    assert why(world, a_token_of(world, LONGEST + 1)) == "the token is too long"


def test_a_subject_has_1_to_255_characters(world: World):
    assert why(world, sign(world.claims() | {"sub": ""})) == INVALID
    assert ask(world, world.token(sub="x")).status == 200
    assert ask(world, world.token(sub="x" * 255)).status == 200
    assert why(world, world.token(sub="x" * 256)) == INVALID


def test_a_token_names_a_hundred_parties_at_most(world: World):
    shops = [f"shop:S{number}" for number in range(101)]
    assert ask(world, world.token(parties=tuple(shops[:100]))).status == 200
    reply = ask(world, world.token(parties=tuple(shops)))
    assert (reply.status, reply.body["why"]) == (403, NO_LIST)


@pytest.mark.parametrize(
    ("party", "status"),
    [
        (f"{'a' * 32}:{'X' * 64}", 200),
        (f"{'a' * 33}:X", 403),
        (f"a:{'X' * 65}", 403),
        ("a_b:A.b_c-9", 200),
        ("A:x", 403),
        (":x", 403),
        ("a:", 403),
        ("shop:S1\n", 403),
        (1, 403),
    ],
)
def test_a_party_has_the_form_that_disputes_name_it_by(world: World, party, status):
    reply = ask(world, sign(world.claims() | {"recourse_parties": ["shop:S1", party]}))
    assert reply.status == status
    assert status == 200 or reply.body["why"] == NO_PARTY


def test_who_speaks_for_nobody_names_nobody(world: World):
    claims = world.claims(role="platform")
    del claims["recourse_parties"]
    assert ask(world, sign(claims)).status == 200


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
        {"sub": 1},
    ],
)
def test_claims_that_are_not_for_us_are_refused(world: World, changes):
    claims = {name: value for name, value in (world.claims() | changes).items() if value is not None}
    assert why(world, sign(claims)) == ("the token has expired" if changes == {"exp": 1} else INVALID)


def test_clocks_may_differ_by_half_a_minute(world: World):
    claims = world.claims()
    now = claims["iat"]
    assert ask(world, sign(claims | {"exp": now - 29})).status == 200
    assert why(world, sign(claims | {"exp": now - 30})) == "the token has expired"
    for name in ("nbf", "iat"):
        assert ask(world, sign(claims | {name: now + 30})).status == 200
        assert why(world, sign(claims | {name: now + 31})) == INVALID


def test_several_audiences_with_ours_among_them_will_do(world: World):
    assert ask(world, sign(world.claims() | {"aud": ["account", "recourse"]})).status == 200


def test_an_id_token_opens_nothing(world: World):
    """It is signed by the same key, for the same audience perhaps."""
    for more in ({"nonce": "n"}, {"token_use": "id"}, {"typ": "ID"}, {"typ": "bearer"}):
        assert why(world, sign(world.claims() | more, typ="JWT")) == "this is no access token"


@pytest.mark.parametrize("kind", ["at+jwt", "AT+JWT", "application/at+jwt"])
def test_the_header_s_type_tells_an_access_token(world: World, kind):
    assert ask(world, sign(world.claims(), typ=kind)).status == 200


@pytest.mark.parametrize("claims", [{"token_use": "access"}, {"typ": "Bearer"}])
def test_a_provider_without_the_access_type_says_so_in_a_claim(world: World, claims):
    assert ask(world, sign(world.claims() | claims, typ="JWT")).status == 200


def test_a_published_shared_secret_is_not_used(world: World):
    world.provider.published.append(OctKey.import_key("a" * 64, {"kid": "o1"}))  # type: ignore[arg-type]
    assert ask(world, sign(world.claims())).status == 200
    assert why(world, hs256(world.claims(), b"a" * 64, kid="o1")) == INVALID


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
    assert why(world, signed) == INVALID


def test_a_key_that_isn_t_published_is_named_as_the_reason(world: World):
    assert why(world, sign(world.claims(), ec_key("stolen"))) == "the token's key isn't known"
    assert why(world, sign(world.claims(), ec_key("stolen"), kid="k1")) == INVALID


def test_a_token_without_a_key_id_is_held_against_the_only_key(world: World):
    unnamed = jwt.encode({"alg": "ES256", "typ": "at+jwt"}, world.claims(), ec_key("k1"))
    assert ask(world, unnamed).status == 200
    world.provider.published.append(ec_key("k2"))
    world.seconds += 601
    assert why(world, unnamed) == "the token's key isn't known"


def test_an_algorithm_that_settings_do_not_name_is_not_used(world: World):
    """Although the key would do."""
    world.provider.published.append(rsa_key("r1"))  # type: ignore[arg-type]
    signed = jwt.encode(
        {"alg": "PS256", "kid": "r1", "typ": "at+jwt"}, world.claims(), rsa_key("r1"), algorithms=["PS256"]
    )
    assert why(world, signed) == INVALID


def test_rotation_is_followed(world: World):
    assert ask(world, world.token()).status == 200
    world.provider.published = [ec_key("k2")]
    new = sign(world.claims(), ec_key("k2"))
    assert ask(world, new).status == 401, "asked a moment ago"
    world.seconds += 31
    assert ask(world, new).status == 200
    assert ask(world, world.token()).status == 401, "the old key is withdrawn"


def test_a_token_that_was_let_in_before_is_not_once_it_has_expired_or_its_key_is_withdrawn(world: World):
    token = world.token()
    assert [ask(world, token).status for _ in range(2)] == [200, 200]
    world.later(hours=2)
    assert why(world, token) == "the token has expired"
    world.later(hours=-2)
    assert ask(world, token).status == 200
    world.provider.published = [ec_key("k2")]
    world.seconds += 601
    assert why(world, token) == "the token's key isn't known"


def test_a_token_that_was_let_in_before_opens_nothing_with_another_ones_signature(world: World):
    for number in range(300):
        assert ask(world, world.token(sub=f"merchant-{number}")).status == 200
    head, claims, _ = world.token(sub="merchant-299").split(".")
    *_, signature = world.token(sub="merchant-298").split(".")
    assert why(world, f"{head}.{claims}.{signature}") == INVALID


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
    ("claims", "said"),
    [
        *(({"recourse_role": each}, NO_ROLE) for each in ("system", "admin", "", "Merchant", None, ["merchant"])),
        *(({"recourse_parties": each}, NO_LIST) for each in ("shop:S1", None, {"shop:S1": 1})),
        *(({"recourse_parties": each}, NO_PARTY) for each in (["S1"], ["shop:S1#"], [["shop:S1"]])),
    ],
)
def test_a_role_that_is_none_of_ours_may_do_nothing(world: World, claims, said):
    reply = ask(world, sign(world.claims() | claims))
    assert (reply.status, reply.code) == (403, "role_missing")
    assert reply.body["why"] == said


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
