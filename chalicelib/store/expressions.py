"""Writes and ranges in DynamoDB's expression language. Names and values always go by placeholder."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypedDict

from chalicelib.store import attributes
from chalicelib.store.table import Absent, Clause, Delete, Put, Range, Update, Value, Write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UniversalAttributeValueTypeDef


class _Words:
    """The placeholders of one request."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, UniversalAttributeValueTypeDef] = {}

    def name(self, attribute: str) -> str:
        self.names[f"#{attribute}"] = attribute
        return f"#{attribute}"

    def value(self, value: Value) -> str:
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = attributes.value_of(value)
        return placeholder


class _Condition(TypedDict, total=False):
    ConditionExpression: str
    ExpressionAttributeNames: dict[str, str]
    ExpressionAttributeValues: "dict[str, UniversalAttributeValueTypeDef]"
    ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD"]


class _KeyCondition(TypedDict):
    KeyConditionExpression: str
    ExpressionAttributeNames: dict[str, str]
    ExpressionAttributeValues: "dict[str, UniversalAttributeValueTypeDef]"


def key_condition(wanted: Range) -> _KeyCondition:
    """The range, as the conditions of a Query: DynamoDB allows one on the sort key."""
    words = _Words()
    partition = f"{words.name(wanted.partition_attribute)} = {words.value(wanted.partition)}"
    sort = _bounds(wanted, words)
    return {
        "KeyConditionExpression": f"{partition} AND {sort}" if sort else partition,
        "ExpressionAttributeNames": words.names,
        "ExpressionAttributeValues": words.values,
    }


def transact_item(table: str, write: Write) -> "TransactWriteItemTypeDef":
    """One operation of a TransactWriteItems. Where its condition fails, the answer holds the item as it was found."""
    words = _Words()
    match write:
        case Put(item):
            return {"Put": {"TableName": table, "Item": attributes.write(item), **_condition(write.only_if, words)}}
        case Delete(key):
            return {"Delete": {"TableName": table, "Key": attributes.of_key(key), **_condition(write.only_if, words)}}
        case Update(key) if write.only_checks:
            condition = " AND ".join(_clause(each, words) for each in write.only_if)
            return {
                "ConditionCheck": {
                    "TableName": table,
                    "Key": attributes.of_key(key),
                    "ConditionExpression": condition,
                    "ExpressionAttributeNames": words.names,
                    "ExpressionAttributeValues": words.values,
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                }
            }
        case Update(key):
            return {
                "Update": {
                    "TableName": table,
                    "Key": attributes.of_key(key),
                    "UpdateExpression": _changes(write, words),
                    **_condition(write.only_if, words),
                }
            }


def _bounds(wanted: Range, words: _Words) -> str:
    first, below = (None, wanted.after) if wanted.descending else (wanted.first, wanted.below)
    if first is None and below is None:
        return ""
    sort = words.name(wanted.sort_attribute)
    if first is not None and below is not None:
        # BETWEEN includes its end, which is no sort key itself.
        return f"{sort} BETWEEN {words.value(first)} AND {words.value(below)}"
    return f"{sort} >= {words.value(first)}" if first is not None else f"{sort} < {words.value(below or '')}"


def _condition(clauses: Sequence[Clause], words: _Words) -> _Condition:
    condition: _Condition = {}
    if clauses:
        condition["ConditionExpression"] = " AND ".join(_clause(each, words) for each in clauses)
        condition["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    # DynamoDB refuses them where they are empty.
    if words.names:
        condition["ExpressionAttributeNames"] = words.names
    if words.values:
        condition["ExpressionAttributeValues"] = words.values
    return condition


def _clause(clause: Clause, words: _Words) -> str:
    name = words.name(clause.attribute)
    if isinstance(clause, Absent):
        return f"attribute_not_exists({name})"
    compared = f"{name} {clause.op} {words.value(clause.value)}"
    return f"(attribute_not_exists({name}) OR {compared})" if clause.or_absent else compared


def _changes(update: Update, words: _Words) -> str:
    added: Mapping[str, Value] = {**update.add, **{name: frozenset({each}) for name, each in update.put_in.items()}}
    taken: Mapping[str, Value] = {name: frozenset({each}) for name, each in update.take_out.items()}
    parts = [
        f"{verb} " + ", ".join(f"{words.name(name)} {words.value(value)}" for name, value in changes.items())
        for verb, changes in (("ADD", added), ("DELETE", taken))
        if changes
    ]
    return " ".join(parts)
