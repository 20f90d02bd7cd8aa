"""What each function loads: its handler, and all that it is made of, from the unpacked zip alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.package.alone import alone


@dataclass(frozen=True, slots=True)
class Made:
    module: str
    handler: str
    of: str
    """What the composition root makes for it."""


FUNCTIONS: Final[Mapping[str, Made]] = {
    "api": Made("app", "app", "api"),
    **{
        job: Made(f"chalicelib.jobs.{job}", job, of)
        for job, of in {
            "sweep": "sweeper",
            "lapse": "lapser",
            "inspect": "inspector",
            "notify": "notifier",
            "outage": "outage_worker",
            "publish": "publisher",
            "announce": "announcer",
            "deliver": "deliverer",
            "erase": "eraser",
            "bundle": "bundler",
            "anchor": "anchorer",
            "verify": "auditor",
        }.items()
    },
}
"""Of the API's zip."""

HEAVY: Final = frozenset(
    {
        "PIL",
        "aws_lambda_powertools",
        "boto3",
        "botocore",
        "chalice",
        "cryptography",
        "joserfc",
        "msgspec",
        "pydantic",
        "pypdf",
        "s3transfer",
        "standardwebhooks",
        "yaml",
        "zxingcpp",
    }
)
"""Libraries that cost a cold start something."""


def modules(unzipped: Path, made: Made) -> frozenset[str]:
    """Names of all modules. AssertionError where the function doesn't load, or can't be put together."""
    code = (
        "import importlib, json, sys\n"
        f"assert callable(getattr(importlib.import_module({made.module!r}), {made.handler!r}))\n"
        "from chalicelib import bootstrap\n"
        f"bootstrap.{made.of}()\n"
        "print(json.dumps(list(sys.modules)))\n"
    )
    return frozenset(json.loads(output_of(unzipped, code)))


def heavy(loaded: frozenset[str]) -> frozenset[str]:
    return HEAVY & loaded


def output_of(unzipped: Path, code: str, **environment: str) -> str:
    """What the code prints, run with the package alone; fails where the code does."""
    process = alone(unzipped, "-c", code, **environment)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    return output
