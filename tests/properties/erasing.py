"""What any life of disputes has to do with erasing, and what must hold of it."""

from datetime import datetime
from random import Random

from hypothesis.stateful import invariant

from chalicelib.domain.keeping import Erasable
from chalicelib.domain.model import Dispute
from chalicelib.domain.retention import is_erased, next_erasure
from chalicelib.service.commands import Commands
from chalicelib.service.erasing import Eraser
from policies.model import Policy
from tests.build import MILLISECOND


class Erasing:
    """A part of the machine."""

    commands: Commands
    policy: Policy
    now: datetime
    disputes: list[str]
    touched: str | None

    def load(self, dispute_id: str) -> Dispute:
        raise NotImplementedError

    def _erase(self, pick: Random) -> None:
        """Held, nothing goes; else what was taken back a while ago, and everything once its time is over."""
        before = self.load(dispute_id := pick.choice(self.disputes))
        self.touched = dispute_id
        Eraser(self.commands, lambda: self.now).erase(dispute_id)
        after = self.load(dispute_id)
        assert after.hold is None or after == before
        erased = [is_erased(after, each) for each in (Erasable.IMAGES, Erasable.TEXTS)]
        assert after.ended_at is not None or not any(erased)

    @invariant()
    def what_is_to_be_erased_is_found_when_it_is_due(self) -> None:
        if self.touched is None:
            return
        due = next_erasure(self.load(self.touched), self.policy)
        assert due is None or any(
            each.dispute == self.touched for each in self.commands.store.erasures(due + MILLISECOND)
        )
