"""Every command and every job, brought to where one attempt carries it out."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.domain import commands as c
from tests.api.build import REMEDY, WORDS, a_claim
from tests.build import at
from tests.chaos.attempts import Ask, Attempt, Publish, Scheduled, Work, of
from tests.chaos.world import Cloud

type Arrange = Callable[[Cloud], Attempt]

LEGIBLE: Final = 480
"""Pixels that each side of a picture needs."""

COMMANDS: Final[dict[str, tuple[type[c.Command], Arrange]]] = {}
BESIDES: Final[dict[str, Arrange]] = {}
"""Jobs, and requests that are about no dispute."""
JOBS: Final[dict[str, str]] = {}
"""By the scenario's name, the module of chalicelib/jobs that it runs."""


def all_of_them() -> Mapping[str, Arrange]:
    return {**{name: arrange for name, (_, arrange) in COMMANDS.items()}, **BESIDES}


def _command(
    command: type[c.Command], *, looked_at: bool = True, job: str | None = None
) -> Callable[[Arrange], Arrange]:
    """`looked_at`: the jobs have done their work on what was submitted. `job`: who gives it, where nobody asks."""

    def register(arrange: Arrange) -> Arrange:
        def arranged(world: Cloud) -> Attempt:
            attempt = arrange(world)
            world.publish()
            while looked_at and (world.deliver("upload") or world.deliver("recognise")):
                pass
            world.publish()
            return attempt

        COMMANDS[_name(arrange)] = (command, arranged)
        if job:
            JOBS[_name(arrange)] = job
        return arrange

    return register


def _besides[T: Attempt](arrange: Callable[[Cloud], T]) -> Callable[[Cloud], T]:
    BESIDES[_name(arrange)] = arrange
    return arrange


def _job(module: str) -> Callable[[Arrange], Arrange]:
    def register(arrange: Arrange) -> Arrange:
        JOBS[_name(arrange)] = module
        return _besides(arrange)

    return register


def _name(arrange: Any) -> str:
    return str(arrange.__name__).replace("_", " ")


# --- commands ---


@_command(c.Open)
def open_a_dispute(world: Cloud) -> Attempt:
    return Ask(world.platform, "/v1/disputes", a_claim())


@_command(c.RegisterPiece)
def register_a_file(world: Cloud) -> Attempt:
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
    return Ask(world.merchant, of(world.opened(), "/evidence"), asked)


@_command(c.RegisterPiece)
def register_a_statement(world: Cloud) -> Attempt:
    asked = {"requirement": "settlement_report", "stage": "response", "statement": WORDS}
    return Ask(world.merchant, of(world.opened(reason="quality"), "/evidence"), asked)


@_command(c.WithdrawPiece, looked_at=False)
def withdraw_a_piece(world: Cloud) -> Attempt:
    dispute = world.opened()
    return Ask(world.merchant, of(dispute, f"/evidence/{world.submitted(dispute)}"), method="DELETE")


@_command(c.Accept)
def accept(world: Cloud) -> Attempt:
    return Ask(world.merchant, of(world.opened(), "/acceptance"), {"statement": WORDS})


@_command(c.ReportSettlement)
def report_a_settlement(world: Cloud) -> Attempt:
    return Ask(world.merchant, of(world.opened(), "/settlement"), {"statement": WORDS})


@_command(c.AnswerSettlement)
def confirm_a_settlement(world: Cloud) -> Attempt:
    dispute = world.opened()
    world.merchant.post(of(dispute, "/settlement"), {"statement": WORDS})
    return Ask(world.buyer, of(dispute, "/settlement/confirmation"), {"confirmed": True})


@_command(c.Contest, looked_at=False)
def contest(world: Cloud) -> Attempt:
    """The piece has arrived, and nobody has looked at it yet: the bucket is asked."""
    dispute = world.opened()
    return Ask(world.merchant, of(dispute, "/response"), {"statement": WORDS, "pieces": [world.submitted(dispute)]})


@_command(c.RequestEvidence)
def ask_for_more(world: Cloud) -> Attempt:
    asked = {"sides": ["respondent", "complainant"], "requirements": ["freight_receipt"], "note": "Who paid?"}
    return Ask(world.reviewer, of(world.claimed(), "/evidence-requests"), asked)


