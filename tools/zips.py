"""What both zips of a deployment are held to: the tree's own files in them, and what tells one from another."""

import hashlib
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

FOLDERS = ("chalicelib", "evidence", "policies")
OURS = ("app.py", *FOLDERS)
"""What ships of the tree, besides the libraries."""


class PackageError(Exception):
    """What was packaged isn't what is in the tree, or nothing was."""


def shipped_files(root: Path, without: Collection[str] = ()) -> dict[str, bytes]:
    """The files of the tree that belong into a zip, by their name there; `without` names files and folders."""
    found = [path for name in OURS for path in [root / name, *(root / name).rglob("*")] if path.is_file()]
    named = {path.relative_to(root).as_posix(): path for path in found if "__pycache__" not in path.parts}
    return {name: path.read_bytes() for name, path in named.items() if not _is_in(name, without)}


def _is_in(name: str, places: Collection[str]) -> bool:
    return any(name == place or name.startswith(f"{place}/") for place in places)


def check_zip(tree: Mapping[str, bytes], zip_path: Path) -> None:
    """Raises PackageError unless the zip holds exactly these files of ours, unchanged, beside the libraries."""
    with zipfile.ZipFile(zip_path) as archive:
        ours = [name for name in archive.namelist() if name.split("/")[0] in OURS]
        wrong = sorted(set(tree) ^ set(ours)) or [name for name in ours if archive.read(name) != tree[name]]
    if wrong:
        raise PackageError(f"{zip_path.name} and the tree differ in: {', '.join(wrong)}")


def digest(zip_path: Path) -> str:
    """The same for the same contents, however often they were packaged."""
    total = hashlib.sha256()
    with zipfile.ZipFile(zip_path) as archive:
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
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
