"""The table as the template that is deployed defines it: tests make theirs from it, so that the two can't differ."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_TEMPLATE = Path(__file__).parents[2] / ".chalice" / "resources.yaml"


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags, `!Ref x` as {"Ref": "x"}."""


def _tagged(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    match node:
        case yaml.ScalarNode():
            return {suffix: loader.construct_scalar(node)}
        case yaml.SequenceNode():
            return {suffix: loader.construct_sequence(node, deep=True)}
        case yaml.MappingNode():
            return {suffix: loader.construct_mapping(node, deep=True)}
        case _:
            raise TypeError(node)


_Loader.add_multi_constructor("!", _tagged)


@cache
def template() -> Mapping[str, Any]:
    """What is laid over Chalice's template; short tags as {"Ref": …}."""
    read: Mapping[str, Any] = yaml.load(_TEMPLATE.read_text(encoding="utf-8"), _Loader)  # noqa: S506  (a SafeLoader with tags)
    return read


def table_properties() -> Mapping[str, Any]:
    """The properties of the one table in the template."""
    tables = [each for each in template()["Resources"].values() if each.get("Type") == "AWS::DynamoDB::Table"]
    assert len(tables) == 1
    properties: Mapping[str, Any] = tables[0]["Properties"]
    return properties


_WITHOUT_ITS_SURROUNDINGS = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
"""Streams, keys and recovery are no concern of the store; on moto a stream makes transactions ten times slower."""


def create_table(client: Any, name: str) -> None:
    """The template's table under another name."""
    defined = table_properties()
    client.create_table(TableName=name, **{each: defined[each] for each in _WITHOUT_ITS_SURROUNDINGS})
