"""docs/reliability.md keeps its word: tests and alarms that it names are there, and the margins are the code's."""

import ast
import re

import pytest

from tools.paths import ROOT

PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(\w[\w/]+\.py)::(\w+)`", PAGE)))
TESTS = [each for each in NAMED if each[0].startswith("tests/")]
MARGINS = re.findall(r"^\| ([\d.]+)[^|]*\| `([\w/]+\.py)::(\w+)` \|", PAGE, re.MULTILINE)
PROMISES = dict(re.findall(r"^\| \*\*([A-Z])\*\* [^|]+\| (.+) \|$", PAGE, re.MULTILINE))


def defined(path: str) -> dict[str, str]:
    """What a module defines at its top, and the lines that define it."""
    source = (ROOT / path).read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for each in ast.parse(source).body:
        match each:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = ast.unparse(each)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = ast.unparse(each)
            case _:
                pass
    return found


def test_each_promise_has_tests():
    assert list(PROMISES) == list("ABCDEFGH")
    assert all(re.search(r"`tests/[\w/]+\.py::\w+`", each) for each in PROMISES.values())


@pytest.mark.parametrize(("path", "name"), TESTS)
def test_a_test_that_is_named_is_there(path: str, name: str):
    assert name in defined(path)


def test_every_margin_is_the_codes():
    assert len(MARGINS) == len(NAMED) - len(TESTS)
    for figure, path, name in MARGINS:
        assert re.search(rf"\b{re.escape(figure)}\b", defined(path)[name].partition("=")[2]), (figure, name)


def test_an_alarm_that_is_named_is_explained_to_operators():
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = re.findall(r"`(…?\w+Alarm)`", PAGE)
    assert named
    assert [each for each in named if f"{each.removeprefix('…')}" not in operations] == []
