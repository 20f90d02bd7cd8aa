"""Inspection, the sweep, lapsing and publishing: safe to run twice, late, and in two places."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.bundles import Bundle, Made
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.model import Basis, Status
from chalicelib.domain.piece import Arrival, PieceStatus
from chalicelib.domain.ports import NotPublished, VersionRaced
from chalicelib.service.sweeping import SweepIncomplete, Swept
from chalicelib.store.memory import MemoryStore
from chalicelib.store.memory_bucket import MemoryBucket
from tests.build import BUYER, MERCHANT, MILLISECOND, PLATFORM
from tests.unit.service.build import Shop, picture

IN_FLIGHT = timedelta(seconds=20)


def contestable() -> tuple[Shop, str, str, str]:
    shop = Shop()
    dispute = shop.open().dispute.id
    piece = shop.register(dispute)
    return shop, dispute, piece, shop.upload(dispute, piece)


def only_piece(shop: Shop, dispute: str):
    (piece,) = shop.store.pieces(dispute)
    return piece


def test_d_an_upload_is_pinned_by_version_and_hash_inspected_once_and_copied_clean():
    shop, dispute, _, key = contestable()
    content = shop.bucket.read(key, "v1", max_bytes=10**7)
    assert shop.inspector.inspect(key)
    piece = only_piece(shop, dispute)
    assert (piece.arrival.version_id, piece.arrival.sha256) == ("v1", sha256(content).hexdigest())
    assert piece.status is PieceStatus.INSPECTED
    assert shop.bucket.clean(piece.clean_key)[1] == "image/jpeg"
    assert (key, "v1") in shop.bucket.kept
    assert not shop.inspector.inspect(key)
    assert only_piece(shop, dispute) == piece


def test_d_what_is_uploaded_again_under_the_same_key_changes_nothing():
    shop, dispute, piece, key = contestable()
    shop.upload(dispute, piece, b"another")
    shop.inspector.inspect(key)
    assert only_piece(shop, dispute).arrival.version_id == "v1"


def test_d_a_piece_that_was_sealed_before_inspection_is_inspected_in_the_version_that_was_sealed():
    shop, dispute, piece, key = contestable()
    shop.contest(dispute, piece)
    shop.upload(dispute, piece, b"another")
    assert shop.inspector.inspect(key)
    found = only_piece(shop, dispute)
    assert (found.arrival.version_id, found.arrival.sha256 is None) == ("v1", False)
    assert found.status is PieceStatus.INSPECTED


@pytest.mark.parametrize("key", ["uploads/x/y/z", "clean/x/y", "rubbish", "uploads/"])
def test_a_key_that_is_no_pieces_is_left_alone(key):
    assert not Shop().inspector.inspect(key)


def test_another_key_of_a_piece_is_left_alone():
    shop, _, _, key = contestable()
    assert not shop.inspector.inspect(f"{key}x")


def test_a_withdrawn_piece_isnt_inspected():
    shop, dispute, piece, key = contestable()
    shop.ask(dispute, c.WithdrawPiece(piece))
    assert not shop.inspector.inspect(key)


def test_a_broken_upload_is_said_to_be_unusable():
    shop = Shop()
    dispute = shop.open().dispute.id
    piece = shop.register(dispute)
    shop.inspector.inspect(shop.upload(dispute, piece, picture()[:500]))
    found = only_piece(shop, dispute)
    assert found.status is PieceStatus.UNUSABLE
    assert found.inspection.defect.fix.zh


def test_inspecting_reads_again_when_the_piece_changed_meanwhile():
    class RacedOnce(MemoryStore):
        lost = False

        def commit(self, *commits) -> int:
            if not commits[0].dispute and not self.lost:
                self.lost = True
                raise VersionRaced("piece")
            return super().commit(*commits)

    shop = Shop(RacedOnce())
    dispute = shop.open().dispute.id
    assert shop.inspector.inspect(shop.upload(dispute, shop.register(dispute)))


def test_g_the_sweep_queues_what_is_due_and_leaves_what_may_still_be_under_way():
    shop = Shop()
    dispute = shop.open().dispute
    due = dispute.deadline(DeadlineKind.RESPONSE).due
    shop.now = due + IN_FLIGHT
    assert shop.sweeper.sweep().due == 0
    shop.now += MILLISECOND
    assert shop.sweeper.sweep().due == 1
    assert shop.sent.due == [dispute.id]


def test_g_a_due_dispute_is_lapsed_once_however_often_it_is_queued():
    shop = Shop()
    dispute = shop.open().dispute.id
    shop.now += timedelta(days=1, seconds=30)
    assert shop.lapser.lapse(dispute)
    assert not shop.lapser.lapse(dispute)
    assert shop.queries.dispute(dispute, PLATFORM).ruling.basis is Basis.DEFAULT
    assert shop.sweeper.sweep().due == 0


def test_g_the_worker_trusts_the_dispute_and_not_the_queue():
    shop = Shop()
    dispute = shop.open().dispute.id
    assert not shop.lapser.lapse(dispute)
    assert shop.queries.dispute(dispute, BUYER).status is Status.AWAITING_RESPONSE


def test_h_an_upload_whose_event_was_lost_is_made_up_for():
    shop, dispute, _, key = contestable()
    shop.now += timedelta(minutes=1)
    assert shop.sweeper.sweep().lost_uploads == 0
    shop.now += timedelta(minutes=2)
    assert shop.sweeper.sweep().lost_uploads == 1
    assert shop.sent.uploads == [key]
    shop.inspector.inspect(key)
    shop.sent.uploads.clear()
    assert shop.sweeper.sweep().lost_uploads == 0
    assert only_piece(shop, dispute).status is PieceStatus.INSPECTED


def test_c_what_is_stuck_in_the_outbox_goes_out_with_a_later_sweep():
    shop = Shop()
    shop.open()
    assert shop.sweeper.sweep().republished == 0
    shop.now += timedelta(minutes=1, seconds=1)
    shop.sent.down = NotPublished("bus")
    with pytest.raises(SweepIncomplete):
        shop.sweeper.sweep()
    shop.sent.down = None
    assert shop.sweeper.sweep() == Swept(due=0, lost_uploads=0, republished=1, outages=0, near=0, lost_bundles=0)
    assert [each.type for each in shop.sent.published[0].events] == ["DisputeOpened", "DeadlineSet"]
    assert shop.sweeper.sweep().republished == 0


class Asked(MemoryBucket):
    """Knows what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def find(self, key: str) -> Arrival | None:
        self.asked.append(key)
        return super().find(key)


