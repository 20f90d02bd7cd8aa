"""Webhooks: which addresses, which events, and what becomes of an address that fails."""

import socket
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from chalicelib.domain import webhooks as w
from chalicelib.domain.errors import UnknownEventTypes, WebhookAddressRefused, WebhookDisabled
from chalicelib.domain.notices import of_webhook
from chalicelib.domain.parties import PLATFORM
from chalicelib.domain.topics import WebhookDown
from chalicelib.domain.webhooks import Attempt, Change, Delivery, Happening, Outcome, Secret, Trouble, Wanted, Why
from tests.build import NOON

_NAMES = ("a.example", "xn--a", "x1", "A", "example", "localhost", "127.0.0.1", "1.", "0x7f.", "::1", "@inside.example")
_MARKS = (
    ".",
    "-",
    ":443",
    ":80",
    ":",
    "/",
    "//",
    "\\",
    "?",
    "#",
    "@",
    "&",
    ";",
    "[",
    "]",
    "%2e",
    "%00",
    "\n",
    "\t",
    " ",
)
_OTHERS = ("%00", "。", "ⅰ", "．")
PARTS = st.lists(st.sampled_from((*_NAMES, *_MARKS, *_OTHERS)), max_size=6).map("".join)
ADDRESS = "https://hooks.example.com/recourse?shop=1"
RULED = Happening("01K00000000000000000000000:7", "dispute.ruled", NOON, "D", "D", 7)
HOOK = replace(w.register(Wanted("shop:S1", ADDRESS, ("dispute.ruled",)), "W1", NOON), secrets=(Secret("first"),))


def attempt(
    status: int | None = 500, *, number: int = 1, later: timedelta = timedelta(), kind: str = "", **more
) -> Attempt:
    happening = replace(RULED, type=kind) if kind else RULED
    outcome = Outcome(5, status, None if status else Trouble.TIMED_OUT, **more)
    return Attempt(HOOK.id, happening, w.AUTOMATIC, number, NOON + later, outcome)


@pytest.mark.parametrize(
    ("address", "host", "target"),
    [
        (ADDRESS, "hooks.example.com", "/recourse?shop=1"),
        ("https://Hooks.Example.COM", "hooks.example.com", "/"),
        ("https://a.b-c.example:443/x", "a.b-c.example", "/x"),
        ("https://xn--fiqs8s.example/%E4%B8%AD", "xn--fiqs8s.example", "/%E4%B8%AD"),
    ],
)
def test_an_address_is_https_on_a_host_name(address, host, target):
    assert w.host_and_target(address) == (host, target)


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example.com/",
        "HTTPS://hooks.example.com/",
        "//hooks.example.com/",
        "ftp://hooks.example.com/",
        "https://hooks.example.com:8443/",
        "https://hooks.example.com:80/",
        "https://user@hooks.example.com/",
        "https://user:secret@hooks.example.com/",
        "https://hooks.example.com#@inside",
        "https://hooks.example.com/#fragment",
        "https://hooks.example.com\\@inside/",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/\n",
        "https://hooks.example.com\r\nHost: inside/",
        "https://hooks.example.com/中",
        "https://例子.中国/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0x0.0x0.0x1/",
        "https://0177.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://8.8.8.8/",
        "https://localhost/",
        "https://hooks.example.com./",
        "https://-hooks.example.com/",
        "https://hooks..example.com/",
        "https://hooks%2eexample.com/",
        "https:///path",
        "https://",
        "",
        f"https://hooks.example.com/{'x' * 500}",
        f"https://{'a.' * 130}example/",
    ],
)
def test_any_other_address_is_refused(address):
    with pytest.raises(WebhookAddressRefused):
        w.register(Wanted("shop:S1", address, ("dispute.ruled",)), "W1", NOON)
    with pytest.raises(WebhookAddressRefused):
        w.change(HOOK, Change(url=address), NOON)


