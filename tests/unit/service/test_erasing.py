"""An erasure that is cut short at any step is made up for by the next run; a hold that comes first stops it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.errors import NotFound
from chalicelib.domain.keeping import ErasureCause, HoldCause
from chalicelib.domain.measures import Measure
from chalicelib.domain.parties import Actor, Role
from chalicelib.domain.piece import PieceStatus
from chalicelib.domain.ports import Commit, VersionRaced
from chalicelib.domain.retention import SETTLES
from chalicelib.service.commands import Commands
from chalicelib.service.erasing import Eraser, ErasureIncomplete, ErasureRun
from chalicelib.store.memory import MemoryStore
from chalicelib.store.memory_bucket import MemoryBucket
from tests.build import MERCHANT, MILLISECOND, PLATFORM
from tests.unit.service.build import Shop, picture, the_book

OPERATOR = Actor("operator-1", Role.OPERATOR)
KEPT = timedelta(days=180) + MILLISECOND


def eraser(shop: Shop, store: Any = None, bucket: Any = None) -> Eraser:
    commands = Commands(
        store or shop.store, bucket or shop.bucket, the_book(), shop.new_id, shop.commands.default_policy
    )
    return Eraser(commands, lambda: shop.now)


def finished(shop: Shop, number: int = 1, *, pieces: int = 1) -> str:
    """A final dispute with a file, looked at, and a bundle made of it; gives its id."""
    dispute = shop.open(f"EXT-{number}").dispute.id
    ids = [shop.register(dispute) for _ in range(pieces)]
    for each in ids:
        shop.inspector.inspect(shop.upload(dispute, each, picture() + bytes(number)))
    shop.bucket.put(f"bundles/{dispute}/B1.zip", b"a bundle", at=shop.now)
    shop.contest(dispute, *ids)
    shop.ask(dispute, c.Accept(None))
    return dispute


def objects(shop: Shop) -> list[str]:
    return sorted({*shop.bucket._versions, *shop.bucket._clean})  # noqa: SLF001  (a dump is no access pattern)


def test_a_run_takes_what_is_due_and_nothing_else():
    shop = Shop()
    early = finished(shop)
    shop.now += timedelta(days=10)
    late = finished(shop, 2)
    shop.now += KEPT - timedelta(days=10)
    assert eraser(shop).run() == ErasureRun(due=1, done=0)
    assert all(late in each for each in objects(shop))
    assert shop.store.pieces(early)[0].status is PieceStatus.ERASED
    assert shop.store.pieces(late)[0].status is PieceStatus.INSPECTED


def test_what_comes_in_late_is_erased_by_the_second_run_and_then_it_is_done():
    shop = Shop()
    dispute = finished(shop)
    key = shop.store.pieces(dispute)[0].key
    shop.now += KEPT
    assert eraser(shop).run() == ErasureRun(due=1, done=0)
    shop.bucket.put(str(key), b"a form that was good until a moment ago", at=shop.now)
    shop.now += SETTLES
    assert eraser(shop).run() == ErasureRun(due=1, done=1)
    assert objects(shop) == []
    assert eraser(shop).run() == ErasureRun(due=0, done=0)


def test_a_look_that_is_under_way_while_the_piece_is_withdrawn_leaves_no_copy_behind():
    shop = Shop()
    dispute = shop.open().dispute.id
    piece = shop.register(dispute)
    key = shop.upload(dispute, piece)

    class WithdrawnMeanwhile(MemoryBucket):
        """The look has read the file, and comes to keep its copy."""

        def __getattribute__(self, name: str) -> Any:
            return object.__getattribute__(self, name) if name == "put_clean" else getattr(shop.bucket, name)

        def put_clean(self, key: str, content: bytes, media_type: str) -> None:
            shop.ask(dispute, c.WithdrawPiece(piece))
            shop.bucket.put_clean(key, content, media_type)

    assert not replace(shop.inspector, bucket=WithdrawnMeanwhile()).inspect(key)
    assert objects(shop) == [f"clean/{dispute}/{piece}.jpg", key]
    shop.now += SETTLES + MILLISECOND
    eraser(shop).run()
    assert objects(shop) == []


class Killed(BaseException):
    """The process is gone."""


class Mortal:
    """Dies before, or after, the n-th call of those that change something."""

    def __init__(self, at: int, *, after: bool) -> None:
        self.left = at
        self.after = after

    def around(self, owner: Any, names: Iterable[str]) -> Any:
        mortal = self

        class Wrapped:
            def __getattr__(self, name: str) -> Any:
                action = getattr(owner, name)
                return mortal.call(action) if name in names else action

        return Wrapped()

    def call(self, action: Any) -> Any:
        def once(*args: Any, **more: Any) -> Any:
            self.left -= 1
            if self.left == 0 and not self.after:
                raise Killed
            answer = action(*args, **more)
            if self.left == 0:
                raise Killed
            return answer

        return once


CHANGES = ("commit", "erase_piece", "erase_bundles", "erase_texts", "erasure_carried_out")


def killed_at(number: int, *, after: bool) -> bool:
    """Kills a run at its n-th step, lets the next ones go on; False once a run has no n-th step."""
    shop = Shop()
    dispute = shop.open().dispute.id
    keys = [shop.upload(dispute, shop.register(dispute)) for _ in range(2)]
    shop.bucket.put_clean(keys[0].replace("uploads", "clean") + ".jpg", b"a copy", "image/jpeg")
    shop.contest(dispute, *(each.id for each in shop.store.pieces(dispute)))
    shop.ask(dispute, c.Accept(None))
    shop.ask(dispute, c.Erase(ErasureCause.PERSON_ASKED), by=PLATFORM)
    mortal = Mortal(number, after=after)
    dying = eraser(shop, mortal.around(shop.store, CHANGES), mortal.around(shop.bucket, ("erase",)))
    shop.now += SETTLES
    try:
        dying.run()
        shop.now += SETTLES
        dying.run()
    except Killed:
        pass
    for _ in range(2):
        eraser(shop).run()
        shop.now += SETTLES
    assert objects(shop) == []
    assert {each.status for each in shop.store.pieces(dispute)} == {PieceStatus.ERASED}
    assert eraser(shop).run() == ErasureRun(due=0, done=0)
    assert texts(shop) == []
    return mortal.left <= 0


def texts(shop: Shop) -> list[str]:
    return [key.sk for key in shop.store._table._items if key.sk.startswith("T#")]  # noqa: SLF001  (a dump, too)


@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_step_leaves_nothing_undone_for_good(after):
    number = 1
    while killed_at(number, after=after):
        number += 1
    assert number >= 20


def test_one_that_fails_holds_up_no_other_and_stays_due():
    shop = Shop()
    poisoned, other = finished(shop), finished(shop, 2)

    class Broken(MemoryBucket):
        def __getattribute__(self, name: str) -> Any:
            return object.__getattribute__(self, name) if name == "erase" else getattr(shop.bucket, name)

        def erase(self, prefix: str) -> int:
            if poisoned in prefix:
                raise OSError(prefix)
            return shop.bucket.erase(prefix)

    shop.now += KEPT
    with pytest.raises(ErasureIncomplete):
        eraser(shop, bucket=Broken()).run()
    assert all(poisoned in each for each in objects(shop))
    assert other not in repr(objects(shop))
    shop.now += SETTLES + MILLISECOND
    eraser(shop).run()
    assert objects(shop) == []


class Meanwhile(MemoryStore):
    """Something happens between the eraser's read and its commit, once."""

    def __init__(self, shop: Shop) -> None:
        self._table = shop.store._table  # noqa: SLF001  (another process on the same table)
        self._heads = shop.store._heads  # noqa: SLF001
        self.happens: Any = None

    def commit(self, *commits: Commit) -> int:
        happens, self.happens = self.happens, None
        if happens:
            happens()
        return super().commit(*commits)


