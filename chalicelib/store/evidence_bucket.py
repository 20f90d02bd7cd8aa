"""The evidence bucket in S3: versioned, private, reached by signed forms and links only."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from chalicelib.domain.piece import Arrival, may_be_shown
from chalicelib.domain.ports import Clock, UploadForm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectVersionTypeDef, TagTypeDef

_PENDING: Final = "<Tagging><TagSet><Tag><Key>recourse</Key><Value>pending</Value></Tag></TagSet></Tagging>"
"""An upload carries this tag until it is kept; the bucket's lifecycle clears away what has it for 30 days."""

_KEPT: Final["TagTypeDef"] = {"Key": "recourse", "Value": "kept"}
_SAVED: Final = {
    "ResponseContentDisposition": "attachment",
    "ResponseContentType": "application/octet-stream",
}
_AS_JPEG: Final = {"ResponseContentDisposition": "inline", "ResponseContentType": "image/jpeg"}
_GONE: Final = frozenset({"NoSuchKey", "NoSuchVersion", "404", "MethodNotAllowed"})


def utc_now() -> datetime:
    return datetime.now(UTC)


class S3Bucket:
    """`ports.EvidenceBucket`. The client is to be made with Config(signature_version="s3v4")."""

    def __init__(self, client: "S3Client", bucket: str, *, clock: Clock = utc_now) -> None:
        self._client = client
        self._bucket = bucket
        self._clock = clock

    def upload_form(self, key: str, *, media_type: str, max_bytes: int, expires_at: datetime) -> UploadForm:
        """Signed to the whole second. S3 refuses any other key, size or type, and what begins after the expiry.

        ValueError for a client that doesn't sign with SigV4; boto3's own choice is an older one.
        """
        fixed = {"Content-Type": media_type, "tagging": _PENDING}
        seconds = max(0, int((expires_at - self._clock()).total_seconds()))
        signed = self._client.generate_presigned_post(
            self._bucket,
            key,
            Fields=dict(fixed),
            Conditions=[*({name: value} for name, value in fixed.items()), ["content-length-range", 1, max_bytes]],
            ExpiresIn=seconds,
        )
        if "x-amz-signature" not in signed["fields"]:
            raise ValueError("make the client with Config(signature_version='s3v4')")
        return UploadForm(signed["url"], signed["fields"], expires_at.replace(microsecond=0))

    def find(self, key: str) -> Arrival | None:
        """The first version: whatever is uploaded over it later was not what arrived first."""
        first: ObjectVersionTypeDef | None = None
        for each in self._versions(key):
            first = each
        if first is None:
            return None
        return Arrival(first["LastModified"].astimezone(UTC), first["VersionId"], first["Size"], sha256=None)

    def read(self, key: str, version_id: str, *, max_bytes: int) -> bytes:
        with _absent_is_key_error(key):
            response = self._client.get_object(Bucket=self._bucket, Key=key, VersionId=version_id)
        with closing(response["Body"]) as body:
            return body.read(max_bytes + 1)

    def keep(self, key: str, version_id: str) -> None:
        with _absent_is_key_error(key):
            self._client.put_object_tagging(
                Bucket=self._bucket, Key=key, VersionId=version_id, Tagging={"TagSet": [_KEPT]}
            )

    def put_clean(self, key: str, content: bytes, media_type: str) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=media_type)

    def read_clean(self, key: str) -> bytes:
        with _absent_is_key_error(key):
            response = self._client.get_object(Bucket=self._bucket, Key=key)
        with closing(response["Body"]) as body:
            return body.read()

    def erase(self, prefix: str) -> int:
        """Delete markers, too: nothing tells any more that something lay there.

        One by one: for a batch S3 asks for leave to delete what has no version as well.
        """
        erased = 0
        for page in self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix):
            for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                self._client.delete_object(Bucket=self._bucket, Key=each["Key"], VersionId=each["VersionId"])
                erased += 1
        return erased

    def any_left(self, prefix: str) -> bool:
        found = self._client.list_object_versions(Bucket=self._bucket, Prefix=prefix, MaxKeys=1)
        return bool(found.get("Versions") or found.get("DeleteMarkers"))

    def sizes(self, prefix: str) -> Mapping[tuple[str, str], int]:
        return {(each["Key"], each["VersionId"]): each["Size"] for each in self._beginning_with(prefix)}

    def view_link(self, key: str, *, version_id: str | None, attachment: bool, seconds: int) -> str:
        """The answer's type is the link's, whatever the object's is. ValueError where an upload would be shown."""
        if not attachment and not may_be_shown(key):
            raise ValueError(key)
        asked = {"Bucket": self._bucket, "Key": key}
        version = {"VersionId": version_id} if version_id else {}
        params = asked | version | (_SAVED if attachment else _AS_JPEG)
        return self._client.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)

    def _versions(self, key: str) -> "Iterator[ObjectVersionTypeDef]":
        """Newest first, as S3 lists them."""
        return (each for each in self._beginning_with(key) if each["Key"] == key)

    def _beginning_with(self, prefix: str) -> "Iterator[ObjectVersionTypeDef]":
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        return (each for page in pages for each in page.get("Versions", []))


@contextmanager
def _absent_is_key_error(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            raise KeyError(key) from error
        raise
