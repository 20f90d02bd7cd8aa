"""An evidence bucket in memory, for tests: it refuses what S3 would refuse."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final
from urllib.parse import urlencode

from chalicelib.domain.piece import Arrival, may_be_shown
from chalicelib.domain.ports import UploadForm

_URL: Final = "https://evidence.invalid/"


class UploadRefused(Exception):
    """The form doesn't allow this upload."""


@dataclass(frozen=True, slots=True)
class _Terms:
    key: str
    media_type: str
    max_bytes: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class _Version:
    id: str
    content: bytes
    at: datetime


class MemoryBucket:
    """`ports.EvidenceBucket` in a dictionary."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._forms: dict[str, _Terms] = {}
        self._versions: defaultdict[str, list[_Version]] = defaultdict(list)
        self._clean: dict[str, tuple[bytes, str]] = {}
        self.kept: set[tuple[str, str]] = set()
        """(key, version id) of what no clearing away will take."""

    def upload(self, form: UploadForm, content: bytes, *, at: datetime) -> str:
        """What a client does with the form; gives the version's id. Raises UploadRefused as S3 would."""
        terms = self._forms[form.fields["policy"]]
        for holds, why in (
            (at < terms.expires_at, "the form has expired"),
            (0 < len(content) <= terms.max_bytes, "the size is out of range"),
            (form.fields["key"] == terms.key, "the key is another one"),
            (form.fields["Content-Type"] == terms.media_type, "the type is another one"),
        ):
            if not holds:
                raise UploadRefused(why)
        return self.put(form.fields["key"], content, at=at)

    def put(self, key: str, content: bytes, *, at: datetime) -> str:
        """An object, without a form; gives the version's id. S3 itself tells whole seconds only."""
        version = _Version(f"v{next(self._ids)}", content, at)
        self._versions[key].append(version)
        return version.id

    def lose(self, key: str, version_id: str) -> None:
        """A version goes for good, as by somebody's mistake."""
        self._versions[key].remove(self._version(key, version_id))

    def clean(self, key: str) -> tuple[bytes, str]:
        """A clean copy and its media type; KeyError where there is none."""
        return self._clean[key]

    def upload_form(self, key: str, *, media_type: str, max_bytes: int, expires_at: datetime) -> UploadForm:
        policy = f"form-{next(self._ids)}"
        self._forms[policy] = _Terms(key, media_type, max_bytes, expires_at)
        return UploadForm(_URL, {"key": key, "Content-Type": media_type, "policy": policy}, expires_at)

    def find(self, key: str) -> Arrival | None:
        versions = self._versions.get(key)
        return Arrival(versions[0].at, versions[0].id, len(versions[0].content), sha256=None) if versions else None

    def read(self, key: str, version_id: str, *, max_bytes: int) -> bytes:
        return self._version(key, version_id).content[: max_bytes + 1]

    def keep(self, key: str, version_id: str) -> None:
        self.kept.add((key, self._version(key, version_id).id))

    def put_clean(self, key: str, content: bytes, media_type: str) -> None:
        self._clean[key] = (content, media_type)

    def read_clean(self, key: str) -> bytes:
        return self._clean[key][0]

    def erase(self, prefix: str) -> int:
        gone = [each for each in self._versions if each.startswith(prefix)]
        copies = [each for each in self._clean if each.startswith(prefix)]
        erased = sum(len(self._versions.pop(each)) for each in gone) + len(copies)
        for each in copies:
            del self._clean[each]
        return erased

    def any_left(self, prefix: str) -> bool:
        there = (*(key for key, versions in self._versions.items() if versions), *self._clean)
        return any(each.startswith(prefix) for each in there)

    def sizes(self, prefix: str) -> Mapping[tuple[str, str], int]:
        found = {key: versions for key, versions in self._versions.items() if key.startswith(prefix)}
        return {(key, each.id): len(each.content) for key, versions in found.items() for each in versions}

    def view_link(self, key: str, *, version_id: str | None, attachment: bool, seconds: int) -> str:
        if not attachment and not may_be_shown(key):
            raise ValueError(key)
        asked: Mapping[str, object] = {"version": version_id or "", "attachment": attachment, "seconds": seconds}
        return f"{_URL}{key}?{urlencode(asked)}"

    def _version(self, key: str, version_id: str) -> _Version:
        found = next((each for each in self._versions.get(key, ()) if each.id == version_id), None)
        if found is None:
            raise KeyError(key)
        return found