def test_a_hold_that_comes_between_the_read_and_the_decision_wins_and_nothing_is_erased():
    shop = Shop()
    dispute = finished(shop)
    before = objects(shop)
    shop.now += KEPT
    store = Meanwhile(shop)
    store.happens = lambda: shop.ask(dispute, c.PlaceHold(HoldCause.LAWSUIT, None), by=PLATFORM)
    eraser(shop, store).run()
    assert objects(shop) == before
    assert shop.store.pieces(dispute)[0].erased_at is None
    shop.ask(dispute, c.LiftHold(), by=OPERATOR)
    eraser(shop).run()
    assert objects(shop) == []


def test_a_hold_lifted_while_the_eraser_looks_is_not_forgotten():
    shop = Shop()
    dispute = finished(shop)
    shop.ask(dispute, c.PlaceHold(HoldCause.LAWSUIT, None), by=PLATFORM)
    shop.now += KEPT

    class LiftedMeanwhile(Meanwhile):
        def erasure_carried_out(self, *args: Any) -> None:
            shop.ask(dispute, c.LiftHold(), by=OPERATOR)
            super().erasure_carried_out(*args)

    assert eraser(shop, LiftedMeanwhile(shop)).run() == ErasureRun(due=1, done=1)
    assert objects(shop) != []
    eraser(shop).run()
    assert objects(shop) == []