@_command(c.SupplyEvidence, looked_at=False)
def supply_it(world: Cloud) -> Attempt:
    dispute = world.claimed()
    asked = {"sides": ["respondent"], "requirements": ["freight_receipt"]}
    request = world.reviewer.post(of(dispute, "/evidence-requests"), asked).body["evidence_requests"][0]["id"]
    piece = world.submitted(dispute, "freight_receipt", stage="supplement", request=request)
    return Ask(world.merchant, of(dispute, f"/evidence-requests/{request}/answer"), {"pieces": [piece]})


@_command(c.ClaimReview)
def claim_a_review(world: Cloud) -> Attempt:
    """What was submitted beside the answer is sealed by it."""
    dispute = world.opened(reason="shipping_fee")
    world.submitted(dispute, "freight_receipt", by=world.buyer, stage="claim")
    piece = world.submitted(dispute, "freight_receipt")
    world.merchant.post(of(dispute, "/response"), {"statement": WORDS, "pieces": [piece]})
    return Ask(world.reviewer, of(dispute, "/review-claim"))


@_command(c.ClaimReview)
def claim_the_next_review(world: Cloud) -> Attempt:
    world.contested()
    return Ask(world.reviewer, "/v1/reviews/claim-next", {"queue": "review"})


@_command(c.ReleaseReview)
def release_a_review(world: Cloud) -> Attempt:
    return Ask(world.reviewer, of(world.claimed(), "/review-claim"), method="DELETE")


@_command(c.Rule)
def rule(world: Cloud) -> Attempt:
    dispute = world.claimed()
    return Ask(world.reviewer, of(dispute, "/ruling"), world.a_ruling(dispute))


@_command(c.ExtendDeadline)
def extend_a_deadline(world: Cloud) -> Attempt:
    dispute = world.opened()
    (deadline,) = world.platform.get(of(dispute)).body["deadlines"]
    asked = {"deadline": deadline["id"], "due": "2026-11-03T20:00:00+08:00", "reason": "carrier_delay", "note": "Snow."}
    return Ask(world.platform, of(dispute, "/extension"), asked)


@_command(c.FileAppeal, looked_at=False)
def file_an_appeal(world: Cloud) -> Attempt:
    dispute = world.ruled()
    return Ask(world.merchant, of(dispute, "/appeals"), world.an_appeal(dispute))


@_command(c.FileAppeal)
def file_an_appeal_that_is_dismissed_at_once(world: Cloud) -> Attempt:
    """B6: one update checks the quota and adds to it."""
    return dismissed_at_once(world, world.defaulted())


def dismissed_at_once(world: Cloud, dispute: str, key: str = "the-same") -> Ask:
    asked = {"grounds": ["attribution"], "statement": WORDS, "pieces": [], "accept_dismissal": True}
    return Ask(world.merchant, of(dispute, "/appeals"), asked, key=key)


@_command(c.WithdrawAppeal)
def withdraw_an_appeal(world: Cloud) -> Attempt:
    dispute, appeal = world.appealed()
    return Ask(world.merchant, of(dispute, f"/appeals/{appeal}/withdrawal"))


@_command(c.DecideAppeal)
def deny_an_appeal(world: Cloud) -> Attempt:
    return denial(world, *world.appealed())


def denial(world: Cloud, dispute: str, appeal: str) -> Ask:
    world.appeal_reviewer.post(of(dispute, "/review-claim"))
    answers = world.answers(dispute, world.appeal_reviewer)
    asked = {"status": "denied", "checklist": answers, "rationale": "It is another form."}
    return Ask(world.appeal_reviewer, of(dispute, f"/appeals/{appeal}/decision"), asked)


@_command(c.DecideAppeal)
def grant_an_appeal(world: Cloud) -> Attempt:
    ask = denial(world, *world.appealed())
    ask.body |= {"status": "granted", "outcome": "for_respondent"}
    return ask


@_command(c.AskSetAside)
def ask_to_set_aside(world: Cloud) -> Attempt:
    asked = {"target": "default", "cause": "platform_fault", "note": "The mail was lost."}
    return Ask(world.platform, of(world.defaulted(), "/set-aside"), asked)


@_command(c.AnswerSetAside)
def set_a_default_aside(world: Cloud) -> Attempt:
    dispute = world.defaulted()
    world.platform.post(of(dispute, "/set-aside"), {"target": "default", "cause": "platform_fault"})
    return Ask(world.reviewer, of(dispute, "/set-aside/agreement"), {"agreed": True})


