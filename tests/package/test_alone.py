"""The unzipped package runs with nothing beside it: no library of this checkout's environments hides a missing one."""

import json
from pathlib import Path

import pytest

from tests.package.alone import function
from tests.package.loaded import FUNCTIONS, heavy, modules, output_of
from tools.paths import ROOT

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
EVERYWHERE = {"aws_lambda_powertools", "botocore", "chalice", "msgspec"}
"""Logs, AWS, what makes a handler of a function, and what reads items and policies."""
SIGNS = {"cryptography"}
USES = {
    # Tokens, cursors and bodies.
    "api": SIGNS | {"joserfc", "pydantic"},
    # Files: pypdf opens those that are encrypted.
    "inspect": SIGNS | {"PIL", "pypdf", "zxingcpp"},
    "deliver": {"standardwebhooks"},
    **dict.fromkeys(("bundle", "anchor", "verify"), SIGNS),
}
RECOGNISE = "chalicelib.jobs.recognise.recognise"
LABEL = ROOT / "examples" / "parcel_label.jpg"
# Where no service of AWS answers.
NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}


def test_the_api_answers(unzipped: Path, runtime: Path):
    with function(unzipped, runtime, "app.app") as running:
        kind, answer = running.invoke(HEALTH)
    assert (kind, answer.get("statusCode")) == ("response", 200), answer


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_all_that_it_is_made_of_and_loads_no_library_that_it_has_no_use_for(unzipped: Path, name: str):
    loaded = modules(unzipped, FUNCTIONS[name])
    assert heavy(loaded) == EVERYWHERE | USES.get(name, set())
    assert ({"app", "chalicelib.http"} <= loaded) is (name == "api")


def test_the_recogniser_takes_its_messages_and_hands_back_those_that_failed(recogniser: Path, runtime: Path):
    message = {"messageId": "m1", "body": json.dumps({"dispute": "D1", "piece": "P1"})}
    with function(recogniser, runtime, RECOGNISE, **NOWHERE) as running:
        assert running.invoke({"Records": []}) == ("response", {"batchItemFailures": []})
        answer = running.invoke({"Records": [message]})
    assert answer == ("response", {"batchItemFailures": [{"itemIdentifier": "m1"}]})


def test_the_recogniser_reads_a_picture_with_what_is_in_its_zip(recogniser: Path):
    code = (
        "from PIL import Image\n"
        "from chalicelib import bootstrap\n"
        f"picture = Image.open({str(LABEL)!r}).convert('RGB')\n"
        "print([line.text for line in bootstrap.recognition().recogniser.read(picture)])\n"
    )
    assert "TRACKING NUMBER" in output_of(recogniser, code)


def test_each_service_of_aws_can_be_asked(unzipped: Path):
    """As far as to where nobody answers: a request is made of everything that the SDK reads of a service."""
    code = (
        "from botocore.exceptions import EndpointConnectionError\n"
        "from chalicelib.store import clients\n"
        "asked = {\n"
        "    clients.dynamodb: ('get_item', {'TableName': 't', 'Key': {'pk': {'S': 'x'}}}),\n"
        "    clients.events: ('put_events', {'Entries': [{'Source': 's'}]}),\n"
        "    clients.kms: ('sign', {'KeyId': 'k', 'Message': b'm', 'SigningAlgorithm': 'ECDSA_SHA_256'}),\n"
        "    clients.s3: ('list_object_versions', {'Bucket': 'a-bucket'}),\n"
        "    clients.sqs: ('send_message', {'QueueUrl': 'http://127.0.0.1:1/q', 'MessageBody': 'm'}),\n"
        "    clients.textract: ('detect_document_text', {'Document': {'Bytes': b'x'}}),\n"
        "}\n"
        "for client, (operation, given) in asked.items():\n"
        "    try:\n"
        "        getattr(client(), operation)(**given)\n"
        "    except EndpointConnectionError:\n"
        "        print(client.__name__)\n"
    )
    asked = output_of(unzipped, code, AWS_MAX_ATTEMPTS="1", **NOWHERE).split()
    assert asked == ["dynamodb", "events", "kms", "s3", "sqs", "textract"]


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
