"""Promise C: consumers get each event at least once, under a stable id, with its number in its aggregate."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chaos.consumers import Detail, a_story, delivered, reference_consumer, violations


@pytest.fixture(scope="module", name="story")
def _story():
    return a_story()


def test_c_every_aggregates_numbers_have_no_gap_and_every_id_is_its_own(story):
    assert len({each["id"] for each in story}) == len(story)
    for aggregate, many in Counter(each["aggregate"] for each in story).items():
        numbers = [each["seq"] for each in story if each["aggregate"] == aggregate]
        assert sorted(numbers) == list(range(1, many + 1))


def test_c_whoever_has_them_in_order_can_check_the_chain(story):
    for aggregate in {each["aggregate"] for each in story}:
        chain = sorted((each for each in story if each["aggregate"] == aggregate), key=lambda event: event["seq"])
        assert chain[0]["previous_hash"] == "0" * 64
        assert all(later["previous_hash"] == earlier["hash"] for earlier, later in pairwise(chain))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(random=st.randoms(use_true_random=True))
def test_c_the_guides_consumer_restores_the_order_whatever_the_bus_does(story, random):
    assert violations(story, delivered(story, random)) == []


def test_c_the_guides_consumer_holds_back_what_follows_a_gap_and_says_what_is_missing(story):
    lost = story[3]
    after = [each for each in story if each["aggregate"] == lost["aggregate"] and each["seq"] > lost["seq"]]
    assert after
    seen: list[Detail] = []
    consumer = reference_consumer()(seen.append)
    for each in story:
        if each is not lost:
            consumer.take(each)
    assert consumer.missing() == {lost["id"]}
    assert not [each for each in seen if each in after]
    consumer.take(lost)
    assert consumer.missing() == set()
    assert len(seen) == len(story)


def test_c_an_event_that_the_consumer_fails_on_comes_again_and_holds_up_no_other_aggregate(story):
    tried = []

    def fails_at_first(event):
        tried.append(event["id"])
        if tried.count(event["id"]) == 1 and event["seq"] == 1:
            raise ConnectionError

    consumer = reference_consumer()(fails_at_first)
    first = story[0]
    with pytest.raises(ConnectionError):
        consumer.take(first)
    consumer.take(first)
    assert tried == [first["id"]] * 2
    assert consumer.done[first["aggregate"]] == 1
