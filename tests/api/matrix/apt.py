"""In which state a dispute's route does something, and what is sent to it then."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from chalicelib.http.instants import rfc3339
from tests.api.build import WORDS
from tests.api.examples import FILE
from tests.api.matrix.town import Case, Town

type Route = tuple[str, str]
"""Method and path."""
type Body = Mapping[str, Any]

D: Final = "/v1/disputes/{dispute_id}"
EXAMPLES: Final[Mapping[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["requests"]


@dataclass(frozen=True, slots=True)
class Apt:
    """The state in which a route does something, and what is sent to it then; without it, the recorded example."""

    state: str = "fresh"
    body: Callable[[Town, Case], Body] | None = None


def _contest(town: Town, case: Case) -> Body:
    return {"statement": WORDS, "pieces": _unsent(town, case)}


def _unsent(town: Town, case: Case) -> list[str]:
    return [each.id for each in town.store.pieces(case.dispute) if each.sealed_at is None]


def _register(_town: Town, _case: Case) -> Body:
    return {"requirement": "product_document", "stage": "response", "media_type": "image/png"}


def _extension(town: Town, case: Case) -> Body:
    (first, *_) = town.dispute(case.dispute).deadlines
    return {"deadline": first.id, "due": rfc3339(first.due + timedelta(hours=1)), "reason": "carrier_delay"}


def _supply(town: Town, case: Case) -> Body:
    return {"pieces": _unsent(town, case), "statement": "Batch 7, as the invoice shows."}


def _rule(town: Town, case: Case) -> Body:
    owed = [{"party": case.shop, "amount": 10000, "currency": "CNY"}]
    return town.a_ruling(case.dispute, liabilities=owed)


def _appeal(town: Town, case: Case) -> Body:
    return {"grounds": ["attribution"], "statement": "The recipient signed.", "pieces": _unsent(town, case)}


def _decision(town: Town, case: Case) -> Body:
    answers = town.answers(case.dispute, town.appeal_reviewer)
    return {"status": "denied", "checklist": answers, "rationale": "It is the same form."}


def _closure(town: Town, _case: Case) -> Body:
    return {**EXAMPLES["close_dispute"], "carried_out_at": rfc3339(town.now)}


APT: Final[Mapping[Route, Apt]] = {
    ("POST", f"{D}/evidence"): Apt(body=_register),
    ("POST", f"{D}/evidence/{{piece_id}}/upload-form"): Apt("waiting"),
    ("POST", f"{D}/settlement/confirmation"): Apt("settling"),
    ("POST", f"{D}/response"): Apt("submitted", _contest),
    ("POST", f"{D}/evidence-requests"): Apt("claimed"),
    ("POST", f"{D}/evidence-requests/{{request_id}}/answer"): Apt("asked", _supply),
    ("POST", f"{D}/review-claim"): Apt("contested"),
    ("DELETE", f"{D}/review-claim"): Apt("claimed"),
    ("POST", f"{D}/ruling"): Apt("claimed", _rule),
    ("POST", f"{D}/extension"): Apt(body=_extension),
    ("POST", f"{D}/appeals"): Apt("ruled", _appeal),
    ("POST", f"{D}/appeals/{{appeal_id}}/withdrawal"): Apt("appealed"),
    ("POST", f"{D}/appeals/{{appeal_id}}/decision"): Apt("appeal_claimed", _decision),
    ("POST", f"{D}/set-aside"): Apt("defaulted"),
    ("POST", f"{D}/set-aside/agreement"): Apt("set_aside_asked"),
    ("POST", f"{D}/closure"): Apt("final", _closure),
    ("DELETE", f"{D}/hold"): Apt("held"),
    ("POST", f"{D}/erasure"): Apt("final"),
}
"""Every other route of a dispute does something in the state `fresh`, with the example's body."""
