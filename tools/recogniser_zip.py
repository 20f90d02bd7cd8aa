"""The recogniser's own zip: its libraries and models, as small as they run, and the code of the tree that it needs.

Chalice doesn't make it: the function isn't Chalice's, and Chalice leaves nothing out.
"""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tools import zips
from tools.zips import PackageError, check_zip, contents, digest_of, is_needed, shipped_files, slimmed, write

RECOGNISER_ZIP = "recogniser.zip"
LOCKS = ("requirements-recogniser.txt", "requirements-models.txt")
WITHOUT = (
    "app.py",
    "chalicelib/http",
    *(f"chalicelib/jobs/{job}.py" for job in ("inspect", "lapse", "publish", "sweep")),
)
"""What needs Chalice, which isn't in this zip."""

# Lambda's python3.13 has glibc 2.34.
_PLATFORMS = ("manylinux2014_x86_64", *(f"manylinux_2_{minor}_x86_64" for minor in range(17, 35)))
_TARGET = ("--only-binary=:all:", "--implementation=cp", "--python-version=3.13")
_LEFT_OUT = (
    "numpy/_core/_*_tests.*",
    "numpy/_core/_simd.*",
    "numpy/f2py/*",
    *(f"onnxruntime/{part}/*" for part in ("backend", "datasets", "quantization", "tools", "transformers")),
    # The same code again, for programs in C.
    "onnxruntime/capi/libonnxruntime.so.*",
    "pypdfium2_cli/*",
    "rapidocr/*",
)
_KEPT = tuple(f"rapidocr/models/PP-OCRv6_{network}_small.onnx" for network in ("det", "rec"))
"""Of what is left out above."""


def inputs(root: Path) -> str:
    """Changes whenever what the zip is made of does."""
    return digest_of(shipped_files(root, WITHOUT) | {"libraries": _libraries_digest(root).encode()})


def make(root: Path, out: Path) -> None:
    """Writes the zip into `out`; the libraries are fetched once for each lock. Raises PackageError."""
    tree = shipped_files(root, WITHOUT)
    unfinished = out / f"{RECOGNISER_ZIP}.part"
    shutil.copyfile(_libraries(root, out / "libraries"), unfinished)
    with zipfile.ZipFile(unfinished, "a") as archive:
        for name in sorted(tree):
            write(archive, name, tree[name])
    check_zip(tree, unfinished)
    unfinished.replace(out / RECOGNISER_ZIP)


def _libraries_digest(root: Path) -> str:
    return digest_of(contents(*(root / lock for lock in LOCKS), Path(__file__), Path(zips.__file__)))


def _libraries(root: Path, cache: Path) -> Path:
    """A zip of the libraries alone, from the cache where it is there."""
    made = cache / f"{_libraries_digest(root)}.zip"
    if not made.exists():
        shutil.rmtree(cache, ignore_errors=True)
        installed = cache / "installed"
        _install(root, installed)
        _zip(installed, made.with_suffix(".part"))
        shutil.rmtree(installed)
        made.with_suffix(".part").replace(made)
    return made


def _install(root: Path, folder: Path) -> None:
    """As Lambda needs them, whatever machine this is."""
    # The locks name everything. What the models' wheel would bring along is not theirs.
    fixed = ["--quiet", "--no-deps", "--no-compile", "--require-hashes", f"--target={folder}"]
    wanted = [*_TARGET, *(f"--platform={platform}" for platform in _PLATFORMS), *(f"-r{root / lock}" for lock in LOCKS)]
    command = [sys.executable, "-m", "pip", "install", *fixed, *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PackageError(f"The recogniser's libraries can't be fetched:\n{done.stdout}{done.stderr}")


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and is_needed(name, _LEFT_OUT, _KEPT):
                write(archive, name, slimmed(name, path.read_bytes()))