@_command(c.AnswerSetAside)
def set_a_failed_appeal_aside(world: Cloud) -> Attempt:
    """B7: the failure is taken back."""
    dispute, appeal = world.appealed()
    denial(world, dispute, appeal).send()
    world.platform.post(of(dispute, "/set-aside"), {"target": "appeal", "cause": "review_error"})
    agreeing = world.caller("platform", sub="platform-2")
    return Ask(agreeing, of(dispute, "/set-aside/agreement"), {"agreed": True})


@_command(c.WithdrawDispute)
def withdraw_a_dispute(world: Cloud) -> Attempt:
    return Ask(world.buyer, of(world.opened(), "/withdrawal"), {"note": "It came after all."})


@_command(c.Close)
def close_a_dispute(world: Cloud) -> Attempt:
    dispute = world.opened()
    world.merchant.post(of(dispute, "/acceptance"))
    carried_out = {"remedy": REMEDY, "reference": "RF-1", "carried_out_at": "2026-11-02T12:00:00+08:00"}
    return Ask(world.platform, of(dispute, "/closure"), carried_out)


@_command(c.Lapse, job="lapse")
def lapse_into_default(world: Cloud) -> Attempt:
    due(world, world.opened())
    return Work(world, "due")


@_command(c.Lapse, looked_at=False, job="lapse")
def lapse_into_review(world: Cloud) -> Attempt:
    """A14: what has arrived is sent off as it stands."""
    dispute = world.opened()
    world.submitted(dispute)
    due(world, dispute)
    return Work(world, "due")


def due(world: Cloud, dispute: str) -> None:
    """Its time to answer is over, and a sweep has said so."""
    world.later(hours=24, seconds=30)
    world.enqueue("due", json.dumps({"dispute": dispute}))


@_command(c.AllowForOutage, job="outage")
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


@_command(c.PlaceHold)
def place_a_hold(world: Cloud) -> Attempt:
    return Ask(world.platform, of(_over(world), "/hold"), {"cause": "lawsuit", "note": "Case 7 of the court."})


@_command(c.LiftHold)
def lift_a_hold(world: Cloud) -> Attempt:
    dispute = _over(world)
    world.platform.post(of(dispute, "/hold"), {"cause": "lawsuit"})
    return Ask(world.caller("operator"), of(dispute, "/hold"), method="DELETE")


@_command(c.Erase)
def order_its_erasure(world: Cloud) -> Attempt:
    return Ask(world.platform, of(_over(world), "/erasure"), {"cause": "authority_ordered"})


@_command(c.EraseDue, job="erase")
def erase_what_is_due(world: Cloud) -> Attempt:
    """A whole case by order; and of another, a piece that was taken back."""
    dispute = _over(world)
    world.platform.post(of(dispute, "/erasure"), {"cause": "authority_ordered"})
    withdraw_a_piece(world)()
    world.later(minutes=20)
    return Scheduled(world.erase)


def _over(world: Cloud) -> str:
    """A case that has ended, with a file in it."""
    dispute = world.opened(external_id="EXT-OVER")
    world.submitted(dispute)
    world.merchant.post(of(dispute, "/acceptance"), {"statement": WORDS})
    return dispute


def _agreement(world: Cloud, outage: str) -> Ask:
    return Ask(world.caller("operator", sub="operator-2"), f"/v1/outages/{outage}/agreement", {"agreed": True})


# --- jobs, and requests that are about no dispute ---


@_besides
def declare_an_outage(world: Cloud) -> Ask:
    declared = {"since": "2026-11-03T03:00:00.000Z", "until": "2026-11-03T05:00:00.000Z", "cause": "The API was down."}
    return Ask(world.caller("operator"), "/v1/outages", declared, key="declared")


@_besides
def agree_to_an_outage(world: Cloud) -> Ask:
    return _agreement(world, declare_an_outage(world).send().body["id"])


@_job("sweep")
def sweep(world: Cloud) -> Attempt:
    """Something is due, an upload's event was lost, and commits are stuck in the outbox."""
    world.opened()
    world.later(hours=23, minutes=50)
    world.submitted(world.opened(external_id="EXT-2"))
    world.taken("upload", world.waiting("upload"))
    world.later(minutes=11)
    return Scheduled(world.sweep)


