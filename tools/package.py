"""Builds `build/`: the zip and the template that a deployment takes, local or real, from the tree and nothing else."""

import fcntl
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


def package(root: Path = ROOT, out: Path = BUILD) -> bool:
    """Packages `root` into `out`, unless it holds just that already; says whether it did. Raises PackageError."""
    out.mkdir(parents=True, exist_ok=True)
    # `make run` beside `make test`: the second waits, and finds it done.
    with (out / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp, inputs = out / "inputs.sha256", _inputs(root)
        if stamp.exists() and stamp.read_text(encoding="ascii") == inputs:
            return False
        stamp.unlink(missing_ok=True)
        _package(root, out)
        stamp.write_text(inputs, encoding="ascii")
        return True


def _inputs(root: Path) -> str:
    """Changes whenever what a package is made of does, a renamed file included."""
    files = shipped_files(root)
    makers = [
        root / "requirements.txt",
        root / "requirements-dev.txt",
        Path(__file__),
        *(root / ".chalice").glob("*.*"),
    ]
    files |= {path.name: path.read_bytes() for path in makers}
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\0".encode())
    return total.hexdigest()


def _package(root: Path, out: Path) -> None:
    stage = out / "stage"
    _stage(root, stage)
    _chalice_package(stage)
    template = yaml.safe_load((stage / "out" / "sam.yaml").read_text(encoding="utf-8"))
    shutil.move(stage / "out" / ZIP, out / ZIP)
    (out / TEMPLATE).write_text(yaml.dump(template, Dumper=_NoAliases, allow_unicode=True), encoding="utf-8")
    check_zip(stage, out / ZIP)
    shutil.rmtree(stage)


def _stage(root: Path, stage: Path) -> None:
    """Copies what is packaged: Chalice would ship `__pycache__`, and take a stale zip from its cache after a rename."""
    shutil.rmtree(stage, ignore_errors=True)
    for name in SHIPPED:
        shutil.copytree(root / name, stage / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(root / "vendor", stage / "vendor", symlinks=True)
    (stage / ".chalice").mkdir()
    for name in ["app.py", "requirements.txt", *(f".chalice/{made.name}" for made in (root / ".chalice").glob("*.*"))]:
        shutil.copy(root / name, stage / name)


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


def digest(zip_path: Path) -> str:
    """The same for the same contents, however often they were packaged."""
    total = hashlib.sha256()
    with zipfile.ZipFile(zip_path) as archive:
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
            total.update(f"{entry.filename}\0{entry.CRC}\0{entry.file_size}\0".encode())
    return total.hexdigest()


def _chalice_package(stage: Path) -> None:
    chalice = str(Path(sys.executable).with_name("chalice"))
    # Chalice imports the app to read its routes, and would leave caches that then ship.
    environment = os.environ | {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [chalice, "package", "--stage", "prod", "--merge-template", ".chalice/resources.yaml", "out"]
    done = subprocess.run(command, cwd=stage, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0 or "Could not install dependencies" in done.stdout:
        raise PackageError(f"chalice package failed:\n{done.stdout}{done.stderr}")


def main() -> None:
    print("Packaging ...", end=" ", flush=True)
    print(f"made {TEMPLATE} and {ZIP} in build/." if package() else "nothing changed.")


if __name__ == "__main__":
    main()
