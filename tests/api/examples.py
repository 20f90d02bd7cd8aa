"""Records the examples of the OpenAPI document: `python -m tests.api.examples` writes them, a test compares them."""

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image

from chalicelib.domain import errors as e
from chalicelib.domain.bundles import Made
from chalicelib.domain.errors import Refusal
from chalicelib.http import problems as p
from chalicelib.http.cursors import Cursors
from chalicelib.http.fields import problem as field_problem
from chalicelib.http.instants import rfc3339
from tests.api.build import REMEDY, SHOP, Reply, World, endpoint
from tests.api.hooks import hooked
from tests.build import at

FILE = Path(p.__file__).with_name("examples.json")

DISPUTE, PIECE, APPEAL = "01KA0000000000000000000001", "01KA0000000000000000000002", "01KA0000000000000000000003"
DUE, REOPENS = at("2026-11-03T12:00:00+08:00"), at("2026-12-01T00:00:00+08:00")

REFUSALS: tuple[Refusal, ...] = (
    e.NotFound(),
    e.NotPermitted(action="rule"),
    e.WrongState(action="contest", status="ruled"),
    e.DeadlinePassed(kind="response", due=DUE, now=at("2026-11-03T12:00:00.001+08:00")),
    e.EvidenceIncomplete(blocking=("proof_of_delivery",)),
    e.EvidenceDoubtful(doubtful=("weighing_record",)),
    e.MeaninglessStatement(defect="statement_meaningless"),
    e.UnknownReason(reason="boredom", known=("not_received", "quality")),
    e.WrongCurrency(currency="EUR", expected="CNY"),
    e.UnknownRequirement(requirement="selfie", wanted=("proof_of_delivery",)),
    e.UnknownPieces(pieces=(PIECE,)),
    e.PiecesNotArrived(pieces=(PIECE,)),
    e.WrongMedium(requirement="proof_of_delivery", medium="statement", accepted=("image", "pdf")),
    e.TooManyPieces(limit=20, of="a_submission"),
    e.PieceIsSealed(piece=PIECE),
    e.TooManyBundles(limit=20),
    e.UploadClosed(piece=PIECE, piece_status="inspected"),
    e.NothingToClaim(),
    e.RequestLimitReached(side="respondent", limit=2),
    e.ReviewTaken(expires=DUE),
    e.NotYourReview(),
    e.ConflictOfInterest(why="party_to_the_dispute"),
    e.InvalidRuling(problem="does_not_add_up"),
    e.ChecklistUnanswered(points=("respondent:proof_of_delivery.red_stamp",)),
    e.ExtensionRefused(problem="too_late", at_most=DUE, max_times=2),
    e.NoSuchDeadline(deadline=DISPUTE),
    e.AppealWindowClosed(ended=at("2026-11-09T12:00:00+08:00")),
    e.AppealUsed(appeal=APPEAL, status="denied"),
    e.NothingToAppeal(),
    e.UnknownGrounds(grounds=("attribution",), known=("amount",)),
    e.AppealQuotaExceeded(period="2026-11", used=4, limit=3, reopens=REOPENS),
    e.AppealWouldBeDismissed(basis="default", counts=True),
    e.AppealAfterDefaultRefused(basis="default"),
    e.SecondPersonNeeded(),
    e.NothingToSetAside(target="default"),
    e.ClosureMismatch(problem="in_the_future"),
    e.ExternalIdTaken(external_id="EXT-1", dispute=DISPUTE),
    e.VersionConflict(expected=2, current=3),
    e.IdempotencyKeyReused(),
    e.TooBusy(),
    e.InvalidOutage(problem="too_old"),
    e.OutageAnswered(answer="agreed"),
    e.OnHold(cause="lawsuit"),
    e.ContentErased(piece=PIECE),
    e.WrongParty(party="platform:x", kind="shop"),
    e.WebhookAddressRefused(),
    e.UnknownEventTypes(unknown=("dispute.eaten",), known=("dispute.opened", "dispute.ruled")),
    e.TooManyWebhooks(limit=10),
    e.WebhookDisabled(why="failing"),
    e.WebhookJustTested(again_at=DUE),
    p.Unauthenticated(why="the token has expired"),
    p.RoleMissing(why="recourse_role must be one of buyer, merchant, operator, platform, reviewer, appeal_reviewer"),
    p.MalformedBody(),
    p.InvalidBody(
        errors=(field_problem("order.items[0].title", "missing"), field_problem("colour", "extra_forbidden"))
    ),
    p.InvalidQuery(errors=(field_problem("colour", "extra_forbidden"),)),
    p.UnsupportedListing(supported=("shop + status, sort=newest", "buyer, sort=newest")),
    p.InvalidCursor(),
    p.InvalidHeader(header="If-Match", expected='the ETag of the dispute, e.g. "12"'),
    p.IdempotencyKeyRequired(),
    p.BodyTooLarge(limit=262144),
    p.MethodNotAllowed(),
    p.UnsupportedMediaType(),
    p.UnknownPolicyId(policy="nobodys"),
    p.IdentityUnavailable(),
    p.InternalError(request_id="9e1f8a5c-0000-4000-8000-000000000000"),
)


