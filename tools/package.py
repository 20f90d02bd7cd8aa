"""Builds `build/`: the zip and the template that a deployment takes, local or real, from the tree and nothing else."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import yaml

from tools.paths import BUILD, ROOT

ZIP = "deployment.zip"
TEMPLATE = "template.yaml"
SHIPPED = ("chalicelib", "evidence", "policies")


class PackageError(Exception):
    """What was packaged isn't what is in the tree, or nothing was."""


class _NoAliases(yaml.SafeDumper):
    """CloudFormation takes no YAML aliases, which Chalice's template has."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401
        del data
        return True


def package(root: Path = ROOT, out: Path = BUILD) -> Path:
    """Packages `root` into `out` and returns the template's path. Raises PackageError."""
    _clean(root)
    made = root / ".chalice" / "package"
    shutil.rmtree(made, ignore_errors=True)
    _chalice_package(root, made)
    template = yaml.safe_load((made / "sam.yaml").read_text(encoding="utf-8"))
    out.mkdir(parents=True, exist_ok=True)
    shutil.move(made / ZIP, out / ZIP)
    (out / TEMPLATE).write_text(yaml.dump(template, Dumper=_NoAliases, allow_unicode=True), encoding="utf-8")
    shutil.rmtree(made)
    check_zip(root, out / ZIP)
    return out / TEMPLATE


def shipped_files(root: Path) -> dict[str, bytes]:
    """The files of the tree that belong into the zip, by their name there."""
    trees = [path for name in SHIPPED for path in (root / name).rglob("*") if path.is_file()]
    ours = [path for path in [root / "app.py", *trees] if "__pycache__" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in ours}


def check_zip(root: Path, zip_path: Path) -> None:
    """Raises PackageError unless the zip holds exactly the tree's own files, unchanged, beside the libraries."""
    tree = shipped_files(root)
    with zipfile.ZipFile(zip_path) as archive:
        ours = [name for name in archive.namelist() if name == "app.py" or name.split("/")[0] in SHIPPED]
        wrong = sorted(set(tree) ^ set(ours)) or [name for name in ours if archive.read(name) != tree[name]]
    if wrong:
        raise PackageError(f"{zip_path.name} and the tree differ in: {', '.join(wrong)}")


def digest(folder: Path = BUILD) -> str:
    """Changes whenever the code, a library or the template does; the same for the same contents, however often packaged."""
    total = hashlib.sha256((folder / TEMPLATE).read_bytes())
    with zipfile.ZipFile(folder / ZIP) as archive:
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
            total.update(f"{entry.filename}\0{entry.CRC}\0{entry.file_size}\0".encode())
    return total.hexdigest()


def _clean(root: Path) -> None:
    """Chalice's cache goes by contents, not by names, and `__pycache__` would ship."""
    shutil.rmtree(root / ".chalice" / "deployments", ignore_errors=True)
    for name in SHIPPED:
        for cache in list((root / name).rglob("__pycache__")):
            shutil.rmtree(cache, ignore_errors=True)


def _chalice_package(root: Path, out: Path) -> None:
    chalice = Path(sys.executable).with_name("chalice")
    # Chalice imports the app to read its routes, and would leave caches behind that then ship.
    environment = os.environ | {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [chalice, "package", "--stage", "prod", "--merge-template", ".chalice/resources.yaml", out]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0 or "Could not install dependencies" in done.stdout:
        raise PackageError(f"chalice package failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    print(f"Packaged {package().relative_to(ROOT)} and {ZIP} beside it.")