@given(st.sampled_from(("a.example", "a.example/", "a.example:443/", "")), PARTS)
def test_whoever_reads_an_accepted_address_reads_the_same_host(host, rest):
    """A host that one parser sees and another doesn't is a way in; an address of IP in any notation is no name."""
    address = f"https://{host}{rest}"
    try:
        host, target = w.host_and_target(address)
    except WebhookAddressRefused:
        return
    for parsed in (urlsplit(address), parse_url(address)):
        assert (parsed.hostname, parsed.port) in {(host, None), (host, 443)}
    assert (urlsplit(address).username, urlsplit(address).fragment) == (None, "")
    assert target.startswith("/")
    for read in (ip_address, socket.inet_aton):
        with pytest.raises((ValueError, OSError)):
            read(host)


def test_events_are_named_for_what_happened_to_what():
    assert w.public_name("DisputeOpened", of_piece=False) == "dispute.opened"
    assert w.public_name("AppealDecided", of_piece=False) == "dispute.appeal_decided"
    assert w.public_name("PieceArrived", of_piece=True) == "piece.arrived"


def test_no_two_events_have_one_name():
    assert len({*w.OF_DISPUTES, *w.OF_PIECES}) == len(w.OF_DISPUTES) + len(w.OF_PIECES)


def test_a_shop_may_ask_for_its_timelines_events_and_the_platform_for_the_feeds():
    with pytest.raises(UnknownEventTypes) as refusal:
        w.register(Wanted("shop:S1", ADDRESS, ("piece.arrived", "dispute.ruled")), "W1", NOON)
    assert refusal.value.unknown == ("piece.arrived",)
    assert w.register(Wanted(PLATFORM, ADDRESS, ("piece.arrived",)), "W1", NOON).events == ("piece.arrived",)


def test_the_schedule_is_that_of_standard_webhooks():
    waits = [w.wait_after(attempt(number=each), 0) for each in range(1, 11)]
    hours = [2, 5, 10, 14, 20, 24]
    assert waits == [
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        *(timedelta(hours=each) for each in hours),
        None,
    ]


def test_chance_lengthens_a_wait_by_a_tenth_at_most():
    assert w.wait_after(attempt(number=2), 1) == timedelta(minutes=5, seconds=30)


def test_a_receiver_may_ask_for_a_longer_wait_of_a_day_at_most():
    assert w.wait_after(attempt(429, retry_after=timedelta(hours=3)), 0) == timedelta(hours=3)
    assert w.wait_after(attempt(503, retry_after=timedelta(seconds=1)), 0) == timedelta(seconds=5)
    assert w.wait_after(attempt(503, retry_after=timedelta(days=900)), 0) == timedelta(hours=24)


@pytest.mark.parametrize(("status", "delivered"), [(200, True), (204, True), (299, True), (199, False), (300, False)])
def test_delivered_is_what_was_answered_2xx(status, delivered):
    assert attempt(status).delivered is delivered
    assert (w.wait_after(attempt(status), 0) is None) is delivered


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 500, None])
def test_everything_else_fails_a_redirect_too(status):
    assert w.after(HOOK, attempt(status)).failing_since == NOON


def test_five_days_of_nothing_but_failures_disable_a_webhook_and_a_millisecond_less_does_not():
    failing = w.after(HOOK, attempt())
    spared = w.after(failing, attempt(later=w.FAILS_AT_MOST - timedelta(milliseconds=1)))
    assert spared == failing
    disabled = w.after(failing, attempt(later=w.FAILS_AT_MOST)).disabled
    assert disabled == w.Disabled(NOON + w.FAILS_AT_MOST, Why.FAILING)


def test_c6_whose_webhook_fails_for_days_or_is_gone_is_told_and_once():
    failing = w.after(HOOK, attempt())
    disabled = w.after(failing, attempt(later=w.FAILS_AT_MOST))
    (notice,) = of_webhook(failing, disabled)
    assert (notice.party, notice.subject, notice.at) == (HOOK.owner, HOOK.id, NOON + w.FAILS_AT_MOST)
    assert notice.topic == WebhookDown("hooks.example.com", NOON, NOON + w.FAILS_AT_MOST, Why.FAILING)
    (gone,) = of_webhook(HOOK, w.after(HOOK, attempt(410)))
    assert gone.topic == WebhookDown("hooks.example.com", NOON, NOON, Why.GONE)
    assert "shop=1" not in repr((notice, gone)), "what follows the host may be a secret"


