"""A warm request stays near its bare calls: by how many functions are called, for that is the same on every machine."""

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

import pytest

from bench import warm
from chalicelib.domain.parties import Actor, Role
from chalicelib.http.shown import dispute_out
from tests.api.build import SHOP, World

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
def test_a_warm_request_calls_few_functions_beside_its_bare_calls(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TABLE_NAME", warm.TABLE)
    with warm.staged(name) as it:
        handled, bare = called(it.handle), called(it.bare)
    assert handled <= MOST[name] * bare


def test_what_it_takes_to_show_a_dispute_grows_with_its_pieces_and_not_with_their_square():
    world, shop = World(), Actor("merchant-1", Role.MERCHANT, frozenset({SHOP}))
    dispute = world.opened()
    taken = []
    for _ in range(3):
        for _ in range(6):
            world.submitted(dispute)
        whole = world.queries.dispute(dispute, shop)
        taken.append(called(partial(dispute_out, whole, shop, world.queries.policy_of(whole), world.now)))
    six, twelve, eighteen = taken
    assert eighteen - twelve <= 1.05 * (twelve - six)
