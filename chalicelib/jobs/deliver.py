"""Makes one attempt at each delivery that is queued, or puts it off until its time."""

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.domain.webhooks import Delivery
from chalicelib.jobs.batch import Report, each_message
from chalicelib.logs import observed, tell, tell_case
from chalicelib.store import codec

jobs = Blueprint(__name__)


@jobs.on_sqs_message(queue="deliver", batch_size=1, name="deliver")
@observed
def deliver(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _deliver)


def _deliver(body: str) -> None:
    delivery = codec.decode(body, Delivery)
    tell_case(delivery.happening.dispute)
    tell(webhook=delivery.webhook)
    bootstrap.deliverer().deliver(delivery)
