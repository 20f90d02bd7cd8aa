"""Puts a dispute in each state into a new service, so that there is something to look at."""

from pathlib import Path
from uuid import uuid4

from tools.paths import ROOT
from tools.people import Cast, Person, TokenFor, appeal, contest

PROOF = ROOT / "examples" / "stamped_delivery_proof.jpg"
REPORT = ROOT / "examples" / "test_report.jpg"
CLAIMED = 12_900


def seed(api_url: str, token_for: TokenFor) -> None:
    """Speaks to the service over HTTP only, as its callers do. `api_url` ends before `/v1`."""
    cast = Cast(api_url, token_for)
    shop = cast.shop("S1")
    _open(cast)
    _contested(cast, shop)
    ruled = _contested(cast, shop)
    cast.rule(ruled)
    _appealed(cast, shop)
    final = _appealed(cast, shop)
    cast.decide_appeal(final, granted=True)
    _closed(cast, shop)
    withdrawn = _open(cast)
    cast.buyer("B1").post(f"/disputes/{withdrawn}/withdrawal", {"note": "It has come after all."})


def _open(cast: Cast, reason: str = "not_received") -> str:
    return cast.open(f"SEED-{uuid4().hex[:8]}", shop="S1", reason=reason, amount=CLAIMED)


def _contested(cast: Cast, shop: Person) -> str:
    dispute = _open(cast)
    contest(shop, dispute, _submit(shop, dispute, "proof_of_delivery", PROOF, "response"))
    return dispute


def _appealed(cast: Cast, shop: Person) -> str:
    dispute = _contested(cast, shop)
    cast.rule(dispute)
    appeal(shop, dispute, _submit(shop, dispute, "appeal_evidence", REPORT, "appeal"))
    return dispute


def _closed(cast: Cast, shop: Person) -> None:
    dispute = _open(cast, "shipping_fee")
    accepted = shop.post(f"/disputes/{dispute}/acceptance", {"statement": "We pay the shipping back."})
    done = {
        "reference": "REFUND-0001",
        "remedy": accepted["requested_remedy"],
        "carried_out_at": accepted["updated_at"],
    }
    cast.platform.post(f"/disputes/{dispute}/closure", done)


def _submit(shop: Person, dispute: str, requirement: str, file: Path, stage: str) -> str:
    return str(shop.submit(dispute, requirement, file, stage=stage)["id"])
