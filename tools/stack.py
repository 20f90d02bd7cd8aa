"""The deployed stack that a command is about: one in an account, or what `make run` runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from tools import session
from tools.engine import Engine

_ENGINE_STACK = "recourse"


@dataclass(frozen=True)
class Stack:
    aws: boto3.Session
    endpoint: str | None
    outputs: Mapping[str, str]

    def client(self, service: str) -> Any:  # noqa: ANN401  (boto3 has a type for each service)
        config = Config(signature_version="s3v4")
        return self.aws.client(service, endpoint_url=self.endpoint, config=config)  # type: ignore[call-overload]


def find(name: str | None) -> Stack:
    """The one of this name in the account of your AWS credentials; without a name, the local one.

    Raises NotRunningError.
    """
    aws, endpoint = (boto3.Session(), None) if name else _engine()
    found = aws.client("cloudformation", endpoint_url=endpoint).describe_stacks(StackName=name or _ENGINE_STACK)
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found["Stacks"][0].get("Outputs", [])}
    return Stack(aws, endpoint, outputs)


def _engine() -> tuple[boto3.Session, str]:
    url = session.read().engine_url
    return Engine(urlsplit(url).port or 0).session(), url
