"""Between the service and AWS: whoever watches sees each call before it is sent and after it was carried out."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

from botocore.awsrequest import AWSResponse

_READS = frozenset({"BatchGetItem", "Query", "Scan", "GetObject", "ListObjectVersions", "HeadObject"}) | {
    "Encrypt",
    "Decrypt",
    "Sign",
    "GetPublicKey",
}
"""And what else leaves the world as it was."""
_ORDERLESS = frozenset({"sqs", "events"})
"""What is sent there arrives in any order, and nobody who sends reads."""

_PARTITION = ":v0"
"""What stands for a Query's partition: the first of its values."""

type Place = tuple[str, str | None]
"""A partition and a sort key, or all of the partition; a bucket's key."""

ANYWHERE: Place = ("*", None)


class Killed(BaseException):
    """The process is gone: no handler of `Exception` gets to run."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the service, as the client is about to send it."""

    service: str
    operation: str
    places: frozenset[Place]
    """What it reads or writes."""
    body: Mapping[str, Any]
    """Of the services that speak JSON; empty for S3."""

    @property
    def name(self) -> str:
        return f"{self.service}.{self.operation}"

    @property
    def writes(self) -> bool:
        return self.operation not in _READS

    def commutes_with(self, other: "Call") -> bool:
        """Whichever of the two comes first, the world is the same and both are answered the same."""
        if self.service != other.service or self.service in _ORDERLESS or not (self.writes or other.writes):
            return True
        return not any(_meet(one, another) for one in self.places for another in other.places)


def _meet(one: Place, other: Place) -> bool:
    if ANYWHERE in (one, other):
        return True
    return one[0] == other[0] and (None in (one[1], other[1]) or one[1] == other[1])


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that says no: its status, code, and what else its body holds."""

    code: str
    status: HTTPStatus = HTTPStatus.BAD_REQUEST
    more: Mapping[str, Any] | None = None

    def parsed(self) -> dict[str, Any]:
        said = {"Error": {"Code": self.code, "Message": "as the test wants it"}, **(self.more or {})}
        return {**said, "ResponseMetadata": {"HTTPStatusCode": self.status, "HTTPHeaders": {}, "RetryAttempts": 0}}


class Watch(Protocol):
    """Either may raise: the call fails with it."""

    def before(self, call: Call) -> Refused | None:
        """With an answer, nothing is sent."""
        ...

    def after(self, call: Call, answer: dict[str, Any]) -> Refused | None:
        """The call was carried out. With an answer, this is what the service gets to hear; `answer` may be changed."""
        ...


class Idle:
    """Lets everything pass."""

    def before(self, call: Call) -> Refused | None:
        del call
        return None

    def after(self, call: Call, answer: dict[str, Any]) -> Refused | None:
        del call, answer
        return None


class Wire:
    """The hooks on the service's clients."""

    def __init__(self, carried_out: Callable[[Call], None]) -> None:
        self._carried_out = carried_out
        self._watch: Watch = Idle()

    def tap(self, client: Any) -> Any:
        client.meta.events.register("before-call.*", self._before)
        client.meta.events.register("after-call.*", self._after)
        return client

    @contextmanager
    def watched(self, watch: Watch) -> Iterator[None]:
        before, self._watch = self._watch, watch
        try:
            yield
        finally:
            self._watch = before

    def _before(self, model: Any, params: Any, context: Any, **_: object) -> tuple[AWSResponse, Any] | None:
        call = _call(model, params)
        context["call"] = call
        refused = self._watch.before(call)
        if refused is None:
            return None
        return AWSResponse("", int(refused.status), {}, None), refused.parsed()  # type: ignore[arg-type]

    def _after(self, http_response: Any, parsed: dict[str, Any], context: Any, **_: object) -> None:
        call: Call = context["call"]
        if http_response.status_code < HTTPStatus.MULTIPLE_CHOICES:
            self._carried_out(call)
        refused = self._watch.after(call, parsed)
        if refused:
            http_response.status_code = int(refused.status)
            parsed.clear()
            parsed.update(refused.parsed())


def _call(model: Any, params: Any) -> Call:
    service, operation = str(model.service_model.endpoint_prefix), str(model.name)
    if service == "s3":
        return Call(service, operation, frozenset({_of_bucket(params)}), {})
    body = json.loads(params["body"])
    return Call(service, operation, _of_table(operation, body) if service == "dynamodb" else frozenset(), body)


def _of_table(operation: str, body: Mapping[str, Any]) -> frozenset[Place]:
    match operation:
        case "BatchGetItem":
            return frozenset(_key(each) for wanted in body["RequestItems"].values() for each in wanted["Keys"])
        case "TransactWriteItems":
            writes = [next(iter(each.values())) for each in body["TransactItems"]]
            return frozenset(_key(each.get("Key") or each["Item"]) for each in writes)
        case "Query" if "IndexName" not in body:
            return frozenset({(body["ExpressionAttributeValues"][_PARTITION]["S"], None)})
        case _:
            return frozenset({ANYWHERE})


def _key(item: Mapping[str, Any]) -> Place:
    return item["pk"]["S"], item["sk"]["S"]


def _of_bucket(params: Mapping[str, Any]) -> Place:
    listed = params["query_string"].get("prefix")
    return (f"/{listed}" if listed else str(params["url_path"])), None
