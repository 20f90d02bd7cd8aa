"""What can be wrong with policy documents, and with asking for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

type Place = tuple[str | int, ...]
"""Where in a document: the keys and indexes that lead there; empty for the whole of it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a document, and what to write instead."""

    place: Place
    message: str
    fix: str
    line: int | None = None
    """Counted from 1; None where it isn't known."""

    def __str__(self) -> str:
        where = dotted(self.place)
        return f"{where}: {self.message}. {self.fix}." if where else f"{self.message}. {self.fix}."


class PolicyError(ValueError):
    """A document, or a book of them, can't be used. Says in which file, where in it, why, and how to mend it."""

    def __init__(self, source: Path | str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{source}{_line(each)}: {each}" for each in self.problems))


class UnknownPolicy(LookupError):
    """No such policy, no such version of it, or none in force at that instant."""

    def __init__(self, policy_id: str, *, version: int | None = None, at: datetime | None = None) -> None:
        self.policy_id, self.version, self.at = policy_id, version, at
        super().__init__(f"policy {policy_id!r}{_asked(version, at)}")


def dotted(place: Place) -> str:
    """Write a place as people do, e.g. reasons.quality.respondent.all_of[0]."""
    return "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place).removeprefix(".")


def _line(problem: Problem) -> str:
    return "" if problem.line is None else f":{problem.line}"


def _asked(version: int | None, at: datetime | None) -> str:
    if version is not None:
        return f" has no version {version}"
    return " is unknown" if at is None else f" has no version in force at {at.isoformat()}"
