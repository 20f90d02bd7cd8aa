"""What one DynamoDB transaction can take. Said here, so that it is said clearly, and by every table alike."""

from collections.abc import Sequence
from typing import Final

from chalicelib.store.table import Write

MOST_WRITES: Final = 100
LONGEST_TOKEN: Final = 36


class TooMuchForOneTransaction(ValueError):
    """A commit can't be split: whoever makes it must ask for less."""


def check_writes(writes: Sequence[Write], token: str) -> None:
    """Raises ValueError for what no table would write."""
    if len(writes) > MOST_WRITES:
        message = f"{len(writes)} writes; a transaction has {MOST_WRITES} at most"
        raise TooMuchForOneTransaction(message)
    if len({each.key for each in writes}) < len(writes):
        message = "a transaction writes an item once"
        raise ValueError(message)
    if not 0 < len(token) <= LONGEST_TOKEN:
        message = f"a commit's id has 1 to {LONGEST_TOKEN} characters"
        raise ValueError(message)
