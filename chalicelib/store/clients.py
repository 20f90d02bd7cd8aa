"""Clients of AWS. What doesn't answer must not use up the time of a function: whoever was refused comes again."""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

    from chalicelib.store.textract import Client

_TRIES = 2


def dynamodb() -> "DynamoDBClient":
    """A call takes 15 s at most, and the store's last one begins WRITES_TRIED_FOR after its first: see `feed`.

    Requests aren't held against the service's model first: that takes a third of a commit's CPU, and DynamoDB does it.
    """
    return boto3.client("dynamodb", config=_config().merge(Config(parameter_validation=False)))


def sqs() -> "SQSClient":
    return boto3.client("sqs", config=_config())


def events() -> "EventBridgeClient":
    return boto3.client("events", config=_config())


def kms() -> "KMSClient":
    return boto3.client("kms", config=_config())


def s3() -> "S3Client":
    """It signs links and forms as every region takes them."""
    return boto3.client("s3", config=_config(read_seconds=10).merge(Config(signature_version="s3v4")))


def textract() -> "Client":
    """A page takes it some seconds."""
    made: Client = boto3.client("textract", config=_config(read_seconds=20))
    return made


def _config(read_seconds: int = 5) -> Config:
    return Config(
        connect_timeout=2,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": _TRIES},
    )
