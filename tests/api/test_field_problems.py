"""What is wrong with a field is said in English and Chinese, whatever a model can find wrong."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from chalicelib.http import fields
from chalicelib.http.blueprints import BLUEPRINTS
from chalicelib.http.models.common import In, Query

WRONG: tuple[Any, ...] = (
    *(None, True, 3, -3, 1.5, 10**30, 1e300, "", "?", "é", "x" * 5000, [], [3], ["?"], ["?"] * 1000, {}, {"?": 1}),
    *("1.5", "9" * 5000, "2026-01-01", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.0001Z"),
    *("1999-01-01T00:00:00Z", "99999999999999999", "2026"),
)
HAN = re.compile(r"[\u4e00-\u9fff]")
BY_HAND = {"repeated_parameter"}
"""What views say of a query without asking a model."""


def models(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in kind.__subclasses__():
        yield each
        yield from models(each)


def found_wrong() -> Iterator[tuple[str, fields.FieldProblem]]:
    """Every field of every model with every wrong value: Pydantic's type of what is wrong, and how it is said."""
    assert BLUEPRINTS, "all models are imported"
    for model in (*models(In), *models(Query)):
        names = [field.alias or name for name, field in model.model_fields.items()]
        for given in ({"unknown": 1}, {}, 3, *({name: value} for name in names for value in WRONG)):
            yield from _tried(model, given)


def _tried(model: type[BaseModel], given: Any) -> Iterator[tuple[str, fields.FieldProblem]]:
    try:
        if issubclass(model, Query):
            model.model_validate({name: str(value) for name, value in given.items()} if given != 3 else {})
        else:
            model.model_validate_json(json.dumps(given))
    except ValidationError as error:
        types = [each["type"] for each in error.errors(include_url=False)]
        yield from zip(types, fields.problems(error), strict=True)


FOUND = {(kind, problem.code, problem.messages) for kind, problem in found_wrong()}


def test_all_that_a_model_finds_wrong_has_its_line_in_the_table_and_nothing_else_has():
    assert {kind for kind, _, _ in FOUND} | BY_HAND == set(fields.SAYS)


@pytest.mark.parametrize(("kind", "code", "messages"), sorted(FOUND, key=repr))
def test_it_is_said_in_both_languages(kind, code, messages):
    assert code != "invalid", f"{kind} has no line in the table"
    assert HAN.search(messages.zh)
    assert not HAN.search(messages.en)
    assert not re.search(r" or |[{}]$|\bNone\b", messages.zh), "the choices are joined in Chinese, too"
