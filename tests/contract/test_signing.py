"""Keys and anchors in AWS, as the local engine and moto have them."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.anchors import AnchorTaken
from chalicelib.store.anchor_bucket import S3AnchorBook
from chalicelib.store.signing import KmsSigner, holds
from tests.contract.build import ulid
from tests.contract.conftest import ENGINE, _client


@pytest.fixture(params=[ENGINE])
def kms(request) -> Iterator[Any]:
    """Not on moto, which takes a digest for a message and hashes it once more."""
    yield from _client(request, "kms")


@pytest.fixture(params=["moto", ENGINE])
def s3(request) -> Iterator[Any]:
    yield from _client(request, "s3")


@pytest.fixture
def signer(kms) -> KmsSigner:
    key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    return KmsSigner(kms, key["KeyId"])


def test_what_kms_has_signed_is_checked_by_anybody_with_the_public_key(signer):
    signature = signer.sign(b"a manifest")
    assert signer.holds(b"a manifest", signature)
    assert holds(signer.public_key().pem, b"a manifest", signature)
    assert not signer.holds(b"another", signature)
    assert signer.public_key().key == signature.key


@pytest.fixture
def bucket(s3) -> str:
    name = f"anchors-{ulid().lower()}"
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    return name


def test_an_anchor_is_kept_once(s3, bucket):
    book = S3AnchorBook(s3, bucket)
    book.put(1, b"one")
    with pytest.raises(AnchorTaken):
        book.put(1, b"another")
    book.put(2, b"two")
    assert [book.read(number, version) for number, version in sorted(book.numbers().items())] == [b"one", b"two"]


def test_what_is_written_over_an_anchor_or_hides_it_changes_nothing(s3, bucket):
    book = S3AnchorBook(s3, bucket)
    book.put(1, b"one")
    s3.put_object(Bucket=bucket, Key="anchors/00000001.json", Body=b"forged", ChecksumAlgorithm="SHA256")
    s3.delete_object(Bucket=bucket, Key="anchors/00000001.json")
    assert [book.read(number, version) for number, version in book.numbers().items()] == [b"one"]


def test_an_anchor_under_object_lock_cant_be_deleted_before_its_time(s3, bucket):
    """As the template has it; the local engine takes no lock from a template, so it is set here."""
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}
    s3.put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    book = S3AnchorBook(s3, bucket)
    book.put(1, b"one")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=bucket, Key="anchors/00000001.json", VersionId=book.numbers()[1])
    assert book.read(1, book.numbers()[1]) == b"one"
