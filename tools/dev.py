"""`make dev`: the API straight from the tree, restarted at each change, on the engine's data. No packaging, no jobs."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from chalice.package import YAMLTemplateSerializer

from tools import deploy, engine, identity
from tools.paths import ROOT, RUN
from tools.ports import LOOPBACK, PortTakenError, require_free
from tools.processes import StartError

FOLDER = RUN / "dev"
DATA = (
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::KMS::Key",
)


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    port = int(os.environ.get("DEV_PORT", "8000"))
    try:
        _run(port, port + 1, port + 2)
    except (PortTakenError, StartError, deploy.DeployError) as failure:
        sys.exit(f"\n{failure}")
    except KeyboardInterrupt:
        print("\nStopped. The data is kept in .run/dev.")


def _run(port: int, engine_port: int, identity_port: int) -> None:
    for each, what in ((port, "the API"), (engine_port, "its data"), (identity_port, "the identity provider")):
        require_free(each, what, "DEV_PORT")
    with engine.running(engine_port, FOLDER) as local, identity.running(identity_port, FOLDER) as provider:
        known = deploy.Provider(provider.issuer, provider.jwks_uri)
        outputs = deploy.apply(local, "recourse-dev", data_template(), deploy.local_parameters(known))
        print(f"The API is at http://{LOOPBACK}:{port}/v1. A token:\n")
        print(f'  curl -s {provider.issuer}/token -d \'{{"role": "merchant", "parties": ["shop:S1"]}}\'\n', flush=True)
        _serve(port, environment(local, known, outputs))


def data_template() -> dict[str, Any]:
    """Table, bucket, queues and bus as the real template has them, without functions."""
    path = ROOT / ".chalice" / "resources.yaml"
    template = YAMLTemplateSerializer().load_template(path.read_text(encoding="utf-8"), str(path))
    kept = {name: made for name, made in template["Resources"].items() if made.get("Type") in DATA}
    shown = {name: shown for name, shown in template["Outputs"].items() if _refers_only_to(kept, shown)}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": template["Parameters"],
        "Conditions": template["Conditions"],
        "Resources": kept,
        "Outputs": shown,
    }


def _refers_only_to(resources: dict[str, Any], output: dict[str, Any]) -> bool:
    referred = output["Value"].get("Ref")
    return referred is None or referred in resources


def environment(local: engine.Engine, provider: deploy.Provider, outputs: dict[str, str]) -> dict[str, str]:
    """What the template would hand to a function."""
    return {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": engine.REGION,
        "AWS_ENDPOINT_URL": local.url,
        "TABLE_NAME": outputs["TableName"],
        "EVIDENCE_BUCKET": outputs["EvidenceBucketName"],
        "DUE_QUEUE_URL": outputs["DueQueueUrl"],
        "UPLOAD_QUEUE_URL": outputs["UploadQueueUrl"],
        "RECOGNISE_QUEUE_URL": outputs["RecogniseQueueUrl"],
        "NOTICE_QUEUE_URL": outputs["NoticeQueueUrl"],
        "OUTAGE_QUEUE_URL": outputs["OutageQueueUrl"],
        "DELIVER_QUEUE_URL": outputs["DeliverQueueUrl"],
        "BUNDLE_QUEUE_URL": outputs["BundleQueueUrl"],
        "AUDIT_QUEUE_URL": outputs["VerifyQueueUrl"],
        "DUE_DEAD_LETTERS_URL": outputs["DueDeadLettersUrl"],
        "ANCHOR_BUCKET": outputs["AnchorBucketName"],
        "SIGNING_KEY": outputs["SigningKeyArn"],
        "UNDELIVERED_QUEUE_URL": outputs["DeliverDeadLettersUrl"],
        "WEBHOOK_KEY": outputs["WebhookKeyArn"],
        "BUS_NAME": outputs["BusNameInUse"],
        "ISSUER": provider.issuer,
        "JWKS_URI": provider.jwks_uri,
        "AUDIENCE": identity.AUDIENCE,
        "DEFAULT_POLICY": "marketplace",
    }


def _serve(port: int, environment: dict[str, str]) -> None:
    chalice = Path(sys.executable).with_name("chalice")
    subprocess.run(
        [chalice, "local", "--stage", "prod", "--host", LOOPBACK, "--port", str(port)],
        cwd=ROOT,
        env=environment,
        check=False,
    )


if __name__ == "__main__":
    main()
