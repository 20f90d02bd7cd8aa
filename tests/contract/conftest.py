"""The stores that one suite is for: in memory, on moto, and on the engine (marked, like all that runs there)."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from threading import Lock
from typing import Any, cast

import boto3
import pytest
import urllib3
from botocore.config import Config
from moto import mock_aws

from chalicelib.domain.ports import EvidenceBucket, Store, UploadForm
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.dynamo import DynamoStore, DynamoTable
from chalicelib.store.evidence_bucket import S3Bucket
from chalicelib.store.memory import MemoryTable
from chalicelib.store.memory_bucket import MemoryBucket, UploadRefused
from chalicelib.store.table import Table
from chalicelib.store.wire import plain
from tests.contract.build import ulid
from tests.contract.template import create_table
from tests.engine_fixtures import local_engine

__all__ = ["local_engine"]

ENGINE = pytest.param("engine", marks=pytest.mark.engine)
_REGION = "us-east-1"


class Calls:
    """Counts what a client sends, by operation, and the bytes of what it sends and gets."""

    def __init__(self, client: Any) -> None:
        self.made: Counter[str] = Counter()
        self.sent = self.received = 0
        client.meta.events.register("before-call.*", self._before)
        client.meta.events.register("after-call.*", self._after)

    def _before(self, model: Any, params: Any, **_: object) -> None:
        self.made[model.name] += 1
        self.sent += len(params["body"])

    def _after(self, http_response: Any, **_: object) -> None:
        self.received += len(http_response.content)

    def of(self, action: Callable[[], object]) -> dict[str, int]:
        """The calls that the action makes."""
        self.made.clear()
        self.sent = self.received = 0
        action()
        return dict(self.made)


class Serialised:
    """A client whose calls don't overlap: moto isn't isolated under threads."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        operation = getattr(self._client, name)
        if not callable(operation):
            return operation

        def one_at_a_time(*args: object, **kwargs: object) -> object:
            with self._lock:
                return operation(*args, **kwargs)

        return one_at_a_time


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    return boto3.Session("testing", "testing", region_name=_REGION)


def _dynamodb(request: pytest.FixtureRequest) -> Iterator[Any]:
    """As the service has it."""
    yield from map(plain, _client(request, "dynamodb"))


def _client(request: pytest.FixtureRequest, service: str) -> Iterator[Any]:
    """A client of the backend that the test's parameter names."""
    session = request.getfixturevalue("session")
    retries: Any = {"total_max_attempts": 1}
    config = Config(
        signature_version="s3v4", retries=retries, max_pool_connections=32, parameter_validation=service == "s3"
    )
    if request.param == "engine":
        engine = request.getfixturevalue("local_engine")
        yield engine.session().client(service, endpoint_url=engine.url, config=config)
        return
    with mock_aws():
        yield session.client(service, config=config)


@pytest.fixture
def dynamodb(request: pytest.FixtureRequest) -> Iterator[Any]:
    yield from _dynamodb(request)


@pytest.fixture
def table_name(dynamodb: Any) -> str:
    """A table of the test's own."""
    name = f"recourse-{ulid()}"
    create_table(dynamodb, name)
    return name


@pytest.fixture(params=["memory", "moto", ENGINE])
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """An empty table of each kind."""
    if request.param == "memory":
        yield MemoryTable()
        return
    for client in _dynamodb(request):
        name = f"recourse-{ulid()}"
        create_table(client, name)
        yield DynamoTable(cast("Any", Serialised(client)) if request.param == "moto" else client, name)


@pytest.fixture
def store(table: Table) -> Store:
    """The suite is for this: an empty store of each kind."""
    return DisputeStore(table)


@pytest.fixture
def another(table: Table) -> Store:
    """A second store over the same table, as another process has it."""
    return DisputeStore(table)


@pytest.fixture
def calls(dynamodb: Any) -> Calls:
    return Calls(dynamodb)


@pytest.fixture
def counted(dynamodb: Any, table_name: str) -> Store:
    """A store whose calls `calls` counts."""
    return DynamoStore(dynamodb, table_name)


on_dynamodb = pytest.mark.parametrize("dynamodb", ["moto", ENGINE], indirect=True)


@dataclass(frozen=True)
class Premises:
    """A bucket, and how a client's upload reaches it."""

    bucket: S3Bucket | MemoryBucket
    upload: Callable[[UploadForm, bytes], None]
    client: Any = None
    name: str = ""


@pytest.fixture(params=["memory", "moto", ENGINE])
def premises(request: pytest.FixtureRequest) -> Iterator[Premises]:
    if request.param == "memory":
        memory = MemoryBucket()
        yield Premises(memory, partial(_at_once, memory))
        return
    for client in _client(request, "s3"):
        name = f"evidence-{ulid().lower()}"
        client.create_bucket(Bucket=name)
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        upload = _posted if request.param == "engine" else partial(_put, client, name)
        yield Premises(S3Bucket(client, name), upload, client, name)


def _at_once(bucket: MemoryBucket, form: UploadForm, content: bytes) -> None:
    bucket.upload(form, content, at=datetime.now(UTC))


def _posted(form: UploadForm, content: bytes) -> None:
    answer = urllib3.request("POST", form.url, fields=[*form.fields.items(), ("file", ("photo.jpg", content))])
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise UploadRefused(answer.data.decode())


def _put(client: Any, bucket: str, form: UploadForm, content: bytes) -> None:
    """Moto ignores a form's conditions: what the form says is looked at instead."""
    client.put_object(Bucket=bucket, Key=form.fields["key"], Body=content, ContentType=form.fields["Content-Type"])


@pytest.fixture
def bucket(premises: Premises) -> EvidenceBucket:
    return premises.bucket
