"""What verifying says of time, of evidence, and of what is being written while it reads."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.keeping import PARTICULARS
from chalicelib.domain.records import CaseRecord, Section, Violation, What
from chalicelib.domain.retention import SETTLES
from chalicelib.service.case_checks import KEPT_ON_AFTER, OVERDUE_AFTER
from chalicelib.service.erasing import Eraser
from chalicelib.service.verifying import STUCK_AFTER, Verifier
from chalicelib.store import keys
from chalicelib.store.disputes import DisputeStore
from chalicelib.store.instants import unstamp
from chalicelib.store.memory import MemoryTable
from chalicelib.store.memory_bucket import MemoryBucket
from chalicelib.store.records import TableRecords
from chalicelib.store.table import Put, text
from policies.book import PolicyBook
from tests.api.build import WORDS, World
from tests.build import MILLISECOND, a_policy
from tests.harm import items_of, verifier_of


class Service:
    """A service in memory, and whoever checks its table."""

    def __init__(self) -> None:
        self.table = MemoryTable()
        self.world = World(store=DisputeStore(self.table))

    def publish(self) -> None:
        for each in self.world.store.outbox(self.world.now + timedelta(days=1), limit=1000):
            self.world.store.published(each.id)

    def inspected(self) -> str:
        """A contested dispute whose one file was looked at; nothing waits to be published."""
        dispute = self.world.contested()
        self.publish()
        (piece,) = self.world.store.pieces(dispute)
        self.world.inspector.inspect(str(piece.key))
        self.publish()
        return dispute

    def violations(self, **given: object) -> list[tuple[str, What]]:
        found = verifier_of(self.table, self.world).whole(**given)  # type: ignore[arg-type]
        return [(each.subject, each.what) for each in found.violations]


def test_a_deadline_that_two_sweeps_have_passed_by_is_found():
    service = Service()
    dispute = service.world.opened()
    service.publish()
    service.world.later(hours=24)
    service.world.now += OVERDUE_AFTER
    assert service.violations() == []
    service.world.now += MILLISECOND
    assert service.violations() == [(dispute, What.OVERDUE)]


def test_a_deadline_in_the_dead_letters_is_known_of():
    service = Service()
    dispute = service.world.opened()
    service.publish()
    service.world.later(days=2)
    assert service.violations(given_up={dispute}) == []


def test_events_that_nobody_has_published_are_found():
    service = Service()
    service.world.opened()
    service.world.now += STUCK_AFTER
    assert service.violations() == []
    service.world.now += MILLISECOND
    assert [what for _, what in service.violations()] == [What.OUTBOX]


def test_a_sealed_file_that_is_another_or_gone_is_found():
    service = Service()
    dispute = service.inspected()
    assert service.violations() == []
    for content in (b"another", None):
        verifier = replace(verifier_of(service.table, service.world), files=Holding(content))
        (violation,) = verifier.whole().violations
        assert (violation.subject, violation.what) == (dispute, What.EVIDENCE)


class Holding(MemoryBucket):
    """This, whatever is asked for; or nothing."""

    def __init__(self, content: bytes | None) -> None:
        super().__init__()
        self._content = content

    def read(self, key, version_id, *, max_bytes):
        del version_id, max_bytes
        if self._content is None:
            raise KeyError(key)
        return self._content


def test_a_file_that_was_erased_and_is_there_an_hour_later_is_found():
    """Also one that was uploaded anew, and a clean copy."""
    service, dispute = ended()
    pieces = service.world.store.pieces(dispute)
    assert service.world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "authority_ordered"}).status == 200
    service.publish()
    eraser = Eraser(service.world.commands, service.world.clock)
    eraser.erase(dispute)
    service.world.later(seconds=SETTLES.total_seconds())
    assert eraser.erase(dispute)
    service.publish()
    (piece,) = pieces
    for left in (str(piece.key), f"clean/{dispute}/{piece.id}.jpg", f"clean/{dispute}/{piece.id}/seal.jpg"):
        service.world.bucket.put(left, b"still there", at=service.world.now)
        assert service.violations() == []
        service.world.later(seconds=KEPT_ON_AFTER.total_seconds())
        (found,) = verifier_of(service.table, service.world).whole().violations
        assert (found.subject, found.what) == (dispute, What.ERASURE)
        assert piece.id in found.detail
        service.world.bucket.erase(left)
        service.world.later(seconds=-KEPT_ON_AFTER.total_seconds())
    service.world.later(days=1)
    assert service.violations() == []


def test_what_lies_beside_an_erased_file_is_nobodys_left_over():
    service = Service()
    world = service.world
    dispute = world.opened()
    gone, _ = world.submitted(dispute), world.submitted(dispute)
    assert world.merchant.delete(f"/v1/disputes/{dispute}/evidence/{gone}").status == 200
    for _ in range(2):
        world.later(seconds=SETTLES.total_seconds())
        Eraser(world.commands, world.clock).erase(dispute)
    service.publish()
    world.later(seconds=KEPT_ON_AFTER.total_seconds() + 1)
    assert service.violations() == []
    (piece,) = [each for each in world.store.pieces(dispute) if each.id == gone]
    world.bucket.put(str(piece.key), b"still there", at=world.now)
    assert service.violations() == [(dispute, What.ERASURE)]


def test_a_file_that_was_uploaded_over_is_read_by_the_version_that_was_sealed():
    service = Service()
    dispute = service.world.contested()
    service.publish()
    (piece,) = service.world.store.pieces(dispute)
    service.world.bucket.put(str(piece.key), b"another", at=service.world.now)
    assert service.violations() == []


def test_what_is_being_written_meanwhile_is_no_violation():
    """It is read once more, and told only if it is so still."""
    service = Service()
    dispute = service.world.opened()
    service.publish()
    truth = TableRecords(service.table)

    class Torn(TableRecords):
        """The first look finds a snapshot that its events haven't reached yet."""

        looks = 0

        def read(self, section):
            self.looks += 1
            record = truth.read(section)
            assert isinstance(record, CaseRecord)
            if self.looks > 1:
                return record
            return replace(record, flaws=(Violation(dispute, What.CHAIN, "torn"),))

    verifier = Verifier(
        Torn(service.table),
        service.world.bucket,
        service.world.clock,
        lambda: service.world.later(seconds=1),
        service.world.book,
    )
    assert verifier.sections([Section(f"D#{dispute}")]).violations == ()


