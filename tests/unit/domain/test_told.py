"""E: what a party is told of an event, field by field; and staff everything."""

from typing import Any

import msgspec
import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.events import Recorded
from chalicelib.domain.model import AppealStatus, Cause, SetAsideTarget, Stage
from chalicelib.domain.parties import Actor, Role, Side
from chalicelib.domain.told import told
from chalicelib.domain.viewer import Viewer
from tests.build import BUYER, COLLEAGUE, MERCHANT, NOON, PLATFORM, REVIEWER, Docket, text

type Data = dict[str, Any]
BOTH = (Side.RESPONDENT, Side.COMPLAINANT)
PRIVATE: Data = {"statement": None, "pieces": []}


def data_of(recorded: Recorded) -> Data:
    """As it is stored."""
    found: Data = msgspec.json.decode(msgspec.json.encode(recorded.event))
    return found


def events(docket: Docket, kind: str) -> list[tuple[Data, Role]]:
    return [(data_of(each), each.by.role) for each in docket.recorded if type(each.event).__name__ == kind]


def as_told(docket: Docket, kind: str, viewer: Actor) -> list[Data | None]:
    """What this one is told of all events of a kind."""
    seen_by = Viewer.of(docket.dispute, viewer)
    return [told(kind, seen_by, data, role) for data, role in events(docket, kind)]


@pytest.fixture
def docket() -> Docket:
    """Contested after both sides were asked for more, ruled, and appealed in vain."""
    docket = Docket().open()
    docket.contest()
    docket.ask_for("product_document", sides=BOTH)
    for side, party in zip(BOTH, (MERCHANT, BUYER), strict=True):
        request = next(each for each in docket.dispute.requests if each.side is side)
        piece = docket.submit("product_document", by=party, stage=Stage.SUPPLEMENT, request=request.id)
        docket.do(c.SupplyEvidence(request.id, (piece,), text()), by=party, at=NOON)
    docket.rule(NOON, invalid_pieces=[each.id for each in docket.dispute.pieces])
    docket.appeal(NOON)
    docket.decide_appeal(NOON)
    return docket


def test_staff_are_told_everything_people_included(docket):
    for each in docket.recorded:
        data, kind = data_of(each), type(each.event).__name__
        assert told(kind, Viewer.of(docket.dispute, REVIEWER), data, each.by.role) == data


def test_who_acted_is_a_role_at_any_depth_and_nothing_else_is_touched():
    viewer = Viewer.of(Docket().open().dispute, MERCHANT)
    person = {"id": "reviewer-1", "role": "reviewer"}
    data = {"by": person, "in": [{"of": person}, [person], "words"], "three": person | {"name": "x"}}
    role = {"role": "reviewer"}
    expected = {"by": role, "in": [{"of": role}, [role], "words"], "three": person | {"name": "x"}}
    assert told("Finalised", viewer, data, Role.REVIEWER) == expected
    assert told("Finalised", viewer, {"amount": {"id": "x", "sum": 3}}, Role.REVIEWER) == {
        "amount": {"id": "x", "sum": 3}
    }


def test_d2_who_doesnt_know_the_complainant_isnt_told_what_it_said():
    docket = Docket().open()
    ((data, _),) = events(docket, "DisputeOpened")
    assert data["statement"]
    assert as_told(docket, "DisputeOpened", BUYER) == [data]
    assert as_told(docket, "DisputeOpened", MERCHANT) == [data]
    masked = Viewer(docket.dispute, Side.RESPONDENT, of_shop=True, knows_complainant=False)
    assert told("DisputeOpened", masked, data, Role.PLATFORM) == data | {"statement": None}


def test_each_side_is_told_of_the_files_that_it_registers_and_takes_back():
    docket = Docket().open()
    piece = docket.submit()
    docket.do(c.WithdrawPiece(piece), by=MERCHANT, at=NOON)
    for kind in ("EvidenceRegistered", "EvidenceWithdrawn"):
        assert as_told(docket, kind, MERCHANT) == [data for data, _ in events(docket, kind)]
        assert as_told(docket, kind, BUYER) == [None]


def test_the_buyer_is_told_that_the_shop_contests_and_not_what_it_says(docket):
    ((data, _),) = events(docket, "Responded")
    assert data["response"]["statement"]
    (own,) = as_told(docket, "Responded", MERCHANT)
    assert own == data
    (others,) = as_told(docket, "Responded", BUYER)
    assert others == data | {"response": data["response"] | PRIVATE}


def test_what_is_sealed_is_told_to_who_may_see_it(docket):
    ((data, _), *_) = events(docket, "EvidenceSealed")
    assert as_told(docket, "EvidenceSealed", MERCHANT)[0] == data
    assert as_told(docket, "EvidenceSealed", BUYER)[0] == data | {"pieces": []}


@pytest.mark.parametrize(("kind", "whose"), [("EvidenceRequested", "request"), ("EvidenceSupplied", "supply")])
def test_a_request_and_its_answer_are_told_to_whom_it_asks(docket, kind, whose):
    first, second = as_told(docket, kind, MERCHANT)
    assert (bool(first), second) == (True, None), whose
    first, second = as_told(docket, kind, BUYER)
    assert (first, bool(second)) == (None, True), whose


