"""How far checking the table has come: one item."""

import secrets
from dataclasses import replace

from chalicelib.domain.checking import Checked
from chalicelib.store import codec, keys
from chalicelib.store.table import Absent, Cancelled, Clause, Compared, Item, Op, Put, Table, number, text


class CheckItem:
    """`checking.CheckBook` over a table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def checked(self) -> Checked | None:
        found = self._table.get([keys.CHECKED])
        return _read(found[keys.CHECKED]) if found else None

    def note(self, checked: Checked) -> Checked | None:
        """What a try wrote whose answer got lost is known by its commit; what can't be read is written over."""
        commit = secrets.token_hex(16)
        noted = replace(checked, seq=checked.seq + 1)
        key, state = keys.CHECKED, codec.encode(noted)
        item: Item = {"pk": key.pk, "sk": key.sk, "seq": noted.seq, "state": state, "commit": commit}
        before: Clause = Compared("seq", Op.EQUAL, checked.seq) if checked.seq else Absent()
        try:
            self._table.write([Put(item, (before,))], commit)
        except Cancelled as cancelled:
            stands = cancelled.failed[0].found
            if stands is None or (stands.get("commit") != commit and _read(stands)):
                return None
            self._table.write([Put(item)], commit)
        return noted


def _read(item: Item) -> Checked | None:
    """None for what nobody has noted: it counts as none."""
    try:
        noted = codec.decode(text(item, "state"), Checked)
        return noted if noted.seq == number(item, "seq") else None
    except (*codec.UNREADABLE, KeyError, TypeError):
        return None
