"""What the jobs log: enough to follow a message by, and nothing of what it, or a fault, quotes."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.jobs.inspect import inspect
from chalicelib.jobs.lapse import lapse
from chalicelib.jobs.outage import outage
from chalicelib.jobs.publish import publish
from chalicelib.jobs.recognise import recognise
from chalicelib.jobs.sweep import sweep
from chalicelib.logs import JobFailed
from tests.canaries import CANARY, QUOTED
from tests.jobs.test_jobs import OVERDUE, image_of, notification, outbox, recorded, registered, sqs, stream, upload
from tests.package.runtime_api import serving
from tools.paths import ROOT

POISON = (
    QUOTED,
    json.dumps({"dispute": QUOTED, "disputes": [QUOTED], "piece": QUOTED, QUOTED: QUOTED}),
    json.dumps({"Records": [{QUOTED: QUOTED}]}),
    json.dumps({"Records": [{"s3": {"object": {"key": f"uploads/{QUOTED}/x/y"}}}]}),
    json.dumps([QUOTED]),
)


class Broken:
    """Whatever it is asked fails, and quotes what was read."""

    def __getattr__(self, name: str) -> Any:
        def fail(*_given: object, **_more: object) -> None:
            raise ValueError(QUOTED) from KeyError(QUOTED)

        return fail


def records(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = capsys.readouterr().out.splitlines()
    return [each for each in map(json.loads, lines) if "_aws" not in each]


def metrics(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    lines = map(json.loads, capsys.readouterr().out.splitlines())
    return {
        measure["Name"]: each[measure["Name"]][0]
        for each in lines
        if "_aws" in each
        for measure in each["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    }


def test_a_message_is_followed_by_its_id_and_its_disputes(cloud, capsys):
    dispute = cloud.open(ago=OVERDUE)
    capsys.readouterr()
    lapse(sqs(json.dumps({"disputes": [dispute]})), None)
    (record,) = records(capsys)
    assert (record["job"], record["correlation_id"], record["disputes"]) == ("lapse", "message-0", [dispute])
    assert "cold_start" in record


def test_a_fault_is_told_by_type_and_place(capsys):
    lapse(sqs("{}"), None)
    *_, record = records(capsys)
    (fault,) = record["fault"]
    assert (record["level"], fault["type"]) == ("ERROR", "KeyError")
    assert re.search(r"chalicelib/jobs/lapse\.py:\d+ _named$", fault["at"][-1])


def test_an_answer_of_aws_is_told_by_operation_and_code(cloud, capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TABLE_NAME", "another")
    bootstrap.settings.cache_clear()
    lapse(sqs(json.dumps({"disputes": ["D1"]})), None)
    del cloud
    assert "BatchGetItem: ResourceNotFoundException" in [each.get("code") for each in records(capsys)[0]["fault"]]


def test_a_setting_that_is_wrong_is_told_in_full(capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("TABLE_NAME", raising=False)
    lapse(sqs(json.dumps({"disputes": ["D1"]})), None)
    assert records(capsys)[0]["fault"][0]["code"] == "TABLE_NAME isn't set"


def test_nothing_that_a_poisoned_message_says_is_logged(cloud, capsys):
    del cloud
    for job in (lapse, inspect, recognise, outage):
        job(sqs(*POISON), None)
    lines = capsys.readouterr().out
    assert lines.count("correlation_id") >= 4 * len(POISON)
    assert not CANARY.search(lines)


def test_nothing_that_a_fault_quotes_is_logged(cloud, capsys, monkeypatch: pytest.MonkeyPatch):
    dispute = cloud.open(ago=timedelta(minutes=5))
    piece = registered(dispute)
    upload(piece.key)
    (image, *_) = [image_of(each.id) for each in outbox()]
    for part in ("lapser", "inspector", "recognition", "publisher"):
        monkeypatch.setattr(bootstrap, part, Broken)
    capsys.readouterr()
    lapse(sqs(json.dumps({"disputes": [dispute]})), None)
    inspect(sqs(notification(piece.key)), None)
    recognise(sqs(json.dumps({"dispute": dispute, "piece": piece.id})), None)
    publish(stream(image), None)
    lines = capsys.readouterr().out
    assert lines.count('"the message failed"') == 4
    assert lines.count(dispute) == 4
    assert not CANARY.search(lines)


def test_what_lambda_sees_of_a_job_that_fails_says_nothing(capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bootstrap, "sweeper", Broken)
    with pytest.raises(JobFailed) as failed:
        sweep(recorded("schedule"), None)
    assert (str(failed.value), failed.value.__cause__, failed.value.__suppress_context__) == ("", None, True)
    lines = capsys.readouterr().out
    assert "the job failed" in lines
    assert not CANARY.search(lines)


def test_how_long_an_inspection_took_is_measured(cloud, capsys):
    piece = registered(cloud.open())
    upload(piece.key)
    inspect(sqs(notification(piece.key)), None)
    assert metrics(capsys)["InspectorTime"] > 0
    inspect(sqs(notification(piece.key)), None)
    assert "InspectorTime" not in metrics(capsys)


def test_the_sweep_measures_what_waits(cloud, capsys):
    cloud.open(ago=OVERDUE)
    sweep(recorded("schedule"), None)
    measured = metrics(capsys)
    assert 60 <= measured["SweepLag"] < 120
    assert measured["OutboxAge"] >= OVERDUE.total_seconds()
    assert measured["UploadLag"] == 0


def test_every_job_is_observed():
    written = {each.stem: each.read_text(encoding="utf-8") for each in (ROOT / "chalicelib" / "jobs").glob("*.py")}
    jobs = {name: text for name, text in written.items() if name not in ("__init__", "batch")}
    assert {"sweep", "recognise"} <= set(jobs)
    assert [name for name, text in jobs.items() if f"@observed\ndef {name}(" not in text] == []


def test_under_lambdas_own_runtime_each_line_is_a_record_and_says_nothing_that_was_read():
    """The runtime has a handler of its own for what libraries log, and writes of itself what a function raises."""
    with serving() as api:
        function = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", "tests.jobs.told.handler"],
            cwd=ROOT,
            env={"AWS_LAMBDA_RUNTIME_API": api.address, "_HANDLER": "tests.jobs.told.handler", "PYTHONPATH": "."},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert api.invoke({"read": QUOTED}, seconds=30)[0] == "error"
        finally:
            function.kill()
            output, _ = function.communicate()
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert [each["message"] for each in lines] == ["a library warns", "the job failed"]
    assert "JobFailed" in output
    assert not CANARY.search(output)