def grace(minutes: int) -> Service:
    service = Service()
    book = PolicyBook.of([a_policy(response={"upload_grace_seconds": minutes * 60})])
    service.world = World(store=DisputeStore(service.table), book=book)
    return service


def test_a5_a_default_that_rightly_waits_for_an_upload_isnt_overdue():
    service = grace(minutes=30)
    dispute = service.world.opened()
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
    assert service.world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked).status == 201
    service.publish()
    service.world.later(hours=24, minutes=30)
    service.world.lapse(dispute)
    service.world.now += OVERDUE_AFTER
    assert service.violations() == []
    service.world.now += MILLISECOND
    assert service.violations() == [(dispute, What.OVERDUE)]
    service.world.lapse(dispute)
    service.publish()
    assert service.violations() == []


def test_a_dispute_that_pins_a_policy_that_nobody_has_is_found():
    service = Service()
    dispute = service.world.opened()
    service.publish()
    verifier = replace(verifier_of(service.table, service.world), book=PolicyBook.of([]))
    assert [(each.subject, each.what) for each in verifier.whole().violations] == [(dispute, What.SNAPSHOT)]


def test_a_text_may_be_gone_where_an_event_of_its_own_says_so_and_nowhere_else():
    service = Service()
    world = service.world
    dispute = world.opened(reason="quality", statement=WORDS)
    asked = {"requirement": "settlement_report", "stage": "response", "statement": WORDS}
    written = world.merchant.post(f"/v1/disputes/{dispute}/evidence", asked)
    assert written.status == 201, written.text
    piece = written.body["piece"]["id"]
    (of_piece,) = [each.statement.id for each in world.store.pieces(dispute) if each.statement]
    assert world.merchant.delete(f"/v1/disputes/{dispute}/evidence/{piece}").status == 200
    world.later(seconds=SETTLES.total_seconds())
    Eraser(world.commands, world.clock).erase(dispute)
    service.publish()
    texts = {each.sk.removeprefix(keys.TEXTS) for each in items_of(service.table) if each.sk.startswith(keys.TEXTS)}
    assert of_piece not in texts
    assert service.violations() == []
    for each in texts:
        kept = items_of(service.table)[keys.text(dispute, each)]
        service.table.delete(keys.text(dispute, each))
        assert What.TEXT in {what for _, what in service.violations()}
        service.table.write([Put(kept)], "back")


