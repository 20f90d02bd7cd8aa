"""The second look: once the text is read, each point has its finding; without it, evidence flows all the same."""

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from chalicelib.domain import commands as c
from chalicelib.domain.ports import VersionRaced
from chalicelib.store.memory import MemoryStore
from evidence.model import Verdict
from evidence.text import RecogniserError
from tests.build import MERCHANT, REVIEWER
from tests.unit.service.build import WAYBILL, Shop, picture

PROOF = ("快递签收证明", f"快递单号：{WAYBILL}", "收件人姓名：王勇", "派件人姓名：罗涛", "日期：2026年10月30日")


def inspected(shop: Shop | None = None) -> tuple[Shop, str, str]:
    shop = shop or Shop()
    dispute = shop.open().dispute.id
    piece = shop.register(dispute)
    shop.inspector.inspect(shop.upload(dispute, piece))
    return shop, dispute, piece


def findings(shop: Shop, dispute: str, piece: str):
    _, found = shop.queries.piece(dispute, piece, MERCHANT)
    return {each.point: each for each in found.inspection.findings}


def test_what_was_read_becomes_a_finding_for_each_point():
    shop, dispute, piece = inspected()
    assert shop.sent.unread == [(dispute, piece)]
    shop.reads.says(*PROOF)
    assert shop.recognition.recognise(dispute, piece)
    found = findings(shop, dispute, piece)
    assert (found["waybill_number"].verdict, found["waybill_number"].seen) == (Verdict.MET, WAYBILL)
    assert (found["recipient_name"].verdict, found["recipient_name"].seen) == (Verdict.MET, "王勇")
    assert found["relevance"].verdict is Verdict.OPEN


def test_it_takes_effect_once_however_often_the_message_comes():
    shop, dispute, piece = inspected()
    shop.reads.says(*PROOF)
    shop.recognition.recognise(dispute, piece)
    before = shop.store.pieces(dispute)
    assert not shop.recognition.recognise(dispute, piece)
    assert shop.store.pieces(dispute) == before


def test_a13_a_recogniser_that_fails_leaves_the_points_open_and_the_message_to_come_again():
    shop, dispute, piece = inspected()
    shop.reads.broken = True
    with pytest.raises(RecogniserError):
        shop.recognition.recognise(dispute, piece)
    assert {each.verdict for each in findings(shop, dispute, piece).values()} == {Verdict.OPEN}
    assert shop.contest(dispute, piece).dispute.response.pieces == (piece,)
    shop.reads.broken = False
    shop.reads.says(*PROOF)
    assert shop.recognition.recognise(dispute, piece)


def test_a_piece_is_understood_after_it_was_sent_off_too():
    shop, dispute, piece = inspected()
    shop.contest(dispute, piece)
    shop.reads.says(*PROOF)
    assert shop.recognition.recognise(dispute, piece)
    listed = shop.queries.checklist(shop.queries.dispute(dispute, REVIEWER), REVIEWER, shop.now)
    assert {each.standing.point: each.wanted for each in listed}["waybill_number"] is False


def test_a_withdrawn_piece_isnt_read():
    shop, dispute, piece = inspected()
    shop.ask(dispute, c.WithdrawPiece(piece))
    assert not shop.recognition.recognise(dispute, piece)
    assert shop.reads.looks == 0


@pytest.mark.parametrize("ids", [("nobody", "nothing"), (None, "nothing")])
def test_what_is_gone_is_left_alone(ids):
    shop, dispute, _ = inspected()
    assert not shop.recognition.recognise(ids[0] or dispute, ids[1])


def test_what_was_seen_is_in_no_event_and_can_be_erased():
    shop, dispute, piece = inspected()
    shop.reads.says(*PROOF)
    shop.recognition.recognise(dispute, piece)
    (found,) = shop.store.pieces(dispute)
    events = [each.body for item in shop.store.outbox(shop.now + timedelta(days=1), limit=100) for each in item.events]
    assert any("PieceRecognised" in each for each in events)
    assert not any("王勇" in each or "罗涛" in each for each in events)
    assert json.loads(shop.store.texts(dispute, [found.seen.id])[found.seen.id])["recipient_name"] == "王勇"


