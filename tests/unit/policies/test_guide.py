"""What docs/writing-a-policy.md shows is so."""

import json
import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from policies import __main__ as commands
from policies.errors import PolicyError
from policies.load import load
from policies.model import Policy
from tests.unit.policies.build import CHOICES, plain, values, write_text

GUIDE = (Path(__file__).parents[3] / "docs" / "writing-a-policy.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", GUIDE, re.MULTILINE | re.DOTALL)


def laid_over(below, above):
    if not isinstance(above, dict) or not isinstance(below, dict):
        return above
    return below | {key: laid_over(below.get(key), value) for key, value in above.items()}


def marketplace_with(tmp_path, example):
    return write_text(tmp_path, json.dumps(laid_over(plain("marketplace"), yaml.safe_load(example))), "marketplace")


@pytest.mark.parametrize("example", blocks("yaml"), ids=lambda example: example.split(":")[0])
def test_its_examples_load_in_the_marketplaces_place(tmp_path, example):
    policy = load(marketplace_with(tmp_path, example))
    assert set(yaml.safe_load(example)) <= {each.name for each in fields(policy)}


def test_its_error_is_what_its_mistake_gives(tmp_path):
    example = blocks("yaml")[0].replace("[batch_record]", "[batch_recrod]")
    with pytest.raises(PolicyError) as refused:
        load(marketplace_with(tmp_path, example))
    shown = [line.removesuffix("…") for line in blocks("text")[0].splitlines()]
    assert [str(each)[: len(line)] for each, line in zip(refused.value.problems, shown, strict=True)] == shown


def test_its_commands_exist():
    shown = [shlex.split(line) for block in blocks("sh") for line in block.splitlines()]
    assert [command[:3] for command in shown] == [["python", "-m", "policies"]] * 3
    assert {commands.arguments(command[3:]).command for command in shown} == {"check", "publish", "schema"}


def test_it_names_every_field():
    table = GUIDE.partition("## What is in it")[2].partition("## A reason")[0]
    named = [
        each
        for row in table.splitlines()
        if row.startswith("| `")
        for each in re.findall(r"`(\w+)`", row.split("|")[1])
    ]
    assert named == [each.name for each in fields(Policy)]


def test_it_names_every_choice_with_its_rule_its_values_and_the_marketplaces():
    table = GUIDE.partition("## Choices")[2].partition("## When")[0]
    rows = {row[0]: row[1:] for row in re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \|$", table, re.MULTILINE)}
    assert {choice: rule for choice, (rule, _) in rows.items()} == CHOICES
    for choice, (_, said) in rows.items():
        assert set(re.findall(r"`(\w+)`", said)) == set(values(choice))
        assert re.findall(r"\*\*`(\w+)`\*\*", said) == [made(choice)]


def made(choice):
    """Find what the marketplace chose, as YAML writes it."""
    data = plain("marketplace")
    places = (data["response"], data["supplement"], data["appeal"], data["appeal"]["quota"], data["reasons"]["quality"])
    chosen = next(place[choice] for place in places if choice in place)
    return chosen if isinstance(chosen, str) else json.dumps(chosen)
