"""The unzipped package runs with nothing beside it: no library of this checkout's environments hides a missing one."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.package.runtime_api import RuntimeApi, serving
from tools.paths import ROOT

# Lambda's own, not the function's.
RUNTIME = ("awslambdaric", "snapshot_restore_py", "simplejson", "runtime_client")
HEALTH = {
    "resource": "/v1/health",
    "path": "/v1/health",
    "httpMethod": "GET",
    "headers": {"Accept": "application/json", "Host": "localhost"},
    "multiValueHeaders": {"Accept": ["application/json"], "Host": ["localhost"]},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "pathParameters": None,
    "stageVariables": None,
    "requestContext": {
        "resourcePath": "/v1/health",
        "httpMethod": "GET",
        "path": "/api/v1/health",
        "stage": "api",
        "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "requestTimeEpoch": 1795402166612,
        "identity": {"sourceIp": "127.0.0.1"},
    },
    "body": None,
    "isBase64Encoded": False,
}
SETTINGS = {
    "TABLE_NAME": "recourse",
    "EVIDENCE_BUCKET": "recourse-evidence",
    "DUE_QUEUE_URL": "http://127.0.0.1:1/due",
    "UPLOAD_QUEUE_URL": "http://127.0.0.1:1/uploads",
    "RECOGNISE_QUEUE_URL": "http://127.0.0.1:1/recognise",
    "OUTAGE_QUEUE_URL": "http://127.0.0.1:1/outages",
    "DELIVER_QUEUE_URL": "http://127.0.0.1:1/deliver",
    "UNDELIVERED_QUEUE_URL": "http://127.0.0.1:1/undelivered",
    "WEBHOOK_KEY": "arn:aws:kms:us-east-1:000000000000:key/none",
    "NOTICE_QUEUE_URL": "http://127.0.0.1:1/notices",
    "BUNDLE_QUEUE_URL": "http://127.0.0.1:1/bundles",
    "AUDIT_QUEUE_URL": "http://127.0.0.1:1/verify",
    "DUE_DEAD_LETTERS_URL": "http://127.0.0.1:1/due-dead",
    "ANCHOR_BUCKET": "recourse-anchors",
    "SIGNING_KEY": "arn:aws:kms:us-east-1:000000000000:key/none",
    "BUS_NAME": "recourse",
    "ISSUER": "http://127.0.0.1:1",
    "AUDIENCE": "recourse",
    "JWKS_URI": "http://127.0.0.1:1/jwks.json",
    "DEFAULT_POLICY": "marketplace",
}
JOBS = (
    "sweep",
    "lapse",
    "inspect",
    "notify",
    "outage",
    "publish",
    "announce",
    "deliver",
    "erase",
    "bundle",
    "anchor",
    "verify",
)
RECOGNISE = "chalicelib.jobs.recognise.recognise"
LABEL = ROOT / "examples" / "parcel_label.jpg"
# Where no service of AWS answers.
NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}


def alone(unzipped: Path, *arguments: str, path: Path | None = None, **environment: str) -> subprocess.Popen[str]:
    """The bare interpreter, without site-packages, on the package."""
    search = os.pathsep.join(map(str, [unzipped, *([path] if path else [])]))
    lambdas = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "LAMBDA_TASK_ROOT": str(unzipped)}
    return subprocess.Popen(
        [sys._base_executable, "-S", *arguments],  # type: ignore[attr-defined]  # noqa: SLF001
        cwd=unzipped,
        env={"PYTHONPATH": search, "PATH": os.environ["PATH"], **lambdas, **SETTINGS, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Lambda's runtime client and nothing else."""
    folder = tmp_path_factory.mktemp("runtime")
    for name in RUNTIME:
        found = importlib.util.find_spec(name)
        assert found, f"{name} isn't installed"
        assert found.origin
        origin = Path(found.origin)
        whole = origin.parent if origin.name == "__init__.py" else origin
        (folder / whole.name).symlink_to(whole)
    return folder


@contextmanager
def function(unzipped: Path, runtime: Path, handler: str, **environment: str) -> Iterator[RuntimeApi]:
    with serving() as api:
        main = ["-m", "awslambdaric", handler]
        lambdas = {"AWS_LAMBDA_RUNTIME_API": api.address, "_HANDLER": handler}
        process = alone(unzipped, *main, path=runtime, **lambdas, **environment)
        try:
            yield api
        finally:
            process.kill()
            process.communicate()


def test_the_api_answers(unzipped: Path, runtime: Path):
    with function(unzipped, runtime, "app.app") as api:
        kind, answer = api.invoke(HEALTH)
    assert (kind, answer.get("statusCode")) == ("response", 200), answer


@pytest.mark.parametrize("job", JOBS)
def test_a_job_loads_by_its_own_path_without_the_api(unzipped: Path, job: str):
    code = (
        "import sys, importlib\n"
        f"handler = getattr(importlib.import_module('chalicelib.jobs.{job}'), '{job}')\n"
        "assert callable(handler)\n"
        "loaded = {'app', 'chalicelib.http'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    output_of(unzipped, code)


@pytest.mark.parametrize(
    "what",
    [
        "api",
        "sweeper",
        "lapser",
        "inspector",
        "notifier",
        "outage_worker",
        "publisher",
        "announcer",
        "deliverer",
        "eraser",
        "bundler",
        "anchorer",
        "auditor",
    ],
)
def test_all_that_a_function_is_made_of_is_there(unzipped: Path, what: str):
    output_of(unzipped, f"from chalicelib import bootstrap\nbootstrap.{what}()\n")


def test_the_recogniser_takes_its_messages_and_hands_back_those_that_failed(recogniser: Path, runtime: Path):
    message = {"messageId": "m1", "body": json.dumps({"dispute": "D1", "piece": "P1"})}
    with function(recogniser, runtime, RECOGNISE, **NOWHERE) as api:
        assert api.invoke({"Records": []}) == ("response", {"batchItemFailures": []})
        answer = api.invoke({"Records": [message]})
    assert answer == ("response", {"batchItemFailures": [{"itemIdentifier": "m1"}]})


def test_the_recogniser_reads_a_picture_with_what_is_in_its_zip(recogniser: Path):
    code = (
        "from PIL import Image\n"
        "from chalicelib import bootstrap\n"
        f"picture = Image.open({str(LABEL)!r}).convert('RGB')\n"
        "print([line.text for line in bootstrap.recognition().recogniser.read(picture)])\n"
    )
    assert "TRACKING NUMBER" in output_of(recogniser, code)


def test_the_recogniser_has_the_services_that_it_may_call(recogniser: Path):
    code = "import boto3\nfor name in ('dynamodb', 's3', 'textract'):\n    boto3.client(name)\n"
    output_of(recogniser, code)


def test_the_recogniser_renders_the_pages_of_a_pdf(recogniser: Path):
    code = (
        "import io\n"
        "from PIL import Image\n"
        "from evidence.pages import render\n"
        "from policies.model import FileLimits\n"
        "written = io.BytesIO()\n"
        f"Image.open({str(LABEL)!r}).save(written, 'pdf')\n"
        "limits = FileLimits(10**7, 1, 1, 10**8, 10**8, max_pdf_pages=1)\n"
        "print([page.getextrema() for page in render(written.getvalue(), limits)])\n"
    )
    seen = output_of(recogniser, code)
    assert seen.startswith("[((")
    # Not merely white.
    assert "(255, 255)" not in seen


def output_of(unzipped: Path, code: str) -> str:
    """What the code prints, run with the package alone; fails where the code does."""
    process = alone(unzipped, "-c", code)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    return output
