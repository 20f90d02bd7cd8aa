"""Expands the AWS::Serverless resources of a template, so that cfn-lint sees what CloudFormation will. Prints JSON.

Runs on the engine's interpreter: the translator is there, for the engine deploys by it.
"""

import json
import os
import sys
from pathlib import Path

import yaml
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    """The template names none: every role is written by hand."""

    def load(self) -> dict[str, str]:
        return {}


def main(path: Path) -> None:
    template = yaml.safe_load(path.read_text(encoding="utf-8"))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": "code", "Key": "deployment.zip"}
    # The translator asks for a region, to know the partition; nothing of it is in what it gives.
    os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
    try:
        expanded = transform(template, {}, NoManagedPolicies())
    except InvalidDocumentException as error:
        sys.exit("\n".join(cause.message for cause in error.causes))
    print(json.dumps(expanded, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
