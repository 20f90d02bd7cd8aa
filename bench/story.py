"""The lives of disputes as most are: who asks for what, what is uploaded, and what the clock does."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus

from bench.bill import Bill, Billed
from chalicelib.domain.piece import clean_key
from tests.api.build import REMEDY, WORDS, Caller, Reply
from tests.chaos.world import Cloud

PIECES = 5


def defaulted(cloud: Billed, name: str) -> str:
    """The buyer shows what is wrong, the shop is silent, and loses."""
    dispute = cloud.opened(external_id=name, reason="quality")
    submitted(cloud, dispute, PIECES, cloud.buyer, requirement="claim_photo", stage="claim")
    lapsed(cloud, dispute, hours=48)
    looked_at(cloud, dispute)
    return dispute


def ruled(cloud: Billed, name: str) -> str:
    """The shop contests, and a reviewer rules."""
    return _ruled(cloud, name, PIECES)


def appealed(cloud: Billed, name: str) -> str:
    """The shop contests, and appeals with one more piece."""
    dispute = _ruled(cloud, name, PIECES - 1)
    asked(cloud.merchant, "POST", f"{dispute}/appeals", cloud.an_appeal(dispute), HTTPStatus.CREATED)
    settled(cloud)
    by = cloud.appeal_reviewer
    asked(by, "POST", f"{dispute}/review-claim")
    looked_at(cloud, dispute, by)
    appeal = asked(by, "GET", dispute).body["appeals"][-1]["id"]
    decision = {
        "status": "denied",
        "rationale": "The form shows another name.",
        "checklist": cloud.answers(dispute, by),
    }
    asked(by, "POST", f"{dispute}/appeals/{appeal}/decision", decision)
    settled(cloud)
    looked_at(cloud, dispute)
    return dispute


MIX: Mapping[Callable[[Billed, str], str], float] = {defaulted: 0.2, ruled: 0.5, appealed: 0.3}
"""The share of each."""


def lived(cloud: Billed, life: Callable[[Billed, str], str]) -> Bill:
    """What a dispute needs until it is closed."""
    with cloud.staying() as bill:
        dispute = life(cloud, f"EXT-{life.__name__}")
        lapsed(cloud, dispute, days=7)
        asked(
            cloud.platform,
            "POST",
            f"{dispute}/closure",
            {"remedy": REMEDY, "reference": "R-1", "carried_out_at": _said(cloud)},
        )
        settled(cloud)
    return bill


def settled(cloud: Billed) -> None:
    """All that follows at once: what is published, and what is in the queues."""
    cloud.publish()
    while sum(cloud.deliver(queue) for queue in Cloud.queues):
        cloud.publish()


def lapsed(cloud: Billed, dispute: str, **wait: float) -> None:
    """The party is reminded twice, and does nothing; then the sweep has found it."""
    for _ in range(2):
        cloud.enqueue("notice", json.dumps({"dispute": dispute}))
    cloud.later(seconds=30, **wait)
    cloud.enqueue("due", json.dumps({"disputes": [dispute]}))
    settled(cloud)


def _ruled(cloud: Billed, name: str, pieces: int) -> str:
    dispute = cloud.opened(external_id=name)
    settled(cloud)
    submitted(cloud, dispute, pieces, cloud.merchant)
    asked(cloud.merchant, "GET", f"{dispute}/readiness")
    sent = {"statement": WORDS, "pieces": [each["id"] for each in _pieces(cloud, dispute)]}
    asked(cloud.merchant, "POST", f"{dispute}/response", sent)
    settled(cloud)
    asked(cloud.reviewer, "POST", f"{dispute}/review-claim")
    looked_at(cloud, dispute, cloud.reviewer)
    asked(cloud.reviewer, "POST", f"{dispute}/ruling", cloud.a_ruling(dispute))
    settled(cloud)
    looked_at(cloud, dispute)
    return dispute


def submitted(cloud: Billed, dispute: str, pieces: int, by: Caller, **what: str) -> None:
    for _ in range(pieces):
        cloud.submitted(dispute, by=by, **what)
    settled(cloud)


def looked_at(cloud: Billed, dispute: str, reviewer: Caller | None = None) -> None:
    """By both parties, or by a reviewer, who opens each picture."""
    for by in [reviewer] if reviewer else [cloud.merchant, cloud.buyer]:
        asked(by, "GET", dispute)
        asked(by, "GET", f"{dispute}/timeline")
    if reviewer is None:
        for path in ("/v1/disputes", "/v1/messages"):
            cloud.merchant.get(path)
        return
    for each in _pieces(cloud, dispute):
        asked(reviewer, "GET", f"{dispute}/evidence/{each['id']}/view")
        cloud.bill.viewed += sum(cloud.sizes_kept(clean_key(dispute, each["id"])))


def asked(by: Caller, method: str, path: str, body: object = None, status: HTTPStatus = HTTPStatus.OK) -> Reply:
    whole = f"/v1/disputes/{path}"
    reply = by.get(whole) if method == "GET" else by.post(whole, body)
    if reply.status != status:
        raise RuntimeError(reply.text)
    return reply


def _pieces(cloud: Billed, dispute: str) -> list[dict[str, str]]:
    return list(asked(cloud.platform, "GET", f"{dispute}/evidence").body["items"])


def _said(cloud: Billed) -> str:
    return cloud.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
