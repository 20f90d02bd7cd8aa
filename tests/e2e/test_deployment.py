"""The stack stands as the template says, and its parts reach each other."""

import json
import time
from collections.abc import Callable

from tests.engine_fixtures import Api, Service

WAIT_SECONDS = 60


def eventually(what: Callable[[], object]) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.5)
    return False


def test_the_deployed_api_is_healthy(service: Service):
    assert Api(service.api_url).get("/v1/health").status == 200


def test_records_that_are_kept_for_a_while_expire_by_themselves(service: Service):
    told = service.client("dynamodb").describe_time_to_live(TableName=service.outputs["TableName"])
    assert told["TimeToLiveDescription"] == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_the_table_is_protected_and_its_changes_are_streamed(service: Service):
    table = service.client("dynamodb").describe_table(TableName=service.outputs["TableName"])["Table"]
    assert table["DeletionProtectionEnabled"]
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_an_upload_reaches_the_inspector_and_leaves_the_queue(service: Service):
    bucket = service.outputs["EvidenceBucketName"]
    service.client("s3").put_object(Bucket=bucket, Key="uploads/nobodys", Body=b"nobody registered this")
    assert eventually(lambda: in_queue(service, "UploadQueueUrl") == 0), service.logs("InspectName")
    assert in_queue(service, "UploadDeadLettersUrl") == 0


def test_the_worker_takes_what_is_due(service: Service):
    due = json.dumps({"disputes": ["01JD0000000000000000000000"]})
    service.client("sqs").send_message(QueueUrl=service.outputs["DueQueueUrl"], MessageBody=due)
    assert eventually(lambda: in_queue(service, "DueQueueUrl") == 0), service.logs("LapseName")


def test_the_recogniser_takes_what_is_to_be_read_and_leaves_no_dead_letter(service: Service):
    gone = json.dumps({"dispute": "01JD0000000000000000000000", "piece": "01JD0000000000000000000000"})
    service.client("sqs").send_message(QueueUrl=service.outputs["RecogniseQueueUrl"], MessageBody=gone)
    assert eventually(lambda: in_queue(service, "RecogniseQueueUrl") == 0), service.logs("RecogniseName")
    assert in_queue(service, "RecogniseDeadLettersUrl") == 0


def in_queue(service: Service, output: str) -> int:
    """Messages that wait or are being worked on."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    asked = service.client("sqs").get_queue_attributes(QueueUrl=service.outputs[output], AttributeNames=names)
    return sum(int(count) for count in asked["Attributes"].values())
