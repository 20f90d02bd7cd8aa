"""SECURITY.md keeps its word: what it names is there."""

import re

import pytest

from tools.paths import ROOT

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
THREATS = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| ")][2:]


@pytest.mark.parametrize("row", [pytest.param(row, id=row[0].strip("| ")) for row in THREATS])
def test_each_threat_has_a_control_and_tests_that_there_are(row: list[str]):
    _, control, held_by = row
    assert control
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", held_by)
    assert named
    assert held_by.count("`") == 2 * len(named), "name each test as `path::test`"
    for path, test in named:
        assert re.search(rf"^def {test}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), test


@pytest.mark.parametrize("lock", [pytest.param(each, id=each.name) for each in sorted(ROOT.glob("requirements*.txt"))])
def test_every_lock_has_a_hash_for_everything(lock):
    pinned = re.split(r"^(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert pinned
    assert [each.splitlines()[0] for each in pinned if "==" not in each or "--hash=sha256:" not in each] == []
