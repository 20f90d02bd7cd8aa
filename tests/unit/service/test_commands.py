"""Read, decide, commit: replays, races, and what is asked of the object store."""

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.claim import Text
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import (
    DeadlinePassed,
    ExternalIdTaken,
    IdempotencyKeyReused,
    MeaninglessStatement,
    NotFound,
    TooBusy,
    VersionConflict,
)
from chalicelib.domain.model import Status
from chalicelib.domain.ports import IDEMPOTENCY_KEYS_LIVE, DisputeFilter, VersionRaced
from chalicelib.store.memory import MemoryStore
from tests.build import BUYER, MILLISECOND
from tests.unit.service.build import Shop, a_key


class Raced(MemoryStore):
    """Loses so many races before a commit comes through."""

    def __init__(self, lost: int) -> None:
        super().__init__()
        self.lost = lost
        self.armed = False

    def commit(self, *commits) -> int:
        if self.armed and self.lost:
            self.lost -= 1
            raise VersionRaced(commits[0].dispute_id)
        return super().commit(*commits)


def test_f_the_same_key_gives_the_same_answer_and_happens_once():
    shop = Shop()
    dispute = shop.open().dispute.id
    first = shop.ask(dispute, c.Accept(None), key=a_key())
    shop.now += MILLISECOND * 5000
    again = shop.ask(dispute, c.Accept(None), key=a_key())
    assert (again.dispute, again.at) == (first.dispute, first.at)
    assert len(shop.store.timeline(dispute, limit=100).items) == first.dispute.seq


def test_f_a_replay_answers_as_it_was_then_although_the_dispute_went_on():
    shop = Shop()
    dispute = shop.open().dispute.id
    first = shop.ask(dispute, c.ReportSettlement(_text(shop)), key=a_key(), texts=())
    shop.ask(dispute, c.AnswerSettlement(confirmed=True), by=BUYER)
    assert shop.ask(dispute, c.ReportSettlement(_text(shop)), key=a_key()).dispute == first.dispute


def test_f_a_replay_outranks_every_rule_that_would_refuse_it_now():
    shop = Shop()
    dispute = shop.open().dispute.id
    piece = shop.register(dispute, key=a_key())
    shop.now = shop.queries.dispute(dispute, BUYER).deadline(DeadlineKind.RESPONSE).due + MILLISECOND
    assert shop.register(dispute, key=a_key()) == piece
    with pytest.raises(DeadlinePassed):
        shop.register(dispute, key=a_key("key-2"))


def test_f_another_request_under_the_same_key_is_refused_and_another_callers_key_never_matches():
    shop = Shop()
    dispute = shop.open().dispute.id
    piece = shop.register(dispute, key=a_key())
    with pytest.raises(IdempotencyKeyReused):
        shop.register(dispute, key=a_key(fingerprint="e" * 64))
    assert shop.register(dispute, key=a_key(caller="merchant-2")) != piece


def test_f_a_key_lives_thirty_days_by_the_clock_although_its_record_is_still_there():
    shop = Shop()
    dispute = shop.open().dispute.id
    shop.register(dispute, key=a_key())
    shop.now += IDEMPOTENCY_KEYS_LIVE
    shop.register(dispute, key=a_key())
    shop.now += MILLISECOND
    with pytest.raises(DeadlinePassed):
        shop.register(dispute, key=a_key())


def test_opening_twice_under_one_external_id_tells_which_dispute_has_it():
    shop = Shop()
    first = shop.open(key=a_key(caller="platform-1")).dispute.id
    assert shop.open(key=a_key(caller="platform-1")).dispute.id == first
    with pytest.raises(ExternalIdTaken) as refusal:
        shop.open()
    assert refusal.value.dispute == first


def test_a_lost_race_is_read_and_decided_anew_at_most_five_times():
    shop = Shop(Raced(4))
    dispute = shop.open().dispute.id
    shop.store.armed = True
    assert shop.ask(dispute, c.Accept(None)).dispute.status is Status.FINAL

    shop = Shop(Raced(5))
    dispute = shop.open().dispute.id
    shop.store.armed = True
    with pytest.raises(TooBusy):
        shop.ask(dispute, c.Accept(None))


def test_with_if_match_a_race_is_a_conflict_at_once():
    shop = Shop(Raced(1))
    dispute = shop.open().dispute
    shop.store.armed = True
    with pytest.raises(VersionConflict):
        shop.ask(dispute.id, c.Accept(None), if_match=dispute.seq)
    with pytest.raises(VersionConflict) as refusal:
        shop.ask(dispute.id, c.Accept(None), if_match=dispute.seq + 1)
    assert refusal.value.current == dispute.seq


def test_what_isnt_there_is_not_found():
    with pytest.raises(NotFound):
        Shop().ask("nowhere", c.Accept(None))


def test_a3_the_words_are_judged_before_they_are_stored():
    shop = Shop()
    dispute = shop.open().dispute.id
    piece = shop.register(dispute)
    shop.upload(dispute, piece)
    with pytest.raises(MeaninglessStatement):
        shop.contest(dispute, piece, words="好的")
    assert shop.contest(dispute, piece).dispute.status is Status.UNDER_REVIEW


def test_a14_contesting_asks_the_object_store_for_what_the_inspector_hasnt_seen():
    shop = Shop()
    dispute = shop.open().dispute.id
    piece = shop.register(dispute)
    shop.upload(dispute, piece)
    shop.contest(dispute, piece)
    (found,) = shop.store.pieces(dispute)
    assert (found.arrival.version_id, found.inspection, found.sealed_at) == ("v1", None, shop.now)


def test_lists_show_how_many_needed_pieces_are_missing():
    shop = Shop()
    dispute = shop.open().dispute.id
    (row,) = shop.queries.disputes(DisputeFilter(), BUYER, limit=5, after=None).items
    assert row.missing_count == 1
    shop.register(dispute)
    (row,) = shop.queries.disputes(DisputeFilter(), BUYER, limit=5, after=None).items
    assert row.missing_count == 0


def _text(shop: Shop) -> Text:
    return Text(shop.new_id(), "0" * 64)
