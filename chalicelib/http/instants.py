"""Instants as the API writes them: RFC 3339 with milliseconds, in UTC or in a policy's zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def rfc3339(instant: datetime) -> str:
    """In UTC, e.g. 2026-11-30T15:59:59.999Z."""
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat('T', 'milliseconds')}Z"


def local(instant: datetime, zone: str) -> str:
    """What the clocks of the zone show, with their offset, e.g. 2026-11-30T23:59:59.999+08:00."""
    return instant.astimezone(ZoneInfo(zone)).isoformat("T", "milliseconds")
