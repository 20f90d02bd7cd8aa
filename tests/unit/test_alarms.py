"""An alarm on what nobody measures never rings: each names a metric that is really emitted, dimensions and all."""

import json
from datetime import timedelta
from typing import Any, Final

import pytest

from chalicelib import metrics
from chalicelib.domain.measures import Measure
from chalicelib.domain.retention import SETTLES
from chalicelib.service import auditing, erasing
from chalicelib.settings import CHECK_DAYS
from tests.contract.template import template
from tools.paths import ROOT

AWS_EMITS: Final = {
    "AWS/SQS": ({"QueueName"}, {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"}),
    "AWS/Lambda": ({"FunctionName"}, {"Errors", "Throttles", "Invocations", "IteratorAge", "Duration"}),
    "AWS/ApiGateway": ({"ApiName", "Stage"}, {"4XXError", "5XXError", "Latency"}),
    "AWS/DynamoDB": ({"TableName"}, {"ReadThrottleEvents", "WriteThrottleEvents"}),
}
"""What CloudWatch has of AWS's own, by namespace: the dimensions, and the metrics that we use."""

ALARMS: Final = {
    name: each["Properties"]
    for name, each in template()["Resources"].items()
    if each.get("Type") == "AWS::CloudWatch::Alarm"
}
OURS = {name: each for name, each in ALARMS.items() if each["Namespace"] == metrics.NAMESPACE}


def dimensions(alarm: dict[str, Any]) -> dict[str, Any]:
    return {each["Name"]: each["Value"] for each in alarm["Dimensions"]}


@pytest.mark.parametrize("name", sorted(set(ALARMS) - set(OURS)))
def test_an_alarm_on_a_metric_of_aws_names_one_that_there_is(name: str):
    wanted, known = AWS_EMITS[ALARMS[name]["Namespace"]]
    assert ALARMS[name]["MetricName"] in known
    assert set(dimensions(ALARMS[name])) == wanted


@pytest.mark.parametrize("name", sorted(OURS))
def test_an_alarm_on_a_metric_of_ours_names_what_the_code_emits(name: str, capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SERVICE_NAME", "a-stack")
    metrics.emit(Measure(OURS[name]["MetricName"]), 1)
    line = json.loads(capsys.readouterr().out)
    (said,) = line["_aws"]["CloudWatchMetrics"]
    assert said["Namespace"] == OURS[name]["Namespace"]
    assert sorted(dimensions(OURS[name])) in said["Dimensions"]
    assert line["service"] == "a-stack"
    assert dimensions(OURS[name]) == {"service": {"Ref": "AWS::StackName"}}


def test_the_functions_measure_under_the_name_of_their_stack():
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["SERVICE_NAME"] == {"Ref": "AWS::StackName"}


def test_what_must_not_go_unnoticed_has_an_alarm():
    watched = {each["MetricName"] for each in OURS.values()}
    assert watched == {
        "SweepLag",
        "UploadLag",
        "OutboxAge",
        "EraseLag",
        "Refused",
        "InspectorTime",
        "RecogniserTime",
        "WebhooksDisabled",
        "Violations",
        "CheckLag",
    }


@pytest.mark.parametrize(("metric", "function"), [("InspectorTime", "inspect"), ("RecogniserTime", "Recognise")])
def test_slowness_is_noticed_well_before_the_function_is_stopped(metric: str, function: str):
    (alarm,) = [each for each in OURS.values() if each["MetricName"] == metric]
    assert alarm["Threshold"] <= timeout(function) * 1000 / 2


def timeout(function: str) -> int:
    """Seconds; Chalice's functions have it in its own settings."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text(encoding="utf-8"))
    chalices = config["stages"]["prod"]["lambda_functions"]
    if function in chalices:
        return int(chalices[function]["lambda_timeout"])
    return int(template()["Resources"][function]["Properties"]["Timeout"])


def test_lateness_rings_once_two_sweeps_have_missed_a_deadline():
    """Promise G. What is due is swept 20 s after, and once a minute."""
    (alarm,) = [each for each in OURS.values() if each["MetricName"] == "SweepLag"]
    assert 20 + 2 * 60 <= alarm["Threshold"] <= 20 + 3 * 60


def test_an_erasure_that_is_late_rings_but_none_that_takes_its_usual_two_looks():
    """A look every ten minutes; the second a quarter of an hour after the first, at the next run."""
    (alarm,) = [each for each in OURS.values() if each["MetricName"] == "EraseLag"]
    assert SETTLES.total_seconds() + 2 * 600 < alarm["Threshold"] <= 7200
    assert alarm["Period"] == 600


def test_a_part_of_the_table_that_is_a_day_late_rings_and_none_that_is_checked_on_its_day():
    """The runs begin at three, and take as long as they take."""
    (alarm,) = [each for each in OURS.values() if each["MetricName"] == "CheckLag"]
    a_day = timedelta(days=1).total_seconds()
    assert a_day < alarm["Threshold"] <= 2 * a_day
    assert (alarm["Period"], alarm["Statistic"]) == (a_day, "Minimum"), "once it has come so far in a day, all is well"


def test_a_run_that_checks_the_table_ends_by_itself_before_it_is_stopped():
    assert timeout("verify") >= auditing.SECONDS + 60


def test_the_template_and_the_settings_know_the_same_days_for_checking_everything():
    parameter = template()["Parameters"]["TableCheckDays"]
    assert (parameter["MinValue"], parameter["MaxValue"]) == (1, CHECK_DAYS)
    assert template()["Globals"]["Function"]["Environment"]["Variables"]["TABLE_CHECK_DAYS"] == {
        "Ref": "TableCheckDays"
    }


def test_a_run_of_the_eraser_ends_by_itself_before_it_is_stopped():
    assert erasing.TIME.total_seconds() + 30 <= timeout("erase")


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_the_operator_is_told_what_an_alarm_means(name: str):
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    kinds = ("ErrorsAlarm", "ThrottlesAlarm")
    assert f"`{name}`" in page or any(name.endswith(kind) and f"`…{kind}`" in page for kind in kinds)


def test_every_metric_of_ours_is_explained():
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [each.value for each in Measure if f"`{each.value}`" not in page] == []
