"""Promise F: the same key gives the same answer, and a key is used once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.ports import IDEMPOTENCY_KEYS_LIVE, Answered, IdempotencyKey, IdempotencyRaced, VersionRaced
from chalicelib.domain.quota import QuotaChange, QuotaCheck
from tests.contract.build import A_KEY, MILLISECOND, POLICY, SHOP, START, Scribe, a_failure, ulid


def test_the_record_is_read_together_with_the_dispute_and_alone(store):
    scribe = Scribe(store).open(key=A_KEY)
    expected = Answered(A_KEY.fingerprint, scribe.id, seq=1, piece=None, at=START)
    assert store.load(scribe.id, A_KEY).answered == expected
    assert store.answered(A_KEY) == expected
    assert store.load("another dispute", A_KEY).answered == expected


def test_the_record_says_which_piece_the_answer_was_about(store):
    scribe = Scribe(store).open()
    scribe.write(key=A_KEY, answer_piece="P1")
    answered = store.answered(A_KEY)
    assert answered is not None
    assert (answered.piece, answered.seq) == ("P1", 2)


def test_a_key_belongs_to_its_caller(store):
    Scribe(store).open(key=A_KEY)
    assert store.answered(replace(A_KEY, caller="somebody else")) is None
    Scribe(store).open(key=replace(A_KEY, caller="somebody else"))


def test_a_key_that_was_used_meanwhile_stops_the_commit_although_the_version_is_right(store):
    Scribe(store).open(key=A_KEY)
    scribe = Scribe(store).open()
    with pytest.raises(IdempotencyRaced):
        scribe.write(key=A_KEY)
    scribe.write()


def test_idempotency_outranks_external_id_version_and_quota(store):
    scribe = Scribe(store).open(external_id="E-1", key=A_KEY)
    with pytest.raises(IdempotencyRaced):
        Scribe(store, scribe.id).open(external_id="E-1", key=A_KEY)
    for number in range(2):
        scribe.write(quota=[QuotaChange(POLICY, SHOP, 2026, add=a_failure(f"A{number}"))])
    check = QuotaChange(POLICY, SHOP, 2026, check=QuotaCheck(11, per_month=1, per_year=1))
    stale = scribe.plan(key=A_KEY, quota=[check])
    scribe.write()
    with pytest.raises(IdempotencyRaced):
        store.commit(stale)


def test_a_key_can_be_used_again_after_30_days_and_not_a_millisecond_before(store):
    Scribe(store).open(key=A_KEY)
    at_the_end = START + IDEMPOTENCY_KEYS_LIVE
    scribe = Scribe(store).open()
    with pytest.raises(IdempotencyRaced):
        scribe.write(at=at_the_end, key=A_KEY)
    answered = store.answered(A_KEY)
    assert answered is not None
    assert not answered.expired(at_the_end)
    assert answered.expired(at_the_end + MILLISECOND)
    scribe.write(at=at_the_end + MILLISECOND, key=A_KEY)
    after = store.answered(A_KEY)
    assert after is not None
    assert (after.dispute, after.at) == (scribe.id, at_the_end + MILLISECOND)


def test_a_refused_commit_leaves_no_record(store):
    scribe = Scribe(store).open()
    stale = scribe.plan(key=A_KEY)
    scribe.write()
    with pytest.raises(VersionRaced):
        store.commit(stale)
    assert store.answered(A_KEY) is None


def test_sending_a_commit_again_is_one_effect(store):
    """Its answer got lost, and it is sent again: what stands in the way is its own."""
    scribe = Scribe(store).open()
    commit = scribe.write(key=A_KEY, quota=[QuotaChange(POLICY, SHOP, 2026, add=a_failure())])
    store.commit(commit)
    scribe.write()
    store.commit(commit)
    _, failures = store.facts(scribe.id, [], policy=POLICY, respondent=SHOP, years=[2026])
    assert failures.in_year(2026) == 1
    assert store.load(scribe.id).dispute == scribe.dispute
    assert len(store.timeline(scribe.id, limit=10).items) == scribe.dispute.seq


def test_another_commit_with_the_same_content_is_another_commit(store):
    scribe = Scribe(store).open()
    commit = scribe.write(key=A_KEY)
    with pytest.raises(IdempotencyRaced):
        store.commit(replace(commit, id=ulid()))


def test_a_key_without_an_event_of_the_dispute_has_nothing_to_answer_from(store):
    scribe = Scribe(store).open()
    piece = scribe.register()
    commit = scribe.write()
    alone = replace(commit, id=ulid(), dispute=None, pieces=(scribe.piece_change(piece=piece),))
    with pytest.raises(ValueError, match="event"):
        store.commit(replace(alone, idempotency=IdempotencyKey("c", "k", "f")))


def test_keys_live_30_days():
    assert timedelta(days=30) == IDEMPOTENCY_KEYS_LIVE
