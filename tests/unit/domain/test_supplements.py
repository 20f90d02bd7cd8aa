"""A15: what the platform asks for in addition, of whom, and what becomes of it; by its own deadline (A5)."""

from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import (
    DeadlinePassed,
    MeaninglessStatement,
    NotFound,
    NotYourReview,
    PiecesNotArrived,
    UnknownRequirement,
    WrongState,
)
from chalicelib.domain.model import Stage, Status
from chalicelib.domain.parties import Side
from tests.build import (
    BUYER,
    MEANINGLESS,
    MERCHANT,
    MILLISECOND,
    NOON,
    OTHER_REVIEWER,
    REVIEWER,
    Docket,
    a_policy,
    doubtful,
    text,
)

BOTH = (Side.RESPONDENT, Side.COMPLAINANT)
HOUR = timedelta(hours=1)


def contested(policy=None) -> Docket:
    docket = Docket(policy).open()
    docket.contest()
    return docket


def asked(policy=None) -> tuple[Docket, str]:
    """The shop is asked for a freight receipt."""
    docket = contested(policy)
    (request,) = docket.ask_for("freight_receipt")
    return docket, request


def asked_both() -> tuple[Docket, str, str]:
    """Each side is asked for a freight receipt: the shop's request, and the buyer's."""
    docket = contested()
    mine, theirs = docket.ask_for("freight_receipt", sides=BOTH)
    return docket, mine, theirs


def answer(docket: Docket, request: str, *, at=NOON, by=MERCHANT, pieces=None, **more) -> tuple[str, ...]:
    """Supplies a receipt; gives the pieces."""
    ids = (receipt(docket, request, at=at, by=by),) if pieces is None else tuple(pieces)
    docket.do(c.SupplyEvidence(request, ids, None), by=by, at=at, **more)
    return ids


def receipt(docket: Docket, request: str, **more) -> str:
    return docket.submit("freight_receipt", stage=Stage.SUPPLEMENT, request=request, **more)


def due_of(docket: Docket, request: str):
    return next(each for each in docket.dispute.deadlines if each.request == request)


def test_a15_what_is_sent_is_sealed_and_the_review_goes_on():
    docket, request = asked()
    (piece,) = answer(docket, request)
    assert docket.dispute.piece(piece).sealed
    assert docket.pieces[piece].sealed_at == NOON
    assert docket.dispute.deadline(DeadlineKind.REVIEW)


def test_a15_the_other_side_doesnt_answer_for_the_one_that_was_asked():
    docket, mine, theirs = asked_both()
    for request, stranger in ((mine, BUYER), (theirs, MERCHANT)):
        with pytest.raises(NotFound):
            docket.do(c.SupplyEvidence(request, (), None), by=stranger, at=NOON)


def test_a15_a_request_is_answered_once():
    docket, mine, _ = asked_both()
    sent = answer(docket, mine)
    with pytest.raises(WrongState):
        answer(docket, mine, pieces=sent)
    assert docket.events.count("EvidenceSupplied") == 1


def test_a15_what_is_sent_is_here():
    docket, request = asked()
    here = receipt(docket, request)
    under_way = docket.register("freight_receipt", stage=Stage.SUPPLEMENT, request=request)
    with pytest.raises(PiecesNotArrived) as refusal:
        answer(docket, request, pieces=[here, under_way])
    assert refusal.value.pieces == (under_way,)


def test_a3_a15_a_supplement_that_says_nothing_is_refused_and_can_be_sent_again():
    docket, request = asked()
    piece = receipt(docket, request)
    with pytest.raises(MeaninglessStatement):
        answer(docket, request, pieces=[piece], defect=MEANINGLESS)
    answer(docket, request, pieces=[piece])
    assert docket.dispute.request(request).answered_at == NOON


@pytest.mark.parametrize("do", [answer, receipt])
def test_a5_a15_a_supplement_is_in_time_at_its_own_deadline_and_late_a_millisecond_after(do):
    docket, mine, _ = asked_both()
    due = due_of(docket, mine).due
    do(docket, mine, at=due)

    docket, mine, theirs = asked_both()
    docket.extend(due_of(docket, theirs).id, due + HOUR)
    ready = receipt(docket, mine)
    with pytest.raises(DeadlinePassed) as refusal:
        do(docket, mine, at=due + MILLISECOND, **({"pieces": [ready]} if do is answer else {}))
    assert (refusal.value.kind, refusal.value.due) == ("supplement", due)


