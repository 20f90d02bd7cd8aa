"""What the use cases measure of themselves."""

from datetime import timedelta

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import TooBusy, VersionConflict
from chalicelib.domain.measures import Measure
from chalicelib.domain.ports import IdempotencyRaced, NotPublished, VersionRaced
from chalicelib.service.sweeping import SweepIncomplete
from chalicelib.store.memory import MemoryStore
from policies.book import PolicyBook
from tests.build import NOON, a_policy
from tests.unit.service.build import Shop


def swept(shop: Shop) -> dict[Measure, float]:
    shop.measured.clear()
    shop.sweeper.sweep()
    return dict(shop.measured)


def test_where_nothing_waits_no_lag_is_measured_and_so_it_is_seen_to_end():
    assert swept(Shop()) == {Measure.SWEEP_LAG: 0, Measure.UPLOAD_LAG: 0, Measure.OUTBOX_AGE: 0}


def test_g_the_lag_is_that_of_the_oldest_deadline_until_it_is_carried_out():
    shop = Shop()
    first = shop.open("EXT-1").dispute
    due = first.deadline(DeadlineKind.RESPONSE).due
    shop.now += timedelta(minutes=10)
    shop.open("EXT-2")
    shop.now = due + timedelta(minutes=11)
    assert swept(shop)[Measure.SWEEP_LAG] == 660
    shop.lapser.lapse(first.id)
    assert swept(shop)[Measure.SWEEP_LAG] == 60


def test_a5_a_default_that_waits_for_an_upload_is_no_delay_until_its_grace_is_over():
    shop = Shop(book=PolicyBook.of([a_policy(response={"upload_grace_seconds": 1800})]))
    dispute = shop.open().dispute
    shop.register(dispute.id)
    shop.now = dispute.deadline(DeadlineKind.RESPONSE).due + timedelta(minutes=30)
    shop.lapser.lapse(dispute.id)
    assert swept(shop)[Measure.SWEEP_LAG] == 0
    assert shop.sent.due == [dispute.id]
    shop.now += timedelta(minutes=1)
    assert swept(shop)[Measure.SWEEP_LAG] == 60


def test_h_an_upload_waits_from_when_it_arrived_and_not_from_when_it_was_announced():
    shop = Shop()
    dispute = shop.open().dispute.id
    announced = [shop.register(dispute) for _ in range(2)]
    shop.now += timedelta(minutes=40)
    keys = []
    for piece in announced:
        keys.append(shop.upload(dispute, piece))
        shop.now += timedelta(minutes=5)
    assert swept(shop)[Measure.UPLOAD_LAG] == 600
    shop.inspector.inspect(keys[0])
    assert swept(shop)[Measure.UPLOAD_LAG] == 300
    shop.inspector.inspect(keys[1])
    assert swept(shop)[Measure.UPLOAD_LAG] == 0


def test_c_how_long_events_wait_is_measured_although_the_bus_is_down():
    shop = Shop()
    shop.open()
    shop.now += timedelta(hours=3)
    shop.sent.down = NotPublished("bus")
    with pytest.raises(SweepIncomplete):
        shop.sweeper.sweep()
    assert (Measure.OUTBOX_AGE, 3 * 3600) in shop.measured
    shop.sent.down = None
    swept(shop)
    assert swept(shop)[Measure.OUTBOX_AGE] == 0


class Racing(MemoryStore):
    """Loses so many races, each for the same reason."""

    def __init__(self, times: int, reason: type[Exception]) -> None:
        super().__init__()
        self.left = times
        self.reason = reason
        self.from_now_on = NOON

    def commit(self, *commits) -> int:
        if commits[0].at > self.from_now_on and self.left:
            self.left -= 1
            raise self.reason("rival")
        return super().commit(*commits)


def raced(times: int, reason: type[Exception] = VersionRaced) -> tuple[Shop, str]:

    shop = Shop(Racing(times, reason))

    dispute = shop.open().dispute.id
    shop.now += timedelta(minutes=1)
    return shop, dispute


@pytest.mark.parametrize("reason", [VersionRaced, IdempotencyRaced])
def test_each_race_that_a_command_loses_is_measured(reason: type[Exception]):
    shop, dispute = raced(3, reason)
    shop.ask(dispute, c.Accept(None))
    assert shop.measured == [(Measure.RACES_LOST, 1)] * 3


def test_who_loses_every_race_is_measured_as_often():
    shop, dispute = raced(9)
    with pytest.raises(TooBusy):
        shop.ask(dispute, c.Accept(None))
    assert len(shop.measured) == 5


def test_who_is_refused_for_the_version_it_saw_tries_no_race():
    shop, dispute = raced(1)
    with pytest.raises(VersionConflict):
        shop.ask(dispute, c.Accept(None), if_match=2)
    assert shop.measured == []
