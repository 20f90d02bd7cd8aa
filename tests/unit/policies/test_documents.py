"""The documents that ship hold the rulebook's numbers and choices; the contrarian one, all others."""

import json
import re
from dataclasses import fields, replace

import jsonschema
import pytest

from policies import __main__ as commands
from policies import published
from policies.book import DOCUMENTS, PolicyBook
from policies.model import (
    AppealPolicy,
    EvidenceRule,
    ExtensionPolicy,
    FileLimits,
    Ground,
    Medium,
    OnLapse,
    QualityThresholds,
    QuotaPolicy,
    ReminderPolicy,
    ResponsePolicy,
    RetentionPolicy,
    ReviewPolicy,
    SettlementPolicy,
    SupplementPolicy,
    Term,
    Unit,
)
from tests.unit.policies.build import CHOICES, CONTRARIAN, plain, values

SHIPPED = sorted(DOCUMENTS.glob("*/*.yaml"))
EVERY = [*SHIPPED, *sorted(CONTRARIAN.glob("*/*.yaml"))]
SCHEMA = json.loads(commands.SCHEMA.read_text(encoding="utf-8"))


def name(path):
    return f"{path.parent.name}/{path.stem}"


@pytest.fixture(scope="module")
def book():
    return PolicyBook.from_folder()


@pytest.fixture(scope="module")
def marketplace(book):
    return book.version("marketplace", 1)


@pytest.fixture(scope="module")
def contrarian():
    return PolicyBook.from_folder(CONTRARIAN).version("contrarian", 1)


def test_every_document_that_ships_is_published_and_unchanged():
    assert commands.main(["check"]) == 0
    record = published.read(published.beside(DOCUMENTS))
    assert [path for path in SHIPPED if not published.has(record, path.parent.name, int(path.stem))] == []


def test_the_schema_that_ships_is_that_of_the_code():
    assert commands.SCHEMA.read_text(encoding="utf-8") == commands.schema_text(), "run: python -m policies schema"


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_editors_find_the_schema_of_a_document_and_agree_with_it(path):
    pointed = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
    assert pointed
    assert (path.parent / pointed[1]).resolve() == commands.SCHEMA
    jsonschema.validate(plain(path.parent.name, path.parent.parent), SCHEMA)


@pytest.mark.parametrize("path", SHIPPED, ids=name)
@pytest.mark.parametrize(("choice", "rule"), CHOICES.items(), ids=CHOICES)
def test_each_choice_is_explained_in_the_document_with_its_rule_and_its_values(path, choice, rule):
    text = path.read_text(encoding="utf-8")
    explained = re.search(rf"(?:^ *#.*\n)*^ *# {choice} \(choice, {rule}\): .*\n(?:^ *#.*\n)*", text, re.MULTILINE)
    assert explained
    assert [value for value in values(choice) if not re.search(rf"\b{value}\b", explained[0])] == []


def test_the_marketplace_counts_in_chinese_months_and_money(marketplace):
    """B5: months and years are those of Asia/Shanghai."""
    assert (marketplace.zone, marketplace.currency) == ("Asia/Shanghai", "CNY")
    assert marketplace.effective_from.isoformat() == "2025-12-31T16:00:00+00:00"


@pytest.mark.parametrize(
    ("reason", "hours", "wanted", "offered"),
    [
        ("not_received", 24, ("proof_of_delivery",), ()),
        ("quality", 48, ("settlement_report", "product_document"), ("claim_photo",)),
        ("counterfeit", 48, ("product_document",), ("claim_photo",)),
        ("wrong_or_missing_goods", 48, ("weighing_record", "goods_with_waybill"), ("claim_photo",)),
        ("short_weight", 48, ("weighing_record", "goods_with_waybill"), ("claim_photo",)),
        ("returned_goods_damaged", 48, ("goods_with_waybill",), ()),
        ("shipping_fee", 48, ("freight_receipt",), ("freight_receipt",)),
    ],
)
def test_a1_a2_a6_the_reason_selects_what_is_wanted_by_when_and_what_falls(marketplace, reason, hours, wanted, offered):
    asked = marketplace.reasons[reason]
    assert asked.respond_within == Term(hours, Unit.HOURS)
    assert asked.on_lapse is OnLapse.GRANT_REQUESTED_REMEDY
    assert asked.respondent == EvidenceRule(all_of=wanted)
    assert asked.complainant == EvidenceRule(optional=offered)


def test_a6_the_marketplace_knows_no_other_reasons(marketplace):
    assert len(marketplace.reasons) == 7


@pytest.mark.parametrize(
    ("requirement", "points"),
    [
        pytest.param("settlement_report", "contacted_when contacted_how offered answered", id="A6"),
        pytest.param(
            "proof_of_delivery",
            "waybill_number recipient_name delivery_person date red_stamp filled_in_by_hand",
            id="A7",
        ),
        pytest.param("freight_receipt", "amount time waybill_number basic_facts accepted_kind", id="A8"),
        pytest.param("goods_with_waybill", "whole_goods waybill_in_same_picture waybill_legible", id="A9"),
        pytest.param("weighing_record", "weight waybill_number", id="A10"),
        pytest.param("product_document", "accepted_kind shop_name product_name model date report_body", id="A11"),
        pytest.param("claim_photo", "goods_of_this_order", id="the complainant's own"),
        pytest.param("appeal_evidence", "identifies_dispute source_and_time supports_ground", id="B3, B4"),
    ],
)
def test_a12_a_requirement_has_its_points_and_its_relevance_for_a_person_to_judge(marketplace, requirement, points):
    assert list(marketplace.requirements[requirement].points) == [*points.split(), "relevance"]