@_job("inspect")
def inspect(world: Cloud) -> Attempt:
    world.pixels = LEGIBLE
    world.submitted(world.opened())
    return Work(world, "upload")


@_job("inspect")
def inspect_a_picture_seen_before(world: Cloud) -> Attempt:
    """Lookalikes are found, and named on both sides."""
    world.pixels = LEGIBLE
    world.submitted(world.opened(respondent="shop:S2"), by=world.caller("merchant", "shop:S2"))
    world.deliver("upload")
    world.submitted(world.opened(external_id="EXT-2"))
    return Work(world, "upload")


@_job("recognise")
def recognise(world: Cloud) -> Attempt:
    world.pixels = LEGIBLE
    world.submitted(world.opened())
    world.deliver("upload")
    world.reads.says("签收单", "运单号 SF1234567890", "收件人 王芳", "派件人 李雷", "2026年11月2日")
    return Work(world, "recognise")


@_job("publish")
def publish(world: Cloud) -> Attempt:
    """Two commits, one of them of more events than one call takes."""
    dispute = world.claimed()
    world.reviewer.post(of(dispute, "/ruling"), world.a_ruling(dispute))
    return Publish(world)


@_job("notify")
def tell_a_party(world: Cloud) -> Attempt:
    """C6: the bus brings what concerns it, twice; one notice comes of each thing that happened."""
    dispute = world.opened()
    for _ in range(2):
        _from_the_bus(world, "notice", dispute)
    return Work(world, "notice")


@_job("notify")
def remind_a_party(world: Cloud) -> Attempt:
    world.now = at("2026-12-01T12:00:00+08:00")
    dispute = world.opened()
    world.later(hours=23)
    world.enqueue("notice", json.dumps({"dispute": dispute}))
    return Work(world, "notice")


@_besides
def mark_messages_as_read(world: Cloud) -> Attempt:
    _from_the_bus(world, "notice", world.opened())
    world.deliver("notice")
    (message,) = world.merchant.get("/v1/messages").body["items"]
    return Ask(world.merchant, "/v1/messages/read", {"ids": [message["id"]]}, keyed=False)


def _from_the_bus(world: Cloud, queue: str, dispute: str) -> None:
    """A rule queues the dispute's events."""
    world.publish()
    for each in world.bus:
        if each["dispute"] == dispute:
            world.enqueue(queue, json.dumps({"detail": each}))


# --- webhooks ---

_URL: Final = "https://hooks.example.com/recourse"
_WANTED: Final = {"url": _URL, "events": ["dispute.opened"]}


def _hooked(world: Cloud) -> str:
    """The path of a webhook of the shop."""
    made = world.merchant.post("/v1/webhooks", _WANTED, key="hooked").body
    return f"/v1/webhooks/{made['webhook']['id']}"


def _announced(world: Cloud) -> None:
    """A delivery waits for its first attempt."""
    _from_the_bus(world, "announce", world.opened())
    world.deliver("announce")


@_besides
def register_a_webhook(world: Cloud) -> Attempt:
    return Ask(world.merchant, "/v1/webhooks", _WANTED)


@_besides
def change_a_webhook(world: Cloud) -> Attempt:
    return Ask(world.merchant, _hooked(world), {"events": ["dispute.opened", "dispute.ruled"]})


@_besides
def replace_its_secret(world: Cloud) -> Attempt:
    return Ask(world.merchant, _hooked(world) + "/secret", {})


@_besides
def try_a_webhook(world: Cloud) -> Attempt:
    return Ask(world.merchant, _hooked(world) + "/test", {})


@_besides
def delete_a_webhook(world: Cloud) -> Attempt:
    return Ask(world.merchant, _hooked(world), method="DELETE")


@_besides
def replay_an_event(world: Cloud) -> Attempt:
    path = _hooked(world)
    _announced(world)
    world.deliver("deliver")
    (attempt,) = world.merchant.get(path + "/attempts").body["items"]
    return Ask(world.merchant, f"{path}/attempts/{attempt['event']}/replay", {})


@_job("announce")
def announce_an_event(world: Cloud) -> Attempt:
    _hooked(world)
    _from_the_bus(world, "announce", world.opened())
    return Work(world, "announce")


@_job("deliver")
def deliver_an_event(world: Cloud) -> Attempt:
    _hooked(world)
    _announced(world)
    return Work(world, "deliver")
