"""What evidence is compared with: what the platform said of the order, without what says nothing."""

from dataclasses import replace

import pytest

from chalicelib.domain.claim import Direction, Shipment
from chalicelib.service.case_facts import facts_of
from tests.build import Docket, yuan


def facts(*waybills: str, **order):
    dispute = Docket().open().dispute
    shipments = tuple(Shipment(Direction.OUTBOUND, "Sample Express", each) for each in waybills)
    return facts_of(replace(dispute, order=replace(dispute.order, shipments=shipments, **order)))


@pytest.mark.parametrize("written", ["SF3230380012621", " sf3230380012621 ", "SF-3230-3800-12621", "ＳＦ3230380012621"])
def test_a_waybill_number_is_its_letters_and_digits(written):
    assert facts(written).waybills == ("SF3230380012621",)


@pytest.mark.parametrize(
    ("written", "number"), [("JDVB01234567890-1-1-", "JDVB01234567890"), ("JD0123456789012-2-3", "JD0123456789012")]
)
def test_which_parcel_of_several_it_is_belongs_to_no_number(written, number):
    assert facts(written).waybills == (number,)


@pytest.mark.parametrize("written", ["", "  ", " - ", "无", "none", "123"])
def test_what_stands_for_no_number_is_none(written):
    assert facts(written, "SF3230380012621").waybills == ("SF3230380012621",)


def test_a_gift_that_costs_nothing_is_no_amount_and_a_blank_name_no_name():
    dispute = Docket().open(amount=yuan(129)).dispute
    item = replace(dispute.order.items[0], price=yuan(0), title="  ") if dispute.order.items else None
    found = facts_of(replace(dispute, order=replace(dispute.order, items=(item,) if item else (), shop_name=" ")))
    assert found.amounts == (12900,)
    assert (found.products, found.shop_name) == ((), "")
