"""The outbox as the table's stream brings it to the publisher."""

from chalicelib.store import attributes, keys, outbox
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
