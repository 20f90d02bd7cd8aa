"""What the environment may say."""

import pytest

from chalicelib.settings import Settings, SettingsError, TokenSettings

GOOD = {
    "TABLE_NAME": "table",
    "EVIDENCE_BUCKET": "bucket",
    "DUE_QUEUE_URL": "https://sqs.example/due",
    "UPLOAD_QUEUE_URL": "https://sqs.example/uploads",
    "RECOGNISE_QUEUE_URL": "https://sqs.example/unread",
    "OUTAGE_QUEUE_URL": "https://sqs.example/outages",
    "DELIVER_QUEUE_URL": "https://sqs.example/deliver",
    "UNDELIVERED_QUEUE_URL": "https://sqs.example/undelivered",
    "WEBHOOK_KEY": "arn:aws:kms:eu-central-1:123456789012:key/k",
    "NOTICE_QUEUE_URL": "https://sqs.example/notices",
    "BUNDLE_QUEUE_URL": "https://sqs.example/bundles",
    "AUDIT_QUEUE_URL": "https://sqs.example/verify",
    "DUE_DEAD_LETTERS_URL": "https://sqs.example/due-dead",
    "ANCHOR_BUCKET": "anchors",
    "SIGNING_KEY": "arn:aws:kms:eu-central-1:123456789012:key/s",
    "BUS_NAME": "bus",
    "ISSUER": "https://id.example",
    "AUDIENCE": "recourse",
    "JWKS_URI": "https://id.example/keys",
}


def test_it_is_read():
    assert Settings.read(GOOD) == Settings(
        "table",
        "bucket",
        "https://sqs.example/due",
        "https://sqs.example/uploads",
        "https://sqs.example/unread",
        "https://sqs.example/outages",
        "https://sqs.example/deliver",
        "https://sqs.example/undelivered",
        "arn:aws:kms:eu-central-1:123456789012:key/k",
        "https://sqs.example/notices",
        "https://sqs.example/bundles",
        "https://sqs.example/verify",
        "https://sqs.example/due-dead",
        "anchors",
        "arn:aws:kms:eu-central-1:123456789012:key/s",
        "bus",
        "marketplace",
        "onnx",
        14,
    )
    assert Settings.read(GOOD | {"DEFAULT_POLICY": "demo"}).default_policy == "demo"
    tokens = TokenSettings.read(GOOD)
    assert (tokens.issuer, set(tokens.algorithms)) == ("https://id.example", {"RS256", "ES256"})


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("value", [None, "", " "])
def test_what_is_missing_is_named(name, value):
    environment = {key: each for key, each in (GOOD | {name: value}).items() if each is not None}
    with pytest.raises(SettingsError, match=name):
        (Settings.read(environment), TokenSettings.read(environment))


@pytest.mark.parametrize("name", ["onnx", "textract", "none"])
def test_the_recogniser_is_one_that_there_is(name):
    assert Settings.read(GOOD | {"RECOGNISER": name}).recogniser == name
    with pytest.raises(SettingsError, match="RECOGNISER"):
        Settings.read(GOOD | {"RECOGNISER": f"{name}!"})


@pytest.mark.parametrize(
    "issuer",
    ["http://id.example", "http://127.0.0.1.evil.example", "http://localhost:1", "ftp://id.example", "https://", "id"],
)
def test_plain_http_is_for_this_machine_only(issuer):
    for name in ("ISSUER", "JWKS_URI"):
        with pytest.raises(SettingsError, match=name):
            TokenSettings.read(GOOD | {name: issuer})


@pytest.mark.parametrize("issuer", ["http://127.0.0.1", "http://127.0.0.1:4567", "http://127.0.0.1:4567/realm"])
def test_this_machine_may_use_plain_http(issuer):
    assert TokenSettings.read(GOOD | {"ISSUER": issuer}).issuer == issuer


@pytest.mark.parametrize("algorithms", ["none", "HS256", "RS256,HS256", "RS256,none", ",", "rs256"])
def test_an_algorithm_that_its_verifier_could_sign_with_is_none(algorithms):
    with pytest.raises(SettingsError, match="ALGORITHMS"):
        TokenSettings.read(GOOD | {"ALGORITHMS": algorithms})


def test_algorithms_can_be_narrowed():
    assert TokenSettings.read(GOOD | {"ALGORITHMS": " ES256 "}).algorithms == {"ES256"}


def test_the_days_in_which_everything_is_checked_are_few_enough_to_restore_what_was_there():
    assert Settings.read(GOOD | {"TABLE_CHECK_DAYS": "28"}).table_check_days == 28
    for days in ("0", "29", "-1", "1.5", "often"):
        with pytest.raises(SettingsError, match="TABLE_CHECK_DAYS"):
            Settings.read(GOOD | {"TABLE_CHECK_DAYS": days})
