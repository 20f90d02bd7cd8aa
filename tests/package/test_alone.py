"""The unzipped package runs with nothing beside it: no library of this checkout's environments hides a missing one."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.package.runtime_api import RuntimeApi, serving

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
    "BUS_NAME": "recourse",
    "ISSUER": "http://127.0.0.1:1",
    "AUDIENCE": "recourse",
    "JWKS_URI": "http://127.0.0.1:1/jwks.json",
    "DEFAULT_POLICY": "marketplace",
}
JOBS = ("sweep", "lapse", "inspect", "publish")


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
def function(unzipped: Path, runtime: Path, handler: str) -> Iterator[RuntimeApi]:
    with serving() as api:
        main = ["-m", "awslambdaric", handler]
        process = alone(unzipped, *main, path=runtime, AWS_LAMBDA_RUNTIME_API=api.address, _HANDLER=handler)
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
    process = alone(unzipped, "-c", code)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
