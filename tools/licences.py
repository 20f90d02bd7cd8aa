"""Lists the licences of what ships in docs/licences.md, and refuses one that doesn't go with Apache-2.0.

`check` writes nothing, and fails where the page isn't what it would write.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.paths import ROOT

PAGE: Final = ROOT / "docs" / "licences.md"

LOCKS: Final[Mapping[str, str]] = {
    "requirements.txt": "deployment.zip",
    "requirements-recogniser.txt": "recogniser.zip",
    "requirements-models.txt": "recogniser.zip",
}
RUNTIME: Final = "chalice"
"""Its runtime is in `deployment.zip`, although no lock of what ships names it."""

ALLOWED: Final = frozenset(
    {
        "0BSD",
        "3-Clause BSD License",
        "Apache Software License",
        "Apache-2.0",
        "BSD License",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "MIT",
        "MIT License",
        "MIT No Attribution License (MIT-0)",
        "MIT-0",
        "MIT-CMU",
        "PSF-2.0",
        "Zlib",
        # pypdfium2's: of what PDFium links (FreeType, libjpeg-turbo, zlib …), all permissive; its wheel has them.
        "dependency licenses",
    }
)
"""They ask for attribution at most. Copyleft would ask for more than Apache-2.0 gives."""

_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
_BETWEEN: Final = re.compile(r"; |, | AND | OR ")


class LicenceError(Exception):
    """What ships isn't installed here, or may not ship."""


@dataclass(frozen=True, order=True, slots=True)
class Library:
    name: str
    version: str
    licence: str
    where: tuple[str, ...]


def shipped(root: Path = ROOT) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The version of each library that ships, and the zips that it is in."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for lock, where in LOCKS.items():
        for name, version in pinned(root / lock).items():
            found[name] = (version, tuple(dict.fromkeys((*found.get(name, ("", ()))[1], where))))
    return found | {RUNTIME: (pinned(root / "requirements-dev.txt")[RUNTIME], ("deployment.zip",))}


def pinned(lock: Path) -> dict[str, str]:
    return {plain(name): version for name, version in _PINNED.findall(lock.read_text(encoding="utf-8"))}


def plain(name: str) -> str:
    """A library's name as the locks write it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_allowed(licence: str) -> bool:
    return all(each in ALLOWED for each in _BETWEEN.split(licence))


def installed() -> dict[str, tuple[str, str]]:
    """Version and licence of each library in this environment, as its own metadata say."""
    command = [str(Path(sys.executable).with_name("pip-licenses")), "--from=mixed", "--format=json"]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {plain(each["Name"]): (each["Version"], each["License"]) for each in told}


def libraries() -> tuple[Library, ...]:
    """Raises LicenceError."""
    here, found = installed(), []
    for name, (version, where) in sorted(shipped().items()):
        there, licence = here.get(name, ("", ""))
        if there != version:
            raise LicenceError(f"{name} {version} ships, and {there or 'none'} is installed: make the environment anew")
        if not is_allowed(licence):
            raise LicenceError(f"{name} {version} is under {licence}, which isn't among those that may ship")
        found.append(Library(name, version, licence, where))
    return tuple(found)


def page(found: tuple[Library, ...]) -> str:
    rows = "".join(f"| {each.name} | {each.version} | {each.licence} | {', '.join(each.where)} |\n" for each in found)
    return (
        "# Licences\n\n"
        "Recourse is under [Apache-2.0](../LICENSE). In its zips are these, under their own; the zips hold the texts\n"
        "that they bring along.\n"
        "`make licences` writes this page; `make check` fails where it isn't true, or where something is copyleft.\n\n"
        f"| library | version | licence | where |\n| --- | --- | --- | --- |\n{rows}"
    )


def main(*, check: bool) -> None:
    try:
        written = page(libraries())
    except LicenceError as error:
        sys.exit(str(error))
    if not check:
        PAGE.write_text(written, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != written:
        sys.exit("docs/licences.md isn't what ships: make licences")


if __name__ == "__main__":
    main(check="check" in sys.argv[1:])
