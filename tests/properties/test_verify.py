"""Whatever is done to what was written, verifying finds it."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.records import What
from chalicelib.store import keys
from chalicelib.store.attributes import key_of
from chalicelib.store.keys import Key
from chalicelib.store.table import Item, Value, text
from tests.harm import Premises, premises

OFTEN = settings(max_examples=50, deadline=None, derandomize=True)
EVENTS = [*premises().of("E#"), *premises().of("PE#")]
SNAPSHOTS = [*premises().of("SNAPSHOT"), *premises().of("P#")]
LEDGER = list(premises().of("L#"))
COUNTS = next(premises().of("COUNTS"))
CHARACTERS = st.characters(exclude_categories=["Cs"])


RUNNING = [each for each in premises().of("DL#") if text(each, "i5p").startswith("DUE#")]


def found(harmed: Premises, *among: Item) -> set[What]:
    """What is wrong in the partitions of these items; without any, everywhere."""
    return {each.what for each in harmed.verified(*{text(item, "pk") for item in among}).violations}


def changed(data: st.DataObject, value: str) -> str:
    """The text with one character exchanged, taken out or put in."""
    at = data.draw(st.integers(0, len(value) - 1))
    put = data.draw(st.sampled_from(["", value[at] * 2, *'0e"{ ,:']) | CHARACTERS)
    return value[:at] + put + value[at + 1 :]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for name, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*path, name))
    else:
        yield path


def another(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case None:
            return "2026-11-02T04:00:00.001Z"
        case _:
            return f"{value}1"


def with_another_leaf(written: str, path: tuple[Any, ...]) -> str:
    said = json.loads(written)
    inner = said
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = another(inner[path[-1]])
    return json.dumps(said)


def outage_of(request: Item) -> bool:
    return keys.outage(text(request, "dispute")) in premises().items


def test_what_the_service_has_written_is_found_to_be_in_order():
    assert premises().verified().violations == ()


REQUESTS = [each for each in premises().of("") if text(each, "pk").startswith("I#")]
OF_EVENTS = [each for each in REQUESTS if each["seq"] and "row" not in each and not outage_of(each)]


def test_among_them_are_requests_for_what_is_of_no_event():
    """A webhook and an outage: 30 days long their keys answer from them."""
    webhooks = [each for each in REQUESTS if "row" in each]
    assert (len(webhooks), len(list(filter(outage_of, REQUESTS)))) == (1, 1)


@pytest.mark.parametrize("request_", OF_EVENTS, ids=lambda item: f"{item['sk']}")
def test_a_request_that_would_be_answered_from_another_event_is_found(request_):
    harmed = premises()
    harmed.put({**request_, "seq": request_["seq"] + 1})
    assert found(harmed, request_) == {What.IDEMPOTENCY}


def test_a_request_that_left_no_event_in_its_dispute_is_in_order_while_the_dispute_is_there():
    """It was for a bundle, which is cleared away before the record of the request is."""
    harmed, request = premises(), {**OF_EVENTS[0], "sk": "a-bundle", "seq": 0, "piece": "bundle-1"}
    harmed.put(request)
    assert found(harmed, request) == set()
    harmed.put({**request, "dispute": "another"})
    assert found(harmed, request) == {What.IDEMPOTENCY}


def any_character_altered_is_found(data: st.DataObject, item: Item, names: list[str], what: What) -> None:
    name = data.draw(st.sampled_from(names))
    now = changed(data, text(item, name))
    harmed = premises()
    harmed.put({**item, name: now})
    assert (now == item[name]) or found(harmed, item) & {what, What.UNREADABLE}


@OFTEN
@given(st.sampled_from(EVENTS), st.data())
def test_any_character_of_any_event_altered_is_found(event, data):
    any_character_altered_is_found(data, event, ["body", "row", "commit"], What.CHAIN)


@OFTEN
@given(st.sampled_from(LEDGER), st.data())
def test_any_character_of_a_ledger_entry_altered_is_found(entry, data):
    any_character_altered_is_found(data, entry, ["body", "commit"], What.QUOTA)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event['sk']}")
def test_any_event_dropped_is_found(event):
    harmed = premises()
    harmed.drop(key_of(event))
    assert What.CHAIN in found(harmed, event)


@OFTEN
@given(st.sampled_from(list(pairwise(EVENTS))) | st.tuples(st.sampled_from(EVENTS), st.sampled_from(EVENTS)))
def test_events_that_change_places_are_found(pair):
    one, other = pair
    harmed = premises()
    harmed.put({**other, "pk": one["pk"], "sk": one["sk"]})
    harmed.put({**one, "pk": other["pk"], "sk": other["sk"]})
    assert one == other or What.CHAIN in found(harmed, one, other)


@OFTEN
@given(st.sampled_from(EVENTS), st.integers(0, 9999))
def test_an_event_that_is_there_twice_is_found(event, number):
    harmed = premises()
    kind, *rest = text(event, "sk").split("#")
    again = "#".join((kind, *rest[:-1], f"{number:0{len(rest[-1])}}"))
    harmed.put({**event, "sk": again})
    assert again == event["sk"] or found(harmed, event) & {What.CHAIN, What.UNREADABLE}


@OFTEN
@given(st.sampled_from([each for each in EVENTS if each["sk"] != "E#00000001"]), st.data())
def test_a_chain_cut_short_is_found(event, data):
    """However many of the last events are gone, while the snapshot knows of them."""
    prefix = text(event, "sk").rpartition("#")[0]
    chain = [each for each in EVENTS if each["pk"] == event["pk"] and text(each, "sk").rpartition("#")[0] == prefix]
    keep = data.draw(st.integers(0, len(chain) - 1))
    harmed = premises()
    for each in chain[keep:]:
        harmed.drop(key_of(each))
    assert What.CHAIN in found(harmed, event)


@OFTEN
@given(st.sampled_from(SNAPSHOTS), st.data())
def test_any_value_of_any_state_altered_is_found(snapshot, data):
    path = data.draw(st.sampled_from(list(leaves(json.loads(text(snapshot, "state"))))))
    harmed = premises()
    harmed.put({**snapshot, "state": with_another_leaf(text(snapshot, "state"), path)})
    assert found(harmed, snapshot) & {What.SNAPSHOT, What.UNREADABLE}


@OFTEN
@given(st.sampled_from(SNAPSHOTS), st.data())
def test_what_finds_a_state_altered_is_found(snapshot, data):
    name = data.draw(st.sampled_from(sorted(set(snapshot) - {"pk", "sk", "state", "row"})))
    value = snapshot[name]
    harmed = premises()
    harmed.put({**snapshot, name: value + 1 if isinstance(value, int) else f"{value}x"})
    assert found(harmed, snapshot) & {What.CHAIN, What.UNREADABLE}


@pytest.mark.parametrize("snapshot", SNAPSHOTS, ids=lambda item: f"{item['sk']}")
def test_a_state_dropped_is_found(snapshot):
    harmed = premises()
    harmed.drop(key_of(snapshot))
    assert What.SNAPSHOT in found(harmed, snapshot)


@pytest.mark.parametrize("entry", LEDGER, ids=lambda item: f"{item['sk']}")
def test_a_ledger_entry_dropped_is_found(entry):
    harmed = premises()
    harmed.drop(key_of(entry))
    assert What.QUOTA in found(harmed, COUNTS)


def harmed_counts() -> Iterator[Item]:
    """Every count one more or less, or gone; every failure and what is pending taken out, or another put in."""
    for name in sorted(set(COUNTS) - {"pk", "sk"}):
        value = COUNTS[name]
        yield {each: COUNTS[each] for each in COUNTS if each != name}
        if isinstance(value, int):
            yield {**COUNTS, name: value + 1}
            yield {**COUNTS, name: value - 1}
        elif isinstance(value, frozenset):
            yield from ({**COUNTS, name: value - {each} or frozenset({each.replace("0", "1")})} for each in value)
            yield from ({**COUNTS, name: value | {each.replace("0", "1")}} for each in value)
    yield from ({**COUNTS, f"m{month:02}": 1} for month in range(1, 13) if f"m{month:02}" not in COUNTS)


@pytest.mark.parametrize("counts", list(harmed_counts()))
def test_any_count_altered_is_found(counts):
    harmed = premises()
    harmed.put(counts)
    assert What.QUOTA in found(harmed)


def test_counts_that_are_gone_are_found():
    harmed = premises()
    harmed.drop(key_of(COUNTS))
    assert What.QUOTA in found(harmed, COUNTS)


def test_a_case_that_is_gone_with_everything_in_it_is_found():
    harmed = premises()
    partition = SNAPSHOTS[0]["pk"]
    for key in [each for each in harmed.items if each.pk == partition]:
        harmed.drop(key)
    assert found(harmed) >= {What.EXTERNAL_ID, What.IDEMPOTENCY}


@pytest.mark.parametrize("piece", list(premises().of("P#")), ids=lambda item: f"{item['sk']}")
def test_a_piece_that_is_gone_with_all_its_events_is_found(piece):
    harmed = premises()
    harmed.drop(key_of(piece))
    name = text(piece, "sk").removeprefix("P#")
    for item in premises().of(f"PE#{name}#"):
        harmed.drop(key_of(item))
    assert found(harmed) == {What.EVIDENCE}


@pytest.mark.parametrize("item", RUNNING, ids=lambda item: f"{item['sk']}")
def test_a_deadline_that_the_sweep_would_miss_is_found(item):
    harmed = premises()
    harmed.drop(key_of(item))
    assert What.DEADLINES in found(harmed, item)
    harmed.put({**item, "i5s": text(item, "i5s").replace("2026", "2027")})
    assert What.DEADLINES in found(harmed, item)
    harmed.put({**item, "i5p": "elsewhere"})
    assert What.DEADLINES in found(harmed, item)


@pytest.mark.parametrize("item", [*premises().of("T#")], ids=lambda item: f"{item['sk']}")
def test_what_somebody_wrote_altered_or_gone_is_found(item):
    harmed = premises()
    # Lists show what the particulars say.
    of_lists = {What.UNREADABLE} if item["sk"] == "T#particulars" else set()
    harmed.put({**item, "text": f"{item['text']}."})
    assert found(harmed, item) - of_lists == {What.TEXT}
    harmed.drop(key_of(item))
    assert found(harmed, item) - of_lists == {What.TEXT}


@pytest.mark.parametrize("item", [*premises().of("CLAIM")], ids=lambda item: f"{item['pk']}")
def test_an_external_id_set_free_or_given_to_another_is_found(item):
    harmed = premises()
    harmed.drop(Key(text(item, "pk"), "CLAIM"))
    assert found(harmed) == {What.EXTERNAL_ID}
    for odd in ("another", 5):
        harmed.put({**item, "dispute": odd})
        assert found(harmed) == {What.EXTERNAL_ID}
    harmed.put({name: each for name, each in item.items() if name != "dispute"})
    assert found(harmed) == {What.EXTERNAL_ID}


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "Asia", "../etc", ""])
def test_a_state_of_no_zone_is_told_of_and_holds_up_nothing(zone):
    harmed, item = premises(), next(each for each in SNAPSHOTS if "Asia/Shanghai" in text(each, "state"))
    harmed.put({**item, "state": text(item, "state").replace("Asia/Shanghai", zone)})
    assert What.UNREADABLE in found(harmed, item)


def test_a_state_that_ends_with_the_calendar_is_told_of_and_holds_up_nothing():
    harmed, item = premises(), next(premises().of("SNAPSHOT"))
    state = json.loads(text(item, "state")) | {"ended_at": "9999-12-31T23:59:59.999Z"}
    harmed.put({**item, "state": json.dumps(state)})
    assert found(harmed, item) >= {What.SNAPSHOT, What.ERASURE}


ATTRIBUTES = [
    (item, name)
    for item in premises().items.values()
    for name in item
    if not re.fullmatch(r"pk|sk|i\d[ps]", name)  # DynamoDB itself lets keys be nothing but texts
]
ODD: tuple[Value | None, ...] = (
    None,
    "",
    "x",
    "{}",
    "[]",
    "null",
    '{"x": %s' % ("[" * 10_000),
    "\0",
    -1,
    10**30,
    frozenset({"x"}),
    frozenset({"a#b#c"}),
)


@OFTEN
@given(st.data())
def test_whatever_is_put_in_the_place_of_something_verifying_ends(data: st.DataObject):
    """Else whoever puts it there could keep it from everything that comes behind."""
    harmed = premises()
    item, name = data.draw(st.sampled_from(ATTRIBUTES))
    odd = data.draw(st.sampled_from(ODD))
    rest = {key: value for key, value in item.items() if key != name}
    harmed.put(rest if odd is None else {**rest, name: odd})
    found(harmed, item)