def test_a6_a_settlement_report_may_be_typed_in_and_nothing_else_may(marketplace):
    typed = [id_ for id_, each in marketplace.requirements.items() if Medium.STATEMENT in each.media]
    assert typed == ["settlement_report"]


def test_a9_goods_with_waybill_are_one_picture(marketplace):
    assert marketplace.requirements["goods_with_waybill"].media == (Medium.IMAGE,)


@pytest.mark.parametrize(
    ("choice", "value"),
    [
        pytest.param("response.invalid_response", "replaceable_until_deadline", id="A3"),
        pytest.param("response.upload_grace_seconds", 0, id="A5"),
        pytest.param("response.auto_contest", True, id="A14"),
        pytest.param("supplement.max_per_side", 2, id="A15: twice a side"),
        pytest.param("supplement.supplement_lapsed", "review", id="A15: what falls"),
        pytest.param("appeal.window", {"count": 168, "unit": "hours"}, id="B1: 7 x 24 hours"),
        pytest.param("appeal.appeal_window_from", "notified", id="B1: from when"),
        pytest.param("appeal.window_lapsed", "ruling_stands", id="B1: what falls"),
        pytest.param("appeal.reappeal_after_failure", "deny", id="B2"),
        pytest.param("appeal.key_evidence", {"all_of": ["appeal_evidence"]}, id="B3"),
        pytest.param("appeal.grounds", ["attribution", "amount"], id="B4"),
        pytest.param("appeal.quota.per_month", 3, id="B5: the 4th blocks the month"),
        pytest.param("appeal.quota.per_year", 10, id="B5: the 11th blocks the year"),
        pytest.param("appeal.quota.failure_counted_in", "decided", id="B5: when it counts"),
        pytest.param("appeal.appeal_after_default", "dismiss", id="B6: dismissed at once"),
        pytest.param("appeal.count_default_dismissals", True, id="B6: and counted"),
        pytest.param("appeal.pause_window_while_blocked", False, id="B12"),
        pytest.param("files.max_pieces", 20, id="20 pieces"),
        pytest.param("files.min_side_px", 480, id="480 pixels"),
        pytest.param("files.max_pixels", 40_000_000, id="40 megapixels"),
        pytest.param("files.max_webp_pixels", 16_000_000, id="16 megapixels of WebP"),
        pytest.param("files.max_bytes", 10 * 1024 * 1024, id="10 MB"),
    ],
)
@pytest.mark.parametrize("policy_id", ["marketplace", "demo"])
def test_the_rulebooks_numbers_and_choices(policy_id, choice, value):
    data = plain(policy_id)
    if policy_id == "demo" and choice == "appeal.window":
        value = {"count": 120, "unit": "seconds"}
    for each in choice.split("."):
        data = data[each]
    assert data == value


def test_the_demo_asks_what_the_marketplace_asks(book, marketplace):
    demo = book.version("demo", 1)
    assert demo.requirements == marketplace.requirements
    assert list(demo.reasons) == list(marketplace.reasons)
    assert [each.respondent for each in demo.reasons.values()] == [
        each.respondent for each in marketplace.reasons.values()
    ]
    assert demo.appeal.quota == marketplace.appeal.quota


def test_c6_the_marketplace_reminds_a_day_and_six_hours_before_a_response_is_due(book):
    reminders = book.version("marketplace", 3).reminders
    assert reminders.response == (Term(24, Unit.HOURS), Term(6, Unit.HOURS))
    assert book.version("marketplace", 2).reminders == ReminderPolicy()


@pytest.mark.parametrize("policy_id", ["marketplace", "demo"])
def test_the_third_versions_differ_in_their_reminders_and_retention_only(book, policy_id):
    second, third = book.version(policy_id, 2), book.version(policy_id, 3)
    same = {"version": 2, "effective_from": second.effective_from}
    same |= {"reminders": ReminderPolicy(), "retention": RetentionPolicy()}
    assert replace(third, **same) == second


def test_a2_the_demo_has_one_reason_whose_default_can_be_watched(book):
    terms = {id_: each.respond_within for id_, each in book.version("demo", 1).reasons.items()}
    assert terms.pop("shipping_fee") == Term(20, Unit.SECONDS)
    assert set(terms.values()) == {Term(90, Unit.SECONDS)}


@pytest.mark.parametrize(
    "part",
    [
        ResponsePolicy,
        SettlementPolicy,
        SupplementPolicy,
        ReviewPolicy,
        ExtensionPolicy,
        AppealPolicy,
        QuotaPolicy,
        FileLimits,
        QualityThresholds,
    ],
)
def test_the_contrarian_differs_from_the_marketplace_in_each_number_and_each_choice(marketplace, contrarian, part):
    for ours, theirs in zip(found(marketplace, part), found(contrarian, part), strict=True):
        alike = [each.name for each in fields(part) if getattr(ours, each.name) == getattr(theirs, each.name)]
        assert alike == []


def found(policy, part):
    """Find the parts of this kind in a policy, in the order of the model."""
    asked = (policy.response, policy.settlement, policy.supplement, policy.review, policy.extension, policy.appeal)
    places = (*asked, policy.appeal.decide, policy.appeal.quota, policy.files, policy.quality)
    return [each for each in places if type(each) is part]


def test_the_contrarian_differs_in_zone_currency_and_what_falls(marketplace, contrarian):
    assert contrarian.zone != marketplace.zone
    assert contrarian.currency != marketplace.currency
    assert {each.on_lapse for each in contrarian.reasons.values()} == set(OnLapse) - {OnLapse.GRANT_REQUESTED_REMEDY}
    assert contrarian.appeal.grounds == (Ground.AMOUNT,)
    shared = contrarian.reasons.keys() & marketplace.reasons.keys()
    assert shared == {"not_received"}
    assert contrarian.reasons["not_received"].respondent != marketplace.reasons["not_received"].respondent