def test_a_request_that_lapses_is_told_to_whom_it_asked(docket):
    of_shop, of_buyer = docket.dispute.requests
    for viewer, mine, other in ((MERCHANT, of_shop, of_buyer), (BUYER, of_buyer, of_shop)):
        seen_by = Viewer.of(docket.dispute, viewer)
        assert told("EvidenceRequestLapsed", seen_by, {"request": mine.id}, Role.SYSTEM) == {"request": mine.id}
        assert told("EvidenceRequestLapsed", seen_by, {"request": other.id}, Role.SYSTEM) is None


def test_a_deadline_is_told_but_for_a_reviewers_and_the_other_sides(docket):
    kinds = [data["deadline"]["kind"] for data, _ in events(docket, "DeadlineSet")]
    assert {"review_claim", "supplement", "review"} <= set(kinds)
    of_shop, of_buyer = docket.dispute.requests
    for viewer, other in ((MERCHANT, of_buyer), (BUYER, of_shop)):
        seen = as_told(docket, "DeadlineSet", viewer)
        for (data, _), shown in zip(events(docket, "DeadlineSet"), seen, strict=True):
            deadline = data["deadline"]
            hidden = deadline["kind"] == "review_claim" or deadline["request"] == other.id
            assert shown == (None if hidden else data)


def test_a_deadline_that_ends_is_told_but_for_a_reviewers_and_that_of_who_wasnt_asked():
    asked = Docket().open()
    asked.contest()
    asked.ask_for("product_document", sides=(Side.RESPONDENT,))
    shown = {
        viewer.role: {
            kind
            for kind in DeadlineKind
            if told("DeadlineCleared", Viewer.of(asked.dispute, viewer), {"kind": kind}, Role.SYSTEM)
        }
        for viewer in (MERCHANT, BUYER)
    }
    everything = set(DeadlineKind) - {DeadlineKind.REVIEW_CLAIM}
    assert shown == {Role.MERCHANT: everything, Role.BUYER: everything - {DeadlineKind.SUPPLEMENT}}


def test_a_running_deadline_is_known_to_whom_it_asks_and_to_staff():
    asked = Docket().open()
    asked.contest()
    asked.ask_for("product_document", sides=BOTH)
    supplements = [each for each in asked.dispute.deadlines if each.kind is DeadlineKind.SUPPLEMENT]
    known = {
        viewer.role: [Viewer.of(asked.dispute, viewer).knows_deadline(each) for each in supplements]
        for viewer in (MERCHANT, BUYER, REVIEWER)
    }
    of_shop = [each.request == asked.dispute.requests[0].id for each in supplements]
    assert known[Role.MERCHANT] == of_shop
    assert known[Role.BUYER] == [not each for each in of_shop]
    assert known[Role.REVIEWER] == [True, True]
    assert sorted(of_shop) == [False, True]


def test_of_a_ruling_each_side_is_told_its_own_points_and_files(docket):
    ((data, _), *_) = events(docket, "Ruled")
    ruling = data["ruling"]
    assert {each["side"] for each in ruling["checklist"]} == {"respondent", "complainant"}
    for viewer, side in ((MERCHANT, Side.RESPONDENT), (BUYER, Side.COMPLAINANT)):
        known = Viewer.of(docket.dispute, viewer).pieces
        own = {
            "checklist": [each for each in ruling["checklist"] if each["side"] == side],
            "invalid_pieces": [each for each in ruling["invalid_pieces"] if each in known],
        }
        (shown, *_) = as_told(docket, "Ruled", viewer)
        assert shown == data | {"ruling": ruling | own | {"by": {"role": ruling["by"]["role"]}}}


def test_of_an_appeal_the_buyer_is_told_that_there_is_one_and_how_it_ended(docket):
    ((filed, _),), ((decided, _),) = events(docket, "AppealFiled"), events(docket, "AppealDecided")
    assert filed["appeal"]["statement"]
    assert decided["counted"]
    assert decided["rationale"]
    for viewer, private in ((MERCHANT, {}), (BUYER, PRIVATE)):
        (shown,) = as_told(docket, "AppealFiled", viewer)
        assert shown
        assert {name: shown["appeal"][name] for name in PRIVATE} == {
            name: filed["appeal"][name] for name in PRIVATE
        } | private
    assert as_told(docket, "AppealDecided", MERCHANT) == [decided]
    assert as_told(docket, "AppealDecided", BUYER) == [decided | {"counted": None, "rationale": None}]


def test_b7_that_a_failure_is_taken_back_is_the_shops_alone(docket):
    docket.do(c.AskSetAside(SetAsideTarget.APPEAL, Cause.PLATFORM_FAULT, None), by=PLATFORM, at=NOON)
    docket.do(c.AnswerSetAside(agreed=True), by=COLLEAGUE, at=NOON)
    ((data, _),) = events(docket, "AppealSetAside")
    assert data["taken_back"]
    assert as_told(docket, "AppealSetAside", MERCHANT) == [data]
    assert as_told(docket, "AppealSetAside", BUYER) == [data | {"taken_back": None}]


def test_what_staff_do_among_themselves_is_told_to_nobody_else(docket):
    assert docket.dispute.appeals[-1].status is AppealStatus.DENIED
    for viewer in (MERCHANT, BUYER):
        assert set(as_told(docket, "ReviewClaimed", viewer)) == {None}
