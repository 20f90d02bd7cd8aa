"""The floor of a cold start: a Chalice app of one route that makes one call to DynamoDB, as Chalice packages it.

Chalice puts in its own runtime, the app and what pip unpacks of the requirements: no bytecode.
"""

import compileall
import inspect
import shutil
from collections.abc import Iterator
from importlib.metadata import PackagePath, distribution
from pathlib import Path
from py_compile import PycInvalidationMode

import chalice
import chalice.app
from packaging.requirements import Requirement

_APP = """\
import os

import boto3
from chalice import Chalice

app = Chalice(app_name="bare")


@app.route("/disputes/{dispute_id}")
def dispute(dispute_id):
    key = {"pk": {"S": dispute_id}, "sk": {"S": "HEAD"}}
    found = boto3.client("dynamodb").get_item(TableName=os.environ["TABLE_NAME"], Key=key)
    return {"id": dispute_id, "found": "Item" in found}
"""
HANDLER = "app.app"


def unpack(folder: Path) -> Path:
    for file in _files("boto3"):
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.locate(), target)
    (folder / "chalice").mkdir()
    for module in (chalice, chalice.app):
        shutil.copy(inspect.getfile(module), folder / "chalice")
    (folder / "app.py").write_text(_APP, encoding="utf-8")
    return folder


def with_bytecode(bare: Path, folder: Path) -> Path:
    """A copy, compiled as our own package is: a stricter floor than what Chalice makes."""
    shutil.copytree(bare, folder)
    compileall.compile_dir(folder, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return folder


def _files(name: str) -> Iterator[PackagePath]:
    """What pip unpacks of a library and of those that it needs."""
    found = distribution(name)
    for file in found.files or ():
        if ".." not in file.parts and file.suffix != ".pyc":
            yield file
    for each in map(Requirement, found.requires or ()):
        if each.marker is None or each.marker.evaluate({"extra": ""}):
            yield from _files(each.name)
