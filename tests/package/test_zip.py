"""What is deployed is what is in the tree, and no more."""

import gzip
import json
import zipfile
from fnmatch import fnmatchcase
from importlib.util import cache_from_source, source_hash
from pathlib import Path

import pytest

from tools.package import RECOGNISER_ZIP, ZIP
from tools.paths import ROOT
from tools.recogniser_zip import LOCKS, WITHOUT
from tools.zips import PackageError, check_zip, is_bytecode, shipped_files

UNZIPPED_LIMIT = 250 * 1024 * 1024
BOTH = (ZIP, RECOGNISER_ZIP)
LOCKED = {ZIP: ("requirements.txt",), RECOGNISER_ZIP: LOCKS}
LEFT_OUT = {ZIP: (), RECOGNISER_ZIP: WITHOUT}
SERVICES = {"dynamodb", "events", "kms", "s3", "sqs", "textract"}
HEAVY = {"numpy", "onnxruntime", "pypdfium2", "pypdfium2_raw", "rapidocr"}


def names(zip_path: Path) -> set[str]:
    with zipfile.ZipFile(zip_path) as archive:
        return set(archive.namelist())


def roots(zip_path: Path) -> set[str]:
    return {name.split("/")[0] for name in names(zip_path)}


@pytest.mark.parametrize("name", BOTH)
def test_the_zip_holds_the_tree_file_for_file(packaged: Path, name: str):
    check_zip(shipped_files(ROOT, LEFT_OUT[name]), packaged / name)


@pytest.mark.parametrize("name", BOTH)
def test_no_file_is_in_the_zip_twice(packaged: Path, name: str):
    with zipfile.ZipFile(packaged / name) as archive:
        assert len(archive.namelist()) == len(set(archive.namelist()))


def test_a_file_that_is_missing_is_noticed(packaged: Path, tmp_path: Path):
    short = tmp_path / "short.zip"
    with zipfile.ZipFile(packaged / ZIP) as whole, zipfile.ZipFile(short, "w") as archive:
        for name in whole.namelist():
            if name != "app.py":
                archive.writestr(name, whole.read(name))
    with pytest.raises(PackageError, match=r"app\.py"):
        check_zip(shipped_files(ROOT), short)


@pytest.mark.parametrize("name", BOTH)
def test_neither_tools_nor_tests_ship(packaged: Path, name: str):
    assert not roots(packaged / name) & {"tools", "tests", "bench", "docs", "examples", "bin"}


@pytest.mark.parametrize("name", BOTH)
def test_each_module_has_the_bytecode_of_just_its_source_and_nothing_else_has(packaged: Path, name: str):
    with zipfile.ZipFile(packaged / name) as archive:
        modules = {each: source_hash(archive.read(each)) for each in archive.namelist() if each.endswith(".py")}
        compiled = {each: archive.read(each)[8:16] for each in archive.namelist() if is_bytecode(each)}
    assert compiled == {cache_from_source(each): digest for each, digest in modules.items()}


def test_of_the_sdk_only_the_services_that_functions_speak_to_ship(packaged: Path):
    described = {each.split("/")[2] for each in names(packaged / ZIP) if fnmatchcase(each, "botocore/data/*/*")}
    assert described == SERVICES


@pytest.mark.parametrize("name", BOTH)
def test_the_sdk_knows_each_services_operations_and_endpoints_but_no_documentation_and_no_other(
    packaged: Path, name: str
):
    with zipfile.ZipFile(packaged / name) as archive:
        models = [each for each in archive.namelist() if each.endswith("/service-2.json.gz")]
        described = {each.split("/")[2]: json.loads(gzip.decompress(archive.read(each))) for each in models}
        endpoints = json.loads(archive.read("botocore/data/endpoints.json"))
    assert {"TransactWriteItems", "BatchGetItem"} <= set(described["dynamodb"]["operations"])
    assert not [each for each in described.values() if "<p>" in json.dumps(each)]
    known = {partition["partition"]: set(partition["services"]) for partition in endpoints["partitions"]}
    assert known["aws"] == known["aws-cn"] | {"textract"} == SERVICES


@pytest.mark.parametrize("name", BOTH)
def test_policies_ship_compiled_and_nothing_that_reads_their_documents(packaged: Path, name: str):
    shipped = {each for each in names(packaged / name) if each.startswith("policies/")}
    assert "policies/compiled.json" in shipped
    assert not [each for each in shipped if each.endswith((".yaml", "/load.py"))]


@pytest.mark.parametrize("name", BOTH)
def test_every_library_that_is_pinned_ships(packaged: Path, name: str):
    locks = [line for lock in LOCKED[name] for line in (ROOT / lock).read_text().splitlines()]
    pinned = {line.split("==")[0].lower() for line in locks if "==" in line}
    shipped = {each.split("-")[0].lower().replace("_", "-") for each in names(packaged / name) if ".dist-info/" in each}
    assert pinned
    assert pinned <= shipped


@pytest.mark.parametrize("name", BOTH)
def test_it_fits_into_a_function(packaged: Path, name: str):
    with zipfile.ZipFile(packaged / name) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) < UNZIPPED_LIMIT


def test_the_api_carries_none_of_what_reads_text(packaged: Path):
    assert not roots(packaged / ZIP) & HEAVY


def test_the_recogniser_has_its_models_with_their_licences_and_neither_the_api_nor_chalice(packaged: Path):
    shipped = names(packaged / RECOGNISER_ZIP)
    models = {name for name in shipped if name.startswith("rapidocr/")}
    assert models == {f"rapidocr/models/PP-OCRv6_{network}_small.onnx" for network in ("det", "rec")}
    assert [name for name in shipped if name.startswith("rapidocr-") and name.endswith("MODEL_LICENSES.md")]
    assert not [name for name in shipped if name.startswith(("chalice/", "chalicelib/http/", "app.py"))]
    assert not [name for name in shipped if "/tests/" in name]
