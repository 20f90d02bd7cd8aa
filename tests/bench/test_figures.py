"""A ratio of CPU time is that of the work, whatever else takes the processor's time now and then."""

import time
from collections.abc import Callable
from itertools import count

from bench.figures import least_cpu_ratio


def busy(milliseconds: float) -> None:
    end = time.process_time() + milliseconds / 1000
    while time.process_time() < end:
        """Takes CPU, however long that lasts."""


def disturbed(milliseconds: float) -> Callable[[], None]:
    """Takes five times as long every other time."""
    turn = count()
    return lambda: busy(milliseconds * (5 if next(turn) % 2 else 1))


def test_the_least_of_a_round_is_without_what_came_between():
    ratio = least_cpu_ratio(disturbed(1), lambda: busy(0.5), rounds=3, times=4)
    assert 1.9 < ratio.low <= ratio.value <= ratio.high < 2.1