def test_a_piece_that_is_changed_meanwhile_is_read_again():
    shop = Shop()
    dispute = finished(shop)
    shop.now += KEPT
    store = Meanwhile(shop)

    def raced() -> None:
        store.happens = lost

    def lost() -> None:
        raise VersionRaced("piece")

    store.happens = raced
    eraser(shop, store).run()
    assert shop.store.pieces(dispute)[0].status is PieceStatus.ERASED


def test_two_runs_at_once_do_no_harm():
    shop = Shop()
    dispute = finished(shop)
    shop.now += KEPT
    store = Meanwhile(shop)
    store.happens = lambda: eraser(shop).run()
    eraser(shop, store).run()
    assert objects(shop) == []
    erased = [each.type for each in shop.store.timeline(dispute, limit=100).items if each.type == "Erased"]
    assert erased == ["Erased"]


def test_a_dispute_that_isnt_there_is_said_to_be_absent():
    with pytest.raises(NotFound):
        eraser(Shop()).erase("01K00000000000000000000000")


def due_ones(shop: Shop, many: int) -> list[str]:
    """Disputes of which something is due to be erased, one at a time."""
    ids = []
    for number in range(many):
        ids.append(shop.open(f"EXT-{number}").dispute.id)
        shop.ask(ids[-1], c.Accept(None), by=MERCHANT)
        shop.now += timedelta(seconds=1)
    shop.now += KEPT
    return ids


class Failing(MemoryBucket):
    """Refuses to erase what is of certain disputes, and notes what it is asked for."""

    def __init__(self, disputes: list[str]) -> None:
        super().__init__()
        self.disputes = disputes
        self.asked: list[str] = []

    def erase(self, prefix: str) -> int:
        dispute = prefix.split("/")[1]
        self.asked.append(dispute)
        if dispute in self.disputes:
            raise OSError(prefix)
        return 0


def test_a_run_looks_into_so_many_and_the_next_goes_on():
    shop = Shop()
    due_ones(shop, 5)
    assert replace(eraser(shop), most=3).run().due == 3


def test_a_run_ends_when_its_time_is_over_and_the_next_goes_on():
    shop = Shop()
    due_ones(shop, 5)
    start, passed = shop.now, iter(range(0, 10_000, 50))
    slow = replace(eraser(shop), clock=lambda: start + timedelta(seconds=next(passed)))
    assert 0 < slow.run().due < 5
    shop.now += timedelta(minutes=10)
    assert eraser(shop).run().due == 5


def test_those_that_fail_wait_behind_all_others_and_so_starve_nobody():
    shop = Shop()
    *poisoned, last = due_ones(shop, 4)
    bucket = Failing(poisoned)
    few = replace(eraser(shop, bucket=bucket), most=3)
    with pytest.raises(ErasureIncomplete, match="3 of 3"):
        few.run()
    assert last not in bucket.asked
    assert few.run().due == 1
    assert last in bucket.asked
    shop.now += SETTLES + MILLISECOND
    bucket.disputes = []
    assert eraser(shop, bucket=bucket).run() == ErasureRun(due=4, done=4)


def test_how_late_it_is_is_measured_and_so_is_that_nothing_is():
    shop, said = Shop(), list[tuple[Measure, float]]()
    measured = replace(eraser(shop), meter=lambda *each: said.append(each))
    measured.run()
    due_ones(shop, 2)
    shop.now += timedelta(hours=1)
    measured.run()
    assert [each for each, _ in said] == [Measure.ERASE_LAG] * 2
    assert said[0][1] == 0
    assert 3600 < said[1][1] < 3700
