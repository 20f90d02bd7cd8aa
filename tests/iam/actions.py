"""From a call of a client to what AWS checks for it: a transaction's own writes, a version's own actions, and so on."""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from tests.contract.template import template
from tests.iam.roles import Use, named

_LEADING_KEYS: Final = "dynamodb:LeadingKeys"
_PARTITION: Final = ":v0"
"""What stands for a Query's partition: the first of its values."""

_WRITES: Final = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_TAGGED: Final = "PutObjectTagging"
_ALSO: Final = {
    "Tagging": _TAGGED,
    "ObjectLockMode": "PutObjectRetention",
    "ObjectLockLegalHoldStatus": "PutObjectLegalHold",
}
"""Of s3:PutObject: what a parameter of it needs beside."""


def uses(service: str, call: str, params: Mapping[str, Any]) -> Iterator[Use]:
    """What AWS checks for it; `params` are boto3's. Of a call that is unknown here: itself, on nothing there is."""
    match service:
        case "dynamodb":
            yield from _of_table(call, params)
        case "s3":
            yield from _of_bucket(call, params)
        case "sqs" if call in ("SendMessage", "SendMessageBatch"):
            yield Use("sqs:SendMessage", _resource(service, params["QueueUrl"]))
        case "sqs" if call == "ReceiveMessage":
            yield Use("sqs:ReceiveMessage", _resource(service, params["QueueUrl"]))
        case "events" if call == "PutEvents":
            for bus in {each["EventBusName"] for each in params["Entries"]}:
                yield Use("events:PutEvents", _resource(service, bus))
        case "kms":
            yield Use(f"kms:{call}", _resource(service, params["KeyId"]))
        case _:
            yield from _unknown(service, call)


def form(conditions: list[Any]) -> Iterator[Use]:
    """Of a signed upload form: what it lets its bearer do."""
    fixed = {name: value for each in conditions if isinstance(each, dict) for name, value in each.items()}
    resource = _in_bucket(fixed["bucket"], fixed["key"])
    yield Use("s3:PutObject", resource)
    if "tagging" in fixed:
        yield Use(f"s3:{_TAGGED}", resource)


def _of_table(call: str, params: Mapping[str, Any]) -> Iterator[Use]:
    match call:
        case "TransactWriteItems":
            for each in params["TransactItems"]:
                ((kind, write),) = each.items()
                yield _on_table(_WRITES[kind], write["TableName"], write)
        case "BatchGetItem":
            for table, wanted in params["RequestItems"].items():
                yield _on_table(call, table, *({"Key": each} for each in wanted["Keys"]))
        case "Query":
            partition = {"Key": {"pk": params["ExpressionAttributeValues"][_PARTITION]}}
            yield _on_table(call, params["TableName"], partition, index=params.get("IndexName"))
        case "Scan":
            yield Use("dynamodb:Scan", _resource("dynamodb", params["TableName"]))
        case "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem":
            yield _on_table(call, params["TableName"], params)
        case _:
            yield from _unknown("dynamodb", call)


def _on_table(action: str, table: str, *items: Mapping[str, Any], index: str | None = None) -> Use:
    partitions = {(each.get("Key") or each["Item"])["pk"]["S"] for each in items}
    resource = _resource("dynamodb", table) + (f"/index/{index}" if index else "")
    return Use(f"dynamodb:{action}", resource, ((_LEADING_KEYS, tuple(sorted(partitions))),))


def _of_bucket(call: str, params: Mapping[str, Any]) -> Iterator[Use]:
    bucket, version = params["Bucket"], "Version" if "VersionId" in params else ""
    match call:
        case "ListObjectVersions" | "ListObjectsV2":
            action = "ListBucketVersions" if call == "ListObjectVersions" else "ListBucket"
            yield Use(f"s3:{action}", _resource("s3", bucket), (("s3:prefix", (params.get("Prefix", ""),)),))
        case "GetObject" | "HeadObject":
            yield Use(f"s3:GetObject{version}", _in_bucket(bucket, params["Key"]))
        case "DeleteObject":
            yield Use(f"s3:DeleteObject{version}", _in_bucket(bucket, params["Key"]))
        case "PutObjectTagging":
            yield Use(f"s3:PutObject{version}Tagging", _in_bucket(bucket, params["Key"]))
        case "PutObject":
            also = (each for name, each in _ALSO.items() if name in params)
            yield from (Use(f"s3:{each}", _in_bucket(bucket, params["Key"])) for each in (call, *also))
        case _:
            yield from _unknown("s3", call)


def _unknown(service: str, call: str) -> Iterator[Use]:
    yield Use(f"{service}:{call}", "nothing: tests/iam/actions.py doesn't know what AWS checks for this call")


def _in_bucket(bucket: str, key: str) -> str:
    return f"{_resource('s3', bucket)}/{key}"


def _resource(service: str, name: str) -> str:
    """By its name in the template: the environment tells the functions which table, bucket, queue … is theirs."""
    ours = (each for variable, each in _told().get(service, ()) if os.environ.get(variable) == name)
    return next(ours, f"{name}, which no variable of the environment names")


@cache
def _told() -> Mapping[str, list[tuple[str, str]]]:
    """By service: the functions' variables, and the resource that each names."""
    found: dict[str, list[tuple[str, str]]] = {}
    for variable, said in template()["Globals"]["Function"]["Environment"]["Variables"].items():
        resource = template()["Resources"].get(named(said))
        if resource:
            found.setdefault(resource["Type"].split("::")[1].lower(), []).append((variable, named(said)))
    return found