def test_an_unusable_piece_has_no_text_to_read():
    shop = Shop()
    dispute = shop.open().dispute.id
    shop.inspector.inspect(shop.upload(dispute, shop.register(dispute), picture()[:500]))
    assert shop.sent.unread == []


def test_without_a_recogniser_nothing_waits_for_one():
    shop = Shop()
    shop.inspector = replace(shop.inspector, reads_text=False)
    shop, dispute, _ = inspected(shop)
    assert shop.sent.unread == []
    assert not shop.store.pieces(dispute)[0].text_wanted


def test_h_a_message_that_was_lost_after_the_commit_is_sent_again_with_the_event():
    shop, dispute, piece = inspected()
    shop.sent.unread.clear()
    (found,) = shop.store.pieces(dispute)
    assert not shop.inspector.inspect(str(found.key))
    assert shop.sent.unread == [(dispute, piece)]


def test_h_a_text_that_nobody_read_is_found_by_the_sweep_for_some_hours():
    shop, dispute, piece = inspected()
    shop.sent.unread.clear()
    shop.now = shop.now.replace(minute=30)
    assert shop.sweeper.sweep().lost_uploads == 1
    assert shop.sent.unread == [(dispute, piece)]
    shop.sent.unread.clear()
    shop.now += timedelta(hours=6)
    shop.sweeper.sweep()
    assert shop.sent.unread == []
    assert not shop.store.pieces(dispute)[0].text_pending(shop.now)


def test_reading_goes_on_from_the_piece_as_it_is_now_and_looks_once():
    class RacedOnce(MemoryStore):
        lost = 0

        def commit(self, *commits) -> int:
            if not commits[0].dispute:
                self.lost += 1
                if self.lost == 2:
                    raise VersionRaced("piece")
            return super().commit(*commits)

    shop, dispute, piece = inspected(Shop(RacedOnce()))
    assert shop.recognition.recognise(dispute, piece)
    assert shop.reads.looks == 1


# The same picture elsewhere


def smaller(content: bytes) -> bytes:
    out = BytesIO()
    Image.open(BytesIO(content)).resize((480, 480)).save(out, "WEBP", quality=60)
    return out.getvalue()


def scene(seed: int) -> bytes:
    """A picture with some coarse shapes in it, as photographs have."""
    coarse = Image.frombytes("L", (8, 8), bytes((seed * 7919 + at * at * 31 + at * seed) % 256 for at in range(64)))
    out = BytesIO()
    coarse.resize((900, 900), Image.Resampling.BICUBIC).convert("RGB").save(out, "JPEG", quality=92)
    return out.getvalue()


def submitted(shop: Shop, external_id: str, content: bytes) -> tuple[str, str]:
    dispute = shop.open(external_id).dispute.id
    piece = shop.register(dispute)
    shop.inspector.inspect(shop.upload(dispute, piece, content))
    return dispute, piece


def seen_elsewhere(shop: Shop, dispute: str, piece: str) -> list[tuple[str, str]]:
    _, found = shop.queries.piece(dispute, piece, REVIEWER)
    return [(each.dispute, each.piece) for each in shop.queries.elsewhere(found).picture]


def test_a_picture_that_was_used_before_re_encoded_and_smaller_is_found_from_either_side():
    shop = Shop()
    first = submitted(shop, "EXT-1", scene(1))
    other = submitted(shop, "EXT-2", scene(2))
    again = submitted(shop, "EXT-3", smaller(scene(1)))
    assert seen_elsewhere(shop, *again) == [first]
    assert seen_elsewhere(shop, *first) == [again]
    assert seen_elsewhere(shop, *other) == []


def test_a_picture_sent_twice_in_one_dispute_is_no_reuse():
    shop = Shop()
    dispute, first = submitted(shop, "EXT-1", scene(1))
    second = shop.register(dispute)
    shop.inspector.inspect(shop.upload(dispute, second, smaller(scene(1))))
    assert seen_elsewhere(shop, dispute, first) == []
