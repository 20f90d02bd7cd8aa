"""What is measured while it runs. Numbers only: nothing of a case is in them."""

from collections.abc import Callable
from enum import StrEnum


class Measure(StrEnum):
    REFUSED = "Refused"
    """An answer of the API that refuses, by its code."""
    RACES_LOST = "RacesLost"
    """A command that somebody else overtook, and that is decided anew."""
    SWEEP_LAG = "SweepLag"
    """Seconds that the oldest deadline not yet carried out has passed; 0 where none has."""
    UPLOAD_LAG = "UploadLag"
    """Seconds since the oldest upload arrived that nobody has inspected; 0 where none waits."""
    OUTBOX_AGE = "OutboxAge"
    """Seconds that the oldest commit's events have waited to go out; 0 where none do for longer than they should."""
    ERASE_LAG = "EraseLag"
    """Seconds that the oldest erasure not yet done has been due; 0 where none is."""
    INSPECTOR_TIME = "InspectorTime"
    """Milliseconds that inspecting an upload took."""
    RECOGNISER_TIME = "RecogniserTime"
    """Milliseconds that reading an upload's text took."""
    DELIVERIES_FAILED = "DeliveriesFailed"
    """An attempt to deliver an event to a webhook that failed."""
    WEBHOOKS_DISABLED = "WebhooksDisabled"
    """A webhook that is given up: its receiver is gone, or failed for days."""
    VIOLATIONS = "Violations"
    """What verifying found in a part of the table, or of the anchors; 0 where all was in order."""

    CHECK_LAG = "CheckLag"
    """Seconds since the day began whose part of the table isn't checked to the end; 0 where today's is."""


type Meter = Callable[[Measure, float], object]


def unmeasured(_measure: Measure, _value: float) -> None:
    """A meter that nobody reads."""
