"""What may become of an upload: each case asserts what the service makes of it (A5, A14, promise D)."""

import copy
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from hashlib import sha256
from http import HTTPStatus

import pytest

from chalicelib.domain.model import Basis, Status
from chalicelib.domain.piece import Piece, PieceStatus
from chalicelib.domain.ports import UploadForm
from chalicelib.jobs.inspect import inspect
from chalicelib.jobs.lapse import lapse
from chalicelib.jobs.recognise import recognise
from chalicelib.store.memory_bucket import MemoryBucket, UploadRefused
from policies.book import PolicyBook
from tests.api.build import WORDS, picture
from tests.build import MILLISECOND, a_policy
from tests.chaos.report import Section, asserted
from tests.chaos.town import Town, notification
from tests.unit.evidence.build import a_pdf

GRACE = timedelta(seconds=60)
DAY = timedelta(hours=24)
"""Until the response is due."""


class Upload:
    """A file that a shop has registered in answer to a claim, and what is done to it."""

    def __init__(self, town: Town | None = None, *, media_type: str = "image/jpeg") -> None:
        self.town = town or Town()
        self.dispute = self.town.opened()
        self.due = self.town.now + DAY
        self.id, self.form = self.town.registered(self.dispute, media_type=media_type)
        self.key = self.form.fields["key"]

    @property
    def piece(self) -> Piece:
        return self.town.piece(self.dispute, self.id)

    def arrives(self, content: bytes | None = None) -> "Upload":
        self.town.upload(self.form, content)
        return self

    def is_stamped(self, instant: timedelta, content: bytes | None = None) -> "Upload":
        """The store says that it arrived so long after the response was due, whenever it was begun."""
        self.town.now = self.due + instant
        self.town.bucket.put(self.key, content or picture(), at=self.town.now)
        return self

    def noticed(self) -> bool:
        """Its event comes to the inspector; whether that is done with it."""
        return self.town.batch(inspect, [notification(self.key)]) == []

    def lapses(self) -> "Upload":
        self.town.later(seconds=30)
        assert self.town.batch(lapse, [f'{{"disputes": ["{self.dispute}"]}}']) == []
        return self

    def asked_for(self) -> str:
        """The link to look at it; empty where there is none."""
        reply = self.town.merchant.get(f"/v1/disputes/{self.dispute}/evidence/{self.id}/view")
        assert reply.status in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}
        return str(reply.body["url"]) if reply.status == HTTPStatus.OK else ""

    def sent_off(self) -> "Upload":
        asked = {"statement": WORDS, "pieces": [self.id]}
        assert self.town.merchant.post(f"/v1/disputes/{self.dispute}/response", asked).status == HTTPStatus.OK
        return self

    @property
    def basis(self) -> Basis | None:
        ruling = self.town.dispute(self.dispute).ruling
        return ruling.basis if ruling else None


def of(content: bytes) -> str:
    return sha256(content).hexdigest()


# --- forms ---


def a_form_has_expired_and_another_is_given() -> None:
    it = Upload()
    it.town.now = it.form.expires_at
    with pytest.raises(UploadRefused):
        it.arrives()
    fresh = it.town.merchant.post(
        f"/v1/disputes/{it.dispute}/evidence/{it.id}/upload-form", {"media_type": "image/jpeg"}
    )
    assert fresh.status == HTTPStatus.OK
    form = UploadForm(fresh.body["url"], fresh.body["fields"], it.form.expires_at)
    it.town.upload(form)
    assert it.noticed()
    assert it.piece.status is PieceStatus.INSPECTED


def no_form_outlives_the_deadline() -> None:
    town = Town()
    dispute = town.opened()
    town.later(hours=23, minutes=59)
    _, form = town.registered(dispute)
    assert form.expires_at == town.now + timedelta(minutes=1)
    town.later(minutes=1, milliseconds=1)
    with pytest.raises(UploadRefused):
        town.upload(form)


