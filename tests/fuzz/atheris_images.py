"""Files made under the guidance of coverage: `make fuzz-atheris SECONDS=…`, which has an environment of its own.

It stops at the first file that raises, takes too long or too much, or leaves anything foreign in a copy, and keeps it.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["evidence", "pypdf", "PIL"]):
    from tests.fuzz.looking import answered
    from tests.fuzz.seeds import SEEDS


def look(content: bytes) -> None:
    """Raises AssertionError where a promise is broken."""
    _, violations = answered(content, len(content))
    if violations:
        raise AssertionError(violations)


def main(corpus: Path) -> None:
    """Begins with the seed files; what it finds worth keeping, it adds to them."""
    corpus.mkdir(parents=True, exist_ok=True)
    for name, content in SEEDS.items():
        (corpus / name).write_bytes(content)
    atheris.Setup([*sys.argv, str(corpus)], look)
    atheris.Fuzz()


if __name__ == "__main__":
    main(Path(".fuzz/corpus"))
