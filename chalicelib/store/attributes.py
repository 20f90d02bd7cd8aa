"""Plain items as DynamoDB writes them, and back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib.store.keys import Key
from chalicelib.store.table import Item, Value, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

type Attributes = Mapping[str, Mapping[str, Any]]
"""An item as the client gives it, or as the table's stream does."""


def write(item: Item) -> "dict[str, UniversalAttributeValueTypeDef]":
    return {name: {"S": value} if type(value) is str else value_of(value) for name, value in item.items()}


def read(item: Attributes) -> Item:
    return {name: value["S"] if "S" in value else _no_text(value) for name, value in item.items()}


def of_key(key: Key) -> "dict[str, UniversalAttributeValueTypeDef]":
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def key_of(item: Item) -> Key:
    return Key(text(item, "pk"), text(item, "sk"))


def value_of(value: Value) -> "UniversalAttributeValueTypeDef":
    match value:
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case frozenset():
            return {"SS": sorted(value)}


def _no_text(value: Mapping[str, Any]) -> Value:
    match value:
        case {"N": str(digits)}:
            return int(digits)
        case {"SS": [*members]}:
            return frozenset(members)
        case _:
            raise TypeError(f"the table holds no {', '.join(value)}")
