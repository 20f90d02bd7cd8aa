"""Instants as text that sorts as the instants do."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ULID_TIME_LENGTH: Final = 10


def stamp(instant: datetime) -> str:
    """RFC 3339, UTC, milliseconds. ValueError where the instant is naive or finer than a millisecond."""
    return _stamped(instant, instant.fold)


@lru_cache(256)
def _stamped(instant: datetime, _fold: int) -> str:
    """A commit stamps few instants, each many times. The two of an hour that comes twice are equal but for the fold."""
    if instant.utcoffset() is None or instant.microsecond % 1000:
        message = f"{instant.isoformat()} isn't an instant with milliseconds"
        raise ValueError(message)
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat('T', 'milliseconds')}Z"


def unstamp(text: str) -> datetime:
    """The instant that `stamp` wrote, in UTC."""
    return datetime.fromisoformat(text)


def ulid_floor(instant: datetime) -> str:
    """What sorts before every ULID made at the instant or later, and after every ULID made before it."""
    milliseconds = round(instant.timestamp() * 1000)
    digits = (milliseconds >> 5 * place & 31 for place in reversed(range(_ULID_TIME_LENGTH)))
    return "".join(_CROCKFORD[digit] for digit in digits)
