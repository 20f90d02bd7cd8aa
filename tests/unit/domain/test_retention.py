"""What is personal is kept as long as the policy says, not erased while it is held, and never without an event."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.confidential import knows_complainant
from chalicelib.domain.errors import ConflictOfInterest, OnHold, SecondPersonNeeded, TooManyPieces, WrongState
from chalicelib.domain.events import Erased
from chalicelib.domain.evolve import fold
from chalicelib.domain.keeping import Erasable, ErasureCause, HoldCause
from chalicelib.domain.model import Closure, Status
from chalicelib.domain.parties import Actor, By, Role
from chalicelib.domain.piece import PieceErased, PieceStatus, arrive, erase, evolve, record
from chalicelib.domain.responses import MOST_OF_A_DISPUTE
from chalicelib.domain.retention import SETTLES, as_decided, erasure_after, is_gone, next_erasure
from policies.model import RetentionPolicy, Term, Unit
from tests.build import (
    BUYER,
    CLOCKWORK,
    COLLEAGUE,
    MERCHANT,
    MILLISECOND,
    NOON,
    PLATFORM,
    REVIEWER,
    SHOP,
    Docket,
    a_policy,
    at,
)

OPERATOR = Actor("operator-1", Role.OPERATOR)
KEPT = RetentionPolicy(images=Term(30, Unit.DAYS), texts=Term(1, Unit.YEARS))
IMAGES_UNTIL, TEXTS_UNTIL = at("2026-12-02T12:00:00+08:00"), at("2027-11-02T12:00:00+08:00")
HOLD = c.PlaceHold(HoldCause.LAWSUIT, None)
ASKED = c.Erase(ErasureCause.PERSON_ASKED)


def ended(**choices) -> Docket:
    """Contested, and final at noon on 2 November: the shop gave in."""
    docket = Docket(replace(a_policy(**choices), retention=KEPT)).open()
    docket.contest()
    docket.do(c.Accept(None), by=MERCHANT, at=NOON)
    assert docket.dispute.status is Status.FINAL
    return docket


def erased(docket: Docket, when) -> list[tuple[Erasable, ...]]:
    decision = docket.do(c.EraseDue(), by=CLOCKWORK, at=when)
    return [each.event.what for each in decision.events if isinstance(each.event, Erased)]


def test_images_and_then_texts_go_when_the_policys_time_is_over_to_the_millisecond():
    docket = ended()
    assert next_erasure(docket.dispute, docket.policy) == IMAGES_UNTIL
    assert erased(docket, IMAGES_UNTIL - MILLISECOND) == []
    assert erased(docket, IMAGES_UNTIL) == [(Erasable.IMAGES,)]
    assert next_erasure(docket.dispute, docket.policy) == TEXTS_UNTIL
    assert erased(docket, TEXTS_UNTIL - MILLISECOND) == []
    assert erased(docket, TEXTS_UNTIL) == [(Erasable.TEXTS,)]
    assert next_erasure(docket.dispute, docket.policy) is None
    assert erased(docket, TEXTS_UNTIL + timedelta(days=900)) == []


def test_the_time_counts_from_the_final_ruling_whether_or_not_the_case_is_closed():
    docket = ended()
    remedy = docket.dispute.ruling.remedy
    later = NOON + timedelta(days=20)
    docket.do(c.Close(Closure(remedy, "RF-1", later)), by=PLATFORM, at=later)
    assert next_erasure(docket.dispute, docket.policy) == IMAGES_UNTIL


def test_a_withdrawn_dispute_has_ended_too():
    docket = Docket().open()
    docket.do(c.WithdrawDispute(None), by=BUYER, at=NOON)
    assert next_erasure(docket.dispute, docket.policy) == NOON + timedelta(days=180)


def test_what_is_open_is_never_due():
    docket = Docket().open()
    docket.contest()
    assert next_erasure(docket.dispute, docket.policy) is None
    assert erased(docket, NOON + timedelta(days=9999)) == []


def test_the_days_are_those_of_the_policys_zone():
    policy = replace(
        a_policy(), zone="Europe/Berlin", retention=RetentionPolicy(Term(1, Unit.DAYS), Term(1, Unit.DAYS))
    )
    docket = Docket(policy).open(at("2026-10-24T12:00:00+02:00"))
    docket.do(c.WithdrawDispute(None), by=BUYER, at=at("2026-10-24T12:00:00+02:00"))
    assert next_erasure(docket.dispute, policy) == at("2026-10-25T12:00:00+01:00")


# Holds


def test_a_hold_stops_what_is_due_and_lifted_it_is_erased():
    docket = ended()
    docket.do(HOLD, by=PLATFORM, at=NOON)
    assert next_erasure(docket.dispute, docket.policy) is None
    assert erased(docket, TEXTS_UNTIL) == []
    docket.do(c.LiftHold(), by=OPERATOR, at=TEXTS_UNTIL)
    assert erased(docket, TEXTS_UNTIL) == [(Erasable.IMAGES, Erasable.TEXTS)]


def test_who_placed_a_hold_doesnt_lift_it_alone():
    docket = ended()
    docket.do(HOLD, by=PLATFORM, at=NOON)
    with pytest.raises(SecondPersonNeeded):
        docket.do(c.LiftHold(), by=PLATFORM, at=NOON)
    docket.do(c.LiftHold(), by=COLLEAGUE, at=NOON)
    assert docket.dispute.hold is None


def test_a_hold_is_placed_once_and_only_a_hold_is_lifted():
    docket = Docket().open()
    with pytest.raises(WrongState):
        docket.do(c.LiftHold(), by=PLATFORM, at=NOON)
    docket.do(HOLD, by=PLATFORM, at=NOON)
    with pytest.raises(WrongState):
        docket.do(HOLD, by=COLLEAGUE, at=NOON)


@pytest.mark.parametrize("command", [HOLD, ASKED])
def test_nobody_holds_or_erases_their_own_partys_case(command):
    docket = ended()
    of_the_shop = Actor("platform-3", Role.PLATFORM, frozenset({SHOP}))
    with pytest.raises(ConflictOfInterest):
        docket.do(command, by=of_the_shop, at=NOON)


# On demand


def test_on_demand_everything_goes_at_once():
    docket = ended()
    decision = docket.do(ASKED, by=OPERATOR, at=NOON)
    (event,) = decision.events
    assert event.event == Erased((Erasable.IMAGES, Erasable.TEXTS), ErasureCause.PERSON_ASKED)
    with pytest.raises(WrongState):
        docket.do(ASKED, by=OPERATOR, at=NOON)


@pytest.mark.parametrize("stage", ["open", "contested", "ruled"])
def test_nothing_is_erased_on_demand_before_the_end(stage):
    docket = Docket().open() if stage == "open" else Docket().ruled() if stage == "ruled" else Docket().open()
    if stage == "contested":
        docket.contest()
    with pytest.raises(WrongState):
        docket.do(ASKED, by=PLATFORM, at=NOON)


def test_nor_while_it_is_held():
    docket = ended()
    docket.do(HOLD, by=PLATFORM, at=NOON)
    with pytest.raises(OnHold) as refusal:
        docket.do(ASKED, by=COLLEAGUE, at=NOON)
    assert "诉讼" in refusal.value.messages.zh


def test_a_hold_that_comes_after_the_decision_saves_what_is_left():
    docket = ended()
    assert erased(docket, IMAGES_UNTIL) == [(Erasable.IMAGES,)]
    docket.do(HOLD, by=PLATFORM, at=IMAGES_UNTIL)
    assert erased(docket, TEXTS_UNTIL) == []
    assert docket.dispute.texts_erased_at is None
    docket.do(c.LiftHold(), by=COLLEAGUE, at=TEXTS_UNTIL)
    erased(docket, TEXTS_UNTIL)
    with pytest.raises(WrongState):
        docket.do(HOLD, by=PLATFORM, at=TEXTS_UNTIL)


# Pieces


def test_a_withdrawn_piece_is_erased_soon_although_the_dispute_goes_on():
    docket = Docket().open()
    piece = docket.submit()
    docket.do(c.WithdrawPiece(piece), by=MERCHANT, at=NOON)
    assert next_erasure(docket.dispute, docket.policy) == NOON + SETTLES
    assert not is_gone(docket.dispute, docket.pieces[piece])
    assert erased(docket, NOON + SETTLES - MILLISECOND) == []
    decision = docket.do(c.EraseDue(), by=CLOCKWORK, at=NOON + SETTLES)
    assert decision.events[0].event == Erased((Erasable.WITHDRAWN,), ErasureCause.RETENTION, (piece,))
    assert is_gone(docket.dispute, docket.pieces[piece])
    assert next_erasure(docket.dispute, docket.policy) is None
    assert docket.dispute.status is Status.AWAITING_RESPONSE


def test_withdrawing_again_and_again_doesnt_make_the_dispute_grow_without_end():
    docket = Docket().open()
    for _ in range(MOST_OF_A_DISPUTE):
        docket.do(c.WithdrawPiece(docket.submit()), by=MERCHANT, at=NOON)
    with pytest.raises(TooManyPieces):
        docket.submit()
    erased(docket, NOON + SETTLES)
    docket.submit(at=NOON + SETTLES)


def test_a_file_goes_with_the_images_and_a_statement_with_the_texts():
    docket = ended()
    (piece,) = docket.pieces.values()
    statement = replace(piece, key=None)
    erased(docket, IMAGES_UNTIL)
    assert (is_gone(docket.dispute, piece), is_gone(docket.dispute, statement)) == (True, False)
    erased(docket, TEXTS_UNTIL)
    assert is_gone(docket.dispute, statement)


def test_a_piece_is_shown_as_erased_from_the_decision_on():
    docket = ended()
    (piece,) = docket.pieces.values()
    assert as_decided(docket.dispute, piece) is piece
    erased(docket, IMAGES_UNTIL)
    assert as_decided(docket.dispute, piece).status is PieceStatus.ERASED


def test_an_erased_piece_takes_nothing_in_any_more_and_is_erased_once():
    docket = ended()
    (piece,) = docket.pieces.values()
    after, recorded = record(piece, PieceErased(), By.of(CLOCKWORK), NOON)
    assert evolve(piece, recorded) == after
    assert after.erased_at == NOON
    assert piece.arrival is not None
    assert arrive(replace(after, arrival=None), piece.arrival) is None
    assert erase(after) is None


# What is apart


def test_the_state_is_the_fold_of_its_events_also_after_an_erasure():
    docket = ended()
    erased(docket, TEXTS_UNTIL)
    assert fold(docket.recorded) == docket.dispute


def test_an_erasure_is_looked_into_at_once_and_then_when_the_rest_is_due():
    docket = ended()
    before = docket.dispute
    assert erasure_after(None, before, docket.policy) == IMAGES_UNTIL
    erased(docket, IMAGES_UNTIL)
    assert erasure_after(before, docket.dispute, docket.policy) == IMAGES_UNTIL
    assert erasure_after(docket.dispute, docket.dispute, docket.policy) is None


# D2


def test_d2_only_who_handles_a_confidential_case_knows_who_complains():
    docket = Docket().open()
    docket.contest()
    open_one, secret = docket.dispute, replace(docket.dispute, confidential=True)
    everybody = (MERCHANT, BUYER, PLATFORM, REVIEWER, OPERATOR)
    assert all(knows_complainant(open_one, each) for each in everybody)
    assert [each for each in everybody if knows_complainant(secret, each)] == [BUYER, PLATFORM]
    docket.claim(NOON)
    claimed = replace(docket.dispute, confidential=True)
    assert knows_complainant(claimed, REVIEWER)
    assert not knows_complainant(claimed, Actor("reviewer-2", Role.REVIEWER))
    assert not knows_complainant(secret, Actor("platform-3", Role.PLATFORM, frozenset({SHOP})))
