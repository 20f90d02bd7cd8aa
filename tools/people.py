"""Those who talk to the service, over HTTP as their systems would: for the demo, the seeds and the tests."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import urllib3

_HTTP = urllib3.PoolManager(timeout=60, retries=False)
_MEDIA_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".pdf": "application/pdf"}
INSPECTED_WITHIN = 60
"""Seconds; the two looks take about three, and the local engine starts their functions first."""

type Json = dict[str, Any]


class TokenFor(Protocol):
    """Gives a token for a role, for the parties that its holder belongs to."""

    def __call__(self, role: str, parties: Sequence[str] = (), sub: str | None = None) -> str: ...


class RefusedError(Exception):
    """The service answered with a problem."""

    def __init__(self, status: int, problem: Json) -> None:
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        return str(self.problem["code"])


@dataclass(frozen=True)
class Person:
    """One caller with a token. Each change is sent under a fresh Idempotency-Key."""

    api: str
    token: str

    def get(self, path: str, **query: str) -> Json:
        return self._answer(_HTTP.request("GET", f"{self.api}/v1{path}", fields=query, headers=self._headers()))

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Json:
        """Raises RefusedError."""
        headers = self._headers() | {"Idempotency-Key": uuid4().hex}
        return self._answer(_HTTP.request("POST", f"{self.api}/v1{path}", json=dict(body or {}), headers=headers))

    def submit(
        self, dispute: str, requirement: str, what: Path | str, *, stage: str, request: str | None = None
    ) -> Json:
        """Registers a piece: a file, which is uploaded and waited for, or a statement. Gives it as it stands then."""
        said = {"requirement": requirement, "stage": stage} | ({"request": request} if request else {})
        if isinstance(what, str):
            return dict(self.post(f"/disputes/{dispute}/evidence", {**said, "statement": what})["piece"])
        media_type = _MEDIA_TYPES[what.suffix.lower()]
        registered = self.post(f"/disputes/{dispute}/evidence", {**said, "media_type": media_type})
        upload(registered["upload"], what.read_bytes())
        return self._inspected(dispute, registered["piece"]["id"])

    def _inspected(self, dispute: str, piece: str) -> Json:
        """Waits for both looks; a shop need not."""
        end = time.monotonic() + INSPECTED_WITHIN
        while time.monotonic() < end:
            found = self.get(f"/disputes/{dispute}/evidence/{piece}")
            if found["status"] not in ("registered", "arrived") and not found["text_pending"]:
                return found
            time.sleep(0.3)
        raise TimeoutError(f"piece {piece} wasn't inspected within {INSPECTED_WITHIN} s")

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}

    @staticmethod
    def _answer(answer: urllib3.BaseHTTPResponse) -> Json:
        said: Json = answer.json()
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise RefusedError(answer.status, said)
        return said


def upload(form: Json, content: bytes) -> None:
    """Sends a file straight to the object store, as the form says. Raises RefusedError."""
    fields = {**form["fields"], "file": ("evidence", content)}
    answer = _HTTP.request("POST", form["url"], fields=fields)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise RefusedError(answer.status, {"code": "upload_refused", "detail": answer.data.decode(errors="replace")})


class Cast:
    """Everybody at once: the platform's systems, its reviewers, shops and buyers."""

    def __init__(self, api: str, token_for: TokenFor) -> None:
        self._api = api
        self._token_for = token_for
        self.platform = self._person("platform")
        self.colleague = self._person("platform", sub="user:platform:colleague")
        self.reviewer = self._person("reviewer")
        self.appeal_reviewer = self._person("appeal_reviewer")

    def shop(self, name: str) -> Person:
        return self._person("merchant", [f"shop:{name}"])

    def buyer(self, name: str) -> Person:
        return self._person("buyer", [f"buyer:{name}"])

    def _person(self, role: str, parties: Sequence[str] = (), sub: str | None = None) -> Person:
        return Person(self._api, self._token_for(role, parties, sub))

    def open(  # noqa: PLR0913  (what makes one dispute differ from another)
        self, external_id: str, *, shop: str, reason: str, amount: int, buyer: str = "B1", policy: str | None = None
    ) -> str:
        """A dispute that the platform opens for a buyer; amount in fen. Gives its id."""
        money = {"amount": amount, "currency": "CNY"}
        # What the pictures in examples/ are about.
        item = {"sku": "TEA-08", "title": "陶瓷餐具套装 8件", "quantity": 1, "price": money}
        shipment = {"direction": "outbound", "carrier": "Sample Express", "waybill_no": "JT2820833383902"}
        order = {"id": f"O-{external_id}", "shop_name": "悦家日用旗舰店", "items": [item], "shipments": [shipment]}
        body = {
            "external_id": external_id,
            "respondent": f"shop:{shop}",
            "complainant": f"buyer:{buyer}",
            "order": order,
            "reason": reason,
            "statement": "The order didn't arrive as it was promised.",
            "requested_remedy": {"kind": "refund_only", **money},
        }
        return str(self.platform.post("/disputes", body | ({"policy": policy} if policy else {}))["id"])

    def rule(self, dispute: str, *, share: int | None = None) -> Json:
        """The reviewer claims the review, answers the checklist, and rules for the buyer; `share` (fen) splits it."""
        claimed = self.reviewer.post(f"/disputes/{dispute}/review-claim")["requested_remedy"]
        awarded = claimed if share is None else {**claimed, "amount": share}
        money = {"amount": awarded["amount"], "currency": awarded["currency"]}
        return self.reviewer.post(
            f"/disputes/{dispute}/ruling",
            {
                "outcome": "for_complainant" if share is None else "split",
                "basis": "merits",
                "remedy": awarded,
                "liabilities": [{"party": self._respondent(dispute), **money}],
                "checklist": self.answers(self.reviewer, dispute, met=False),
                "rationale": "The stamp can't be matched with this order's waybill.",
            },
        )

    def _respondent(self, dispute: str) -> str:
        return str(self.platform.get(f"/disputes/{dispute}")["respondent"])

    @staticmethod
    def answers(by: Person, dispute: str, *, met: bool) -> list[Json]:
        points: Iterable[Json] = by.get(f"/disputes/{dispute}/checklist")["points"]
        return [{name: each[name] for name in ("side", "requirement", "point")} | {"met": met} for each in points]

    def decide_appeal(self, dispute: str, *, granted: bool) -> Json:
        """The appeal reviewer claims the open appeal and grants it, for the shop, or denies it."""
        claimed = self.appeal_reviewer.post(f"/disputes/{dispute}/review-claim")
        appeal = claimed["appeals"][-1]["id"]
        return self.appeal_reviewer.post(
            f"/disputes/{dispute}/appeals/{appeal}/decision",
            {
                "status": "granted" if granted else "denied",
                **({"outcome": "for_respondent"} if granted else {}),
                "checklist": self.answers(self.appeal_reviewer, dispute, met=granted),
                "rationale": "The new document settles it." if granted else "Nothing new was shown.",
            },
        )


def fetched(link: Json) -> bytes:
    """What lies behind a short-lived link to the object store."""
    return _HTTP.request("GET", link["url"]).data


def contest(shop: Person, dispute: str, *pieces: str) -> Json:
    words = "The parcel was handed over and stamped at the buyer's address."
    return shop.post(f"/disputes/{dispute}/response", {"statement": words, "pieces": list(pieces)})


def appeal(shop: Person, dispute: str, *pieces: str) -> Json:
    words = "The loss was not ours: the document shows that it left us whole."
    return shop.post(
        f"/disputes/{dispute}/appeals", {"grounds": ["attribution"], "statement": words, "pieces": list(pieces)}
    )