class Recorder(World):
    """Keeps the first good answer of each operation, and the request that it answers."""

    def __post_init__(self) -> None:
        super().__post_init__()
        numbers = count(1)
        cursors = Cursors.keyed("example", lambda size: next(numbers).to_bytes(size))
        self.deps = replace(self.deps, cursors=cursors)
        self.kept: dict[str, Any] = {}
        self.requests: dict[str, Any] = {}

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Any = None, *, epoch: int | None = None
    ) -> Reply:
        reply = super().send(method, path, body, headers, epoch=epoch)
        route = self._gateway.event_converter.create_lambda_event(method, path, {}, None)["requestContext"][
            "resourcePath"
        ]
        name = endpoint(method, route).name
        if reply.status < 300 and name not in self.kept and not name.startswith(("get_openapi", "get_docs")):
            self.kept[name] = reply.body
            if method == "POST":
                self.requests[name] = json.loads(body or b"{}")
        return reply


def recorded() -> dict[str, Any]:
    world = Recorder()
    _tell(world)
    problems = {type(each).code: p.document(each, "en") for each in REFUSALS}
    return {"requests": world.requests, "answers": world.kept, "problems": problems}


def _tell(world: Recorder) -> None:
    """A story that calls every operation."""
    _read_everything(world)
    _answer(world)
    _review(world)
    _appeal(world)
    _outage(world)
    _bundle(world)
    _hook(world)
    _messages(world)


def _read_everything(world: Recorder) -> None:
    world.send("GET", "/v1/health")
    dispute = world.opened()
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
    registered = world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked).body
    path = f"/v1/disputes/{dispute}/evidence/{registered['piece']['id']}"
    world.merchant.post(f"{path}/upload-form", {"media_type": "image/jpeg"}, key=None)
    world.bucket.put(registered["upload"]["fields"]["key"], _picture(), at=world.now)
    world.inspector.inspect(registered["upload"]["fields"]["key"])
    for each in (path, f"{path}/view", "/v1/disputes?shop=S1&limit=1", "/v1/policies/marketplace/versions/1"):
        world.merchant.get(each)
    for each in ("", "/requirements", "/readiness", "/evidence", "/timeline?limit=2"):
        world.merchant.get(f"/v1/disputes/{dispute}{each}")
    (deadline,) = world.platform.get(f"/v1/disputes/{dispute}").body["deadlines"]
    longer = {
        "deadline": deadline["id"],
        "due": "2026-11-04T12:00:00+08:00",
        "reason": "carrier_delay",
        "note": "Snow.",
    }
    world.platform.post(f"/v1/disputes/{dispute}/extension", longer)
    world.later(seconds=31)
    world.platform.get("/v1/events?limit=2")
    world.merchant.delete(path)
    world.buyer.post(f"/v1/disputes/{dispute}/withdrawal", {"note": "It came after all."})


def _messages(world: Recorder) -> None:
    world.opened(external_id="EXT-9")
    world.tell()
    (message,) = world.merchant.get("/v1/messages?shop=S1&unread=true&limit=1").body["items"]
    world.merchant.post("/v1/messages/read", {"ids": [message["id"]]}, key=None)