def test_once_everything_written_was_erased_none_of_it_need_be_there():
    service, dispute = ended()
    assert service.world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "authority_ordered"}).status == 200
    service.publish()
    eraser = Eraser(service.world.commands, service.world.clock)
    assert not eraser.erase(dispute)
    assert service.violations() == []
    service.world.later(seconds=SETTLES.total_seconds())
    assert eraser.erase(dispute)
    assert not [each for each in items_of(service.table) if each.sk.startswith(keys.TEXTS)]
    assert service.violations() == []


def ended() -> tuple[Service, str]:
    """A dispute whose images and texts are kept for a while from now on."""
    service = Service()
    dispute = service.world.contested()
    assert service.world.platform.post(f"/v1/disputes/{dispute}/withdrawal").status == 200
    service.publish()
    return service, dispute


def test_what_is_to_be_erased_and_wouldnt_be_in_time_is_found():
    service, dispute = ended()
    assert service.violations() == []
    kept = items_of(service.table)[keys.erasure(dispute)]
    service.table.delete(keys.erasure(dispute))
    assert service.violations() == [(dispute, What.ERASURE)]
    for sort, what in (
        (text(kept, "i5s").replace("2027", "2028"), What.ERASURE),
        (text(kept, "i5s").replace(dispute, "another"), What.UNREADABLE),
    ):
        service.table.write([Put({**kept, "i5s": sort})], "harm")
        assert (dispute, what) in service.violations()
        service.table.delete(keys.erasure(dispute))


def test_what_nobody_has_erased_an_hour_after_its_time_is_found():
    service, dispute = ended()
    due = text(items_of(service.table)[keys.erasure(dispute)], "i5s").partition("#")[0]
    service.world.now = unstamp(due) + KEPT_ON_AFTER
    assert service.violations() == []
    service.world.now += MILLISECOND
    assert service.violations() == [(dispute, What.ERASURE)]
    eraser = Eraser(service.world.commands, service.world.clock)
    assert not eraser.erase(dispute)
    service.publish()
    assert service.violations() == []
    service.world.later(seconds=SETTLES.total_seconds())
    assert eraser.erase(dispute)
    service.publish()
    assert service.violations() == []


def test_what_fails_to_be_erased_and_is_put_off_again_and_again_is_found():
    service, dispute = ended()
    due = text(items_of(service.table)[keys.erasure(dispute)], "i5s").partition("#")[0]
    service.world.now = unstamp(due) + KEPT_ON_AFTER
    service.world.store.look_again(dispute, service.world.now + SETTLES, "again")
    assert service.violations() == []
    service.world.later(minutes=10)
    service.world.store.look_again(dispute, service.world.now + SETTLES, "once more")
    assert service.violations() == [(dispute, What.ERASURE)]


def test_what_was_written_and_is_there_an_hour_after_it_was_erased_is_found():
    service, dispute = ended()
    assert service.world.platform.post(f"/v1/disputes/{dispute}/erasure", {"cause": "authority_ordered"}).status == 200
    service.publish()
    kept = items_of(service.table)[keys.text(dispute, PARTICULARS)]
    eraser = Eraser(service.world.commands, service.world.clock)
    eraser.erase(dispute)
    service.world.later(seconds=SETTLES.total_seconds())
    assert eraser.erase(dispute)
    service.publish()
    service.world.later(seconds=KEPT_ON_AFTER.total_seconds())
    assert service.violations() == []
    service.table.write([Put(kept)], "harm")
    assert (dispute, What.ERASURE) in service.violations()


def test_what_is_held_needs_nobody_to_erase_it():
    service, dispute = ended()
    assert service.world.platform.post(f"/v1/disputes/{dispute}/hold", {"cause": "lawsuit"}).status == 200
    service.publish()
    service.table.delete(keys.erasure(dispute))
    assert service.violations() == []
