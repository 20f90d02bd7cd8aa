"""Moto's table, copied for each transaction at the cost of what changes."""

import copy
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.dynamodb.models.table import Table

from chalicelib.store import keys


@contextmanager
def copied_cheaply() -> Iterator[None]:
    """Moto copies the whole table for each transaction; what it changes in place are counters only."""
    setattr(Table, "__deepcopy__", _copy)  # noqa: B010  (Moto's class has none, and mypy knows that)
    try:
        yield
    finally:
        delattr(Table, "__deepcopy__")


def _copy(table: Table, memo: dict[int, Any]) -> Table:
    copied = copy.copy(table)
    copied.items = defaultdict(dict)
    for pk, items in table.items.items():
        copied.items[pk] = {
            sk: copy.deepcopy(it, memo) if sk.value in ("COUNTS", keys.COUNT) else it for sk, it in items.items()
        }
    return copied
