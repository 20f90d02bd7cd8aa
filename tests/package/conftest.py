"""The package as `make package` makes it."""

import zipfile
from pathlib import Path

import pytest
import yaml

from tests.package.alone import link_runtime
from tools import package
from tools.paths import BUILD


@pytest.fixture(scope="session")
def packaged() -> Path:
    package.package()
    return BUILD


@pytest.fixture(scope="session")
def template(packaged: Path):
    return yaml.safe_load((packaged / package.TEMPLATE).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def unzipped(packaged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip, unpacked as Lambda does it."""
    return unpacked(packaged / package.ZIP, tmp_path_factory.mktemp("function"))


@pytest.fixture(scope="session")
def recogniser(packaged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recogniser's zip, unpacked likewise."""
    return unpacked(packaged / package.RECOGNISER_ZIP, tmp_path_factory.mktemp("recogniser"))


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return link_runtime(tmp_path_factory.mktemp("lambda") / "runtime")


def unpacked(zip_path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(zip_path) as archive:
        archive.extractall(folder)
    return folder
