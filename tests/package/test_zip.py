"""What is deployed is what is in the tree, and no more."""

import zipfile
from pathlib import Path

import pytest

from tools import package
from tools.paths import ROOT

UNZIPPED_LIMIT = 250 * 1024 * 1024


def names(packaged: Path) -> set[str]:
    with zipfile.ZipFile(packaged / package.ZIP) as archive:
        return set(archive.namelist())


def test_the_zip_holds_the_tree_file_for_file(packaged: Path):
    package.check_zip(ROOT, packaged / package.ZIP)


def test_a_file_that_is_missing_is_noticed(packaged: Path, tmp_path: Path):
    short = tmp_path / "short.zip"
    with zipfile.ZipFile(packaged / package.ZIP) as whole, zipfile.ZipFile(short, "w") as archive:
        for name in whole.namelist():
            if name != "app.py":
                archive.writestr(name, whole.read(name))
    with pytest.raises(package.PackageError, match=r"app\.py"):
        package.check_zip(ROOT, short)


def test_neither_tools_nor_tests_nor_caches_ship(packaged: Path):
    shipped = names(packaged)
    assert not [name for name in shipped if name.split("/")[0] in {"tools", "tests", "bench", "docs", "examples"}]
    assert not [name for name in shipped if "__pycache__" in name]


def test_every_library_that_is_pinned_ships(packaged: Path):
    pinned = [line.split("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line]
    shipped = {name.split("-")[0].lower().replace("_", "-") for name in names(packaged) if ".dist-info/" in name}
    assert pinned
    assert {name.lower() for name in pinned} <= shipped


def test_it_fits_into_a_function(packaged: Path):
    with zipfile.ZipFile(packaged / package.ZIP) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) < UNZIPPED_LIMIT
