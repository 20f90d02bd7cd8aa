"""Carries each commit's events to the bus as soon as the table's stream brings its outbox item."""

from chalice import Blueprint
from chalice.app import DynamoDBEvent

from chalicelib import bootstrap
from chalicelib.jobs.batch import Report, in_order
from chalicelib.logs import observed, tell_case
from chalicelib.store.attributes import Attributes, read
from chalicelib.store.outbox import item_of

jobs = Blueprint(__name__)


@jobs.on_dynamodb_record(stream_arn="arn:aws:dynamodb:*:*:table/*/stream/*", batch_size=100, name="publish")
@observed
def publish(event: DynamoDBEvent) -> Report:
    return in_order(event.to_dict()["Records"], _publish)


def _publish(image: Attributes) -> None:
    item = item_of(read(image))
    tell_case(item.dispute)
    bootstrap.publisher().publish(item)
