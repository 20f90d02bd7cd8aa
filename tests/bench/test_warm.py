"""A warm request stays near its bare calls: by how many functions are called, for that is the same on every machine."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from bench import warm

MOST = {
    "read a dispute": 0.9,
    "list a shop's twenty": 0.74,
    "open a dispute": 0.58,
    "register a piece": 0.61,
    "contest with five pieces": 0.46,
    "rule": 0.66,
}
"""Calls of functions, over those of the bare calls: a few percent more than there are."""


def called(act: Callable[[], object]) -> int:
    """Functions, of Python and of C, that one run calls."""
    act()  # what is made once is made
    number = 0

    def count(_frame: FrameType, event: str, _of: object) -> None:
        nonlocal number
        number += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return number


@pytest.mark.parametrize("name", warm.REQUESTS)
def test_a_warm_request_calls_few_functions_beside_its_bare_calls(name: str):
    with warm.staged(name) as it:
        handled, bare = called(it.handle), called(it.bare)
    assert handled <= MOST[name] * bare
