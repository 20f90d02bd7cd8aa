"""Anchors in a bucket under object lock. Its default retention is the bucket's own: nothing here can shorten it."""

import re
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from chalicelib.domain.anchors import AnchorTaken

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PREFIX: Final = "anchors/"
_NUMBER: Final = re.compile(r"anchors/([0-9]{8})\.json")
_TAKEN: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


class S3AnchorBook:
    """`anchors.AnchorBook`."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def numbers(self) -> Mapping[int, str]:
        """S3 lists the versions of a key from the newest to the oldest: the last one told is the first one written."""
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=_PREFIX)
        versions = (each for page in pages for each in page.get("Versions", []))
        matched = ((_NUMBER.fullmatch(each["Key"]), each["VersionId"]) for each in versions)
        return {int(match[1]): version for match, version in matched if match}

    def read(self, number: int, version: str) -> bytes:
        found = self._client.get_object(Bucket=self._bucket, Key=_key(number), VersionId=version)
        with closing(found["Body"]) as body:
            return body.read()

    def put(self, number: int, content: bytes) -> None:
        """With a checksum, which S3 asks for where there is object lock."""
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=_key(number),
                Body=content,
                ContentType="application/json",
                ChecksumAlgorithm="SHA256",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _TAKEN:
                raise AnchorTaken(number) from error
            raise


def _key(number: int) -> str:
    return f"{_PREFIX}{number:08}.json"