@pytest.mark.parametrize("do", [answer, receipt])
def test_a5_a15_anothers_deadline_binds_nobody_else(do):
    docket, mine, theirs = asked_both()
    due = due_of(docket, mine).due
    docket.extend(due_of(docket, theirs).id, due + HOUR)
    do(docket, theirs, at=due + MILLISECOND, by=BUYER)
    assert docket.dispute.request(mine).lapsed


def test_a5_under_grace_a_supplement_registered_in_time_may_still_arrive():
    docket, request = asked(a_policy(response={"upload_grace_seconds": 60}))
    due = due_of(docket, request).due
    docket.register("freight_receipt", at=due, stage=Stage.SUPPLEMENT, request=request)
    end = due + timedelta(seconds=60)
    assert docket.sweep(end).events == ()
    docket.sweep(end + MILLISECOND)
    assert docket.dispute.request(request).lapsed


def test_a5_of_two_deadlines_that_have_passed_the_earlier_one_lapses_first():
    docket, mine, theirs = asked_both()
    due = due_of(docket, mine).due
    docket.extend(due_of(docket, mine).id, due + HOUR)
    docket.sweep(due + 2 * HOUR)
    lapsed = [each.event.request for each in docket.recorded if type(each.event).__name__ == "EvidenceRequestLapsed"]
    assert lapsed == [theirs, mine]


def test_a15_at_the_deadline_what_came_late_doesnt_count():
    docket, request = asked()
    due = due_of(docket, request).due
    piece = receipt(docket, request, arrives=due + MILLISECOND)
    docket.sweep(due + MILLISECOND)
    assert docket.dispute.request(request).lapsed
    assert not docket.dispute.piece(piece).sealed


def test_a14_a15_at_the_deadline_what_came_in_time_is_sent_without_what_came_late():
    docket, request = asked()
    due = due_of(docket, request).due
    good, late = receipt(docket, request), receipt(docket, request, arrives=due + MILLISECOND)
    docket.sweep(due + MILLISECOND)
    assert docket.dispute.request(request).pieces == (good,)
    assert (docket.dispute.piece(good).sealed, docket.dispute.piece(late).sealed) == (True, False)


def test_a13_a15_at_the_deadline_what_a_machine_doubts_is_sent_for_the_shop_all_the_same():
    docket, request = asked()
    piece = receipt(docket, request, inspection=doubtful("amount"))
    docket.sweep(due_of(docket, request).due + MILLISECOND)
    assert (docket.dispute.request(request).lapsed, docket.dispute.request(request).pieces) == (False, (piece,))


def test_a14_a15_at_the_deadline_nothing_isnt_sent_for_the_shop_although_nothing_in_particular_was_asked_for():
    docket = contested()
    (request,) = docket.ask_for()
    docket.sweep(due_of(docket, request).due + MILLISECOND)
    assert docket.dispute.request(request).lapsed
    assert "EvidenceSupplied" not in docket.events


def test_a14_a15_without_auto_contest_nothing_is_sent_for_the_shop():
    docket, request = asked(a_policy(response={"auto_contest": False}))
    receipt(docket, request)
    docket.sweep(due_of(docket, request).due + MILLISECOND)
    assert docket.dispute.request(request).lapsed


@pytest.mark.parametrize("holder", [None, OTHER_REVIEWER])
def test_a15_only_the_holder_of_the_review_asks_for_more(holder):
    docket = contested()
    if holder:
        docket.claim(NOON, holder)
    with pytest.raises(NotYourReview):
        docket.do(c.RequestEvidence((Side.RESPONDENT,), ("freight_receipt",), None), by=REVIEWER, at=NOON)


def test_a15_only_what_the_policy_knows_can_be_asked_for():
    docket = contested()
    with pytest.raises(UnknownRequirement) as refusal:
        docket.ask_for("freight_receipt", "horoscope")
    assert refusal.value.requirement == "horoscope"
    assert docket.dispute.requests == ()


def test_a15_whoever_asks_for_more_lets_go_of_the_review_and_nobody_rules_meanwhile():
    docket, _ = asked()
    assert docket.dispute.claim is None
    assert docket.dispute.deadline(DeadlineKind.REVIEW_CLAIM) is None
    for command in (docket.a_ruling(checklist=()), c.ClaimReview()):
        with pytest.raises(WrongState):
            docket.do(command, by=REVIEWER, at=NOON)


def test_a15_no_request_outlives_a_ruling():
    docket, mine, theirs = asked_both()
    docket.do(c.Accept(text()), by=MERCHANT, at=NOON)
    assert docket.dispute.status is Status.FINAL
    assert [docket.dispute.request(each).lapsed for each in (mine, theirs)] == [True, True]