def awaited(shop: Shop, number: int) -> tuple[list[str], list[str]]:
    """So many disputes with a file to come, the oldest first; gives disputes and pieces."""
    disputes, pieces = [], []
    for each in range(number):
        disputes.append(shop.open(f"EXT-{each}").dispute.id)
        pieces.append(shop.register(disputes[-1]))
        shop.now += MILLISECOND
    return disputes, pieces


@pytest.mark.parametrize("old", [timedelta(), timedelta(hours=2)])
def test_h_a_run_asks_for_so_many_uploads_and_the_next_goes_on_until_each_was_asked_for(old):
    shop = Shop()
    disputes, pieces = awaited(shop, 7)
    keys = [shop.upload(*each) for each in zip(disputes, pieces, strict=True)]
    shop.now += old or timedelta(minutes=5)
    shop.now = shop.now.replace(minute=30 if old else 5)
    bucket = Asked()
    for each in keys:
        bucket.put(each, b"", at=shop.now)
    uploads = replace(shop.lost_uploads, bucket=bucket, page=2)
    assert [uploads.queue() for _ in range(2)] == [4, 3]
    assert bucket.asked == shop.sent.uploads == keys
    assert uploads.queue() == 4, "it begins anew"


def test_h_what_is_never_uploaded_holds_up_nothing_that_is():
    """The last of the list arrives, and is found within a round, whatever waits before it."""
    shop = Shop()
    disputes, pieces = awaited(shop, 7)
    shop.now += timedelta(minutes=5)
    uploads = replace(shop.lost_uploads, page=1)
    uploads.queue()
    key = shop.upload(disputes[-1], pieces[-1])
    assert sum(uploads.queue() for _ in range(4)) == 1
    assert shop.sent.uploads == [key]


@pytest.mark.parametrize(("late", "asked"), [(timedelta(), 1), (MILLISECOND, 0)])
def test_two_weeks_after_the_last_form_nobody_asks_for_an_upload_any_more(late, asked):
    shop = Shop()
    dispute = shop.open().dispute.id
    shop.register(dispute)
    shop.now = only_piece(shop, dispute).arrive_by + timedelta(days=14)
    assert shop.now.minute % 30 == 0
    shop.now += late
    bucket = Asked()
    replace(shop.lost_uploads, bucket=bucket).queue()
    assert len(bucket.asked) == asked


def test_a14_what_was_sent_off_is_inspected_however_long_ago_its_form_was_over():
    shop, dispute, piece, key = contestable()
    shop.contest(dispute, piece)
    shop.now += timedelta(days=20)
    shop.now = shop.now.replace(minute=30)
    assert shop.lost_uploads.queue() == 1
    assert shop.sent.uploads == [key]


def test_h_an_old_piece_whose_event_was_lost_is_found_within_half_an_hour():
    shop = Shop()
    dispute = shop.open().dispute.id
    piece = shop.register(dispute)
    shop.now += timedelta(hours=3, minutes=1)
    key = shop.upload(dispute, piece)
    assert shop.sweeper.sweep().lost_uploads == 0
    shop.now += timedelta(minutes=29)
    assert shop.now.minute == 30
    assert shop.sweeper.sweep().lost_uploads == 1
    assert shop.sent.uploads == [key]


