"""How far checking the table from outside has come: what changed, day by day, and of everything else a part a day."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Checked:
    """Where a run goes on. Days are proleptic ordinals, in UTC."""

    days: int
    """In which everything is checked once; a day's part is the one of its number, modulo as many."""
    day: int
    """The first day whose part isn't checked to the end."""
    changes: str | None = None
    """Up to where what changed is checked, as `Records.changed` says it."""
    after: str | None = None
    """Up to where the table is, in the day's part, as `Records.sections` says it."""
    anchor: int | None = None
    """Up to which of the day's anchors they are; 0 before the first, None as long as the table isn't."""
    seq: int = 0
    """How often it was noted."""


class CheckBook(Protocol):
    """Where that is noted. Of two runs at once, the second to note something notes nothing."""

    def checked(self) -> Checked | None:
        """None before the first run, and for what can't be read."""
        ...

    def note(self, checked: Checked) -> Checked | None:
        """In the place of the one that it came of; gives it as it then stands.

        None where another one stands there by now, and stays.
        """
        ...
