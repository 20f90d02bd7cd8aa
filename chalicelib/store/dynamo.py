"""The table in DynamoDB, on the low-level client: requests out, plain items back, and what is worth trying again."""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Final, Literal, TypedDict, cast

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected

from chalicelib.domain.ports import Raced
from chalicelib.store import attributes, expressions
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.keys import Key
from chalicelib.store.limits import check_writes
from chalicelib.store.table import Cancelled, Failed, Found, Item, Range, Write, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeysAndAttributesUnionTypeDef, TransactWriteItemTypeDef

_ATTEMPTS: Final = 6
WRITES_TRIED_FOR: Final = 10.0
"""Seconds after which a write isn't tried again: the feed waits for what was named before and comes in late."""

READ_AT_ONCE: Final = 100
_FAILED: Final = "ConditionalCheckFailed"
_NONE: Final = "None"
_WORTH_ANOTHER_TRY: Final = frozenset(
    {
        # what one item of a transaction can say
        "TransactionConflict",
        "ProvisionedThroughputExceeded",
        "ThrottlingError",
        # what the whole request can come back with
        "TransactionConflictException",
        "TransactionInProgressException",
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "InternalServerError",
        "ServiceUnavailable",
    }
)


class Throttled(Exception):
    """DynamoDB kept putting off a read."""


def jittered(attempt: int) -> None:
    """Sleeps before the next try: at random up to 50 ms, then 100 ms, and so on to 1.6 s."""
    time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311  (no secret: it only keeps rivals apart)


class DynamoStore(DisputeStore):
    """`ports.Store` in one DynamoDB table. Thread-safe, as the client is."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table_name: str,
        *,
        pause: Callable[[int], None] = jittered,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(DynamoTable(client, table_name, pause=pause, clock=clock))


class DynamoTable:
    """`Table` in DynamoDB. `pause` waits before try number n + 2; `clock` counts seconds."""

    def __init__(
        self,
        client: "DynamoDBClient",
        name: str,
        *,
        pause: Callable[[int], None] = jittered,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._name = name
        self._pause = pause
        self._clock = clock

    def get(self, keys: Sequence[Key]) -> Mapping[Key, Item]:
        """One BatchGetItem for each 100 keys, and more where DynamoDB leaves some unprocessed."""
        found: dict[Key, Item] = {}
        for some in batched(keys, READ_AT_ONCE, strict=False):
            found |= self._get(some)
        return found

    def query(self, wanted: Range, *, limit: int) -> Found:
        response = self._client.query(
            TableName=self._name,
            Limit=limit,
            ScanIndexForward=not wanted.descending,
            **_place(wanted),
            **expressions.key_condition(wanted),
        )
        return Found(tuple(map(attributes.read, response["Items"])), more="LastEvaluatedKey" in response)

    def write(self, writes: Sequence[Write], token: str) -> None:
        """One TransactWriteItems. What got lost on the way is sent again as it was, with the same token."""
        check_writes(writes, token)
        request = [expressions.transact_item(self._name, each) for each in writes]
        end = self._clock() + WRITES_TRIED_FOR
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1 or self._clock() >= end
            if self._written(writes, request, token, last=last):
                return
            self._pause(attempt)

    def delete(self, key: Key) -> None:
        self._client.delete_item(TableName=self._name, Key=attributes.of_key(key))

    def partitions(
        self, after: Key | None, *, limit: int = 1000, part: int = 0, of: int = 1
    ) -> tuple[tuple[str, ...], Key | None]:
        """One Scan. Its items needn't be the latest: what is in a partition is read afterwards, consistently."""
        on = {"ExclusiveStartKey": attributes.of_key(after)} if after else {}
        response = self._client.scan(
            TableName=self._name,
            ProjectionExpression="pk",
            Limit=limit,
            Segment=part,
            TotalSegments=of,
            **on,  # type: ignore[arg-type]
        )
        last = response.get("LastEvaluatedKey")
        names = dict.fromkeys(text(attributes.read(each), "pk") for each in response["Items"])
        return tuple(names), attributes.key_of(attributes.read(last)) if last else None

    def _get(self, keys: Iterable[Key]) -> Mapping[Key, Item]:
        wanted: Mapping[str, KeysAndAttributesUnionTypeDef] = {
            self._name: {"Keys": [attributes.of_key(each) for each in keys], "ConsistentRead": True}
        }
        found: list[Item] = []
        for attempt in range(_ATTEMPTS):
            response = self._client.batch_get_item(RequestItems=wanted)
            found += map(attributes.read, response["Responses"].get(self._name, []))
            wanted = cast("Mapping[str, KeysAndAttributesUnionTypeDef]", response.get("UnprocessedKeys", {}))
            if not wanted:
                return {attributes.key_of(each): each for each in found}
            self._pause(attempt)
        raise Throttled(f"keys left unprocessed after {_ATTEMPTS} tries")

    def _written(
        self, writes: Sequence[Write], request: "Sequence[TransactWriteItemTypeDef]", token: str, *, last: bool
    ) -> bool:
        """False where it is worth another try. Raises what isn't, and on the last try whatever there is."""
        try:
            self._client.transact_write_items(TransactItems=request, ClientRequestToken=token)
        except (HTTPClientError, NotConnected):
            # The answer got lost: it may be written. A condition in the transaction will tell.
            if last:
                raise
            return False
        except ClientError as error:
            if not last and _codes(error) & _WORTH_ANOTHER_TRY:
                return False
            raise _meant(error, writes) from error
        return True


class _Place(TypedDict, total=False):
    IndexName: str
    ConsistentRead: Literal[True]


def _place(wanted: Range) -> _Place:
    return {"IndexName": wanted.index.title} if wanted.index else {"ConsistentRead": True}


def _meant(error: ClientError, writes: Sequence[Write]) -> Exception:
    """Only the failure that is meant is translated: conditions, and rivals that didn't give way."""
    codes = _codes(error)
    if _FAILED in codes and codes <= _WORTH_ANOTHER_TRY | {_FAILED}:
        return Cancelled(
            [
                Failed(write.meaning, attributes.read(reason["Item"]) if reason.get("Item") else None)
                for write, reason in zip(writes, _reasons(error), strict=True)
                if reason["Code"] == _FAILED
            ]
        )
    if codes and codes <= {"TransactionConflict", "TransactionConflictException"}:
        return Raced("others kept writing the same items")
    return error


def _codes(error: ClientError) -> frozenset[str]:
    """What went wrong: with the items of the transaction, if it got that far, or with the request."""
    reasons = frozenset(each["Code"] for each in _reasons(error)) - {_NONE}
    return reasons or frozenset({error.response["Error"]["Code"]})


class _Reason(TypedDict, total=False):
    Code: str
    Item: attributes.Attributes


def _reasons(error: ClientError) -> Sequence[_Reason]:
    return cast("Sequence[_Reason]", error.response.get("CancellationReasons", ()))