def a_form_takes_no_more_and_no_other_than_it_says() -> None:
    it = Upload()
    most = it.town.book.version("marketplace", 1).files.max_bytes
    for content in (b"", bytes(most + 1)):
        with pytest.raises(UploadRefused):
            it.arrives(content)
    other = UploadForm(it.form.url, {**it.form.fields, "Content-Type": "text/html"}, it.form.expires_at)
    with pytest.raises(UploadRefused):
        it.town.upload(other)
    assert it.noticed()
    assert it.piece.status is PieceStatus.REGISTERED


def what_is_too_large_all_the_same_is_said_to_be() -> None:
    it = Upload()
    it.is_stamped(-DAY, picture() + bytes(it.town.book.version("marketplace", 1).files.max_bytes))
    assert it.noticed()
    assert (it.piece.status, it.piece.inspection.defect.code) == (PieceStatus.UNUSABLE, "file_too_large")


# --- time: the store's instant counts, to the millisecond ---


def begun_in_time_and_finished_at_the_deadline_counts() -> None:
    it = Upload().is_stamped(timedelta())
    assert it.lapses().noticed()
    assert (it.piece.status, it.basis) == (PieceStatus.INSPECTED, None)
    assert it.town.dispute(it.dispute).status is Status.UNDER_REVIEW


def begun_in_time_and_finished_a_millisecond_late_counts_for_nothing() -> None:
    it = Upload().is_stamped(MILLISECOND)
    assert it.noticed()
    assert (it.piece.status, it.lapses().basis) == (PieceStatus.LATE, Basis.DEFAULT)


def late_by_the_store_and_inspected_only_after_the_default() -> None:
    it = Upload().is_stamped(MILLISECOND).lapses()
    assert it.noticed()
    assert (it.piece.status, it.basis) == (PieceStatus.LATE, Basis.DEFAULT)


def within_the_grace_it_counts_and_the_default_waits() -> None:
    it = Upload(_graceful())
    it.town.now = it.due + GRACE - timedelta(seconds=30)
    assert it.lapses().basis is None
    it.is_stamped(GRACE)
    assert it.lapses().noticed()
    assert (it.piece.status, it.basis) == (PieceStatus.INSPECTED, None)


def a_millisecond_after_the_grace_it_counts_for_nothing() -> None:
    it = Upload(_graceful()).is_stamped(GRACE + MILLISECOND)
    assert it.noticed()
    assert (it.piece.status, it.lapses().basis) == (PieceStatus.LATE, Basis.DEFAULT)


def _graceful() -> Town:
    grace = {"upload_grace_seconds": int(GRACE.total_seconds())}
    return Town(PolicyBook.of([a_policy(response=grace)]))


def one_that_never_comes_is_waited_for_and_then_let_go() -> None:
    it = Upload()
    it.town.now = it.due
    assert it.lapses().basis is Basis.DEFAULT
    it.town.settle()
    assert (it.piece.status, it.piece.arrival) == (PieceStatus.REGISTERED, None)
    assert it.town.store.awaited(it.town.now - 40 * DAY, it.town.now, limit=9).items == (it.piece,)
    assert it.town.sweep()["lost_uploads"] == 0


# --- events ---


def an_event_that_got_lost_is_made_up_for_by_listing() -> None:
    it = Upload().arrives()
    it.town.later(minutes=3)
    assert it.town.sweep()["lost_uploads"] == 1
    it.town.settle()
    assert it.piece.status is PieceStatus.INSPECTED


def long_after_registering_too_within_half_an_hour() -> None:
    it = Upload()
    it.is_stamped(timedelta(minutes=-61))
    found = 0
    for _ in range(30):
        it.town.later(minutes=1)
        found += it.town.sweep()["lost_uploads"]
    assert found == 1


