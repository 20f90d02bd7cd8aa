"""Bookmarks: an item a search."""

import secrets
from collections.abc import Mapping

from chalicelib.domain.bookmarks import Search
from chalicelib.store import keys
from chalicelib.store.table import Item, Put, Table, text


class BookmarkStore:
    """`bookmarks.Bookmarks` over a table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def bookmarks(self) -> Mapping[Search, str]:
        found = self._table.get([keys.bookmark(each) for each in Search])
        return {Search(key.sk): text(item, "after") for key, item in found.items() if "after" in item}

    def bookmark(self, search: Search, after: str | None) -> None:
        key = keys.bookmark(search)
        item: Item = {"pk": key.pk, "sk": key.sk, **({"after": after} if after else {})}
        self._table.write([Put(item)], secrets.token_hex(16))
