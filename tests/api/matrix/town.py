"""A world of two shops and two buyers, which can be put back to how it was."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app import app
from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import Side
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.keys import Key
from chalicelib.store.memory import MemoryTable
from chalicelib.store.memory_bucket import MemoryBucket
from chalicelib.store.table import Found, Item, Range
from tests.api.build import BUYER, SHOP, Caller, Reply, World
from tests.api.hooks import hooked, path_of

OTHER_SHOP, OTHER_BUYER = "shop:S2", "buyer:B2"
STATEMENT = "Called on the 2nd; she wants all of it back."

type Items = dict[Key, Item]
type Objects = tuple[object, ...]
type State = tuple[Items, Objects, tuple[object, ...]]


class Shelf(MemoryTable):
    """A table that is put back as it was. Items are replaced, never changed, so that keeping it is cheap."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Range] = []
        """What was looked for, since it was last put back."""

    def query(self, wanted: Range, *, limit: int) -> Found:
        self.asked.append(wanted)
        return super().query(wanted, limit=limit)

    def items(self) -> Items:
        return dict(self._items)

    def put_back(self, items: Items) -> None:
        self._items, self._partitions = {}, defaultdict(list)
        self.asked.clear()
        for key, item in items.items():
            self._put(key, item)


class Box(MemoryBucket):
    """A bucket that is put back as it was."""

    def objects(self) -> Objects:
        versions = {key: tuple(each) for key, each in self._versions.items()}
        return dict(self._forms), versions, dict(self._clean), frozenset(self.kept)

    def put_back(self, objects: Any) -> None:
        forms, versions, clean, kept = objects
        self._forms, self._clean, self.kept = dict(forms), dict(clean), set(kept)
        self._versions = defaultdict(list, {key: list(each) for key, each in versions.items()})


@dataclass(frozen=True, slots=True)
class Case:
    """A dispute of a shop and a buyer in some state, with what hangs on it."""

    shop: str
    buyer: str
    dispute: str
    his: str | None = None
    """A piece of the respondent's."""
    hers: str | None = None
    request: str | None = None
    appeal: str | None = None