def two_files_in_quick_succession_are_two_pieces() -> None:
    it = Upload()
    other, form = it.town.registered(it.dispute)
    it.arrives(b"one")
    it.town.upload(form, b"another")
    assert it.town.batch(inspect, [notification(form.fields["key"]), notification(it.key)]) == []
    assert it.piece.arrival.sha256 == of(b"one")
    assert it.town.piece(it.dispute, other).arrival.sha256 == of(b"another")


def two_files_through_one_form_at_one_instant_are_the_first() -> None:
    it = Upload().arrives(b"first").arrives(b"second")
    assert it.noticed()
    assert it.noticed()
    assert (it.piece.arrival.sha256, it.piece.seq) == (of(b"first"), 3)


def a_file_for_a_piece_that_was_withdrawn_meanwhile_is_left_alone() -> None:
    it = Upload().arrives()
    assert it.town.merchant.delete(f"/v1/disputes/{it.dispute}/evidence/{it.id}").status == HTTPStatus.OK
    assert it.noticed()
    assert (it.piece.status, it.piece.arrival) == (PieceStatus.WITHDRAWN, None)


# --- the pinned version and hash hold ---


def what_is_uploaded_over_it_after_inspection_is_never_seen() -> None:
    it = Upload(media_type="application/pdf").arrives(a_pdf())
    assert it.noticed()
    before = it.piece
    it.arrives(b"%PDF-1.4 something else")
    assert it.noticed()
    assert it.sent_off().piece.arrival == before.arrival
    assert f"version={before.arrival.version_id}" in it.asked_for()
    assert it.town.bucket.read(it.key, before.arrival.version_id, max_bytes=10**6) == a_pdf()
    assert before.arrival.sha256 == of(a_pdf())


def what_is_uploaded_over_it_between_sending_off_and_inspection_is_never_seen() -> None:
    it = Upload().arrives().sent_off()
    it.arrives(b"something else")
    assert it.noticed()
    assert (it.piece.arrival.sha256, it.piece.status) == (of(picture()), PieceStatus.INSPECTED)


def a_newer_version_never_stands_in_for_one_that_is_gone() -> None:
    it = Upload().arrives().sent_off()
    it.arrives(b"something else")
    it.town.bucket.lose(it.key, it.piece.arrival.version_id)
    assert not it.noticed()
    assert it.piece.inspection is None


def another_form_of_file_under_the_right_key_is_unusable_and_never_shown(content: bytes) -> None:
    it = Upload().arrives(content)
    assert it.noticed()
    assert it.piece.status is PieceStatus.UNUSABLE
    assert it.piece.inspection.defect.fix.zh
    assert (it.piece.clean_key, it.asked_for()) == (None, "")


# --- objects that are deleted ---


def deleted_before_anybody_saw_it_is_as_if_it_never_came() -> None:
    it = Upload().arrives()
    it.town.bucket.lose(it.key, it.town.bucket.find(it.key).version_id)
    assert it.noticed()
    it.town.now = it.due
    assert it.lapses().basis is Basis.DEFAULT
    assert it.piece.status is PieceStatus.REGISTERED


def deleted_once_it_was_sent_off_ends_in_the_dead_letters() -> None:
    it = Upload().arrives().sent_off()
    it.town.bucket.lose(it.key, it.piece.arrival.version_id)
    for _ in range(5):
        assert not it.noticed()
    assert (it.piece.status, it.piece.sealed_at is None) == (PieceStatus.ARRIVED, False)
    assert it.town.sweep()["lost_uploads"] == 0
    it.town.later(minutes=3)
    assert it.town.sweep()["lost_uploads"] == 1


def deleted_while_it_is_looked_at_pins_nothing(moment: str) -> None:
    town = Town()
    it = Upload(town).arrives()
    town.inspector = _LosesAt(moment).inspector(town)
    assert not it.noticed()
    assert it.noticed()
    assert (it.piece.status, it.piece.seq) == (PieceStatus.REGISTERED, 1)


