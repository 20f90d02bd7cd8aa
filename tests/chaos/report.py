"""What was tried, and what came of it: each section yields lines, and the full run prints them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pytest


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of the report."""

    what: str
    """A handler, a race, a kind of event."""
    tried: int
    violations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    unit: str
    """What is counted: cut points, schedules, faults …"""
    run: Callable[[], Iterable[Counted]]


def asserted(cases: Mapping[str, Callable[[], object]]) -> Iterator[Counted]:
    """A line a case: one that asserts what isn't so is a violation."""
    for name, case in cases.items():
        try:
            case()
        except (AssertionError, pytest.fail.Exception) as wrong:
            yield Counted(name, 1, (f"{type(wrong).__name__}: {wrong}",))
        else:
            yield Counted(name, 1)


def printed(sections: Iterable[Section], say: Callable[[str], None]) -> int:
    """Runs and prints all of them; gives how many violations there were."""
    return sum(_of_section(each, say) for each in sections)


def _of_section(section: Section, say: Callable[[str], None]) -> int:
    say(f"{section.title}")
    lines = [_said(each, say) for each in section.run()]
    tried, violations = sum(each.tried for each in lines), sum(len(each.violations) for each in lines)
    say(f"{tried:>9}  {section.unit}; violations: {violations}\n")
    return violations


def _said(line: Counted, say: Callable[[str], None]) -> Counted:
    say(f"{line.tried:>9}  {line.what}")
    for each in line.violations:
        say(f"{'!':>9}  {each}")
    return line