def test_c_an_item_that_cant_be_published_holds_up_no_other():
    shop = Shop()
    for number in range(3):
        shop.open(f"EXT-{number}")
    shop.now += timedelta(minutes=2)
    (poisoned, *others) = shop.store.outbox(shop.now, limit=5)
    shop.sent.refused = frozenset({poisoned.id})
    with pytest.raises(SweepIncomplete):
        shop.sweeper.sweep()
    assert [each.id for each in shop.sent.published] == [each.id for each in others]
    assert [each.id for each in shop.store.outbox(shop.now, limit=5)] == [poisoned.id]


def stuck(shop: Shop, number: int) -> list[str]:
    """So many commits that the stream has lost, in their order."""
    for each in range(number):
        shop.open(f"EXT-{each}")
        shop.now += MILLISECOND
    shop.now += timedelta(minutes=2)
    return [each.id for each in shop.store.outbox(shop.now, limit=number)]


def test_c_after_a_day_without_a_bus_one_sweep_publishes_page_after_page_in_order():
    shop = Shop()
    waiting = stuck(shop, 250)
    assert shop.sweeper.sweep().republished == 250
    assert [each.id for each in shop.sent.published] == waiting
    assert shop.store.outbox(shop.now, limit=1) == ()


def test_c_more_poisoned_items_than_a_page_hold_up_no_other():
    shop = Shop()
    waiting = stuck(shop, 130)
    shop.sent.refused = frozenset(waiting[:120])
    with pytest.raises(SweepIncomplete):
        shop.sweeper.sweep()
    assert [each.id for each in shop.sent.published] == waiting[120:]


def test_c_a_sweep_that_runs_out_of_time_leaves_the_rest_to_the_next():
    shop = Shop()
    waiting = stuck(shop, 40)
    shop.sent.takes = lambda: setattr(shop, "now", shop.now + timedelta(seconds=1))
    assert shop.sweeper.sweep().republished == 25
    assert shop.sweeper.sweep().republished == 15
    assert [each.id for each in shop.sent.published] == waiting


def test_g_more_that_is_due_than_a_sweep_has_time_for_leaves_the_others_their_turn():
    """The rest is the next sweep's; the events that wait go out all the same."""
    shop = Shop()
    for number in range(250):
        shop.open(f"EXT-{number}")
    shop.now += timedelta(days=2)
    shop.sent.takes = lambda: setattr(shop, "now", shop.now + timedelta(seconds=6))
    swept = shop.sweeper.sweep()
    assert swept.due == len(shop.sent.due) == 200
    assert swept.republished > 0


def test_g_a_stage_that_fails_holds_up_no_other():
    shop = Shop()
    shop.open()
    shop.now += timedelta(days=2)
    shop.sent.lapse = None  # type: ignore[method-assign, assignment]
    with pytest.raises(SweepIncomplete):
        shop.sweeper.sweep()
    assert len(shop.sent.published) == 1


def test_c_what_goes_out_twice_has_the_same_ids():
    shop = Shop()
    shop.open()
    (item,) = shop.store.outbox(shop.now + MILLISECOND, limit=5)
    shop.publisher.publish(item)
    shop.publisher.publish(replace(item))
    first, again = shop.sent.published
    assert [each.id for each in first.events] == [each.id for each in again.events]


def test_a_bundle_whose_message_got_lost_is_queued_again_for_two_hours():
    """Then an operator knows that it can't be made."""
    shop = Shop()
    asked = Bundle("B1", "D1", MERCHANT, shop.now)
    shop.bundles.ask(asked, commit="c1")
    found = []
    for _ in range(4 * 60):
        shop.now += timedelta(minutes=1)
        shop.sweeper.sweep()
        found += [(shop.now - asked.asked_at, each) for each in shop.sent.bundles]
        shop.sent.bundles.clear()
    assert [each for _, each in found] == [("D1", "B1")] * 4
    assert [minutes.total_seconds() / 60 for minutes, _ in found] == [30, 60, 90, 120]


def test_a_bundle_that_is_made_is_queued_by_no_sweep():
    shop = Shop()
    asked = Bundle("B1", "D1", MERCHANT, shop.now)
    shop.bundles.ask(asked, commit="c1")
    shop.bundles.made(replace(asked, made=Made(shop.now, 1, "0" * 64, names_complainant=True)))
    shop.now += timedelta(hours=1)
    assert shop.sweeper.sweep().lost_bundles == 0


def test_of_many_lost_bundles_one_sweep_queues_the_oldest():
    shop = Shop()
    for number in range(60):
        shop.bundles.ask(Bundle(f"B{number:02}", "D1", MERCHANT, shop.now), commit=f"c{number}")
    shop.now += timedelta(minutes=30)
    assert shop.sweeper.sweep().lost_bundles == 50
    assert shop.sent.bundles[0] == ("D1", "B00")
