"""The record of what was published. A published version never changes: disputes are pinned to it by its digest."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from policies.errors import Problem

type Record = Mapping[str, Mapping[str, str]]
"""Policy id to version to digest. Versions are strings, as JSON has it."""


def beside(documents: Path) -> Path:
    """Say where the record of a folder of documents is kept."""
    return documents.parent / "published.json"


def read(record: Path) -> Record:
    """Read a record; one that doesn't exist yet is empty."""
    if not record.exists():
        return {}
    published: Record = json.loads(record.read_text(encoding="utf-8"))
    return published


def has(record: Record, policy_id: str, version: int) -> bool:
    """Say whether that version was published."""
    return str(version) in record.get(policy_id, {})


def changed(record: Record, policy_id: str, version: int, digest: str) -> Problem | None:
    """Say what is wrong with a document that isn't what was published under its id and version."""
    published = record.get(policy_id, {}).get(str(version))
    if published in (None, digest):
        return None
    return Problem(
        (),
        f"{policy_id} {version} was published with the digest {published}, but now has {digest}",
        "A published version never changes: undo this, and make the change in a new version",
    )


def gone(record: Record, there: Collection[tuple[str, int]]) -> Iterator[Problem]:
    """Name each published version that is no longer there, although disputes may be pinned to it."""
    for policy_id, versions in record.items():
        for version in versions:
            if (policy_id, int(version)) not in there:
                yield Problem(
                    (policy_id, version), "was published and is gone", f"Bring {policy_id}/{version}.yaml back"
                )


def add(record: Path, policy_id: str, version: int, digest: str) -> None:
    """Append a version to the record. One that is there stays as it is."""
    published = {id_: dict(versions) for id_, versions in read(record).items()}
    published.setdefault(policy_id, {}).setdefault(str(version), digest)
    record.write_text(json.dumps(published, indent=2) + "\n", encoding="utf-8")
