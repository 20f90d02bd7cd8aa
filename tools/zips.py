"""The zips of a deployment: what goes into them and how, what they are held to, and what tells one from another."""

import gzip
import hashlib
import json
import marshal
import zipfile
from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path
from typing import Any

from policies.book import PolicyBook
from policies.compiled import COMPILED

OURS = ("app.py", "chalicelib", "evidence", "policies")
"""What ships of the tree, besides the libraries."""

_SOURCES = ("policies/documents", "policies/load.py", "policies/checks.py", "policies/__main__.py")
"""Of what policies are compiled, and by what: no function reads YAML."""

_LEFT_OUT = (
    "bin/*",
    "*/tests/*",
    # For compilers and type checkers.
    *(f"*.{kind}" for kind in ("a", "h", "pxd", "pyi", "pyx")),
    # pip's notes on where and how it installed, which differ from machine to machine.
    *(f"*.dist-info/{note}" for note in ("INSTALLER", "RECORD", "REQUESTED", "direct_url.json")),
    "boto3/examples/*",
    "botocore/data/*/*",
)
"""Of the libraries: what no function runs."""
_SERVICES = ("dynamodb", "events", "kms", "s3", "sqs", "textract")
"""Those of AWS that functions speak to; the SDK describes four hundred more, in half of its zipped bytes."""
_KEPT = tuple(f"botocore/data/{service}/*" for service in _SERVICES)
"""Of what is left out above."""
_DESCRIBED = "botocore/data/*/*/service-2.json.gz"
_ENDPOINTS = "botocore/data/endpoints.json"
_UNCHECKED = 1
"""PEP 552: bytecode by its source's hash that isn't compared when it is loaded."""
_IN_LAMBDA = "/var/task"


class PackageError(Exception):
    """What was packaged isn't what is in the tree, or nothing was."""


def shipped_files(root: Path, without: Collection[str] = ()) -> dict[str, bytes]:
    """The files that belong into a zip, by their name there: those of the tree, and its policies, compiled.

    `without` names files and folders. Raises PolicyError.
    """
    found = [path for name in OURS for path in [root / name, *(root / name).rglob("*")] if path.is_file()]
    named = {path.relative_to(root).as_posix(): path for path in found if "__pycache__" not in path.parts}
    shipped = {name: path.read_bytes() for name, path in named.items() if not _is_in(name, (*_SOURCES, *without))}
    return shipped | {f"policies/{COMPILED.name}": PolicyBook.from_folder(root / "policies" / "documents").compile()}


def _is_in(name: str, places: Collection[str]) -> bool:
    return any(name == place or name.startswith(f"{place}/") for place in places)


def is_needed(name: str, left_out: Collection[str] = (), kept: Collection[str] = ()) -> bool:
    """Whether a library's file ships; the function's zip may leave out more, and keep some of that."""
    if any(fnmatchcase(name, each) for each in (*_KEPT, *kept)):
        return True
    return not any(fnmatchcase(name, each) for each in (*_LEFT_OUT, *left_out))


def slimmed(name: str, content: bytes) -> bytes:
    """A library's file as it ships: the SDK reads what it knows of services at each cold start, so it knows no more."""
    if fnmatchcase(name, _DESCRIBED):
        said = json.dumps(_undocumented(json.loads(gzip.decompress(content))), separators=(",", ":"))
        return gzip.compress(said.encode(), mtime=0)
    return _endpoints(content) if name == _ENDPOINTS else content


def _undocumented(said: Any) -> Any:  # noqa: ANN401  (any JSON)
    """With nothing where it is for people to read. A shape may have a member of that name, which is no text."""
    if isinstance(said, dict):
        return {
            name: "" if name == "documentation" and isinstance(each, str) else _undocumented(each)
            for name, each in said.items()
        }
    return [_undocumented(each) for each in said] if isinstance(said, list) else said


def _endpoints(content: bytes) -> bytes:
    """Of our services, in all regions: the others are most of a megabyte."""
    said = json.loads(content)
    for partition in said["partitions"]:
        partition["services"] = {name: each for name, each in partition["services"].items() if name in _SERVICES}
    return json.dumps(said, separators=(",", ":")).encode()


def write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Adds a file, a module with its bytecode: a function's disk can't be written to, so none would be kept there.

    Without the time, and with the same rights everywhere: the same files make the same zip.
    """
    _write(archive, name, content)
    if name.endswith(".py"):
        code = compile(content, f"{_IN_LAMBDA}/{name}", "exec", dont_inherit=True, optimize=0)
        head = MAGIC_NUMBER + _UNCHECKED.to_bytes(4, "little") + source_hash(content)
        _write(archive, cache_from_source(name), head + marshal.dumps(code))


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content, zipfile.ZIP_DEFLATED)


def is_bytecode(name: str) -> bool:
    return "/__pycache__/" in f"/{name}"


def check_zip(tree: Mapping[str, bytes], zip_path: Path) -> None:
    """Raises PackageError unless the zip holds exactly these files of ours, unchanged, beside the libraries."""
    with zipfile.ZipFile(zip_path) as archive:
        modules = [name for name in archive.namelist() if not is_bytecode(name)]
        ours = [name for name in modules if name.split("/")[0] in OURS]
        wrong = sorted(set(tree) ^ set(ours)) or [name for name in ours if archive.read(name) != tree[name]]
    if wrong:
        raise PackageError(f"{zip_path.name} and the tree differ in: {', '.join(wrong)}")


def digest(zip_path: Path) -> str:
    """The same for the same contents, however often they were packaged; bytecode follows from them."""
    total = hashlib.sha256()
    with zipfile.ZipFile(zip_path) as archive:
        entries = (each for each in archive.infolist() if not is_bytecode(each.filename))
        for entry in sorted(entries, key=lambda entry: entry.filename):
            total.update(f"{entry.filename}\0{entry.CRC}\0{entry.file_size}\0".encode())
    return total.hexdigest()


def digest_of(files: Mapping[str, bytes]) -> str:
    """Changes whenever one of the files does, its name included."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\0".encode())
    return total.hexdigest()


def contents(*paths: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in paths}
