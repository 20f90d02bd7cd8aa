"""The evidence bucket: what its forms allow, what has arrived, and how it may be looked at (promise D)."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import msgspec
import pytest
import urllib3
from botocore.config import Config

from chalicelib.domain.ports import EvidenceBucket, UploadForm
from chalicelib.store.evidence_bucket import S3Bucket
from chalicelib.store.memory_bucket import MemoryBucket, UploadRefused
from tests.contract.conftest import ENGINE

KEY = "uploads/01ABC"
SOON = timedelta(minutes=10)
enforcing = pytest.mark.parametrize("premises", ["memory", ENGINE], indirect=True)
"""Moto takes any upload."""
in_s3 = pytest.mark.parametrize("premises", ["moto", ENGINE], indirect=True)


def a_form(bucket: EvidenceBucket, *, key: str = KEY, expires_in: timedelta = SOON) -> UploadForm:
    expires_at = datetime.now(UTC) + expires_in
    return bucket.upload_form(key, media_type="image/jpeg", max_bytes=100, expires_at=expires_at)


def test_an_upload_arrives_under_its_key_and_is_pinned_by_version(premises, bucket):
    before = datetime.now(UTC) - timedelta(seconds=1)
    premises.upload(a_form(bucket), b"photo")
    arrival = bucket.find(KEY)
    assert arrival is not None
    assert (arrival.size, arrival.sha256) == (5, None)
    assert before - timedelta(seconds=1) <= arrival.at <= datetime.now(UTC)
    assert bucket.read(KEY, arrival.version_id, max_bytes=100) == b"photo"


def test_nothing_arrived_is_none(bucket):
    assert bucket.find(KEY) is None


def test_the_first_version_counts_whatever_is_uploaded_over_it(premises, bucket):
    form = a_form(bucket)
    premises.upload(form, b"first")
    first = bucket.find(KEY)
    premises.upload(form, b"second one")
    assert bucket.find(KEY) == first
    assert first is not None
    assert bucket.read(KEY, first.version_id, max_bytes=100) == b"first"


@in_s3
def test_what_was_deleted_by_its_key_is_still_there_by_its_version(premises, bucket):
    """Versioned: a deletion that names no version only hides it, and what arrived first is still what counts."""
    premises.upload(a_form(bucket), b"photo")
    arrival = bucket.find(KEY)
    premises.client.delete_object(Bucket=premises.name, Key=KEY)
    assert bucket.find(KEY) == arrival
    assert bucket.read(KEY, arrival.version_id, max_bytes=100) == b"photo"


@pytest.mark.parametrize("premises", ["moto"], indirect=True)
def test_what_was_deleted_by_its_key_is_kept_by_its_version(premises, bucket):
    """As S3 does; the engine finds no version to tag under a deletion."""
    premises.upload(a_form(bucket), b"photo")
    arrival = bucket.find(KEY)
    premises.client.delete_object(Bucket=premises.name, Key=KEY)
    bucket.keep(KEY, arrival.version_id)
    tags = premises.client.get_object_tagging(Bucket=premises.name, Key=KEY, VersionId=arrival.version_id)["TagSet"]
    assert "pending" not in [each["Value"] for each in tags]


@in_s3
def test_a_version_that_was_deleted_for_good_is_a_key_error_whatever_lies_over_it(premises, bucket):
    premises.upload(a_form(bucket), b"first")
    arrival = bucket.find(KEY)
    premises.upload(a_form(bucket), b"second")
    premises.client.delete_object(Bucket=premises.name, Key=KEY, VersionId=arrival.version_id)
    for call in (
        lambda: bucket.read(KEY, arrival.version_id, max_bytes=100),
        lambda: bucket.keep(KEY, arrival.version_id),
    ):
        with pytest.raises(KeyError):
            call()


def test_a_key_that_goes_on_is_another_key(premises, bucket):
    premises.upload(a_form(bucket, key=f"{KEY}-more"), b"photo")
    assert bucket.find(KEY) is None


def test_no_more_is_read_than_needed_to_see_that_it_is_too_much(premises, bucket):
    premises.upload(a_form(bucket), b"0123456789")
    arrival = bucket.find(KEY)
    assert arrival is not None
    assert bucket.read(KEY, arrival.version_id, max_bytes=4) == b"01234"


def test_what_is_gone_is_a_key_error(premises, bucket):
    premises.upload(a_form(bucket), b"photo")
    arrival = bucket.find(KEY)
    assert arrival is not None
    for call in (
        lambda: bucket.read("uploads/gone", arrival.version_id, max_bytes=4),
        lambda: bucket.keep("uploads/gone", arrival.version_id),
    ):
        with pytest.raises(KeyError):
            call()


def test_what_is_kept_can_still_be_read(premises, bucket):
    premises.upload(a_form(bucket), b"photo")
    arrival = bucket.find(KEY)
    assert arrival is not None
    bucket.keep(KEY, arrival.version_id)
    bucket.keep(KEY, arrival.version_id)
    assert bucket.read(KEY, arrival.version_id, max_bytes=100) == b"photo"


@enforcing
@pytest.mark.parametrize("content", [b"", b"x" * 101], ids=["empty", "too big"])
def test_a_form_bounds_the_size(premises, bucket, content):
    with pytest.raises(UploadRefused):
        premises.upload(a_form(bucket), content)
    assert bucket.find(KEY) is None


@enforcing
def test_a_form_fixes_the_type(premises, bucket):
    form = a_form(bucket)
    other = UploadForm(form.url, {**form.fields, "Content-Type": "text/html"}, form.expires_at)
    with pytest.raises(UploadRefused):
        premises.upload(other, b"<script>")


@enforcing
def test_a_form_fixes_the_key(premises, bucket):
    form = a_form(bucket)
    other = UploadForm(form.url, {**form.fields, "key": "uploads/another"}, form.expires_at)
    with pytest.raises(UploadRefused):
        premises.upload(other, b"photo")


@enforcing
def test_a_form_expires(premises, bucket):
    with pytest.raises(UploadRefused):
        premises.upload(a_form(bucket, expires_in=timedelta(seconds=-2)), b"photo")


@in_s3
def test_a_form_is_signed_with_sigv4_and_its_conditions_are_in_what_is_signed(bucket):
    form = a_form(bucket)
    policy: Any = msgspec.json.decode(base64.b64decode(form.fields["policy"]))
    assert form.fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    conditions = policy["conditions"]
    assert ["content-length-range", 1, 100] in conditions
    assert {"Content-Type": "image/jpeg"} in conditions
    assert {"key": KEY} in conditions
    assert {"tagging": form.fields["tagging"]} in conditions
    assert datetime.fromisoformat(policy["expiration"]) <= form.expires_at


@in_s3
def test_an_upload_is_pending_until_it_is_kept(premises, bucket):
    """So that the bucket's lifecycle takes what was abandoned, and nothing else."""
    assert "<Key>recourse</Key><Value>pending</Value>" in a_form(bucket).fields["tagging"]
    premises.client.put_object(Bucket=premises.name, Key=KEY, Body=b"photo", Tagging="recourse=pending")
    arrival = bucket.find(KEY)
    bucket.keep(KEY, arrival.version_id)
    tags = premises.client.get_object_tagging(Bucket=premises.name, Key=KEY, VersionId=arrival.version_id)
    assert tags["TagSet"] == [{"Key": "recourse", "Value": "kept"}]


