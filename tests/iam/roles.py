"""What each function's role allows, read from the policies that are deployed.

Resources go by their names in the template: a table's index is `RecourseTable/index/gsi5`,
what lies in a bucket `EvidenceBucket/uploads/*`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from itertools import product
from typing import Any, Final

from tests.contract.template import template
from tools.paths import ROOT

API: Final = "APIHandler"
_CHALICE: Final = ROOT / ".chalice"
_ARN_PARTS: Final = 5
"""What stands before the name: arn, partition, service, region, account."""

type Context = tuple[tuple[str, tuple[str, ...]], ...]
"""What AWS knows of a request beside its action and resource: condition keys with their values."""


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One action on one resource, as AWS checks it."""

    action: str
    resource: str
    context: Context = ()


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """`key` must be like one of the patterns; with `each`, every value of it must."""

    key: str
    patterns: tuple[str, ...]
    each: bool

    def holds(self, context: Mapping[str, tuple[str, ...]]) -> bool:
        """As AWS has it: of a key that a request doesn't have, all values are like anything, and none is."""
        values = context.get(self.key, ())
        like = [any(fnmatchcase(value, pattern) for pattern in self.patterns) for value in values]
        return all(like) if self.each else any(like)


@dataclass(frozen=True, slots=True, order=True)
class Allowance:
    """One action on one resource, or on those that a pattern names."""

    function: str
    action: str
    resource: str
    conditions: tuple[Condition, ...] = ()

    def covers(self, function: str, use: Use) -> bool:
        if (function, use.action) != (self.function, self.action) or not fnmatchcase(use.resource, self.resource):
            return False
        return all(each.holds(dict(use.context)) for each in self.conditions)

    def __str__(self) -> str:
        return f"{self.function}: {self.action} on {self.resource}"


def function_named(job: str) -> str:
    """The function's name in the template, of its name in Chalice's configuration."""
    return API if job == "api_handler" else "".join(each.capitalize() for each in job.split("_"))


@cache
def policies() -> Mapping[str, str]:
    """Each function and the file of its policy, whoever makes it: Chalice, or the template itself."""
    stages = json.loads((_CHALICE / "config.json").read_text())["stages"].values()
    configured = ((name, each) for stage in stages for name, each in stage["lambda_functions"].items())
    return {**{function_named(name): each["iam_policy_file"] for name, each in configured}, **dict(_of_the_template())}


def _of_the_template() -> Iterator[tuple[str, str]]:
    resources = template()["Resources"]
    for name, each in resources.items():
        if each.get("Type") == "AWS::Serverless::Function":
            (policy,) = resources[named(each["Properties"]["Role"])]["Properties"]["Policies"]
            yield name, policy["PolicyDocument"]


@cache
def allowances() -> tuple[Allowance, ...]:
    return tuple(sorted(each for function, file in policies().items() for each in _allowed(function, file)))


def _allowed(function: str, file: str) -> Iterator[Allowance]:
    for said in json.loads((_CHALICE / file).read_text())["Statement"]:
        # One that is there only under a condition of the template is looked at as if it were.
        statement = said["Fn::If"][1] if "Fn::If" in said else said
        if statement["Effect"] != "Allow" or {"NotAction", "NotResource"} & set(statement):
            raise ValueError(f"{file}: a policy says what is allowed, and nothing else: {statement}")
        conditions = tuple(_conditions(statement.get("Condition", {})))
        for action, resource in product(_several(statement["Action"]), _several(statement["Resource"])):
            yield Allowance(function, action, named(resource), conditions)


def _conditions(said: Mapping[str, Mapping[str, Any]]) -> Iterator[Condition]:
    for operator, keys in said.items():
        if operator not in ("StringLike", "ForAllValues:StringLike"):
            raise ValueError(f"{operator}: say in tests/iam/roles.py what it means")
        for key, patterns in keys.items():
            yield Condition(key, tuple(_several(patterns)), each=operator.startswith("ForAllValues:"))


def _several(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]


def named(said: Any) -> str:
    """The name of what CloudFormation refers to: by a short tag of YAML, or by a function of JSON."""
    match said:
        case str(name) | {"Ref": str(name)}:
            return name
        case {"GetAtt": str(path)}:
            return _attribute(*path.split("."))
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return _attribute(name, attribute)
        case {"If": [_, one, _]} | {"Fn::If": [_, one, _]}:
            return named(one)
        case {"Fn::Sub": [str(text), dict(words)]}:
            return _substituted(text, words)
        case {"Fn::Sub": str(text)} | {"Sub": str(text)}:
            return _substituted(text, {})
        case _:
            raise ValueError(f"tests/iam/roles.py can't read {said}")


def _attribute(name: str, attribute: str) -> str:
    return f"{name}/stream" if attribute == "StreamArn" else name


def _substituted(text: str, words: Mapping[str, Any]) -> str:
    """`${X.Arn}/index/*` is `X/index/*`; of an ARN that is written out, what its last part names."""
    for word, said in words.items():
        text = text.replace(f"${{{word}}}", named(said))
    text = re.sub(r"\$\{(?:AWS::)?(\w+)(?:\.Arn)?\}", r"\1", text)
    return text.split(":", _ARN_PARTS)[-1].removeprefix("event-bus/") if text.startswith("arn:") else text
