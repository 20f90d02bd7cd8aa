"""A plain client sends what botocore's own would, and gets from an answer what that gets."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws
from urllib3 import HTTPResponse

from chalicelib.store.attributes import of_key
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.keys import Key
from chalicelib.store.table import Compared, Item, Op, Put, Range, Update
from chalicelib.store.wire import plain
from tests.contract.template import create_table

KEY = Key("D#1", "SNAPSHOT")
ITEM: Item = {"pk": KEY.pk, "sk": KEY.sk, "seq": 3, "state": '{"日":"“”"}', "names": frozenset({"a", "b"})}

ASKED: dict[str, Callable[[Any], Any]] = {
    "get": lambda client: client.batch_get_item(RequestItems={"t": {"Keys": [of_key(KEY)], "ConsistentRead": True}}),
    "query": lambda client: DynamoTable(client, "t").query(Range(None, KEY.pk), limit=5),
    "write": lambda client: DynamoTable(client, "t").write(
        [Put(ITEM, only_if=(Compared("seq", Op.EQUAL, 3),)), Update(Key("Q", "C"), add={"y": 1})], "token"
    ),
    "delete": lambda client: DynamoTable(client, "t").delete(Key("X", "Y")),
    "scan": lambda client: DynamoTable(client, "t").partitions(None),
}


@pytest.fixture
def clients():
    """Botocore's own, and a plain one."""
    with mock_aws():
        session = boto3.Session("testing", "testing", region_name="us-east-1")
        own = session.client("dynamodb")
        create_table(own, "t")
        DynamoTable(own, "t").write([Put(ITEM)], "first")
        yield own, plain(session.client("dynamodb", config=Config(parameter_validation=False)))


def sent(client: Any, ask: Callable[[Any], Any]) -> tuple[Any, Any]:
    """The body that goes out, and what the caller gets."""
    bodies: list[Any] = []
    client.meta.events.register("request-created.*", lambda request, **_: bodies.append(json.loads(request.body)))
    return ask(client), bodies


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_what_is_sent_and_what_comes_of_it_is_the_same(clients, ask):
    theirs, ours = (sent(each, ask) for each in clients)
    assert _without_metadata(ours) == _without_metadata(theirs)


def _without_metadata(found: tuple[Any, Any]) -> tuple[Any, Any]:
    answer, bodies = found
    if isinstance(answer, dict):
        assert answer.pop("ResponseMetadata")["HTTPStatusCode"] == 200
    return answer, bodies


def test_an_answer_without_a_body_is_an_empty_one():
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    sqs = plain(session.client("sqs", config=Config(parameter_validation=False)))
    nothing = AWSResponse(
        "https://sqs.us-east-1.amazonaws.com/", 200, HTTPHeaders(), HTTPResponse(BytesIO(), preload_content=False)
    )
    sqs.meta.events.register("before-send.sqs", lambda **_: nothing)
    assert sqs.delete_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/1/due", ReceiptHandle="r").keys() == {
        "ResponseMetadata"
    }


def test_a_refusal_says_what_it_says_to_anybody(clients):
    said: list[Any] = []
    for each in clients:
        with pytest.raises(ClientError) as refused:
            each.transact_write_items(
                TransactItems=[
                    {
                        "Put": {
                            "TableName": "t",
                            "Item": of_key(KEY),
                            "ConditionExpression": "attribute_not_exists(pk)",
                            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                        }
                    }
                ]
            )
        said.append((refused.value.response["Error"], refused.value.response["CancellationReasons"]))
    assert said[0] == said[1]
    assert said[0][1][0]["Item"]["state"] == {"S": ITEM["state"]}
