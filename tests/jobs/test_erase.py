"""The erasing job as AWS runs it."""

from datetime import timedelta

import boto3
import pytest

from chalicelib import bootstrap
from chalicelib.domain import commands as c
from chalicelib.domain.keeping import HoldCause
from chalicelib.domain.piece import PieceStatus
from chalicelib.domain.retention import SETTLES
from chalicelib.jobs.erase import erase
from chalicelib.jobs.inspect import inspect
from chalicelib.logs import JobFailed
from chalicelib.service.commands import Request
from tests.build import MERCHANT, PLATFORM
from tests.jobs.test_jobs import notification, recorded, registered, sqs, upload


def ended(cloud, *, ago: timedelta) -> str:
    """A dispute with a file, final for so long; the file itself came just now."""
    dispute: str = cloud.open(ago=ago)
    piece = registered(dispute, bootstrap.utc_now() - ago)
    upload(piece.key)
    upload(piece.key)
    inspect(sqs(notification(piece.key)), None)
    bootstrap.commands().execute(dispute, c.Accept(None), Request(MERCHANT, bootstrap.utc_now() - ago))
    return dispute


def versions() -> list[str]:
    listed = boto3.client("s3").list_object_versions(Bucket="recourse-evidence")
    return [each["Key"] for each in (*listed.get("Versions", []), *listed.get("DeleteMarkers", []))]


def test_what_is_due_goes_in_every_version_and_what_isnt_stays(cloud):
    dispute = ended(cloud, ago=timedelta())
    assert erase(recorded("schedule"), None) == {"due": 0, "done": 0}
    assert len(versions()) == 3
    bootstrap.commands().execute(dispute, c.PlaceHold(HoldCause.LAWSUIT, None), Request(PLATFORM, bootstrap.utc_now()))
    assert erase(recorded("schedule"), None) == {"due": 0, "done": 0}


def test_a_withdrawn_piece_is_gone_after_a_quarter_of_an_hour(cloud):
    dispute, before = cloud.open(ago=timedelta(hours=1)), bootstrap.utc_now() - timedelta(minutes=16)
    piece = registered(dispute, before)
    upload(piece.key)
    bootstrap.commands().execute(dispute, c.WithdrawPiece(piece.id), Request(MERCHANT, before))
    assert erase(recorded("schedule"), None)["due"] == 1
    assert versions() == []
    assert bootstrap.store().pieces(dispute)[0].status is PieceStatus.ERASED


def test_a_run_that_cant_erase_fails_so_that_an_alarm_says_so(cloud):
    dispute, before = cloud.open(ago=timedelta(hours=1)), bootstrap.utc_now() - timedelta(minutes=16)
    piece = registered(dispute, before)
    bootstrap.commands().execute(dispute, c.WithdrawPiece(piece.id), Request(MERCHANT, before))
    boto3.client("s3").delete_bucket(Bucket="recourse-evidence")
    with pytest.raises(JobFailed):
        erase(recorded("schedule"), None)
    assert list(bootstrap.store().erasures(bootstrap.utc_now())) == []
    (later,) = bootstrap.store().erasures(bootstrap.utc_now() + SETTLES)
    assert later.dispute == dispute
