"""Deploys a packaged template on the local engine, the way a real account gets it: code to S3, then a change set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from botocore.exceptions import ClientError, WaiterError

from tools.package import TEMPLATE, ZIP

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.waiter import StackCreateCompleteWaiter, StackUpdateCompleteWaiter

    from tools.engine import Engine

CODE_BUCKET = "recourse-code"
POLL: dict[str, Any] = {"Delay": 1, "MaxAttempts": 180}


class DeployError(Exception):
    """The stack didn't come to stand; the message tells the resources that failed, and why."""


@dataclass(frozen=True)
class Deployment:
    """A stack that stands."""

    api_url: str
    table: str
    bucket: str
    outputs: dict[str, str]


@dataclass(frozen=True)
class Provider:
    """The identity provider whose tokens the stack accepts."""

    issuer: str
    jwks_uri: str


def deploy(
    engine: Engine, packaged: Path, provider: Provider, *, stack: str = "recourse", parameters: dict[str, str] | None = None
) -> Deployment:
    """Makes the stack, or brings it up to date; does nothing where nothing changed. Raises DeployError."""
    template = _upload(engine, packaged)
    local = {"Issuer": provider.issuer, "JwksUri": provider.jwks_uri, "RequireTls": "false"}
    _apply(engine, stack, template, local | (parameters or {}))
    outputs = _outputs(engine, stack)
    _enable_ttl(engine, outputs["TableName"])
    return Deployment(
        api_url=f"{engine.url}/restapis/{outputs['RestAPIId']}/api/_user_request_",
        table=outputs["TableName"],
        bucket=outputs["EvidenceBucketName"],
        outputs=outputs,
    )


def _upload(engine: Engine, packaged: Path) -> str:
    """Puts code and template into the engine's S3; returns the template's address there."""
    s3 = engine.session().client("s3", endpoint_url=engine.url)
    s3.create_bucket(Bucket=CODE_BUCKET)
    code = (packaged / ZIP).read_bytes()
    code_key = f"{hashlib.sha256(code).hexdigest()}.zip"
    s3.put_object(Bucket=CODE_BUCKET, Key=code_key, Body=code)
    template = yaml.safe_load((packaged / TEMPLATE).read_text(encoding="utf-8"))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": CODE_BUCKET, "Key": code_key}
    # Bigger than the 51,200 bytes that a request may carry: it goes by address.
    s3.put_object(Bucket=CODE_BUCKET, Key=TEMPLATE, Body=yaml.safe_dump(template).encode())
    return f"{engine.url}/{CODE_BUCKET}/{TEMPLATE}"


def _apply(engine: Engine, stack: str, template: str, parameters: dict[str, str]) -> None:
    cloudformation = engine.session().client("cloudformation", endpoint_url=engine.url)
    request: dict[str, Any] = {
        "StackName": stack,
        "TemplateURL": template,
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    }
    waiter: StackCreateCompleteWaiter | StackUpdateCompleteWaiter
    if _exists(cloudformation, stack):
        try:
            cloudformation.update_stack(**request)
        except ClientError as refusal:
            if "No updates are to be performed" in str(refusal):
                return
            raise
        waiter = cloudformation.get_waiter("stack_update_complete")
    else:
        cloudformation.create_stack(**request)
        waiter = cloudformation.get_waiter("stack_create_complete")
    try:
        waiter.wait(StackName=stack, WaiterConfig=POLL)
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


def _outputs(engine: Engine, stack: str) -> dict[str, str]:
    cloudformation = engine.session().client("cloudformation", endpoint_url=engine.url)
    outputs = cloudformation.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def _enable_ttl(engine: Engine, table: str) -> None:
    """The engine doesn't read it from the template; a real account does."""
    dynamodb = engine.session().client("dynamodb", endpoint_url=engine.url)
    if dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"].get("TimeToLiveStatus") != "ENABLED":
        dynamodb.update_time_to_live(
            TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
        )
