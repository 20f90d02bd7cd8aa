"""Every message has its sentence, in English and Chinese, for each value that it can have."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.domain import topics as t
from chalicelib.domain.claim import Money, Remedy
from chalicelib.domain.deadline import DeadlineKind, ExtensionReason
from chalicelib.domain.message_ports import Message
from chalicelib.domain.model import AppealStatus, Basis, Outcome
from chalicelib.domain.notices import Notice
from chalicelib.domain.webhooks import Why
from chalicelib.http.shown_messages import message_out, sentence
from chalicelib.service.messages import Told, ToldOfWebhook
from policies.model import RemedyKind
from tests.build import BUYER_PARTY, NOON, SHOP, Docket, marketplace

HAN = re.compile(r"[\u4e00-\u9fff]")
DUE = NOON + timedelta(hours=24)
REMEDY = Remedy(RemedyKind.REFUND_ONLY, Money(100, "CNY"))
OF_PARTIES = (
    DeadlineKind.RESPONSE,
    DeadlineKind.SETTLEMENT_CONFIRMATION,
    DeadlineKind.SUPPLEMENT,
    DeadlineKind.APPEAL_WINDOW,
)


def a_case() -> tuple[Docket, str]:
    """With a request for more; gives its id."""
    docket = Docket().open()
    docket.contest()
    return docket, docket.ask_for("product_document")[0]


CASE, REQUEST = a_case()


def a_quota(month: int, *, blocked: bool = False) -> t.QuotaState:
    return t.QuotaState("A1", True, "2026-11", month, 3, month, 10, DUE if blocked else None, DUE)  # noqa: FBT003


def _everything() -> Iterator[t.OfDispute]:
    for kind in OF_PARTIES:
        yield t.ActionWanted("D1", kind, DUE, REQUEST)
        yield t.DeadlineNear("D1", kind, DUE, REQUEST)
        for reason in ExtensionReason:
            yield t.DeadlineMoved("D1", kind, DUE, REQUEST, reason)
    yield t.EvidenceLacking("P1", "proof_of_delivery", "file_corrupt", ())
    yield t.EvidenceLacking("P1", "proof_of_delivery", None, ("red_stamp", "date"))
    for yes in (True, False):
        yield t.ClaimContested(yes)
        yield t.SettlementAnswer(confirmed=yes, lapsed=False)
    yield t.SettlementAnswer(confirmed=False, lapsed=True)
    for outcome in Outcome:
        for basis in Basis:
            yield t.RulingMade(1, outcome, basis, REMEDY, REMEDY.money)
    yield from (t.AppealOutcome("A1", each) for each in AppealStatus if each is not AppealStatus.FILED)
    yield from (a_quota(1), a_quota(3), a_quota(4, blocked=True))
    yield from (t.InDefault(), t.RulingFinal(1), t.AppealLodged("A1"), t.DefaultUndone(), t.AppealUndone("A1"))
    yield from (t.ClaimWithdrawn(), t.CaseClosed(REMEDY), t.CaseClosed(None))


EVERYTHING = tuple(_everything())


def told(topic: t.OfDispute, party: str = SHOP) -> Told:
    message = Message("M1", Notice("E:1", party, CASE.dispute.id, NOON, topic), None)
    return Told(message, topic, CASE.dispute, marketplace(), current=True)


def test_every_kind_is_among_them():
    assert {t.code_of(each) for each in EVERYTHING} == set(t.TOPICS) - {"webhook_disabled"}


@pytest.mark.parametrize("why", set(Why) - {Why.BY_OWNER})
def test_of_a_webhook_it_is_said_where_why_since_when_and_what_to_do(why):
    topic = t.WebhookDown("hooks.example.com", NOON, DUE, why)
    message = Message("M1", Notice("W1:2", SHOP, "W1", NOON, topic), None)
    shown = message_out(ToldOfWebhook(message, topic, "Asia/Shanghai", current=True))
    assert (shown.code, shown.webhook, shown.dispute, shown.order_id) == ("webhook_disabled", "W1", None, None)
    en, zh = shown.message.en, shown.message.zh
    assert en.startswith("Webhook hooks.example.com: it was disabled at 2026-11-03 12:00:00 (Asia/Shanghai), for ")
    assert "enable the webhook again" in en
    assert zh.startswith("Webhook hooks.example.com：")
    assert "已于2026年11月03日 12:00:00（Asia/Shanghai）停用" in zh
    assert ("since 2026-11-02 12:00:00" in en) == (why is Why.FAILING)
    assert ("自2026年11月02日 12:00:00" in zh) == (why is Why.FAILING)
    assert not re.search(r"[{}]", en + zh)


@pytest.mark.parametrize("party", [SHOP, BUYER_PARTY])
@pytest.mark.parametrize("topic", EVERYTHING, ids=t.code_of)
def test_it_is_said_in_both_languages(topic, party):
    said = sentence(told(topic, party))
    assert said.en.startswith("Order O-1: ")
    assert said.zh.startswith("订单 O-1：")
    assert HAN.search(said.zh.removeprefix("订单 O-1："))
    assert not HAN.search(said.en)
    assert not re.search(r"[{}]|\bNone\b", said.en + said.zh)


def test_no_two_values_are_said_alike_to_a_shop():
    said = [sentence(told(each)).zh for each in EVERYTHING if not isinstance(each, t.RulingMade)]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("topic", EVERYTHING, ids=t.code_of)
def test_it_fits_what_the_api_promises(topic):
    shown = message_out(told(topic))
    assert (shown.due_at is None) == (not hasattr(topic, "due"))
    assert shown.due_at_local in (None, "2026-11-03T12:00:00.000+08:00")


def test_a_time_is_cut_off_to_the_second_so_that_nobody_is_late_by_reading_it():
    late = t.ActionWanted("D1", DeadlineKind.RESPONSE, DUE + timedelta(milliseconds=999), None)
    assert "2026-11-03 12:00:00 (Asia/Shanghai)" in sentence(told(late)).en
    assert "2026年11月03日 12:00:00（Asia/Shanghai）" in sentence(told(late)).zh
