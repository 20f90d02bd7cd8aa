"""Bundles that were asked for, in every kind of table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bundles import Bundle, Made
from chalicelib.domain.ports import IdempotencyRaced
from chalicelib.store.bundles import TableBundles
from chalicelib.store.disputes import DisputeStore
from tests.build import MERCHANT
from tests.contract.build import A_KEY, HOUR, START, ulid


def a_bundle(register: TableBundles, dispute: str, after: timedelta) -> Bundle:
    made = Bundle(ulid(), dispute, MERCHANT, START + after)
    register.ask(made, commit=ulid())
    return made


def test_what_was_asked_for_and_isnt_made_is_found_by_its_time_oldest_first(table):
    register, dispute = TableBundles(table), ulid()
    asked = [a_bundle(register, dispute, number * HOUR) for number in (3, 1, 2, 0)]
    three, one, two, _ = asked
    wanted = [(each.dispute, each.id) for each in (one, two)]
    assert register.wanted(START + HOUR, START + 3 * HOUR, limit=9) == tuple(wanted)
    assert register.wanted(START + HOUR, START + 3 * HOUR, limit=1) == (wanted[0],)
    register.made(replace(one, made=Made(START, 1, "0" * 64, names_complainant=True)))
    assert register.wanted(START + HOUR, START + 4 * HOUR, limit=9) == (wanted[1], (dispute, three.id))


def test_one_key_asks_once(table):
    register, dispute = TableBundles(table), ulid()
    first = Bundle(ulid(), dispute, MERCHANT, START)
    register.ask(first, commit="c1", key=A_KEY)
    register.ask(first, commit="c1", key=A_KEY)
    with pytest.raises(IdempotencyRaced):
        register.ask(replace(first, id=ulid()), commit="c2", key=A_KEY)
    assert [each.id for each in register.bundles(dispute)] == [first.id]


def test_what_is_erased_with_a_dispute_was_never_asked_for(table):
    register, dispute, other = TableBundles(table), ulid(), ulid()
    gone, kept = a_bundle(register, dispute, HOUR), a_bundle(register, other, HOUR)
    DisputeStore(table).erase_bundles(dispute)
    assert (register.bundle(dispute, gone.id), register.bundle(other, kept.id)) == (None, kept)
    assert register.wanted(START, START + 2 * HOUR, limit=9) == ((other, kept.id),)
