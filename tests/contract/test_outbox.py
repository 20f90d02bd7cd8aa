"""The outbox as the table's stream brings it to the publisher, and as the sweep finds it."""

from chalicelib.store import attributes, keys, outbox
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.keys import SHARDS
from chalicelib.store.table import Range
from tests.contract.build import HOUR, START, Scribe, a_deadline
from tests.contract.conftest import on_dynamodb


@on_dynamodb
def test_an_item_says_the_same_in_the_stream_as_in_the_index(dynamodb, table_name, counted):
    """Promise C: the events of a commit go out as they were hashed, whichever way they are found."""
    Scribe(counted).open(a_deadline(START + HOUR))
    (found,) = counted.outbox(START + HOUR, limit=10)
    image = dynamodb.get_item(TableName=table_name, Key=attributes.of_key(keys.outbox(found.id)))["Item"]
    assert outbox.item_of(attributes.read(image)) == found
    assert [each.type for each in found.events] == ["DisputeOpened", "DeadlineSet"]


@on_dynamodb
def test_a_page_costs_one_query_a_shard_and_one_read_of_what_is_there(counted, calls):
    assert calls.of(lambda: counted.outbox(START + HOUR, limit=10)) == {"Query": SHARDS}
    Scribe(counted).open(a_deadline(START + HOUR))
    assert calls.of(lambda: counted.outbox(START + HOUR, limit=10)) == {"Query": SHARDS, "BatchGetItem": 1}


@on_dynamodb
def test_the_index_shows_where_it_lies_and_no_events(dynamodb, table_name, counted):
    """They would be written to it twice, for the seconds until they are published."""
    Scribe(counted).open(a_deadline(START + HOUR))
    table = DynamoTable(dynamodb, table_name)
    pages = [table.query(Range(keys.OUTBOX, each), limit=9).items for each in keys.shards("OUTBOX")]
    (listed,) = (item for each in pages for item in each)
    assert listed.keys() == {"pk", "sk", "row", keys.OUTBOX.partition, keys.OUTBOX.sort}
