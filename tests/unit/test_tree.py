"""What the tree promises of itself."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("chalicelib", "evidence", "policies", "tests", "tools")


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_python_file_has_over_400_lines(folder):
    long = [str(each) for each in (ROOT / folder).rglob("*.py") if len(each.read_text("utf-8").splitlines()) > 400]
    assert long == []


@pytest.mark.parametrize("folder", [each for each in (ROOT / "tests").rglob("*") if any(each.glob("*.py"))])
def test_every_folder_of_tests_is_a_package(folder):
    assert (folder / "__init__.py").exists()
