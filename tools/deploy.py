"""Deploys a packaged template on the local engine, the way a real account gets it: code to S3, then a change set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from botocore.exceptions import ClientError, WaiterError

from tools.package import RECOGNISER_ZIP, TEMPLATE, ZIP
from tools.zips import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.waiter import StackCreateCompleteWaiter, StackUpdateCompleteWaiter

    from tools.engine import Engine

CODE_BUCKET = "recourse-code"
LEAST_CONCURRENCY = 2
"""Lambda takes no less for a queue."""


class DeployError(Exception):
    """The stack didn't come to stand; the message tells the resources that failed, and why."""


@dataclass(frozen=True)
class Provider:
    """The identity provider whose tokens the stack accepts."""

    issuer: str
    jwks_uri: str


@dataclass(frozen=True)
class Deployment:
    """A stack that stands."""

    api_url: str
    outputs: Mapping[str, str]


def deploy(
    engine: Engine,
    packaged: Path,
    provider: Provider,
    *,
    stack: str = "recourse",
    parameters: Mapping[str, str] | None = None,
) -> Deployment:
    """Makes the stack, or brings it up to date; does nothing where nothing changed. Raises DeployError."""
    keys = _upload_code(engine, packaged / ZIP, packaged / RECOGNISER_ZIP)
    template = yaml.safe_load((packaged / TEMPLATE).read_text(encoding="utf-8"))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            _make_local(resource["Properties"], keys)
    outputs = apply(engine, stack, template, local_parameters(provider) | dict(parameters or {}))
    return Deployment(f"{engine.url}/restapis/{outputs['RestAPIId']}/api/_user_request_", outputs)


def _make_local(function: dict[str, Any], keys: Mapping[str, str]) -> None:
    """Takes its code from the engine's S3; and a function that fills a core runs no oftener than this machine bears."""
    zip_name = Path(function["CodeUri"]).name
    function["CodeUri"] = {"Bucket": CODE_BUCKET, "Key": keys[zip_name]}
    if zip_name == RECOGNISER_ZIP:
        for event in function["Events"].values():
            event["Properties"]["ScalingConfig"] = {"MaximumConcurrency": LEAST_CONCURRENCY}


def local_parameters(provider: Provider) -> dict[str, str]:
    """What a stack on the engine is told, beside its defaults."""
    return {"Issuer": provider.issuer, "JwksUri": provider.jwks_uri, "RequireTls": "false"}


def apply(engine: Engine, stack: str, template: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, str]:
    """Makes or updates a stack, which outlives the engine from then on; returns its outputs. Raises DeployError."""
    _upload(engine, f"{stack}.yaml", yaml.safe_dump(dict(template)).encode())
    cloudformation = engine.session().client("cloudformation", endpoint_url=engine.url)
    request: dict[str, Any] = {
        "StackName": stack,
        # Bigger than the 51,200 bytes that a request may carry: it goes by address.
        "TemplateURL": f"{engine.url}/{CODE_BUCKET}/{stack}.yaml",
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    }
    if not _exists(cloudformation, stack):
        cloudformation.create_stack(**request)
        _wait(cloudformation, cloudformation.get_waiter("stack_create_complete"), stack)
    elif _updates(cloudformation, request):
        _wait(cloudformation, cloudformation.get_waiter("stack_update_complete"), stack)
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
    _enable_ttl(engine, outputs["TableName"])
    engine.checkpoint()
    return outputs


def _upload_code(engine: Engine, *zips: Path) -> dict[str, str]:
    """Puts the zips into the engine's S3, in the place of older ones; returns the key of each, its code's digest."""
    keys = {path.name: f"code/{digest(path)}.zip" for path in zips}
    for path in zips:
        _upload(engine, keys[path.name], path.read_bytes())
    s3 = engine.session().client("s3", endpoint_url=engine.url)
    for older in s3.list_objects_v2(Bucket=CODE_BUCKET, Prefix="code/")["Contents"]:
        if older["Key"] not in keys.values():
            s3.delete_object(Bucket=CODE_BUCKET, Key=older["Key"])
    return keys


def _upload(engine: Engine, key: str, body: bytes) -> None:
    s3 = engine.session().client("s3", endpoint_url=engine.url)
    s3.create_bucket(Bucket=CODE_BUCKET)
    s3.put_object(Bucket=CODE_BUCKET, Key=key, Body=body)


def _updates(cloudformation: CloudFormationClient, request: dict[str, Any]) -> bool:
    """Begins an update; false where there is nothing to update."""
    try:
        cloudformation.update_stack(**request)
    except ClientError as refusal:
        if "No updates are to be performed" in str(refusal):
            return False
        raise
    return True


def _wait(
    cloudformation: CloudFormationClient, waiter: StackCreateCompleteWaiter | StackUpdateCompleteWaiter, stack: str
) -> None:
    try:
        waiter.wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 180})
    except WaiterError as failure:
        raise DeployError(_failures(cloudformation, stack)) from failure


def _exists(cloudformation: CloudFormationClient, stack: str) -> bool:
    try:
        cloudformation.describe_stacks(StackName=stack)
    except ClientError as refusal:
        if "does not exist" in str(refusal):
            return False
        raise
    return True


def _failures(cloudformation: CloudFormationClient, stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in events if "FAILED" in event.get("ResourceStatus", "")]
    return f"Stack {stack} doesn't stand:\n" + "\n".join(
        f"  {event.get('LogicalResourceId')}: {event.get('ResourceStatusReason')}" for event in failed
    )


def _enable_ttl(engine: Engine, table: str) -> None:
    """The engine doesn't read it from the template; a real account does."""
    dynamodb = engine.session().client("dynamodb", endpoint_url=engine.url)
    if dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"].get("TimeToLiveStatus") != "ENABLED":
        dynamodb.update_time_to_live(
            TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
        )
