"""Outages: looked at beforehand, worked through in batches from wherever they stopped, each dispute once (B11)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import IdempotencyKeyReused, NotFound, OutageAnswered, TooBusy
from chalicelib.domain.events import DefaultSetAside
from chalicelib.domain.model import Cause, Dispute, SetAsideTarget, Status
from chalicelib.domain.outage import Declaration, OutageState, Scope, Unmended
from chalicelib.domain.outage_ports import Given
from chalicelib.domain.parties import Actor, Role
from chalicelib.domain.ports import VersionRaced
from chalicelib.service.commands import Request
from chalicelib.service.outages import Prospect, Reported, Totals, Would
from chalicelib.store.memory import MemoryStore
from tests.build import BUYER, COLLEAGUE, MILLISECOND, NOON, PLATFORM
from tests.unit.service.build import Shop, a_key

HOUR = timedelta(hours=1)
DUE = NOON + 24 * HOUR
OPERATOR, SECOND = Actor("operator-1", Role.OPERATOR), Actor("operator-2", Role.OPERATOR)


def declared(shop: Shop, around: datetime = DUE, **scope) -> Reported:
    """Of two hours around the instant."""
    asked = Declaration(Scope(around - HOUR, around + HOUR, **scope), None, "The API was down.", None)
    return shop.outages.declare(asked, Request(OPERATOR, shop.now))


def agreed(shop: Shop, around: datetime = DUE, **scope) -> str:
    outage = declared(shop, around, **scope).outage.id
    shop.outages.answer(outage, Request(SECOND, shop.now), agreed=True)
    return outage


def opened(shop: Shop, *, defaulted: int = 0, running: int = 0) -> list[str]:
    """Disputes whose responses are due at DUE; those in default first."""
    ids = [shop.open(f"EXT-{number}").dispute.id for number in range(defaulted + running)]
    shop.now = DUE + MILLISECOND
    for each in ids[:defaulted]:
        shop.lapser.lapse(each)
    return ids


def work(shop: Shop, outage: str) -> int:
    """To its end, message by message; gives how many it took."""
    shop.outage_worker.work(outage)
    for count in range(1, 1000):
        if not shop.sent.outages:
            return count
        following, dispute = shop.sent.outages.pop(0)
        if dispute:
            shop.outage_worker.allow(following, dispute)
        else:
            shop.outage_worker.work(following)
    raise AssertionError("no end")


def in_batches_of(number: int, store: MemoryStore | None = None) -> Shop:
    shop = Shop(store)
    shop.outage_worker = replace(shop.outage_worker, batch=number)
    return shop


def dispute(shop: Shop, dispute_id: str) -> Dispute:
    found = shop.store.load(dispute_id).dispute
    assert found is not None
    return found


def set_aside(shop: Shop, dispute_id: str) -> int:
    """How often."""
    events = shop.store.timeline(dispute_id, limit=100).items
    return sum(each.type == DefaultSetAside.__name__ for each in events)


def settled(shop: Shop, ids: list[str], outage: str) -> bool:
    """Each has its time again, given once."""
    return all(
        (found := dispute(shop, each)).outages == (outage,)
        and found.status is Status.AWAITING_RESPONSE
        and found.deadline(DeadlineKind.RESPONSE).due > shop.now
        for each in ids
    )


def test_what_runs_is_extended_what_defaulted_is_set_aside_and_both_are_counted():
    shop = Shop()
    ids = opened(shop, defaulted=3, running=2)
    outage = agreed(shop)
    work(shop, outage)
    done = shop.outages.read(outage)
    assert (done.outage.state, done.given) == (OutageState.DONE, Given(disputes=5, extended=2, set_aside=3))
    assert settled(shop, ids, outage)


def test_it_is_worked_in_batches_of_which_none_is_larger_than_the_bound():
    shop = in_batches_of(2)
    ids = opened(shop, defaulted=5, running=4)
    outage = agreed(shop)
    # What runs takes two, and comes by once more at its new instant; what lapsed takes three.
    assert work(shop, outage) >= 5
    assert shop.outages.read(outage).given == Given(disputes=9, extended=4, set_aside=5)
    assert settled(shop, ids, outage)


def test_a_deadline_that_is_extended_within_the_window_is_counted_once():
    shop = Shop()
    (only,) = opened(shop, running=1)
    asked = Declaration(Scope(DUE - HOUR, DUE + 10 * HOUR), HOUR, "The API was down.", None)
    outage = shop.outages.declare(asked, Request(OPERATOR, shop.now)).outage.id
    shop.outages.answer(outage, Request(SECOND, shop.now), agreed=True)
    work(shop, outage)
    assert shop.outages.read(outage).given == Given(1, 1, 0)
    assert dispute(shop, only).deadline(DeadlineKind.RESPONSE).due == shop.now + HOUR


@pytest.mark.parametrize("at", range(12))
def test_g_killed_before_or_after_any_write_it_goes_on_and_each_gets_its_time_once(at):
    class Mortal(MemoryStore):
        """Dies at a write of the work: at an even number before it, at an odd one after it."""

        left = -1

        def commit(self, *commits) -> int:
            return self._live(lambda: super(Mortal, self).commit(*commits))

        def keep(self, outage, *, commit, key=None) -> None:
            self._live(lambda: super(Mortal, self).keep(outage, commit=commit, key=key))

        def _live[T](self, write: Callable[[], T]) -> T:
            if self.left in (0, 1):
                dies_after, self.left = self.left == 1, -1
                if dies_after:
                    write()
                raise SystemExit
            self.left -= 2 if self.left > 0 else 0
            return write()

    store = Mortal()
    shop = in_batches_of(2, store)
    ids = opened(shop, defaulted=2, running=2)
    outage = agreed(shop)
    store.left = at
    with pytest.raises(SystemExit):
        work(shop, outage)
    shop.sent.outages.clear()
    shop.now += timedelta(minutes=1, seconds=1)
    assert shop.sweeper.sweep().outages == (0 if at == 11 else 1)
    shop.sent.outages.clear()
    work(shop, outage)
    assert shop.outages.read(outage).given == Given(disputes=4, extended=2, set_aside=2)
    assert [set_aside(shop, each) for each in ids] == [1, 1, 0, 0]
    assert settled(shop, ids, outage)


@pytest.mark.parametrize("when", range(4))
def test_g_what_the_sweep_lapses_while_it_is_worked_is_set_aside_all_the_same(when):
    """The sweep's worker lapses every dispute after the `when`-th batch."""
    shop = in_batches_of(1)
    ids = opened(shop, running=3)
    outage = agreed(shop)
    for batch in range(12):
        if batch == when:
            for each in ids:
                shop.lapser.lapse(each)
        shop.outage_worker.work(outage)
    assert shop.outages.read(outage).given.disputes == 3
    assert settled(shop, ids, outage)


