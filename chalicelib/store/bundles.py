"""Bundles that were asked for, beside their dispute, and the archives in the bucket."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.domain.bundles import Bundle
from chalicelib.domain.ports import Answered, IdempotencyKey, IdempotencyRaced
from chalicelib.store import codec, idempotency, keys, pages
from chalicelib.store.instants import stamp
from chalicelib.store.table import Absent, Cancelled, Item, Meaning, Put, Range, Table, text

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class TableBundles:
    """`bundles.BundleRegister` over a table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def bundle(self, dispute_id: str, bundle_id: str) -> Bundle | None:
        key = keys.bundle(dispute_id, bundle_id)
        found = self._table.get([key])
        return _read(found[key]) if key in found else None

    def bundles(self, dispute_id: str) -> Sequence[Bundle]:
        prefix = keys.BUNDLES
        wanted = Range(None, keys.dispute_partition(dispute_id), low=prefix, below=keys.after_prefix(prefix))
        return tuple(map(_read, pages.whole(self._table, wanted)))

    def ask(self, bundle: Bundle, *, commit: str, key: IdempotencyKey | None = None) -> None:
        """One that is found written by this commit already is done."""
        answer = Answered(key.fingerprint, bundle.dispute, 0, bundle.id, bundle.asked_at) if key else None
        records = [idempotency.put(key, answer, commit)] if key and answer else []
        item = _item(bundle, commit)
        try:
            self._table.write([*records, Put(item, (Absent(),), Meaning.VERSION)], commit)
        except Cancelled as cancelled:
            if not any(each.found and each.found.get("commit") == commit for each in cancelled.failed):
                raise IdempotencyRaced(bundle.id) from cancelled

    def made(self, bundle: Bundle) -> None:
        """Whoever made it last is right: the archive in the bucket is theirs."""
        self._table.write([Put(_item(bundle, bundle.id))], bundle.id)

    def wanted(self, since: datetime, until: datetime, *, limit: int) -> Sequence[tuple[str, str]]:
        asked = Range(keys.WANTED, keys.WANTED_BUNDLES, low=stamp(since), below=stamp(until))
        items, _ = pages.page(self._table, [asked], limit=limit)
        return tuple(keys.wanted_of(text(each, keys.WANTED.sort)) for each in items)

    def answered(self, key: IdempotencyKey) -> Answered | None:
        place = keys.idempotency(key.caller, key.key)
        found = self._table.get([place])
        return idempotency.answered(found[place]) if place in found else None


class S3Shelf:
    """`bundles.BundleShelf`. The client is to be made with Config(signature_version="s3v4")."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, archive: Path) -> None:
        """In parts, if it is large: one after the other, so that no more than one is in memory."""
        from boto3.s3.transfer import S3Transfer, TransferConfig  # noqa: PLC0415  (dear, and the API never puts one)

        one_by_one = TransferConfig(use_threads=False)
        transfer = S3Transfer(self._client, one_by_one)  # type: ignore[arg-type]  # the stubs know its parent only
        transfer.upload_file(str(archive), self._bucket, key, extra_args={"ContentType": "application/zip"})

    def link(self, key: str, *, seconds: int) -> str:
        params = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": "attachment"}
        return self._client.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)


def _read(item: Item) -> Bundle:
    return codec.decode(text(item, "state"), Bundle)


def _item(bundle: Bundle, commit: str) -> Item:
    key = keys.bundle(bundle.dispute, bundle.id)
    expires = int(bundle.expires_at.timestamp())
    waits = keys.at(bundle.asked_at, bundle.dispute, bundle.id)
    listed = {} if bundle.made else {keys.WANTED.partition: keys.WANTED_BUNDLES, keys.WANTED.sort: waits}
    return {
        "pk": key.pk,
        "sk": key.sk,
        "commit": commit,
        "state": codec.encode(bundle),
        keys.TTL_ATTRIBUTE: expires,
        **listed,
    }