def _picture() -> bytes:
    """Big enough, and the same each time."""
    out = BytesIO()
    Image.linear_gradient("L").resize((600, 600)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def _answer(world: Recorder) -> None:
    accepted = world.opened(external_id="EXT-2")
    agreed = world.merchant.post(f"/v1/disputes/{accepted}/acceptance", {"statement": "The parcel is lost; sorry."})
    done = {"remedy": REMEDY, "reference": "RF-1", "carried_out_at": agreed.body["updated_at"]}
    world.platform.post(f"/v1/disputes/{accepted}/closure", done)
    world.platform.post(f"/v1/disputes/{accepted}/hold", {"cause": "lawsuit", "note": "The court asked for the files."})
    world.caller("operator").delete(f"/v1/disputes/{accepted}/hold")
    world.later(minutes=1)
    world.platform.post(f"/v1/disputes/{accepted}/erasure", {"cause": "person_asked"})
    settled = world.opened(external_id="EXT-3")
    world.merchant.post(
        f"/v1/disputes/{settled}/settlement", {"statement": "Called on the 2nd; another one is on its way."}
    )
    world.buyer.post(f"/v1/disputes/{settled}/settlement/confirmation", {"confirmed": True})


def _review(world: Recorder) -> None:
    dispute = world.contested(external_id="EXT-4")
    world.reviewer.get("/v1/reviews?queue=review")
    world.reviewer.post(f"/v1/disputes/{dispute}/review-claim")
    world.reviewer.delete(f"/v1/disputes/{dispute}/review-claim")
    world.reviewer.post("/v1/reviews/claim-next", {"queue": "review"})
    asked = {"sides": ["respondent"], "requirements": ["product_document"], "note": "Which batch was it?"}
    request = world.reviewer.post(f"/v1/disputes/{dispute}/evidence-requests", asked).body["evidence_requests"][0]["id"]
    piece = world.submitted(dispute, "product_document", stage="supplement", request=request)
    path = f"/v1/disputes/{dispute}/evidence-requests/{request}/answer"
    world.merchant.post(path, {"pieces": [piece], "statement": "Batch 7, as the invoice shows."})
    world.reviewer.post(f"/v1/disputes/{dispute}/review-claim")
    world.reviewer.post(f"/v1/disputes/{dispute}/ruling", world.a_ruling(dispute))
    defaulted = world.defaulted(external_id="EXT-5")
    aside = {"target": "default", "cause": "platform_fault", "note": "Our message never reached the shop."}
    world.platform.post(f"/v1/disputes/{defaulted}/set-aside", aside)
    world.reviewer.post(f"/v1/disputes/{defaulted}/set-aside/agreement", {"agreed": True})


def _appeal(world: Recorder) -> None:
    dispute, appeal = world.appealed(external_id="EXT-6")
    world.merchant.get(f"/v1/disputes/{dispute}/appeal-eligibility")
    world.appeal_reviewer.post(f"/v1/disputes/{dispute}/review-claim")
    decision = {
        "status": "partly_granted",
        "outcome": "split",
        "remedy": REMEDY,
        "liabilities": [
            {"party": SHOP, "amount": 4000, "currency": "CNY"},
            {"party": "platform", "amount": 6000, "currency": "CNY"},
        ],
        "checklist": world.answers(dispute, world.appeal_reviewer, met=True),
        "rationale": "The carrier left it with a neighbour; the shop could have known.",
    }
    world.appeal_reviewer.post(f"/v1/disputes/{dispute}/appeals/{appeal}/decision", decision)
    withdrawn, other = world.appealed(external_id="EXT-7")
    world.merchant.get("/v1/shops/S1/appeal-quota")
    world.merchant.post(f"/v1/disputes/{withdrawn}/appeals/{other}/withdrawal")


def _bundle(world: Recorder) -> None:
    dispute = world.opened(external_id="EXT-20")
    place = world.merchant.post(f"/v1/disputes/{dispute}/bundle").headers["Location"]
    asked = world.desk.bundler.register.bundle(*world.sent.bundles.pop())
    assert asked
    world.desk.bundler.register.made(
        replace(asked, made=Made(world.now, 48_213, sha256(b"a bundle").hexdigest(), names_complainant=True))
    )
    world.merchant.get(place)
    world.send("GET", "/v1/bundle-key")


def _outage(world: Recorder) -> None:
    world.defaulted(external_id="EXT-8")
    begun = world.now - timedelta(hours=1)
    asked = {
        "since": rfc3339(begun),
        "until": rfc3339(world.now),
        "cause": "Uploads failed.",
        "note": "From the change of certificates until it was taken back.",
    }
    declared = world.caller("operator").post("/v1/outages", asked).body["id"]
    world.caller("operator").get(f"/v1/outages/{declared}/preview")
    world.caller("operator", sub="operator-2").post(f"/v1/outages/{declared}/agreement", {"agreed": True})
    world.work(declared)
    world.caller("operator").get(f"/v1/outages/{declared}")
    world.caller("operator").get("/v1/outages")


def _hook(world: Recorder) -> None:
    hook = hooked(world.merchant, "dispute.opened", "dispute.ruled")["webhook"]
    path = f"/v1/webhooks/{hook['id']}"
    world.mail.announce()
    dispute = world.opened(external_id="EXT-HOOK")
    world.mail.announce()
    world.mail.deliver()
    for each in (path, "/v1/webhooks", f"{path}/attempts?limit=1"):
        world.merchant.get(each)
    world.merchant.post(path, {"events": ["dispute.appeal_decided", "dispute.ruled"]})
    world.merchant.post(f"{path}/secret")
    world.merchant.post(f"{path}/test")
    world.merchant.post(f"{path}/attempts/{dispute}:1/replay")
    world.merchant.delete(path)


def written(examples: dict[str, Any]) -> str:
    """One line an example."""
    parts = (
        f'"{part}": {{\n'
        + ",\n".join(
            f"{json.dumps(name)}: {json.dumps(each, ensure_ascii=False)}" for name, each in sorted(some.items())
        )
        + "\n}"
        for part, some in examples.items()
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(written(recorded()), encoding="utf-8")