def test_g_lapsed_between_its_reading_and_its_commit_it_is_set_aside():
    class LapsesFirst(MemoryStore):
        """Somebody lapses the dispute just before the outage's first commit."""

        shop: Shop
        armed = False

        def commit(self, *commits) -> int:
            if self.armed:
                self.armed = False
                self.shop.lapser.lapse(commits[0].dispute_id)
            return super().commit(*commits)

    store = LapsesFirst()
    shop = store.shop = Shop(store)
    ids = opened(shop, running=1)
    outage = agreed(shop)
    store.armed = True
    work(shop, outage)
    assert shop.outages.read(outage).given == Given(disputes=1, extended=0, set_aside=1)
    assert settled(shop, ids, outage)


def test_h_a_dispute_that_fails_holds_up_no_other_and_is_tried_again_alone():
    class Poisoned(MemoryStore):
        refused = ""

        def commit(self, *commits) -> int:
            if commits[0].dispute_id == self.refused:
                raise VersionRaced("again and again")
            return super().commit(*commits)

    store = Poisoned()
    shop = Shop(store)
    ids = opened(shop, running=3)
    outage = agreed(shop)
    store.refused = ids[1]
    shop.outage_worker.work(outage)
    assert shop.sent.outages == [(outage, ids[1]), (outage, None)]
    assert settled(shop, [ids[0], ids[2]], outage)
    with pytest.raises(TooBusy):
        shop.outage_worker.allow(outage, ids[1])
    store.refused = ""
    shop.outage_worker.allow(outage, ids[1])
    assert settled(shop, ids, outage)


def test_two_workers_on_one_batch_count_it_once_and_send_for_one_more():
    class BesideAnother(MemoryStore):
        other = None

        def keep(self, outage, *, commit, key=None) -> None:
            if self.other:
                first, self.other = self.other, None
                first()
            super().keep(outage, commit=commit, key=key)

    store = BesideAnother()
    shop = Shop(store)
    opened(shop, defaulted=1)
    outage = agreed(shop)
    store.other = lambda: shop.outage_worker.work(outage)
    shop.outage_worker.work(outage)
    assert shop.sent.outages == [(outage, None)]
    assert shop.outages.read(outage).outage.seq == 3


def test_what_cant_be_mended_is_counted_with_the_reason():
    shop = Shop()
    ids = opened(shop, defaulted=1)
    window = dispute(shop, ids[0]).deadline(DeadlineKind.APPEAL_WINDOW).due
    shop.now = window + MILLISECOND
    shop.lapser.lapse(ids[0])
    outage = agreed(shop, window)
    work(shop, outage)
    done = shop.outages.read(outage)
    assert (done.given, done.outage.progress.final) == (Given(), 1)
    assert dispute(shop, ids[0]).status is Status.FINAL


def test_the_preview_says_what_would_be_done_and_changes_nothing():
    shop = Shop()
    ids = opened(shop, defaulted=2, running=2)
    withdrawn = ids.pop()
    shop.now = DUE
    shop.ask(withdrawn, c.WithdrawDispute(None), by=BUYER)
    shop.now = DUE + MILLISECOND
    before = [dispute(shop, each) for each in ids]
    outage = declared(shop).outage
    found: list[Prospect] = []
    after = None
    while True:
        page = shop.outages.preview(outage, shop.now, limit=1, after=after)
        found += page.items
        after = page.next
        if after is None:
            break
    told = {each.met.dispute.id: (each.would, each.due_after) for each in found}
    assert told == {
        ids[0]: (Would.SET_ASIDE, None),
        ids[1]: (Would.SET_ASIDE, None),
        ids[2]: (Would.EXTEND, shop.now + 2 * HOUR),
    }
    assert shop.outages.totals(outage, shop.now) == Totals(extended=1, set_aside=2)
    assert [dispute(shop, each) for each in ids] == before


def test_the_preview_says_what_cant_be_mended():
    shop = Shop()
    ids = opened(shop, defaulted=1)
    shop.now = dispute(shop, ids[0]).deadline(DeadlineKind.APPEAL_WINDOW).due + MILLISECOND
    shop.lapser.lapse(ids[0])
    outage = declared(shop).outage
    (left,) = shop.outages.preview(outage, shop.now, limit=10, after="lapsed:").items
    assert (left.would, left.why) == (Would.LEAVE, Unmended.FINAL)
    assert shop.outages.totals(outage, shop.now) == Totals(final=1)


