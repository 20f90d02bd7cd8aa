"""Clients of AWS. What doesn't answer must not use up the time of a function: whoever was refused comes again.

There is one session a process, and each client is made when it is first asked for something: a run that finds nothing
to do makes none of those that it would have done it with. They are botocore's own: boto3 makes the same, but loads its
resources and transfers first.
"""

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from botocore import __version__ as botocore_version
from botocore.config import Config
from botocore.session import Session, get_session

from chalicelib.store.wire import plain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

    from chalicelib.store.textract import Client

_TRIES = 2
_USER_AGENT = f"recourse Botocore/{botocore_version}"
"""What CloudTrail calls us. Unless it is told, the SDK says what it is made of, and puts that together at each call."""
_PLAIN = frozenset({"dynamodb", "sqs"})
_UNCHECKED = Config(parameter_validation=False)
"""Requests aren't held against the service's model first: the service does that."""


class _Client:
    """Stands for a client until it is needed."""

    def __init__(self, service: str, config: Config) -> None:
        self._service = service
        self._config = config

    @cached_property
    def _made(self) -> Any:  # noqa: ANN401  (a client of any service)
        made = session().create_client(self._service, config=self._config)
        return plain(made) if self._service in _PLAIN else made

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (likewise)
        return getattr(self._made, name)


@cache
def session() -> Session:
    """What its emitter is told, it tells all clients that are made from then on."""
    return get_session()


def client(service: str, config: Config) -> Any:  # noqa: ANN401  (whoever asks says of which service)
    return _Client(service, config)


def dynamodb() -> "DynamoDBClient":
    """A call takes 15 s at most, and the store's last one begins WRITES_TRIED_FOR after its first: see `feed`."""
    made: DynamoDBClient = client("dynamodb", _config().merge(_UNCHECKED))
    return made


def sqs() -> "SQSClient":
    made: SQSClient = client("sqs", _config().merge(_UNCHECKED))
    return made


def events() -> "EventBridgeClient":
    made: EventBridgeClient = client("events", _config())
    return made


def kms() -> "KMSClient":
    made: KMSClient = client("kms", _config())
    return made


def s3() -> "S3Client":
    """It signs links and forms as every region takes them."""
    made: S3Client = client("s3", _config(read_seconds=10).merge(Config(signature_version="s3v4")))
    return made


def textract() -> "Client":
    """A page takes it some seconds."""
    made: Client = client("textract", _config(read_seconds=20))
    return made


def _config(read_seconds: int = 5) -> Config:
    return Config(
        connect_timeout=2,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": _TRIES},
        user_agent=_USER_AGENT,
    )