@in_s3
def test_a_clean_copy_is_stored_with_its_type(premises, bucket):
    bucket.put_clean("clean/01", b"clean", "image/jpeg")
    stored = premises.client.get_object(Bucket=premises.name, Key="clean/01")
    assert (stored["Body"].read(), stored["ContentType"]) == (b"clean", "image/jpeg")


def test_a_clean_copy_is_read_again_and_one_that_is_gone_is_said_to_be(bucket):
    bucket.put_clean("clean/01", b"clean", "image/jpeg")
    assert bucket.read_clean("clean/01") == b"clean"
    with pytest.raises(KeyError):
        bucket.read_clean("clean/02")


def test_a_clean_copy_in_memory_can_be_looked_at():
    bucket = MemoryBucket()
    bucket.put_clean("clean/01", b"clean", "image/jpeg")
    assert bucket.clean("clean/01") == (b"clean", "image/jpeg")


@in_s3
def test_a_link_shows_one_version_for_a_short_time_and_an_original_only_as_a_download(bucket):
    link = bucket.view_link(KEY, version_id="v1", attachment=True, seconds=60)
    asked = parse_qs(urlsplit(link).query)
    assert urlsplit(link).path.endswith(KEY)
    assert asked["versionId"] == ["v1"]
    assert asked["X-Amz-Expires"] == ["60"]
    assert asked["response-content-disposition"] == ["attachment"]
    assert asked["response-content-type"] == ["application/octet-stream"]
    shown = parse_qs(urlsplit(bucket.view_link("clean/01", version_id=None, attachment=False, seconds=60)).query)
    assert "versionId" not in shown
    assert shown["response-content-disposition"] == ["inline"]
    assert shown["response-content-type"] == ["image/jpeg"]


