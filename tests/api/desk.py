"""Where bundles of a world are asked for, made and kept."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir

from chalicelib.service.bundles import Bundles
from chalicelib.service.bundling import Bundler
from chalicelib.service.queries import Queries
from chalicelib.store.bundles import TableBundles
from chalicelib.store.memory_signer import MemorySigner
from chalicelib.store.records import TableRecords
from chalicelib.store.table import Table
from tests.fakes import Sent, Shelf


class Desk:
    """A bundle can be made where the table is the one that the disputes lie in."""

    def __init__(
        self, queries: Queries, table: Table, sent: Sent, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self.sent = sent
        self.shelf = Shelf()
        self.signer = MemorySigner()
        register = TableBundles(table)
        self.bundles = Bundles(queries, register, self.shelf, sent, new_id)
        room = Path(gettempdir())
        self.bundler = Bundler(
            TableRecords(table), register, self.shelf, queries.bucket, queries.book, self.signer, clock, room
        )

    def make(self) -> None:
        """What the job does with what is queued."""
        while self.sent.bundles:
            self.bundler.make(*self.sent.bundles.pop(0))
