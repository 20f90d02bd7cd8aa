"""C6: a party is reminded of its own deadlines, when the policy says, for as long as they run."""

from datetime import datetime, timedelta

from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.notices import Notice, every_lead, reminders
from chalicelib.domain.topics import DeadlineNear
from policies.model import ReminderPolicy, Term, Unit
from tests.build import MILLISECOND, NOON, SHOP, Docket

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
A_DAY_AND_SIX_HOURS = ReminderPolicy(
    response=(Term(24, Unit.HOURS), Term(6, Unit.HOURS)), appeal_window=(Term(6, Unit.HOURS),)
)


def near(docket: Docket, now: datetime) -> list[Notice]:
    return list(reminders(docket.dispute, A_DAY_AND_SIX_HOURS, now))


def test_a_shop_is_reminded_at_the_time_that_the_policy_says_and_not_before():
    docket = Docket().open(reason="quality")
    due = docket.due(DeadlineKind.RESPONSE)
    assert near(docket, due - 24 * HOUR - MILLISECOND) == []
    (first,) = near(docket, due - 24 * HOUR)
    assert (first.party, first.at, first.topic.due) == (SHOP, due - 24 * HOUR, due)
    (again,) = near(docket, due - 6 * HOUR - MILLISECOND)
    assert again == first
    (second,) = near(docket, due)
    assert (second.at, second.cause) != (first.at, first.cause)
    assert near(docket, due + MILLISECOND) == []


def test_a_lead_that_isnt_shorter_than_the_time_itself_reminds_of_nothing():
    docket = Docket().open()
    due = docket.due(DeadlineKind.RESPONSE)
    assert due - NOON == DAY
    assert near(docket, NOON) == []
    assert [each.at for each in near(docket, due - HOUR)] == [due - 6 * HOUR]


def test_a_deadline_that_was_met_or_moved_is_near_no_more():
    docket = Docket().open()
    (deadline,) = docket.dispute.deadlines
    docket.extend(deadline.id, deadline.due + DAY)
    assert near(docket, deadline.due - HOUR) == []
    (moved,) = near(docket, deadline.due + DAY - HOUR)
    assert isinstance(moved.topic, DeadlineNear)
    docket.contest(deadline.due)
    assert near(docket, deadline.due + DAY - HOUR) == []


def test_nobody_is_reminded_of_a_reviewers_time_or_without_a_policy_of_it():
    docket = Docket().ruled()
    docket.appeal(NOON)
    kinds = {each.topic.kind for each in near(docket, docket.due(DeadlineKind.APPEAL_WINDOW))}
    assert kinds == {DeadlineKind.APPEAL_WINDOW}
    assert reminders(docket.dispute, ReminderPolicy(), docket.due(DeadlineKind.APPEAL_WINDOW)) == ()


def test_the_sweep_looks_ahead_once_for_each_length():
    other = ReminderPolicy(supplement=(Term(360, Unit.MINUTES), Term(45, Unit.SECONDS)))
    assert every_lead([A_DAY_AND_SIX_HOURS, other]) == (timedelta(seconds=45), 6 * HOUR, DAY)