def test_of_two_lapses_in_it_the_one_whose_default_stands_is_set_aside_and_shown():
    shop = Shop()
    (only,) = opened(shop, defaulted=1)
    shop.ask(only, c.AskSetAside(SetAsideTarget.DEFAULT, Cause.PLATFORM_FAULT, None), by=PLATFORM)
    shop.ask(only, c.AnswerSetAside(agreed=True), by=COLLEAGUE)
    again = dispute(shop, only).deadline(DeadlineKind.RESPONSE).due
    shop.now = again + MILLISECOND
    shop.lapser.lapse(only)
    asked = Declaration(Scope(DUE - HOUR, again + HOUR), None, "The API was down.", None)
    outage = shop.outages.declare(asked, Request(OPERATOR, shop.now)).outage
    shown = shop.outages.preview(outage, shop.now, limit=9, after="lapsed:").items
    assert [(each.met.due, each.would) for each in shown] == [(again, Would.SET_ASIDE)]
    assert shop.outages.totals(outage, shop.now) == Totals(set_aside=1)
    shop.outages.answer(outage.id, Request(SECOND, shop.now), agreed=True)
    work(shop, outage.id)
    done = shop.outages.read(outage.id)
    assert (done.given, done.outage.progress.no_default) == (Given(1, 0, 1), 0)


def test_another_shops_outage_touches_nothing_and_shows_nothing():
    shop = Shop()
    ids = opened(shop, defaulted=1, running=1)
    outage = agreed(shop, respondents=("shop:S2",))
    assert shop.outages.totals(shop.outages.read(outage).outage, shop.now) == Totals()
    work(shop, outage)
    assert shop.outages.read(outage).given == Given()
    assert [dispute(shop, each).outages for each in ids] == [(), ()]


def test_a_count_of_more_than_can_be_counted_says_that_it_isnt_complete():
    shop = Shop()
    shop.outages = replace(shop.outages, counts_at_most=2)
    opened(shop, defaulted=2, running=3)
    assert shop.outages.totals(declared(shop).outage, shop.now) == Totals(extended=2, set_aside=2, complete=False)


def test_nothing_is_worked_before_it_is_agreed_to_nor_once_declined():
    shop = Shop()
    (only,) = opened(shop, defaulted=1)
    outage = declared(shop).outage.id
    shop.now += timedelta(minutes=5)
    shop.sweeper.sweep()
    shop.outage_worker.work(outage)
    shop.outages.answer(outage, Request(OPERATOR, shop.now), agreed=False)
    shop.now += timedelta(minutes=5)
    shop.sweeper.sweep()
    shop.outage_worker.work(outage)
    assert shop.sent.outages == []
    shop.outage_worker.allow(outage, only)
    assert dispute(shop, only).status is Status.RULED


def test_the_sweep_begins_the_work_and_leaves_alone_what_is_done():
    shop = Shop()
    opened(shop, defaulted=1)
    outage = agreed(shop)
    shop.now += timedelta(minutes=1, milliseconds=1)
    assert shop.sweeper.sweep().outages == 1
    assert shop.sent.outages == [(outage, None)]
    shop.sent.outages.clear()
    work(shop, outage)
    shop.now += timedelta(minutes=5)
    assert shop.sweeper.sweep().outages == 0


def test_f_the_same_request_answers_the_same_again_whatever_became_of_it():
    shop = Shop()
    opened(shop, defaulted=1)
    asked = Declaration(Scope(DUE - HOUR, DUE + HOUR), None, "The API was down.", "See the log.")
    first = Request(OPERATOR, shop.now, a_key("declare"))
    told = shop.outages.declare(asked, first)
    second = Request(SECOND, shop.now, a_key("agree", caller="second"))
    outage = told.outage.id
    answered = shop.outages.answer(outage, second, agreed=True)
    work(shop, outage)
    shop.now += timedelta(days=1)
    assert shop.outages.declare(asked, replace(first, at=shop.now)) == told
    assert shop.outages.answer(outage, replace(second, at=shop.now), agreed=True) == answered
    with pytest.raises(OutageAnswered):
        shop.outages.answer(outage, Request(SECOND, shop.now, a_key("again", caller="second")), agreed=True)
    with pytest.raises(IdempotencyKeyReused):
        shop.outages.declare(asked, Request(OPERATOR, shop.now, a_key("declare", "0" * 64)))


def test_an_outage_that_isnt_there_is_not_found():
    shop = Shop()
    for ask in (shop.outages.read, shop.outage_worker.work):
        with pytest.raises(NotFound):
            ask("01K00000000000000000000000")
