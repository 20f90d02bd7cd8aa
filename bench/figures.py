"""A figure: a ratio measured in one run against a stated floor or peer, or an exact count; and what it should be."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

type Row = Sequence[str | float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table that the README quotes."""

    id: str
    en: str
    """What was measured, and against what."""
    zh: str
    value: float
    unit: str = "×"
    at_most: float | None = None
    at_least: float | None = None
    spread: tuple[float, float] | None = None
    """The least and the most of what `value` is the median of; none for what is exact."""

    @property
    def met(self) -> bool | None:
        """Whether the target is; None where there is none."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return None if self.at_least is None else self.value >= self.at_least


@dataclass(frozen=True, slots=True)
class Table:
    """What stands behind the figures."""

    title: str
    head: Sequence[str]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Part:
    """What one module of the benchmarks found."""

    figures: Sequence[Figure]
    tables: Sequence[Table] = ()


def measured(name: str) -> Part:
    """What the module of this name finds now; what functions log meanwhile goes nowhere."""
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        found: Part = import_module(f"bench.{name}").measure()
    return found


@dataclass(frozen=True, slots=True)
class Ratio:
    value: float
    low: float
    high: float

    @property
    def spread(self) -> tuple[float, float]:
        return self.low, self.high


def cpu_ratio(ours: Callable[[], Any], floor: Callable[[], Any], rounds: int = 9) -> Ratio:
    """CPU time of the one over that of the other, in turns, so that a noisy machine is noisy for both; the median."""
    ours(), floor()  # what is made once is made
    return ratio_of([_cpu(ours) / _cpu(floor) for _ in range(rounds)])


def least_cpu_ratio(ours: Callable[[], Any], floor: Callable[[], Any], rounds: int = 9, times: int = 20) -> Ratio:
    """Likewise for what takes a millisecond: in turns one by one, and of each the least of a round; noise only adds."""
    ours(), floor()  # what is made once is made
    return ratio_of([_least(ours, floor, times) for _ in range(rounds)])


def _least(ours: Callable[[], Any], floor: Callable[[], Any], times: int) -> float:
    pairs = [(_cpu(ours), _cpu(floor)) for _ in range(times)]
    return min(taken for taken, _ in pairs) / min(taken for _, taken in pairs)


def ratio_of(ratios: Sequence[float]) -> Ratio:
    return Ratio(median(ratios), min(ratios), max(ratios))


def _cpu(act: Callable[[], Any]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun
