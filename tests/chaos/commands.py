"""Every command, and the requests of an outage."""

import json

from chalicelib.domain import commands as c
from tests.api.build import REMEDY, WORDS, a_claim
from tests.chaos.attempts import Ask, Attempt, Erase, Work, of
from tests.chaos.registry import besides, command
from tests.chaos.world import Cloud


@command(c.Open)
def open_a_dispute(world: Cloud) -> Attempt:
    return Ask(world.platform, "/v1/disputes", a_claim())


@command(c.RegisterPiece)
def register_a_file(world: Cloud) -> Attempt:
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
    return Ask(world.merchant, of(world.opened(), "/evidence"), asked)


@command(c.RegisterPiece)
def register_a_statement(world: Cloud) -> Attempt:
    asked = {"requirement": "settlement_report", "stage": "response", "statement": WORDS}
    return Ask(world.merchant, of(world.opened(reason="quality"), "/evidence"), asked)


@command(c.WithdrawPiece, looked_at=False)
def withdraw_a_piece(world: Cloud) -> Attempt:
    dispute = world.opened()
    return Ask(world.merchant, of(dispute, f"/evidence/{world.submitted(dispute)}"), method="DELETE")


@command(c.Accept)
def accept(world: Cloud) -> Attempt:
    return Ask(world.merchant, of(world.opened(), "/acceptance"), {"statement": WORDS})


@command(c.ReportSettlement)
def report_a_settlement(world: Cloud) -> Attempt:
    return Ask(world.merchant, of(world.opened(), "/settlement"), {"statement": WORDS})


@command(c.AnswerSettlement)
def confirm_a_settlement(world: Cloud) -> Attempt:
    dispute = world.opened()
    world.merchant.post(of(dispute, "/settlement"), {"statement": WORDS})
    return Ask(world.buyer, of(dispute, "/settlement/confirmation"), {"confirmed": True})


@command(c.Contest, looked_at=False)
def contest(world: Cloud) -> Attempt:
    """The piece has arrived, and nobody has looked at it yet: the bucket is asked."""
    dispute = world.opened()
    return Ask(world.merchant, of(dispute, "/response"), {"statement": WORDS, "pieces": [world.submitted(dispute)]})


@command(c.RequestEvidence)
def ask_for_more(world: Cloud) -> Attempt:
    asked = {"sides": ["respondent", "complainant"], "requirements": ["freight_receipt"], "note": "Who paid?"}
    return Ask(world.reviewer, of(world.claimed(), "/evidence-requests"), asked)


@command(c.SupplyEvidence, looked_at=False)
def supply_it(world: Cloud) -> Attempt:
    dispute = world.claimed()
    asked = {"sides": ["respondent"], "requirements": ["freight_receipt"]}
    request = world.reviewer.post(of(dispute, "/evidence-requests"), asked).body["evidence_requests"][0]["id"]
    piece = world.submitted(dispute, "freight_receipt", stage="supplement", request=request)
    return Ask(world.merchant, of(dispute, f"/evidence-requests/{request}/answer"), {"pieces": [piece]})


@command(c.ClaimReview)
def claim_a_review(world: Cloud) -> Attempt:
    """What was submitted beside the answer is sealed by it."""
    dispute = world.opened(reason="shipping_fee")
    world.submitted(dispute, "freight_receipt", by=world.buyer, stage="claim")
    piece = world.submitted(dispute, "freight_receipt")
    world.merchant.post(of(dispute, "/response"), {"statement": WORDS, "pieces": [piece]})
    return Ask(world.reviewer, of(dispute, "/review-claim"))


@command(c.ClaimReview)
def claim_the_next_review(world: Cloud) -> Attempt:
    world.contested()
    return Ask(world.reviewer, "/v1/reviews/claim-next", {"queue": "review"})


@command(c.ReleaseReview)
def release_a_review(world: Cloud) -> Attempt:
    return Ask(world.reviewer, of(world.claimed(), "/review-claim"), method="DELETE")


@command(c.Rule)
def rule(world: Cloud) -> Attempt:
    dispute = world.claimed()
    return Ask(world.reviewer, of(dispute, "/ruling"), world.a_ruling(dispute))


@command(c.ExtendDeadline)
def extend_a_deadline(world: Cloud) -> Attempt:
    dispute = world.opened()
    (deadline,) = world.platform.get(of(dispute)).body["deadlines"]
    asked = {"deadline": deadline["id"], "due": "2026-11-03T20:00:00+08:00", "reason": "carrier_delay", "note": "Snow."}
    return Ask(world.platform, of(dispute, "/extension"), asked)


@command(c.FileAppeal, looked_at=False)
def file_an_appeal(world: Cloud) -> Attempt:
    dispute = world.ruled()
    return Ask(world.merchant, of(dispute, "/appeals"), world.an_appeal(dispute))


@command(c.FileAppeal)
def file_an_appeal_that_is_dismissed_at_once(world: Cloud) -> Attempt:
    """B6: one update checks the quota and adds to it."""
    return dismissed_at_once(world, world.defaulted())


def dismissed_at_once(world: Cloud, dispute: str, key: str = "the-same") -> Ask:
    asked = {"grounds": ["attribution"], "statement": WORDS, "pieces": [], "accept_dismissal": True}
    return Ask(world.merchant, of(dispute, "/appeals"), asked, key=key)


@command(c.WithdrawAppeal)
def withdraw_an_appeal(world: Cloud) -> Attempt:
    dispute, appeal = world.appealed()
    return Ask(world.merchant, of(dispute, f"/appeals/{appeal}/withdrawal"))


@command(c.DecideAppeal)
def deny_an_appeal(world: Cloud) -> Attempt:
    return denial(world, *world.appealed())


def denial(world: Cloud, dispute: str, appeal: str) -> Ask:
    world.appeal_reviewer.post(of(dispute, "/review-claim"))
    answers = world.answers(dispute, world.appeal_reviewer)
    asked = {"status": "denied", "checklist": answers, "rationale": "It is another form."}
    return Ask(world.appeal_reviewer, of(dispute, f"/appeals/{appeal}/decision"), asked)


@command(c.DecideAppeal)
def grant_an_appeal(world: Cloud) -> Attempt:
    ask = denial(world, *world.appealed())
    ask.body |= {"status": "granted", "outcome": "for_respondent"}
    return ask


@command(c.AskSetAside)
def ask_to_set_aside(world: Cloud) -> Attempt:
    asked = {"target": "default", "cause": "platform_fault", "note": "The mail was lost."}
    return Ask(world.platform, of(world.defaulted(), "/set-aside"), asked)


@command(c.AnswerSetAside)
def set_a_default_aside(world: Cloud) -> Attempt:
    dispute = world.defaulted()
    world.platform.post(of(dispute, "/set-aside"), {"target": "default", "cause": "platform_fault"})
    return Ask(world.reviewer, of(dispute, "/set-aside/agreement"), {"agreed": True})


@command(c.AnswerSetAside)
def set_a_failed_appeal_aside(world: Cloud) -> Attempt:
    """B7: the failure is taken back."""
    dispute, appeal = world.appealed()
    denial(world, dispute, appeal).send()
    world.platform.post(of(dispute, "/set-aside"), {"target": "appeal", "cause": "review_error"})
    agreeing = world.caller("platform", sub="platform-2")
    return Ask(agreeing, of(dispute, "/set-aside/agreement"), {"agreed": True})


@command(c.WithdrawDispute)
def withdraw_a_dispute(world: Cloud) -> Attempt:
    return Ask(world.buyer, of(world.opened(), "/withdrawal"), {"note": "It came after all."})


@command(c.Close)
def close_a_dispute(world: Cloud) -> Attempt:
    dispute = world.opened()
    world.merchant.post(of(dispute, "/acceptance"))
    carried_out = {"remedy": REMEDY, "reference": "RF-1", "carried_out_at": "2026-11-02T12:00:00+08:00"}
    return Ask(world.platform, of(dispute, "/closure"), carried_out)


@command(c.Lapse, by="lapse")
def lapse_into_default(world: Cloud) -> Attempt:
    due(world, world.opened())
    return Work(world, "due")


@command(c.Lapse, looked_at=False, by="lapse")
def lapse_into_review(world: Cloud) -> Attempt:
    """A14: what has arrived is sent off as it stands."""
    dispute = world.opened()
    world.submitted(dispute)
    due(world, dispute)
    return Work(world, "due")


@command(c.Lapse, looked_at=False, by="lapse")
def lapse_several_together(world: Cloud) -> Attempt:
    """Three in one transaction, one of them into review; and one that isn't due any more."""
    disputes = [world.opened(external_id=f"EXT-{number}") for number in range(4)]
    world.submitted(disputes[0])
    world.merchant.post(of(disputes[3], "/acceptance"))
    world.later(hours=24, seconds=30)
    world.enqueue("due", json.dumps({"disputes": disputes[:2]}))
    world.enqueue("due", json.dumps({"disputes": disputes[2:]}))
    return Work(world, "due")


@command(c.Lapse, by="lapse")
def lapse_apart(world: Cloud) -> Attempt:
    """One in the message is gone: the other is queued again, in a message of its own."""
    dispute = world.opened()
    world.later(hours=24, seconds=30)
    world.enqueue("due", json.dumps({"disputes": [dispute, world.new_id()]}))
    return Work(world, "due", to_the_end=True)


def due(world: Cloud, dispute: str) -> None:
    """Its time to answer is over, and a sweep has said so."""
    world.later(hours=24, seconds=30)
    world.enqueue("due", json.dumps({"disputes": [dispute]}))


@command(c.AllowForOutage, by="outage")
def allow_for_an_outage(world: Cloud) -> Attempt:
    """B11: one deadline that fell in it still runs, another has lapsed."""
    lapsed = world.opened()
    world.later(minutes=1)
    world.opened(external_id="EXT-2")
    world.later(hours=24)
    world.lapse(lapsed)
    agreed_outage(world)
    return Work(world, "outage")


def agreed_outage(world: Cloud) -> None:
    """Its work can begin."""
    outage = declare_an_outage(world).send().body["id"]
    _agreement(world, outage).send()
    world.enqueue("outage", json.dumps({"outage": outage}))


@command(c.PlaceHold)
def place_a_hold(world: Cloud) -> Attempt:
    return Ask(world.platform, of(_over(world), "/hold"), {"cause": "lawsuit", "note": "Case 7 of the court."})


@command(c.LiftHold)
def lift_a_hold(world: Cloud) -> Attempt:
    dispute = _over(world)
    world.platform.post(of(dispute, "/hold"), {"cause": "lawsuit"})
    return Ask(world.caller("operator"), of(dispute, "/hold"), method="DELETE")


@command(c.Erase)
def order_its_erasure(world: Cloud) -> Attempt:
    return Ask(world.platform, of(_over(world), "/erasure"), {"cause": "authority_ordered"})


@command(c.EraseDue, by="erase")
def erase_what_is_due(world: Cloud) -> Attempt:
    """A whole case by order; and of another, a piece that was taken back."""
    dispute = _over(world)
    world.platform.post(of(dispute, "/erasure"), {"cause": "authority_ordered"})
    withdraw_a_piece(world)()
    world.later(minutes=20)
    return Erase(world)


def _over(world: Cloud) -> str:
    """A case that has ended, with a file in it."""
    dispute = world.opened(external_id="EXT-OVER")
    world.submitted(dispute)
    world.merchant.post(of(dispute, "/acceptance"), {"statement": WORDS})
    return dispute


def _agreement(world: Cloud, outage: str) -> Ask:
    return Ask(world.caller("operator", sub="operator-2"), f"/v1/outages/{outage}/agreement", {"agreed": True})


@besides
def declare_an_outage(world: Cloud) -> Ask:
    declared = {"since": "2026-11-03T03:00:00.000Z", "until": "2026-11-03T05:00:00.000Z", "cause": "The API was down."}
    return Ask(world.caller("operator"), "/v1/outages", declared, key="declared")


@besides
def agree_to_an_outage(world: Cloud) -> Ask:
    return _agreement(world, declare_an_outage(world).send().body["id"])
