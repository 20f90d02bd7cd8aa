"""The state machine on the local engine: fewer steps, on a table and a bucket that are atomic under threads."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from chalicelib.bootstrap import utc_now
from chalicelib.store.dynamo import DynamoStore
from chalicelib.store.evidence_bucket import S3Bucket
from tests.build import contrarian, marketplace
from tests.contract.template import create_table
from tests.engine_fixtures import local_engine
from tests.properties.machine import LifecycleMachine
from tests.properties.test_lifecycle_machine import PICTURE
from tools.engine import Engine

__all__ = ["local_engine"]

SOMETIMES = settings(
    max_examples=4,
    stateful_step_count=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class OnEngine(LifecycleMachine):
    """A table of its own for each run. It starts now, for arrivals are by the engine's clock."""

    clients: ClassVar[dict[str, Any]] = {}

    def start(self) -> datetime:
        return utc_now()

    def make_store(self) -> DynamoStore:
        self.run = uuid4().hex[:7].upper()
        create_table(self.clients["dynamodb"], f"machine-{self.run}")
        return DynamoStore(self.clients["dynamodb"], f"machine-{self.run}")

    def salt(self) -> str:
        """DynamoDB takes a commit's id for a token, whichever table it is for."""
        return self.run

    def make_bucket(self) -> S3Bucket:
        return S3Bucket(self.clients["s3"], "machine")

    def put(self, key: str) -> None:
        self.clients["s3"].put_object(Bucket="machine", Key=key, Body=PICTURE)


class Marketplace(OnEngine):
    policy = marketplace()


class Contrarian(OnEngine):
    policy = contrarian()


@pytest.fixture(scope="module")
def clients(local_engine: Engine) -> None:
    session: boto3.Session = local_engine.session()
    config = Config(signature_version="s3v4")
    for name in ("dynamodb", "s3"):
        OnEngine.clients[name] = session.client(name, endpoint_url=local_engine.url, config=config)
    OnEngine.clients["s3"].create_bucket(Bucket="machine")
    OnEngine.clients["s3"].put_bucket_versioning(Bucket="machine", VersioningConfiguration={"Status": "Enabled"})


@pytest.mark.engine
@pytest.mark.usefixtures("clients")
@pytest.mark.parametrize("machine", [Marketplace, Contrarian])
def test_the_promises_hold_on_the_engine(machine: type[OnEngine]) -> None:
    run_state_machine_as_test(machine, settings=SOMETIMES)
