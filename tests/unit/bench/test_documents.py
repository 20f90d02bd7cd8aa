"""What the generator of documents invents, without its fonts: nothing is drawn here."""

from random import Random

import pytest

from bench.documents.capitals import in_capitals
from bench.documents.invented import CARRIERS, a_waybill, another_waybill, grouped, near_miss


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (20676, "贰佰零陆元柒角陆分"),
        (10000, "壹佰元整"),
        (20006, "贰佰元零陆分"),
        (5, "伍分"),
        (1002003, "壹万零贰拾元零叁分"),
        (10010050, "壹拾万零壹佰元伍角整"),
    ],
)
def test_an_amount_is_said_in_capitals(fen, said):
    assert in_capitals(fen) == said


@pytest.fixture
def rng():
    return Random(20261101)  # noqa: S311 (a test is the same each time)


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.name)
def test_a_near_miss_differs_in_as_many_digits_as_asked(carrier, rng):
    number = a_waybill(rng, carrier)
    for changed in (1, 2):
        missed = near_miss(number, rng, changed)
        assert sum(one != other for one, other in zip(number, missed, strict=True)) == changed


def test_another_number_is_another_one(rng):
    number = a_waybill(rng)
    assert all(another_waybill(number, rng) != number for _ in range(50))


def test_groups_only_add_spaces(rng):
    assert {grouped("SF3230380012621", rng).replace(" ", "") for _ in range(20)} == {"SF3230380012621"}
