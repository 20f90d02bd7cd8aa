"""Every day: check what changed, a part of the table, and the anchors; a run goes on where the one before stopped."""

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.jobs.batch import Report, each_message
from chalicelib.logs import observed

jobs = Blueprint(__name__)


@jobs.on_sqs_message(queue="verify", batch_size=1, name="verify")
@observed
def verify(event: SQSEvent) -> Report:
    return each_message(event.to_dict()["Records"], _verify)


def _verify(_body: str) -> None:
    """Every message says the same: how far it has come is in the table."""
    bootstrap.auditor().work()