def deleted_before_its_text_was_read_ends_in_the_dead_letters() -> None:
    it = Upload().arrives()
    assert it.noticed()
    before = it.piece
    it.town.bucket.lose(it.key, before.arrival.version_id)
    assert it.town.batch(recognise, [f'{{"dispute": "{it.dispute}", "piece": "{it.id}"}}']) == [0]
    assert it.piece == before


def deleted_after_all_leaves_findings_hash_and_clean_copy() -> None:
    it = Upload().arrives()
    assert it.noticed()
    it.town.bucket.lose(it.key, it.piece.arrival.version_id)
    it.sent_off()
    assert it.piece.arrival.sha256 == of(picture())
    copy_of_it = it.piece.clean_key
    assert copy_of_it is not None
    assert copy_of_it in it.asked_for()
    assert it.town.bucket.read_clean(copy_of_it)


class _LosesAt(MemoryBucket):
    """An object that is deleted just before it is read, or just before it is kept."""

    def __init__(self, moment: str) -> None:
        super().__init__()
        self.moment = moment

    def inspector(self, town: Town):
        """The town's inspector over this bucket, which holds what the town's does."""
        vars(self).update(vars(town.bucket) | {"moment": self.moment})
        return copy.replace(town.inspector, bucket=self)

    def read(self, key: str, version_id: str, *, max_bytes: int) -> bytes:
        if self.moment == "read":
            self.lose(key, version_id)
        return super().read(key, version_id, max_bytes=max_bytes)

    def keep(self, key: str, version_id: str) -> None:
        if self.moment == "keep":
            self.lose(key, version_id)
        super().keep(key, version_id)


_NO_PICTURES = {
    "a page": b"<html><script>alert(1)</script></html>",
    "an archive": b"PK\x03\x04" + bytes(100),
    "a programme": b"\x7fELF" + bytes(100),
    "half a picture": picture()[:700],
    "nothing but a head": b"\xff\xd8\xff\xe0",
    "zeros": bytes(1000),
}

CASES: Mapping[str, Callable[[], object]] = {
    each.__name__.replace("_", " "): each
    for each in (
        a_form_has_expired_and_another_is_given,
        no_form_outlives_the_deadline,
        a_form_takes_no_more_and_no_other_than_it_says,
        what_is_too_large_all_the_same_is_said_to_be,
        begun_in_time_and_finished_at_the_deadline_counts,
        begun_in_time_and_finished_a_millisecond_late_counts_for_nothing,
        late_by_the_store_and_inspected_only_after_the_default,
        within_the_grace_it_counts_and_the_default_waits,
        a_millisecond_after_the_grace_it_counts_for_nothing,
        one_that_never_comes_is_waited_for_and_then_let_go,
        an_event_that_got_lost_is_made_up_for_by_listing,
        long_after_registering_too_within_half_an_hour,
        two_files_in_quick_succession_are_two_pieces,
        two_files_through_one_form_at_one_instant_are_the_first,
        a_file_for_a_piece_that_was_withdrawn_meanwhile_is_left_alone,
        what_is_uploaded_over_it_after_inspection_is_never_seen,
        what_is_uploaded_over_it_between_sending_off_and_inspection_is_never_seen,
        a_newer_version_never_stands_in_for_one_that_is_gone,
        deleted_before_anybody_saw_it_is_as_if_it_never_came,
        deleted_once_it_was_sent_off_ends_in_the_dead_letters,
        deleted_before_its_text_was_read_ends_in_the_dead_letters,
        deleted_after_all_leaves_findings_hash_and_clean_copy,
    )
} | {
    **{
        f"another form of file under the right key: {name}": partial(
            another_form_of_file_under_the_right_key_is_unusable_and_never_shown, content
        )
        for name, content in _NO_PICTURES.items()
    },
    **{
        f"deleted while it is looked at, at its {moment}": partial(deleted_while_it_is_looked_at_pins_nothing, moment)
        for moment in ("read", "keep")
    },
}
"""By what happens: it asserts what becomes of that."""


SECTION = Section("Whatever becomes of an upload", "uploads", lambda: asserted(CASES))
