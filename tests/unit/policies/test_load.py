"""A document that can't be meant doesn't load, and the error says in which file, where in it, and how to mend it."""

import json
from datetime import UTC, datetime

import pytest

from policies.errors import PolicyError
from policies.load import digest, load
from policies.model import Medium, OnLapse, Term, Unit
from tests.unit.policies.build import CONTRARIAN, GONE, plain, write, write_text

A_POINT = {"label": {"en": "A point", "zh": "要点"}, "fix": {"en": "Show it.", "zh": "请体现。"}}


def problems(path):
    with pytest.raises(PolicyError) as refused:
        load(path)
    return [str(each) for each in refused.value.problems]


AN_HOUR, A_DAY = {"count": 1, "unit": "hours"}, {"count": 1, "unit": "days"}


def test_a_document_becomes_a_policy(tmp_path):
    policy = load(write(tmp_path))
    assert (policy.id, policy.version, policy.zone, policy.currency) == ("contrarian", 1, "America/New_York", "USD")
    assert policy.effective_from == datetime(2025, 7, 1, 4, tzinfo=UTC)
    assert policy.effective_from.tzinfo is UTC
    assert policy.reasons["not_received"].respond_within == Term(3, Unit.DAYS)
    assert policy.reasons["not_as_described"].on_lapse is OnLapse.PLATFORM_INTERVENES
    assert policy.requirements["carrier_letter"].media == (Medium.PDF, Medium.STATEMENT)


def test_what_a_document_leaves_out_has_its_default(tmp_path):
    policy = load(write(tmp_path))
    assert policy.requirements["packing_video_still"].media == (Medium.IMAGE, Medium.PDF)
    assert policy.reasons["not_received"].complainant.ids == ()


def test_an_error_names_file_line_place_reason_and_fix(tmp_path):
    text = (CONTRARIAN / "contrarian" / "1.yaml").read_text(encoding="utf-8")
    path = write_text(tmp_path, text.replace("all_of: [carrier_letter]", "all_of: [carrier_leter]"))
    line = text[: text.index("all_of: [carrier_letter]")].count("\n") + 1
    with pytest.raises(PolicyError) as refused:
        load(path)
    assert str(refused.value) == (
        f"{path}:{line}: reasons.late_delivery.respondent.all_of[0]: 'carrier_leter' is no requirement. Define it under"
        " requirements, or name one of: proof_of_delivery, doorstep_photo, carrier_letter, packing_video_still,"
        " sworn_account."
    )


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    assert len(problems(write(tmp_path, {"currency": "dollars", "zone": "Mars/Olympus", "files.max_bytes": 0}))) == 3


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        # The form.
        ("zone", GONE, "zone: is missing. Add it."),
        ("appeal.quota.per_year", GONE, "appeal.quota.per_year: is missing. Add it."),
        ("appeal.cuota", 3, "appeal.cuota: is no field of a policy. Remove it"),
        ("response.auto_contest", "yes", "input should be a valid boolean. Write true or false."),
        ("review.claim_for.count", "4", "count: is wrong: input should be a valid integer. Write a whole number"),
        ("review.claim_for.unit", "weeks", "unit: 'weeks' is not one of its values. Write 'seconds', 'minutes'"),
        ("response.invalid_response", "ignore", "Write 'replaceable_until_deadline' or 'decide_at_once'."),
        ("effective_from", "2026-01-01T00:00:00", "effective_from: names no instant without an offset. Write it as"),
        ("effective_from", "soon", "effective_from: is wrong: "),
        ("appeal.grounds", "amount", "appeal.grounds: is wrong: input should be a valid array. Write a list"),
        ("reasons", [], "reasons: is wrong: input should be an object. Write fields"),
        # What is referred to exists, and what exists is referred to.
        ("reasons.late_delivery.complainant.all_of", ["oath"], "all_of[0]: 'oath' is no requirement. Define it"),
        ("appeal.key_evidence.optional", ["oath"], "appeal.key_evidence.optional[0]: 'oath' is no requirement."),
        ("reasons.not_received.respondent.one_of", [["doorstep_photo", "x"]], "one_of[0][1]: 'x' is no requirement."),
        ("reasons.not_received.respondent.one_of", [], "requirements.proof_of_delivery: is not asked for anywhere."),
        ("reasons.not_received.respondent.all_of", ["carrier_letter"], "optional[0]: 'carrier_letter' is named twice."),
        ("appeal.key_evidence.one_of", [["doorstep_photo"]], "appeal.key_evidence.one_of[0]: is no choice. Name two"),
        ("appeal.key_evidence.one_of", [], "appeal.key_evidence: asks for nothing. An appeal needs its key evidence"),
        ("appeal.grounds", [], "appeal.grounds: is empty or names one twice."),
        ("appeal.grounds", ["amount", "amount"], "appeal.grounds: is empty or names one twice."),
        ("reasons", {}, "reasons: is empty. Write one reason or more."),
        ("requirements.sworn_account.points", {}, "requirements.sworn_account.points: is empty. Say what"),
        ("requirements.sworn_account.media", [], "requirements.sworn_account.media: is empty or names one twice."),
        ("reminders", {"response": [A_DAY]}, "[0].unit: days can't be counted back."),
        ("reminders", {"supplement": [AN_HOUR, AN_HOUR]}, "reminders.supplement: names one twice. Name each time"),
        ("reminders", {"supplement": [AN_HOUR | {"count": 0}]}, "supplement[0].count: 0 is too small."),
        ("reminders", {"review": [AN_HOUR]}, "reminders.review: is no field of a policy."),
        # Words, in both languages.
        ("label.zh", GONE, "label.zh: is missing. Add it."),
        ("label.zh", "", "label.zh: is empty. Write it in both languages."),
        ("reasons.late_delivery.label.en", "  ", "reasons.late_delivery.label.en: is empty."),
        ("requirements.sworn_account.points.date.fix.zh", "", "points.date.fix.zh: is empty."),
        # Ids.
        ("id", "Contrarian!", "id: 'Contrarian!' can't be an id. Use small letters"),
        ("reasons.Late", {}, "reasons.Late.label: is missing."),
        ("requirements.sworn_account.points.a#b", A_POINT, "points.a#b: 'a#b' can't be an id."),
        # Zone, currency, numbers.
        ("zone", "Mars/Olympus", "zone: 'Mars/Olympus' is no zone. Write an IANA name"),
        ("zone", "America/Argentina", "zone: 'America/Argentina' is no zone."),
        ("zone", "+08:00", "zone: '+08:00' is no zone."),
        ("currency", "usd", "currency: 'usd' is no currency. Write its ISO 4217 code"),
        ("version", 0, "version: 0 is too small. Write 1 or more."),
        ("appeal.window.count", 0, "appeal.window.count: 0 is too small. Write 1 or more."),
        ("reasons.late_delivery.respond_within.count", -1, "respond_within.count: -1 is too small."),
        ("appeal.window", {"count": 11, "unit": "years"}, "11 years are over ten years. Write a shorter"),
        ("appeal.window", {"count": 10**30, "unit": "seconds"}, "appeal.window: "),
        ("response.upload_grace_seconds", -1, "response.upload_grace_seconds: -1 is too small. Write 0 or more."),
        ("supplement.max_per_side", -1, "supplement.max_per_side: -1 is too small. Write 0 or more."),
        ("appeal.quota.per_month", 5, "appeal.quota.per_year: 4 a year is less than 5 a month."),
        ("files.max_bytes", 0, "files.max_bytes: 0 is too small. Write 1 or more."),
        ("files.max_webp_pixels", 12_000_001, "files.max_webp_pixels: exceeds max_pixels."),
        ("files.min_side_px", 3000, "files.min_side_px: leaves no size that is allowed."),
        ("quality.overexposed_above", 1.5, "1.5 is out of range. Write a number from 0 to 1."),
        ("requirements.carrier_letter.refuses", ["invoice"], "requirements.carrier_letter.points: has none that shows"),
        ("requirements.carrier_letter.points.cause.shows", "document_kind", "carrier_letter.accepts: is missing. Name"),
        ("quality.blank_below", -1, "quality.blank_below: -1.0 is out of range. Write a number from 0 to 255."),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_place_and_a_fix(tmp_path, place, value, said):
    assert any(said in each for each in problems(write(tmp_path, {place: value})))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: a\nid: b\n", ":2: id: is there twice. Keep one of the two."),
        ("label: {en: x, en: y}\n", ":1: label.en: is there twice."),
        ("id: [unclosed\n", ":2: is no YAML: "),
        ("a: &x {en: b}\nc: *x\n", ":1: c: repeats another place by an alias. Write it out"),
        ("a: &x [*x]\n", ":1: a[0]: repeats another place by an alias."),
        ("? [a]\n: b\n", ":1: has a key that is no word."),
        ("", ":1: is wrong: "),
        ("id: a\n---\nid: b\n", ": is no YAML: "),
    ],
)
def test_yaml_that_hides_what_it_says_is_refused(tmp_path, text, said):
    with pytest.raises(PolicyError) as refused:
        load(write_text(tmp_path, text))
    assert said in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = write_text(tmp_path, "")
    path.write_bytes(b"\xff\xfe\xfd")
    assert "is no YAML" in problems(path)[0]


