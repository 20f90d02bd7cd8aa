"""How far checking the table has come: one item."""

import secrets
from dataclasses import replace

from chalicelib.domain.checking import Checked
from chalicelib.store import codec, keys
from chalicelib.store.table import Absent, Cancelled, Clause, Compared, Item, Op, Put, Table, text


class CheckItem:
    """`checking.CheckBook` over a table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def checked(self) -> Checked | None:
        found = self._table.get([keys.CHECKED])
        return codec.decode(text(found[keys.CHECKED], "state"), Checked) if found else None

    def note(self, checked: Checked) -> Checked | None:
        """What was written by a try whose answer got lost is known by its commit."""
        commit = secrets.token_hex(16)
        noted = replace(checked, seq=checked.seq + 1)
        key, state = keys.CHECKED, codec.encode(noted)
        item: Item = {"pk": key.pk, "sk": key.sk, "seq": noted.seq, "state": state, "commit": commit}
        before: Clause = Compared("seq", Op.EQUAL, checked.seq) if checked.seq else Absent()
        try:
            self._table.write([Put(item, (before,))], commit)
        except Cancelled as cancelled:
            mine = any(each.found is not None and each.found.get("commit") == commit for each in cancelled.failed)
            return noted if mine else None
        return noted