@dataclass
class Town(World):
    """Whose merchant and buyer it speaks of, `side_of` says; the table holds disputes and webhooks alike."""

    shop: str = SHOP
    customer: str = BUYER
    shelf: Shelf = field(default_factory=Shelf)

    def __post_init__(self) -> None:
        self.store, self.hooks_table, self.box = DisputeStore(self.shelf), self.shelf, Box()
        self.bucket = self.box
        super().__post_init__()
        self._events: dict[tuple[str, str], dict[str, Any]] = {}

    @property
    def merchant(self) -> Caller:
        return self.caller("merchant", self.shop, sub=f"merchant of {self.shop}")

    @property
    def buyer(self) -> Caller:
        return self.caller("buyer", self.customer, sub=f"buyer {self.customer}")

    @property
    def operator(self) -> Caller:
        return self.caller("operator")

    def opened(self, **changes: Any) -> str:
        parties = {"respondent": self.shop, "complainant": self.customer, "external_id": self.new_id()}
        return super().opened(**(parties | changes))

    def a_ruling(self, dispute: str, **changes: Any) -> dict[str, Any]:
        owed = [{"party": self.shop, "amount": 10000, "currency": "CNY"}]
        return super().a_ruling(dispute, **({"liabilities": owed} | changes))

    def state(self) -> State:
        """All that a request could leave behind: the table, the bucket, what is queued."""
        queued = [each for queue in self._queues() for each in queue]
        return self.shelf.items(), self.box.objects(), tuple(queued)

    def _queues(self) -> list[list[object]]:
        return [self.mail.underway.waiting, *(each for each in vars(self.sent).values() if isinstance(each, list))]

    def put_back(self, state: State) -> None:
        """Queues are empty then: they are when everything is ready to be tried."""
        items, objects, _ = state
        self.shelf.put_back(items)
        self.box.put_back(objects)
        for queue in self._queues():
            queue.clear()

    def ask(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> Reply:
        """As `send`, with the gateway's routing done once an address."""
        event = self._events.get((method, address))
        if event is None:
            event = self._events[method, address] = self.gateway_event(method, address, b"{}")
        text = body.decode() if method == "POST" else None
        return self.handle(event | {"headers": headers, "body": text, "isBase64Encoded": False})

    def case(self, dispute: str) -> Case:
        found = self.dispute(dispute)
        pieces = [each for each in self.store.pieces(dispute) if each.withdrawn_at is None]
        sides = {side: next((each.id for each in pieces if each.side is side), None) for side in Side}
        return Case(
            self.shop,
            self.customer,
            dispute,
            his=sides[Side.RESPONDENT],
            hers=sides[Side.COMPLAINANT],
            request=found.requests[-1].id if found.requests else None,
            appeal=found.appeals[-1].id if found.appeals else None,
        )

    def dispute(self, dispute: str) -> Dispute:
        found = self.store.load(dispute).dispute
        assert found is not None
        return found


def cases_of(town: Town, shop: str, customer: str) -> dict[str, Case]:
    """A dispute in each state, by the state's name. Later ones let time pass, so that those that wait come last."""
    town.shop, town.customer = shop, customer
    made = {name: make(town) for name, make in _STATES.items()}
    for dispute in (each for name, each in made.items() if name != "waiting"):
        for piece in town.store.pieces(dispute):
            town.inspector.inspect(str(piece.key))
    return {name: town.case(dispute) for name, dispute in made.items()}


def _set_aside_asked(town: Town) -> str:
    dispute = town.defaulted()
    asked = {"target": "default", "cause": "platform_fault", "note": "Our message never reached the shop."}
    done(town.caller("platform", sub="platform-2").post(f"/v1/disputes/{dispute}/set-aside", asked))
    return dispute


def _waiting(town: Town) -> str:
    """Both sides have a piece that hasn't arrived."""
    dispute = town.opened(reason="quality")
    for by, requirement, stage in (
        (town.buyer, "claim_photo", "claim"),
        (town.merchant, "product_document", "response"),
    ):
        asked = {"requirement": requirement, "stage": stage, "media_type": "image/jpeg"}
        done(by.post(f"/v1/disputes/{dispute}/evidence", asked))
    return dispute


def _fresh(town: Town) -> str:
    """Both sides have a piece that arrived."""
    dispute = town.opened(reason="quality")
    town.submitted(dispute, "claim_photo", by=town.buyer, stage="claim")
    town.submitted(dispute, "product_document")
    return dispute


def _settling(town: Town) -> str:
    dispute = town.opened()
    done(town.merchant.post(f"/v1/disputes/{dispute}/settlement", {"statement": STATEMENT}))
    return dispute


def _asked(town: Town) -> str:
    """More evidence is wanted of the shop, which has it."""
    dispute = town.claimed()
    asked = {"sides": ["respondent"], "requirements": ["product_document"], "note": "Which batch was it?"}
    (request,) = done(town.reviewer.post(f"/v1/disputes/{dispute}/evidence-requests", asked))["evidence_requests"]
    town.submitted(dispute, "product_document", stage="supplement", request=request["id"])
    return dispute


def _submitted(town: Town) -> str:
    dispute = town.opened()
    town.submitted(dispute)
    return dispute


def _ruled(town: Town) -> str:
    """The shop has what it needs for an appeal."""
    dispute = town.ruled()
    town.an_appeal(dispute)
    return dispute


def _appealed(town: Town) -> str:
    return town.appealed()[0]


def _appeal_claimed(town: Town) -> str:
    dispute, _ = town.appealed()
    done(town.appeal_reviewer.post(f"/v1/disputes/{dispute}/review-claim"))
    return dispute


def _final(town: Town) -> str:
    dispute = town.opened()
    done(town.merchant.post(f"/v1/disputes/{dispute}/acceptance", {"statement": "It is lost; sorry."}))
    return dispute


def _held(town: Town) -> str:
    dispute = _final(town)
    done(town.caller("platform", sub="platform-2").post(f"/v1/disputes/{dispute}/hold", {"cause": "lawsuit"}))
    return dispute


_STATES: Final[Mapping[str, Callable[[Town], str]]] = {
    "defaulted": Town.defaulted,
    "set_aside_asked": _set_aside_asked,
    "contested": Town.contested,
    "claimed": Town.claimed,
    "asked": _asked,
    "ruled": _ruled,
    "appealed": _appealed,
    "appeal_claimed": _appeal_claimed,
    "settling": _settling,
    "final": _final,
    "held": _held,
    "submitted": _submitted,
    "fresh": _fresh,
    "waiting": _waiting,
}


def done(reply: Reply) -> Any:
    assert reply.status < 300, reply.text
    return reply.body


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook, and an event in its log."""

    id: str
    event: str


def hooks_of(town: Town, *owners: Caller) -> list[Hook]:
    """One webhook each; both shops have had a dispute since."""
    paths = [path_of(hooked(each, "dispute.opened")) for each in owners]
    for shop in (SHOP, OTHER_SHOP):
        town.shop = shop
        town.opened()
    town.mail.carry()
    return [Hook(path.rpartition("/")[2], _logged(each, path)) for each, path in zip(owners, paths, strict=True)]


def _logged(by: Caller, path: str) -> str:
    return str(done(by.get(f"{path}/attempts"))["items"][0]["event"])


ROUTES = sorted((method, path) for path, methods in app.routes.items() for method in methods)
