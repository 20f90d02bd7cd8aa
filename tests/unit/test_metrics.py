"""What is measured, and how a measurement is written down."""

import json

import pytest

from chalicelib import metrics
from chalicelib.domain.measures import Measure


@pytest.mark.parametrize("measure", Measure)
def test_a_measurement_is_a_line_in_cloudwatchs_embedded_format(measure: Measure, capsys, monkeypatch):
    monkeypatch.setenv("SERVICE_NAME", "a-stack")
    metrics.emit(measure, 12.5)
    line = json.loads(capsys.readouterr().out)
    (said,) = line["_aws"]["CloudWatchMetrics"]
    assert (said["Namespace"], said["Dimensions"]) == ("Recourse", [["service"]])
    assert said["Metrics"] == [{"Name": measure.value, "Unit": metrics.UNITS[measure]}]
    assert (line["service"], line[measure.value]) == ("a-stack", [12.5])


def test_a_refusal_counts_under_its_code_and_among_all(capsys):
    metrics.emit_refused("appeal_quota_exceeded")
    line = json.loads(capsys.readouterr().out)
    (said,) = line["_aws"]["CloudWatchMetrics"]
    assert said["Dimensions"] == [["service"], ["service", "code"]]
    assert (line["service"], line["code"], line["Refused"]) == ("recourse", "appeal_quota_exceeded", [1.0])
