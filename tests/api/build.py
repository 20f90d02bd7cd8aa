"""The API over the memory store, with a clock to turn, and callers with real tokens."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any

from chalice.config import Config
from chalice.local import LambdaContext, LocalGateway
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from PIL import Image

from app import app
from chalicelib.domain.commands import Lapse
from chalicelib.domain.parties import Actor, Role
from chalicelib.http.cursors import Cursors
from chalicelib.http.deps import Deps, provide
from chalicelib.http.endpoint import Endpoint
from chalicelib.http.keys import KeysUnavailable, PublicKeys
from chalicelib.http.tokens import TokenVerifier
from chalicelib.service.commands import Commands, Request
from chalicelib.service.inspection import Inspector
from chalicelib.service.messages import Messages
from chalicelib.service.notifying import Notifier
from chalicelib.service.outage_work import OutageWorker
from chalicelib.service.outages import Outages
from chalicelib.service.queries import Queries
from chalicelib.service.recognition import Recognition
from chalicelib.settings import TokenSettings
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.instants import ulid_floor
from chalicelib.store.memory import MemoryStore, MemoryTable
from chalicelib.store.memory_bucket import MemoryBucket
from chalicelib.store.table import Table
from policies.book import PolicyBook
from tests.api.desk import Desk
from tests.api.hooks import Mail
from tests.api.truth import Truth
from tests.build import NOON
from tests.fakes import Reads, Sent

ISSUER, AUDIENCE = "https://id.example", "recourse"
SETTINGS = TokenSettings(ISSUER, AUDIENCE, f"{ISSUER}/jwks.json", frozenset({"RS256", "ES256"}))

SHOP, OTHER_SHOP, BUYER = "shop:S1", "shop:S2", "buyer:B1"
WORDS = "The parcel was handed over at the door on the 3rd, and signed for."


@cache
def ec_key(name: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig"})


@cache
def rsa_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


def endpoint(method: str, path: str) -> Endpoint:
    """What stands behind a route."""
    view: object = app.routes[path][method].view_function
    assert isinstance(view, Endpoint)
    return view


class Provider:
    """An identity provider: what it publishes, and how often it was asked."""

    def __init__(self) -> None:
        self.published = [ec_key("k1")]
        self.asked = 0
        self.away = False

    def fetch(self) -> KeySet:
        self.asked += 1
        if self.away:
            raise KeysUnavailable("away")
        return KeySet([each.import_key(each.as_dict(private=False)) for each in self.published])


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """Of a problem."""
        assert self.headers["Content-Type"] == "application/problem+json", self.text
        return str(self.body["code"])

    @property
    def etag(self) -> str:
        return self.headers["ETag"]


@dataclass
class World:
    """A service in memory. Every reply is held against the OpenAPI document."""

    now: datetime = NOON
    store: DisputeStore = field(default_factory=MemoryStore)
    hooks_table: Table = field(default_factory=MemoryTable)
    """Where webhooks and bundles are; the store may be over the same one, and is where a bundle is to be made."""
    bucket: MemoryBucket = field(default_factory=MemoryBucket)
    provider: Provider = field(default_factory=Provider)
    seconds: float = 1000.0
    book: PolicyBook = field(default_factory=cache(PolicyBook.from_folder))

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._salts = count(1)
        self.sent = Sent()
        self.reads = Reads()
        self.commands = Commands(self.store, self.bucket, self.book, self.new_id, "marketplace")
        self.queries = Queries(self.store, self.bucket, self.book, self.new_id)
        self.outages = Outages(self.store, self.new_id)
        self.notifier = Notifier(self.store, self.store, self.book, self.clock)
        self.outage_worker = OutageWorker(self.commands, self.store, self.sent, self.clock, self.new_id)
        self.inspector = Inspector(
            self.store, self.bucket, self.sent, self.book, self.clock, self.new_id, self.new_salt
        )
        self.recognition = Recognition(
            self.store, self.bucket, self.book, self.reads, self.clock, self.new_id, self.new_salt
        )
        self.desk = Desk(self.queries, self.hooks_table, self.sent, self.clock, self.new_id)
        self.mail = Mail(self.store, self.hooks_table, self.clock, self.new_id)
        self.keys = PublicKeys(self.provider.fetch, self.monotonic)
        self.deps = Deps(
            commands=self.commands,
            queries=self.queries,
            outages=self.outages,
            webhooks=self.mail.webhooks,
            messages=Messages(self.store, self.book, "marketplace"),
            bundles=self.desk.bundles,
            signing=self.desk.signer,
            tokens=TokenVerifier(SETTINGS, self.keys, self.clock),
            cursors=Cursors.keyed("test", secrets.token_bytes),
            clock=self.clock,
            new_id=self.new_id,
            new_salt=self.new_salt,
            default_policy="marketplace",
        )
        self._gateway = LocalGateway(app, Config.create(chalice_app=app))

    def clock(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    def new_id(self) -> str:
        """A ULID of now."""
        return f"{ulid_floor(self.now)}{next(self._numbers):016}"

    def new_salt(self) -> str:
        return f"salt-{next(self._salts)}"

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def lapse(self, dispute: str) -> None:
        """What the sweep's worker does."""
        self.commands.execute(dispute, Lapse(), Request(Actor("recourse", Role.SYSTEM), self.now))

    def tell(self) -> None:
        """What the bus and its worker do; the outbox keeps everything here, so everything is told again each time."""
        for item in self.store.outbox(self.now + timedelta(days=1), limit=1000):
            for event in item.events:
                self.notifier.happened(event.dispute, event.aggregate, event.seq)

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        *,
        epoch: int | None = None,
    ) -> Reply:
        event = self.gateway_event(method, path, body, headers)
        if epoch is not None:
            event["requestContext"]["requestTimeEpoch"] = epoch
        return self.handle(event)

    def gateway_event(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        event: dict[str, Any] = self._gateway.event_converter.create_lambda_event(
            method, path, headers or {}, body or None
        )
        return event

    def handle(self, event: dict[str, Any]) -> Reply:
        """What the function makes of the gateway's event."""
        with provide(self.deps):
            answer = app(event, LambdaContext("api", 1024))
        reply = Reply(answer["statusCode"], answer["headers"], answer["body"])
        context = event["requestContext"]
        Truth.of(app).check(context["httpMethod"], context["resourcePath"], reply.status, reply.headers, reply.text)
        return reply

    def token(self, **claims: Any) -> str:
        return sign(self.claims(**claims))

    def claims(
        self, role: str = "merchant", parties: tuple[str, ...] = (SHOP,), sub: str | None = None
    ) -> dict[str, Any]:
        now = int(self.now.timestamp())
        return {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": sub or f"{role}-1",
            "iat": now,
            "exp": now + 3600,
            "recourse_role": role,
            "recourse_parties": list(parties),
        }

    def caller(self, role: str, *parties: str, sub: str | None = None) -> "Caller":
        return Caller(self, role, parties, sub or f"{role}-1")

    @property
    def platform(self) -> "Caller":
        return self.caller("platform")

    @property
    def merchant(self) -> "Caller":
        return self.caller("merchant", SHOP)

    @property
    def buyer(self) -> "Caller":
        return self.caller("buyer", BUYER)

    @property
    def reviewer(self) -> "Caller":
        return self.caller("reviewer")

    @property
    def appeal_reviewer(self) -> "Caller":
        return self.caller("appeal_reviewer")

    def work(self, outage: str) -> None:
        """What the outage's job does, to the end."""
        self.sent.outages.append((outage, None))
        while self.sent.outages:
            self.outage_worker.work(self.sent.outages.pop(0)[0])

    # How far a dispute has come

    def opened(self, **changes: Any) -> str:
        reply = self.platform.post("/v1/disputes", a_claim(**changes))
        assert reply.status == 201, reply.text
        return str(reply.body["id"])

    def submitted(
        self, dispute: str, requirement: str = "proof_of_delivery", by: "Caller | None" = None, **more: Any
    ) -> str:
        """A picture, registered and uploaded."""
        asked = {"requirement": requirement, "stage": "response", "media_type": "image/jpeg", **more}
        reply = (by or self.merchant).post(f"/v1/disputes/{dispute}/evidence", asked)
        assert reply.status == 201, reply.text
        self.put(reply.body["upload"]["fields"]["key"])
        return str(reply.body["piece"]["id"])

    def put(self, key: str) -> None:
        """A picture is uploaded."""
        self.bucket.put(key, picture(), at=self.now)

    def contested(self, **changes: Any) -> str:
        dispute = self.opened(**changes)
        piece = self.submitted(dispute)
        reply = self.merchant.post(f"/v1/disputes/{dispute}/response", {"statement": WORDS, "pieces": [piece]})
        assert reply.status == 200, reply.text
        return dispute

    def claimed(self, **changes: Any) -> str:
        dispute = self.contested(**changes)
        assert self.reviewer.post(f"/v1/disputes/{dispute}/review-claim").status == 200
        return dispute

    def ruled(self, **changes: Any) -> str:
        dispute = self.claimed(**changes)
        reply = self.reviewer.post(f"/v1/disputes/{dispute}/ruling", self.a_ruling(dispute))
        assert reply.status == 200, reply.text
        return dispute

    def a_ruling(self, dispute: str, **changes: Any) -> dict[str, Any]:
        """For the complainant, each open point not met."""
        return {
            "outcome": "for_complainant",
            "basis": "merits",
            "remedy": REMEDY,
            "liabilities": [{"party": SHOP, "amount": 10000, "currency": "CNY"}],
            "checklist": self.answers(dispute, self.reviewer),
            "rationale": "The signature isn't the recipient's.",
            **changes,
        }

    def answers(self, dispute: str, by: "Caller", *, met: bool = False) -> list[dict[str, Any]]:
        points = by.get(f"/v1/disputes/{dispute}/checklist").body["points"]
        return [
            {"side": each["side"], "requirement": each["requirement"], "point": each["point"], "met": met}
            for each in points
        ]

    def appealed(self, **changes: Any) -> tuple[str, str]:
        """The dispute, and its appeal."""
        dispute = self.ruled(**changes)
        reply = self.merchant.post(f"/v1/disputes/{dispute}/appeals", self.an_appeal(dispute))
        assert reply.status == 201, reply.text
        return dispute, str(reply.body["appeals"][-1]["id"])

    def an_appeal(self, dispute: str) -> dict[str, Any]:
        wanted = self.merchant.get(f"/v1/disputes/{dispute}/appeal-eligibility").body["key_evidence"]["blocking"]
        pieces = [self.submitted(dispute, wanted[0], stage="appeal")] if wanted else []
        return {"grounds": ["attribution"], "statement": "The recipient signed: see the form.", "pieces": pieces}

    def defaulted(self, **changes: Any) -> str:
        dispute = self.opened(**changes)
        self.later(hours=24, milliseconds=1)
        self.lapse(dispute)
        return dispute


@dataclass(frozen=True)
class Caller:
    world: World
    role: str
    parties: tuple[str, ...]
    sub: str

    def get(self, path: str, **headers: str) -> Reply:
        return self.world.send("GET", path, headers=self._headers(headers))

    def post(
        self, path: str, body: Any = None, *, key: str | None = "", epoch: int | None = None, **headers: str
    ) -> Reply:
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        return self.world.send("POST", path, raw, self._headers(headers, key) | _JSON, epoch=epoch)

    def delete(self, path: str, *, key: str | None = "", **headers: str) -> Reply:
        return self.world.send("DELETE", path, headers=self._headers(headers, key))

    def _headers(self, more: dict[str, str], key: str | None = None) -> dict[str, str]:
        """`key=""` makes a fresh one up; None sends none."""
        token = self.world.token(role=self.role, parties=self.parties, sub=self.sub)
        said = {"authorization": f"Bearer {token}"} | {name.replace("_", "-"): each for name, each in more.items()}
        return said if key is None else said | {"idempotency-key": key or self.world.new_id()}


_JSON = {"content-type": "application/json"}

REMEDY = {"kind": "refund_only", "amount": 10000, "currency": "CNY"}


def a_claim(**changes: Any) -> dict[str, Any]:
    return {
        "external_id": "EXT-1",
        "respondent": SHOP,
        "complainant": BUYER,
        "order": {
            "id": "O-1",
            "shop_name": "Sample shop",
            "items": [{"sku": "T1", "title": "Teapot", "quantity": 1, "price": {"amount": 10000, "currency": "CNY"}}],
            "shipments": [{"direction": "outbound", "carrier": "SF", "waybill_no": "SF1234567890"}],
        },
        "reason": "not_received",
        "statement": "Nothing has arrived.",
        "requested_remedy": REMEDY,
        **changes,
    }


def sign(claims: dict[str, Any], key: Any = None, **header: Any) -> str:
    key = key or ec_key("k1")
    algorithm = "RS256" if key.key_type == "RSA" else "ES256"
    return jwt.encode({"alg": algorithm, "kid": key.kid, "typ": "at+jwt", **header}, claims, key)


@cache
def picture() -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").resize((600, 600)).convert("RGB").save(out, "JPEG")
    return out.getvalue()
