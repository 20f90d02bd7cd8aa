"""Where a search goes on that is more than one run can do. A part of what the sweep needs from outside."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class Search(StrEnum):
    RECENT_UPLOADS = "recent_uploads"
    OLD_UPLOADS = "old_uploads"


class Bookmarks(Protocol):
    """Two runs at once may set one back or forth: what is then met twice, or a round later, is met all the same."""

    def bookmarks(self) -> Mapping[Search, str]:
        """After what each goes on, as the lists say it; one that begins anew has none. One BatchGetItem."""
        ...

    def bookmark(self, search: Search, after: str | None) -> None: ...
