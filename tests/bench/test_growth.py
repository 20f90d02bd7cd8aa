"""What a shop with many disputes asks for is what a shop with one does."""

from bench.growth import Village

FEW, MANY = 1, 400


def test_a_command_asks_for_the_same_calls_and_bytes_however_many_disputes_the_shop_has():
    assert Village(FEW).asked() == Village(MANY).asked()


def test_a_page_far_down_a_list_costs_what_the_first_one_does():
    for each in Village(MANY).pages(at=60):
        assert (each.calls, each.bytes) <= (1, 1), each.name
