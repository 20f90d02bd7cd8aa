"""What docs/webhooks.md shows and says is so."""

import json
import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain import webhooks as w
from chalicelib.domain.webhooks import Trouble
from chalicelib.http.problems import every_refusal
from chalicelib.store.courier import SECONDS, HttpsCourier
from tests.api.build import World
from tests.api.hooks import hooked
from tests.contract.receiver import HOST, Authority, answering, receiving

GUIDE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
PROSE = " ".join(re.sub(r"^```.*?^```$", "", GUIDE, flags=re.MULTILINE | re.DOTALL).split())


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture
def receive() -> Any:
    """The guide's receiver."""
    defined: dict[str, Any] = {}
    exec(block("python"), defined)  # noqa: S102  (the guide's own example)
    return defined["receive"]


@pytest.fixture
def world() -> World:
    """Now: the library refuses what is minutes old."""
    now = datetime.now(UTC)
    return World(now=now.replace(microsecond=now.microsecond // 1000 * 1000))


def sent(world: World) -> tuple[str, dict[str, str], bytes]:
    """A secret, and a request that was signed by it."""
    secret = hooked(world.merchant, "dispute.opened")["secret"]
    world.opened()
    world.mail.announce()
    world.mail.deliver()
    posted = world.mail.postman.posted[-1]
    return secret, dict(posted.headers), posted.body


def test_its_receiver_takes_what_is_sent_and_drops_what_it_has_had(world, receive, capsys):
    secret, headers, body = sent(world)
    seen: set[str] = set()
    assert [receive(secret, headers, body, seen) for _ in range(3)] == [200] * 3
    assert seen == {headers["webhook-id"]}
    assert capsys.readouterr().out.count("dispute.opened") == 1


def test_its_receiver_takes_what_really_comes_over_tls(world, receive, tmp_path):
    authority = Authority.make()
    secret = hooked(world.merchant, "dispute.opened")["secret"]
    world.opened()
    world.mail.announce()
    with receiving(authority.serve(HOST, tmp_path), answering(b"HTTP/1.1 200 OK\r\n\r\n")) as receiver:
        courier = HttpsCourier(
            authority.trust(),
            world.clock,
            resolve=lambda _: ("127.0.0.1",),
            admits=lambda address: address.is_loopback,
            port=receiver.port,
        )
        world.mail.send_by(courier)
        world.mail.deliver()
    head, _, body = receiver.requests[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert receive(secret, headers, body, set()) == 200
    assert receive(secret, headers, body[:-1] + b" ", set()) == 401


def test_its_receiver_refuses_what_is_altered_old_or_signed_by_somebody_else(world, receive):
    secret, headers, body = sent(world)
    other = hooked(world.merchant, "dispute.opened")["secret"]
    old = headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 301)}
    moved = headers | {"webhook-id": "01K00000000000000000000000:1"}
    unsigned = {name: each for name, each in headers.items() if name != "webhook-signature"}
    refused = [(other, headers, body), (secret, headers, body + b" "), (secret, old, body), (secret, moved, body)]
    for each in (*refused, (secret, unsigned, body)):
        assert receive(*each, set()) == 401


def test_its_receiver_takes_either_secret_during_the_overlap(world, receive):
    made = hooked(world.merchant, "dispute.opened")
    new = world.merchant.post(f"/v1/webhooks/{made['webhook']['id']}/secret").body["secret"]
    world.opened()
    world.mail.announce()
    world.mail.deliver()
    posted = world.mail.postman.posted[-1]
    assert [receive(each, dict(posted.headers), posted.body, set()) for each in (made["secret"], new)] == [200, 200]


def test_its_example_has_the_members_that_are_sent(world):
    example, (_, _, body) = json.loads(block("json")), sent(world)
    told = json.loads(body)
    assert (set(example), set(example["data"])) == (set(told), set(told["data"]))
    assert example["type"] in w.OF_DISPUTES


def test_its_table_of_troubles_is_whole():
    (_, *listed) = re.findall(r"^\| `(\w+)` \|", GUIDE.partition("## When it fails")[2], re.MULTILINE)
    assert listed == [each.value for each in Trouble]


def test_its_numbers_are_the_services():
    hours = [round(each.total_seconds() / 3600) for each in w.SCHEDULE[3:]]
    assert f"then {', '.join(map(str, hours[:-1]))} and {hours[-1]} hours" in PROSE
    assert [each.total_seconds() for each in w.SCHEDULE[:3]] == [5, 300, 1800]
    assert all(later > earlier for earlier, later in pairwise(w.SCHEDULE))
    assert (len(w.SCHEDULE) + 1, w.MOST) == (10, 10)
    assert (w.SECRETS_OVERLAP.days, w.FAILS_AT_MOST.days, w.ATTEMPTS_KEPT.days, SECONDS) == (1, 5, 30, 10)


def test_its_types_and_codes_exist():
    named = set(re.findall(r"`((?:dispute|piece)\.\w+)`", GUIDE))
    assert named
    assert named <= {*w.OF_DISPUTES, *w.OF_PIECES}
    codes = {each.code for each in every_refusal()}
    assert set(re.findall(r"\(`(\w+)`\)", GUIDE)) <= codes
