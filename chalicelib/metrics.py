"""Metrics, printed in CloudWatch's embedded format: a line of the log is the whole call, and nothing waits for it."""

import os
from collections.abc import Mapping
from typing import Final

from chalicelib.domain.measures import Measure
from chalicelib.settings import service_name

NAMESPACE: Final = "Recourse"
SERVICE: Final = "service"
"""The dimension that every metric has: the stack, so that two in one account don't mix."""
CODE: Final = "code"

UNITS: Final[Mapping[Measure, str]] = {
    Measure.REFUSED: "Count",
    Measure.VIOLATIONS: "Count",
    Measure.CHECK_LAG: "Seconds",
    Measure.RACES_LOST: "Count",
    Measure.SWEEP_LAG: "Seconds",
    Measure.UPLOAD_LAG: "Seconds",
    Measure.OUTBOX_AGE: "Seconds",
    Measure.ERASE_LAG: "Seconds",
    Measure.INSPECTOR_TIME: "Milliseconds",
    Measure.RECOGNISER_TIME: "Milliseconds",
    Measure.DELIVERIES_FAILED: "Count",
    Measure.WEBHOOKS_DISABLED: "Count",
}


def emit(measure: Measure, value: float) -> None:
    _emit(measure, value)


def emit_refused(code: str) -> None:
    """By code, and all together. The codes are the refusals' own: there are no others."""
    _emit(Measure.REFUSED, 1, {CODE: code})


def _emit(measure: Measure, value: float, more: Mapping[str, str] | None = None) -> None:
    """Under the service; and under what more there is, too."""
    from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (  # noqa: PLC0415  (most runs measure nothing)
        AmazonCloudWatchEMFProvider,
    )

    service = service_name(os.environ)
    line = AmazonCloudWatchEMFProvider(namespace=NAMESPACE, service=service)
    line.add_metric(measure, UNITS[measure], value)
    if more:
        line.add_dimensions(service=service, **more)
    line.flush_metrics()
