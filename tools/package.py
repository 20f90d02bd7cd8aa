"""Builds `build/`: the zips and the template that a deployment takes, local or real, from the tree and nothing else."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tools import recogniser_zip, zips
from tools.paths import BUILD, ROOT
from tools.recogniser_zip import RECOGNISER_ZIP
from tools.zips import (
    PackageError,
    check_zip,
    contents,
    digest_of,
    is_bytecode,
    is_needed,
    shipped_files,
    slimmed,
    write,
)

__all__ = ["RECOGNISER_ZIP", "TEMPLATE", "ZIP", "PackageError", "package"]

ZIP = "deployment.zip"
TEMPLATE = "template.yaml"


class _NoAliases(yaml.SafeDumper):
    """CloudFormation takes no YAML aliases, which Chalice's template has."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401
        del data
        return True


def package(root: Path = ROOT, out: Path = BUILD) -> tuple[str, ...]:
    """Packages `root` into `out`, as far as that isn't there already; says which files it made. Raises PackageError."""
    out.mkdir(parents=True, exist_ok=True)
    # `make run` beside `make test`: the second waits, and finds it done.
    with (out / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = [TEMPLATE, ZIP] if _renew(out / f"{ZIP}.inputs", _inputs(root), lambda: _make(root, out)) else []
        recogniser = out / f"{RECOGNISER_ZIP}.inputs"
        if _renew(recogniser, recogniser_zip.inputs(root), lambda: recogniser_zip.make(root, out)):
            made.append(RECOGNISER_ZIP)
        return tuple(made)


def _renew(stamp: Path, inputs: str, make: Callable[[], None]) -> bool:
    """Makes what the stamp stands for, unless it was made of just these inputs; says whether it did."""
    if stamp.exists() and stamp.read_text(encoding="ascii") == inputs:
        return False
    stamp.unlink(missing_ok=True)
    make()
    stamp.write_text(inputs, encoding="ascii")
    return True


def _inputs(root: Path) -> str:
    """Changes whenever what Chalice's package is made of does, a renamed file included."""
    makers = [
        root / "requirements.txt",
        root / "requirements-dev.txt",
        Path(__file__),
        Path(zips.__file__),
        *(root / ".chalice").glob("*.*"),
    ]
    return digest_of(shipped_files(root) | contents(*makers))


def _make(root: Path, out: Path) -> None:
    stage = out / "stage"
    shipped = shipped_files(root)
    _stage(root, shipped, stage)
    _chalice_package(stage)
    template = yaml.safe_load((stage / "out" / "sam.yaml").read_text(encoding="utf-8"))
    _put_policies(template, stage / ".chalice")
    _pack(stage / "out" / ZIP, out / ZIP)
    (out / TEMPLATE).write_text(yaml.dump(template, Dumper=_NoAliases, allow_unicode=True), encoding="utf-8")
    check_zip(shipped, out / ZIP)
    shutil.rmtree(stage)


def _pack(whole: Path, target: Path) -> None:
    """What functions need of Chalice's zip, with bytecode."""
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(target, "w") as archive:
        for name in sorted(source.namelist()):
            if is_needed(name) and not is_bytecode(name):
                write(archive, name, slimmed(name, source.read(name)))


def _stage(root: Path, shipped: Mapping[str, bytes], stage: Path) -> None:
    """Copies what is packaged: Chalice would ship `__pycache__`, and take a stale zip from its cache after a rename."""
    shutil.rmtree(stage, ignore_errors=True)
    for name, content in shipped.items():
        (stage / name).parent.mkdir(parents=True, exist_ok=True)
        (stage / name).write_bytes(content)
    shutil.copytree(root / "vendor", stage / "vendor", symlinks=True)
    (stage / ".chalice").mkdir()
    for name in ["requirements.txt", *(f".chalice/{made.name}" for made in (root / ".chalice").glob("*.*"))]:
        shutil.copy(root / name, stage / name)


def _chalice_package(stage: Path) -> None:
    chalice = str(Path(sys.executable).with_name("chalice"))
    # Chalice imports the app to read its routes, and would leave caches that then ship.
    environment = os.environ | {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [chalice, "package", "--stage", "prod", "--merge-template", ".chalice/resources.yaml", "out"]
    done = subprocess.run(command, cwd=stage, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0 or "Could not install dependencies" in done.stdout:
        raise PackageError(f"chalice package failed:\n{done.stdout}{done.stderr}")


def _put_policies(template: dict[str, Any], folder: Path) -> None:
    """Puts each policy where a role of ours names its file; Chalice does so for its own functions only."""
    for resource in template["Resources"].values():
        for policy in resource["Properties"].get("Policies", ()):
            if isinstance(policy["PolicyDocument"], str):
                written = (folder / policy["PolicyDocument"]).read_text(encoding="utf-8")
                policy["PolicyDocument"] = json.loads(written)


def main() -> None:
    print("Packaging ...", end=" ", flush=True)
    made = package()
    print(f"made {', '.join(made)} in build/." if made else "nothing changed.")


if __name__ == "__main__":
    main()
