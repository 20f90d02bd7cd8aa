"""Metrics, printed in CloudWatch's embedded format: a line of the log is the whole call, and nothing waits for it."""

import os
from collections.abc import Mapping
from typing import Final

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

from chalicelib.domain.measures import Measure
from chalicelib.settings import service_name

NAMESPACE: Final = "Recourse"
SERVICE: Final = "service"
"""The dimension that every metric has: the stack, so that two in one account don't mix."""
CODE: Final = "code"

UNITS: Final[Mapping[Measure, MetricUnit]] = {
    Measure.REFUSED: MetricUnit.Count,
    Measure.VIOLATIONS: MetricUnit.Count,
    Measure.RACES_LOST: MetricUnit.Count,
    Measure.SWEEP_LAG: MetricUnit.Seconds,
    Measure.UPLOAD_LAG: MetricUnit.Seconds,
    Measure.OUTBOX_AGE: MetricUnit.Seconds,
    Measure.ERASE_LAG: MetricUnit.Seconds,
    Measure.INSPECTOR_TIME: MetricUnit.Milliseconds,
    Measure.RECOGNISER_TIME: MetricUnit.Milliseconds,
    Measure.DELIVERIES_FAILED: MetricUnit.Count,
    Measure.WEBHOOKS_DISABLED: MetricUnit.Count,
}


def emit(measure: Measure, value: float) -> None:
    _emit(measure, value)


def emit_refused(code: str) -> None:
    """By code, and all together. The codes are the refusals' own: there are no others."""
    _emit(Measure.REFUSED, 1, {CODE: code})


def _emit(measure: Measure, value: float, more: Mapping[str, str] | None = None) -> None:
    """Under the service; and under what more there is, too."""
    service = service_name(os.environ)
    line = AmazonCloudWatchEMFProvider(namespace=NAMESPACE, service=service)
    line.add_metric(measure, UNITS[measure], value)
    if more:
        line.add_dimensions(service=service, **more)
    line.flush_metrics()
