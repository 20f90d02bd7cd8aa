"""The use cases over the memory store: what a caller of the service has in hand."""

from datetime import datetime
from functools import cache
from io import BytesIO
from itertools import count

from PIL import Image

from chalicelib.domain import commands as c
from chalicelib.domain.claim import Direction, Item, Order, Remedy, Shipment, Text
from chalicelib.domain.measures import Measure
from chalicelib.domain.model import Stage
from chalicelib.domain.parties import Actor
from chalicelib.domain.ports import IdempotencyKey, PrivateText
from chalicelib.service.commands import Commands, Done, Request
from chalicelib.service.inspection import Inspector
from chalicelib.service.lapsing import Lapser
from chalicelib.service.lost_bundles import LostBundles
from chalicelib.service.lost_uploads import LostUploads
from chalicelib.service.notifying import Notifier
from chalicelib.service.outage_work import OutageWorker
from chalicelib.service.outages import Outages
from chalicelib.service.publishing import Publisher
from chalicelib.service.queries import Queries
from chalicelib.service.recognition import Recognition
from chalicelib.service.reminding import Reminding
from chalicelib.service.sweeping import Sweeper
from chalicelib.store.bundles import TableBundles
from chalicelib.store.memory import MemoryStore, MemoryTable
from chalicelib.store.memory_bucket import MemoryBucket
from policies.book import PolicyBook
from policies.model import Medium, RemedyKind
from tests.build import BUYER_PARTY, MERCHANT, NOON, PLATFORM, SHOP, yuan
from tests.fakes import Reads, Sent

WAYBILL = "SF3230380012621"


class Shop:
    """A service in memory, with a clock to turn."""

    def __init__(self, store=None, book: PolicyBook | None = None) -> None:
        self.now: datetime = NOON
        self.store = store or MemoryStore()
        self.bucket = MemoryBucket()
        self.sent = Sent()
        self._ids = count(1)
        book, clock = book or the_book(), lambda: self.now
        self.measured: list[tuple[Measure, float]] = []
        self.commands = Commands(self.store, self.bucket, book, self.new_id, "marketplace", self.meter)
        self.queries = Queries(self.store, self.bucket, book, self.new_id)
        self.inspector = Inspector(self.store, self.bucket, self.sent, book, clock, self.new_id, self.new_salt)
        self.reads = Reads()
        self.recognition = Recognition(self.store, self.bucket, book, self.reads, clock, self.new_id, self.new_salt)
        self.publisher = Publisher(self.store, self.sent)
        self.reminding = Reminding(self.store, self.store, self.sent, book, clock)
        self.notifier = Notifier(self.store, self.store, book, clock)
        self.lost_uploads = LostUploads(self.store, self.store, self.bucket, self.sent, clock, self.meter)
        self.bundles = TableBundles(MemoryTable())
        lost = self.lost_uploads, LostBundles(self.bundles, self.sent, clock)
        self.sweeper = Sweeper(
            self.store, self.sent, self.publisher, clock, self.store, self.reminding, *lost, book, self.meter
        )
        self.lapser = Lapser(self.commands, clock)
        self.outages = Outages(self.store, self.new_id)
        self.outage_worker = OutageWorker(self.commands, self.store, self.sent, clock, self.new_id)

    def meter(self, measure: Measure, value: float) -> None:
        self.measured.append((measure, value))

    def new_id(self) -> str:
        return f"01K{next(self._ids):023}"

    def new_salt(self) -> str:
        return f"salt-{next(self._ids)}"

    def open(self, external_id: str = "EXT-1", *, key: IdempotencyKey | None = None) -> Done:
        shipped = Shipment(Direction.OUTBOUND, "Sample Express", WAYBILL)
        order = Order("O-1", "Sample shop", (Item("SKU-1", "Teapot", 1, yuan(100)),), (shipped,))
        ref = self.commands.policy_ref(None, self.now)
        remedy = Remedy(RemedyKind.REFUND_ONLY, yuan(100))
        command = c.Open(external_id, ref, SHOP, BUYER_PARTY, order, "not_received", remedy, None)
        return self.commands.open(command, Request(PLATFORM, self.now, key))

    def ask(self, dispute: str, command: c.Command, by: Actor = MERCHANT, **more) -> Done:
        return self.commands.execute(dispute, command, Request(by, self.now, **more))

    def register(self, dispute: str, **more) -> str:
        command = c.RegisterPiece("proof_of_delivery", Stage.RESPONSE, None, Medium.IMAGE)
        ref = self.ask(dispute, command, **more).piece
        assert ref is not None
        return ref.id

    def upload(self, dispute: str, piece: str, content: bytes | None = None) -> str:
        """Puts a picture where the piece's form says; gives the key."""
        (found,) = [each for each in self.store.pieces(dispute) if each.id == piece]
        assert found.key is not None
        self.bucket.put(found.key, content or picture(), at=self.now)
        return found.key

    def contest(self, dispute: str, *pieces: str, words: str = "It was handed over on the 3rd.", **more) -> Done:
        statement = Text(self.new_id(), "0" * 64)
        texts = (PrivateText(statement.id, "salt", words),)
        return self.ask(dispute, c.Contest(statement, pieces), texts=texts, **more)


@cache
def the_book() -> PolicyBook:
    """The documents that ship, read once."""
    return PolicyBook.from_folder()


@cache
def picture() -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").resize((600, 600)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def a_key(name: str = "key-1", fingerprint: str = "f" * 64, caller: str = "merchant-1") -> IdempotencyKey:
    return IdempotencyKey(caller, name, fingerprint)
