"""Commands for those who write policies: `python -m policies schema | check | publish`."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from policies import published
from policies.book import DOCUMENTS, PolicyBook
from policies.errors import PolicyError
from policies.load import json_schema
from policies.model import Policy

SCHEMA = Path(__file__).parent / "policy.schema.json"


def main(argv: Sequence[str]) -> int:
    """Run one command. Returns 1, having said why, if a document can't be used."""
    asked = arguments(argv)
    try:
        for line in _run(asked):
            sys.stdout.write(f"{line}\n")
    except PolicyError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """Parse the command line; exits with its usage if it is none of the commands."""
    parser = argparse.ArgumentParser("python -m policies", description="Check and publish policy documents.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("schema", help="write policy.schema.json, for editors")
    check = commands.add_parser("check", help="check every document, and that what was published is unchanged")
    publish = commands.add_parser("publish", help="check, and record what is new: from then on it never changes")
    for command in (check, publish):
        command.add_argument(
            "documents",
            nargs="?",
            type=Path,
            default=DOCUMENTS,
            help="a folder of <id>/<version>.yaml; else, what ships",
        )
    return parser.parse_args(argv)


def _run(asked: argparse.Namespace) -> Iterator[str]:
    match asked.command:
        case "schema":
            SCHEMA.write_text(schema_text(), encoding="utf-8")
            yield f"wrote {SCHEMA.name}"
        case "check":
            yield from _check(asked.documents)
        case "publish":
            yield from _publish(asked.documents)


def schema_text() -> str:
    """Give the schema as policy.schema.json holds it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _check(documents: Path) -> Iterator[str]:
    book, record = PolicyBook.from_folder(documents), published.beside(documents)
    known = published.read(record)
    if gone := list(published.gone(known, {(each.id, each.version) for each in book})):
        raise PolicyError(record, gone)
    for each in book:
        standing = "published" if published.has(known, each.id, each.version) else "not published yet"
        yield f"{each.id} {each.version}: {standing}, in force from {_local(each)}"


def _local(policy: Policy) -> str:
    return f"{policy.effective_from.astimezone(ZoneInfo(policy.zone)).isoformat()} ({policy.zone})"


def _publish(documents: Path) -> Iterator[str]:
    book, record = PolicyBook.from_folder(documents), published.beside(documents)
    book.check()
    for each in book:
        if not published.has(published.read(record), each.id, each.version):
            published.add(record, each.id, each.version, book.digest(each))
            yield f"published {each.id} {each.version}: {book.digest(each)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