def test_what_was_uploaded_is_never_shown_only_saved(bucket):
    for key in (KEY, "clean-not/01", "x/clean/01"):
        with pytest.raises(ValueError, match=key):
            bucket.view_link(key, version_id=None, attachment=False, seconds=60)


@pytest.mark.parametrize("premises", [ENGINE], indirect=True)
def test_what_is_answered_has_the_type_of_the_link_whatever_was_uploaded_as_what(premises, bucket):
    for key in (KEY, "clean/01"):
        premises.client.put_object(Bucket=premises.name, Key=key, Body=b"<script>", ContentType="text/html")
    saved = urllib3.request("GET", bucket.view_link(KEY, version_id=None, attachment=True, seconds=60))
    shown = urllib3.request("GET", bucket.view_link("clean/01", version_id=None, attachment=False, seconds=60))
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["Content-Disposition"] == "attachment"
    assert shown.headers["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("premises", [ENGINE], indirect=True)
def test_a_link_gives_the_bytes_and_no_other_link_does(bucket):
    bucket.put_clean("clean/01", b"clean", "image/jpeg")
    link = bucket.view_link("clean/01", version_id=None, attachment=True, seconds=60)
    answer = urllib3.request("GET", link)
    assert (answer.status, answer.data) == (200, b"clean")
    assert answer.headers["Content-Disposition"] == "attachment"
    assert urllib3.request("GET", link.replace("clean/01", "clean/02")).status >= 400


def test_a_client_that_would_sign_otherwise_is_refused():
    """Boto3 signs a presigned POST with SigV2 unless told otherwise."""
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    for client in (session.client("s3"), session.client("s3", config=Config(signature_version="s3"))):
        with pytest.raises(ValueError, match="s3v4"):
            a_form(S3Bucket(client, "evidence"))


def test_every_version_is_listed_with_its_size(premises):
    forms = [a_form(premises.bucket, key=each) for each in ("uploads/D/P/1", "uploads/E/P/1")]
    for form, content in ((forms[0], b"a photo"), (forms[0], b"another"), (forms[1], b"elsewhere")):
        premises.upload(form, content)
    listed = premises.bucket.sizes("uploads/D/")
    assert sorted((key, size) for (key, _), size in listed.items()) == [("uploads/D/P/1", 7)] * 2
    first = premises.bucket.find("uploads/D/P/1")
    assert first is not None
    assert listed["uploads/D/P/1", first.version_id] == first.size


def test_what_is_erased_is_gone_in_every_version_and_what_is_beside_it_stays(premises):
    forms = [a_form(premises.bucket, key=each) for each in ("uploads/D/P/1", "uploads/D/Q/1")]
    for form in (forms[0], forms[0], forms[1]):
        premises.upload(form, b"a photo")
    premises.bucket.put_clean("clean/D/P.jpg", b"a copy", "image/jpeg")
    assert premises.bucket.any_left("uploads/D/P/")
    assert premises.bucket.any_left("clean/D/P")
    assert premises.bucket.erase("uploads/D/P/") == 2
    assert premises.bucket.erase("clean/D/P") == 1
    assert premises.bucket.erase("uploads/D/P/") == 0
    assert not premises.bucket.any_left("uploads/D/P/")
    assert not premises.bucket.any_left("clean/D/P")
    assert premises.bucket.find("uploads/D/P/1") is None
    assert premises.bucket.find("uploads/D/Q/1") is not None
    with pytest.raises(KeyError):
        premises.bucket.read_clean("clean/D/P.jpg")
