"""What a dispute costs doesn't creep up: exact counts of units, and the prices that they are multiplied with."""

import json
from datetime import date
from pathlib import Path

import pytest

from bench import checking, money, story, units
from tests.bench.small import checks, contested

PRICES = json.loads((Path(money.__file__).parent / "prices.json").read_text(encoding="utf-8"))
MOST_WRITES = {"table": 714, "gsi1": 7, "gsi2": 16, "gsi3": 11, "gsi4": 11, "gsi5": 40, "gsi6": 27, "gsi7": 46}
MOST_WRITES |= {"gsi8": 54, "gsi9": 7}


@pytest.mark.parametrize("place", MOST_WRITES)
def test_a_dispute_with_five_pieces_writes_no_more_units_than_it_did(place):
    written = sum(each.units for each in contested().charges if (each.kind, each.place) == ("write", place))
    assert 0 < written <= MOST_WRITES[place]


def test_it_reads_no_more_units_than_it_did():
    assert 0 < units.units(contested().charges, "read") <= 480


def test_an_entry_of_the_outbox_costs_one_unit_when_it_comes_and_one_when_it_goes():
    """It holds no events."""
    bill = contested()
    entries = sum(each.units for each in bill.charges if each.partition.startswith("OUTBOX#") and each.place == "gsi7")
    assert entries == 2 * bill.of("publish").runs


def test_checking_a_dispute_reads_no_more_units_than_it_did():
    """All that there is of it in the table, and once more what the scan has read; of what changed, the feed."""
    found = checks()
    assert 30 < units.units(found.whole.charges, "read") <= 53
    assert 20 < units.units(found.changed.charges, "read") <= 35


def test_on_a_day_without_work_checking_asks_for_next_to_nothing():
    nothing = checks().nothing
    assert nothing.calls == {"sqs.ReceiveMessage": 1, "dynamodb.BatchGetItem": 1}
    assert not units.units(nothing.charges, "write")


def test_a_run_that_checks_writes_one_item():
    assert units.units(checks().whole.charges, "write") == 2


def test_of_what_a_dispute_costs_in_three_years_checking_it_is_the_smaller_part():
    """A look at all of it once in so many days, and one for each day of change."""
    found, contested_reads = checks(), units.units(contested().charges, "read")
    looks = checking.DAYS / checking.ROUND
    read = looks * units.units(found.whole.charges, "read") + 8 * units.units(found.changed.charges, "read")
    units_of_life = money.price("dynamodb_write_unit") * units.units(contested().charges, "write")
    assert read * money.price("dynamodb_read_unit") < units_of_life + contested_reads * money.price(
        "dynamodb_read_unit"
    )


def test_every_price_says_where_it_is_from_and_all_of_what_day():
    assert date.fromisoformat(PRICES["date"]).year >= 2026
    assert all(
        each["usd"] > 0 and each["source"].startswith("https://aws.amazon.com/") for each in PRICES["prices"].values()
    )
    assert {"usd", "source", "seen"} == {name for each in PRICES["prices"].values() for name in each}


def test_every_function_that_ran_has_a_memory_size_and_a_cost():
    bill = contested()
    assert {"api_handler", "publish", "inspect", "recognise", "notify", "announce", "lapse"} == bill.used.keys()
    for name, used in bill.used.items():
        floor = used.runs * money.price("lambda_request")
        assert money.of_function(name, used) > floor


def test_the_shares_of_the_mix_are_the_whole():
    assert sum(story.MIX.values()) == 1
    assert (story.MIX[story.appealed], story.MIX[story.defaulted]) == (0.3, 0.2)
