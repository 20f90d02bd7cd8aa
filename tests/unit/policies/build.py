"""Documents to try: the contrarian one, with what a test changes in it."""

import copy
import json
from dataclasses import fields
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from policies.book import DOCUMENTS
from policies.model import AppealPolicy, QuotaPolicy, Reason, ResponsePolicy, SupplementPolicy

CONTRARIAN = Path(__file__).parents[2] / "policies"
"""A folder of documents, as DOCUMENTS is: for tests, deliberately unlike the marketplace."""

GONE = object()
"""Put in a place, it takes away what is there."""


CHOICES = {
    "on_lapse": "A2",
    "invalid_response": "A3",
    "upload_grace_seconds": "A5",
    "auto_contest": "A14",
    "supplement_lapsed": "A15",
    "appeal_window_from": "B1",
    "window_lapsed": "B1",
    "reappeal_after_failure": "B2",
    "failure_counted_in": "B5",
    "appeal_after_default": "B6",
    "count_default_dismissals": "B6",
    "pause_window_while_blocked": "B12",
}
"""The choices that a policy makes, by the rulebook's name, and the rule that each is of."""

_PARTS = (ResponsePolicy, SupplementPolicy, AppealPolicy, QuotaPolicy, Reason)


def plain(policy_id: str, folder: Path = DOCUMENTS) -> dict[str, Any]:
    """Give the first version of a document as plain data, the caller's to change."""
    return copy.deepcopy(_parsed(folder / policy_id / "1.yaml"))


@cache
def _parsed(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return data | {"effective_from": data["effective_from"].isoformat()}


def write(documents: Path, changes: dict[str, Any] | None = None) -> Path:
    """Write the contrarian document, changed in these dotted places, where its id and version say. Returns its path."""
    data = plain("contrarian", CONTRARIAN)
    for place, value in (changes or {}).items():
        put(data, place, value)
    return write_text(documents, json.dumps(data), data.get("id", "contrarian"), data.get("version", 1))


def write_text(documents: Path, text: str, policy_id: object = "contrarian", version: object = 1) -> Path:
    path = documents / str(policy_id) / f"{version}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def put(data: dict[str, Any], place: str, value: object) -> None:
    """Put a value where a dotted place says, e.g. appeal.quota.per_month."""
    *around, last = place.split(".")
    for each in around:
        data = data[each]
    if value is GONE:
        del data[last]
    else:
        data[last] = value


def values(choice: str) -> list[str]:
    """Give the values that a choice may have, as YAML writes them; of a number, only the least."""
    kind = next(each.type for part in _PARTS for each in fields(part) if each.name == choice)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [each.value for each in kind]
    return ["true", "false"] if kind is bool else ["0"]