def test_words_stay_words_where_yaml_would_make_them_something_else(tmp_path):
    text = json.dumps(plain("contrarian", CONTRARIAN), ensure_ascii=False)
    text = text.replace('"Delivered late"', "no").replace('"延迟送达"', "12:30")
    label = load(write_text(tmp_path, text)).reasons["late_delivery"].label
    assert (label.en, label.zh) == ("no", "12:30")


def test_a_document_lies_where_its_id_and_version_say(tmp_path):
    misplaced = write_text(tmp_path, json.dumps(plain("contrarian", CONTRARIAN)), "elsewhere", 7)
    assert problems(misplaced) == [
        "version: 1 is in 7.yaml. Name the file 1.yaml.",
        "id: 'contrarian' is in the folder elsewhere. Put it into a folder contrarian.",
    ]


def test_the_digest_is_of_what_is_said_and_not_of_how(tmp_path):
    said = digest(load(CONTRARIAN / "contrarian" / "1.yaml"))
    backwards = dict(reversed(plain("contrarian", CONTRARIAN).items())) | {"effective_from": "2025-07-01T04:00:00Z"}
    assert digest(load(write_text(tmp_path, json.dumps(backwards, indent=3)))) == said
    assert len(said) == 64


def test_a_default_that_is_written_out_leaves_the_digest_alone(tmp_path):
    left_out = digest(load(write(tmp_path)))
    spelt_out = {"requirements.packing_video_still.media": ["image", "pdf"], "reasons.not_received.complainant": {}}
    assert digest(load(write(tmp_path, spelt_out))) == left_out


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("appeal.quota.per_month", 2),
        ("response.upload_grace_seconds", 91),
        ("response.auto_contest", True),
        ("requirements.sworn_account.points.date.fix.zh", "请写明日期。"),
        ("appeal.key_evidence.one_of", [["doorstep_photo", "carrier_letter", "packing_video_still"]]),
        ("effective_from", "2025-07-01T00:00:00.001-04:00"),
    ],
)
def test_whatever_is_said_otherwise_changes_the_digest(tmp_path, place, value):
    assert digest(load(write(tmp_path, {place: value}))) != digest(load(write(tmp_path)))
