"""What is due of several disputes, carried out together; and where that can't be, each alone."""

from datetime import timedelta

import pytest

from bench.metered import Metered
from chalicelib.domain import commands as c
from chalicelib.domain.errors import NotFound
from chalicelib.domain.measures import Measure
from chalicelib.domain.model import Basis, Status
from chalicelib.domain.ports import VersionRaced
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.memory import MemoryStore, MemoryTable
from tests.build import PLATFORM
from tests.unit.service.build import Shop

DAY_LATER = timedelta(days=1, seconds=30)


def due(shop: Shop, number: int = 3) -> list[str]:
    ids = [shop.open(f"EXT-{each}").dispute.id for each in range(number)]
    shop.now += DAY_LATER
    return ids


def bases(shop: Shop, ids) -> list[Basis | None]:
    found = [shop.queries.dispute(each, PLATFORM).ruling for each in ids]
    return [each.basis if each else None for each in found]


def test_g_each_is_carried_out_as_it_would_be_alone():
    shop, alone = Shop(), Shop()
    ids = due(shop)
    shop.lapser.lapse_together(ids)
    due(alone)
    for each in ids:
        alone.lapser.lapse(each)
    for each in ids:
        one, other = (service.store.timeline(each, limit=100).items for service in (shop, alone))
        assert [(event.type, event.at) for event in one] == [(event.type, event.at) for event in other]


def test_g_what_is_named_twice_or_not_due_is_left_as_it_is():
    shop = Shop()
    ids = due(shop)
    fresh = shop.open("EXT-NEW").dispute.id
    assert shop.lapser.lapse_together([*ids, ids[0], fresh]) == 3
    assert bases(shop, ids) == [Basis.DEFAULT] * 3
    assert shop.queries.dispute(fresh, PLATFORM).status is Status.AWAITING_RESPONSE
    assert shop.lapser.lapse_together([*ids, fresh]) == 0
    assert not any(shop.lapser.lapse(each) for each in [*ids, fresh])


def test_g_one_that_changed_meanwhile_keeps_none_of_the_others_from_going_alone():
    class Accepting(MemoryStore):
        """Of one dispute, the shop's word comes in just before it is written."""

        accepted = ""

        def commit(self, *commits) -> int:
            if len(commits) > 1:
                self.accepted = commits[1].dispute_id
                shop.now -= DAY_LATER
                shop.ask(self.accepted, c.Accept(None))
                shop.now += DAY_LATER
            return super().commit(*commits)

    store = Accepting()
    shop = Shop(store)
    ids = due(shop)
    with pytest.raises(VersionRaced):
        shop.lapser.lapse_together(ids)
    assert shop.measured == [(Measure.RACES_LOST, 1)]
    assert bases(shop, ids) == [None, Basis.ACCEPTED, None]
    assert [shop.lapser.lapse(each) for each in ids] == [True, False, True]
    assert bases(shop, ids) == [Basis.DEFAULT, Basis.ACCEPTED, Basis.DEFAULT]


def test_a14_what_was_submitted_is_read_for_all_at_once():
    table = Metered(MemoryTable())
    shop = Shop(DisputeStore(table))
    ids = [shop.open(f"EXT-{each}").dispute.id for each in range(3)]
    for each in ids:
        shop.upload(each, shop.register(each))
    shop.now += DAY_LATER
    asked = table.of(lambda: shop.lapser.lapse_together(ids))
    assert {shop.queries.dispute(each, PLATFORM).status for each in ids} == {Status.UNDER_REVIEW}
    assert asked.calls == {"BatchGetItem": 2, "TransactWriteItems": 1}


def test_each_is_named_when_its_transaction_is_begun():
    """What takes several transactions: no commit waits for those before it under a name that it has already."""

    class Slow(MemoryStore):
        def commit(self, *commits) -> int:
            named.append(commits[0].id)
            shop.new_id()
            return super().commit(*commits[:2])

    named: list[str] = []
    shop = Shop(Slow())
    ids = due(shop, 6)
    named.clear()
    assert shop.lapser.lapse_together(ids) == 6
    outbox = [each.id for each in shop.store.outbox(shop.now + DAY_LATER, limit=100)][6:]
    assert len(named) == 3
    assert sorted(outbox)[::2] == named
    assert bases(shop, ids) == [Basis.DEFAULT] * 6


def test_one_that_is_gone_is_said_and_nothing_is_written():
    shop = Shop()
    ids = due(shop)
    with pytest.raises(NotFound):
        shop.lapser.lapse_together([*ids, "nothing"])
    assert bases(shop, ids) == [None] * 3