def test_nobody_is_told_of_what_was_disabled_before_is_gone_or_merely_fails():
    failing = w.after(HOOK, attempt())
    disabled = w.after(failing, attempt(later=w.FAILS_AT_MOST))
    again = w.after(disabled, attempt(410, later=w.FAILS_AT_MOST))
    for before, after in ((HOOK, failing), (failing, failing), (disabled, again), (None, None), (HOOK, None)):
        assert of_webhook(before, after) == ()


def test_what_is_told_holds_until_the_webhook_is_enabled_again():
    disabled = w.after(HOOK, attempt(410))
    (told,) = of_webhook(HOOK, disabled)
    assert isinstance(told.topic, WebhookDown)
    topic = told.topic
    later = NOON + timedelta(days=1)
    enabled = w.change(disabled, Change(enabled=True), later)
    anew = w.change(enabled, Change(enabled=False), later)
    assert [topic.holds(each, later) for each in (disabled, enabled, anew)] == [True, False, False]


def test_one_delivery_begins_the_five_days_anew():
    mended = w.after(w.after(HOOK, attempt()), attempt(200, later=timedelta(days=4)))
    assert mended.failing_since is None
    assert w.after(mended, attempt(later=timedelta(days=6))).disabled is None


def test_a_receiver_that_is_gone_disables_the_webhook_at_once():
    assert w.after(HOOK, attempt(410)).disabled == w.Disabled(NOON, Why.GONE)


def test_a_test_says_nothing_of_the_webhook_and_is_not_tried_again():
    for status in (200, 410, 500):
        assert w.after(HOOK, attempt(status, kind=w.TEST)) == HOOK
        assert w.wait_after(attempt(status, kind=w.TEST), 0) is None


def test_an_attempt_that_changes_nothing_makes_no_new_version():
    assert w.after(HOOK, attempt(200)) is HOOK


def test_enabled_anew_or_at_another_address_it_has_failed_at_nothing_yet():
    disabled = w.after(HOOK, attempt(410))
    enabled = w.change(disabled, Change(enabled=True), NOON)
    assert (enabled.disabled, enabled.failing_since) == (None, None)
    moved = w.change(w.after(HOOK, attempt()), Change(url="https://other.example/"), NOON)
    assert moved.failing_since is None
    kept = w.change(w.after(HOOK, attempt()), Change(events=("dispute.opened",)), NOON)
    assert kept.failing_since == NOON


def test_disabled_twice_keeps_the_first_reason():
    gone = w.after(HOOK, attempt(410))
    assert w.change(gone, Change(enabled=False), NOON + timedelta(days=1)).disabled == gone.disabled
    assert w.change(HOOK, Change(enabled=False), NOON).disabled == w.Disabled(NOON, Why.BY_OWNER)


def test_a_secret_that_was_replaced_signs_for_a_day_and_an_older_one_no_more():
    twice = w.rotate(w.rotate(HOOK, "second", NOON), "third", NOON)
    assert [each.sealed for each in twice.signing(NOON + w.SECRETS_OVERLAP)] == ["third", "second"]
    later = NOON + w.SECRETS_OVERLAP + timedelta(milliseconds=1)
    assert [each.sealed for each in twice.signing(later)] == ["third"]


def test_what_no_longer_holds_is_not_wanted():
    delivery = Delivery("W1", "shop:S1", RULED, w.AUTOMATIC, NOON)
    assert w.still_wanted(HOOK, delivery)
    assert not w.still_wanted(None, delivery)
    assert not w.still_wanted(w.change(HOOK, Change(enabled=False), NOON), delivery)
    other = w.change(HOOK, Change(events=("dispute.opened",)), NOON)
    assert not w.still_wanted(other, delivery)
    assert not w.still_wanted(other, replace(delivery, run="put back from the dead letters"))
    assert w.still_wanted(other, replace(delivery, asked=True))


def test_nothing_is_asked_of_a_disabled_webhook():
    w.require_enabled(HOOK)
    with pytest.raises(WebhookDisabled):
        w.require_enabled(w.after(HOOK, attempt(410)))
