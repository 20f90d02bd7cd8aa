"""Carries out what the clock has made true of disputes, whatever the queue said of them (A5, promise G)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.commands import Lapse
from chalicelib.domain.parties import Actor, Role
from chalicelib.domain.ports import Clock
from chalicelib.service.commands import Commands, Request

CLOCKWORK = Actor("recourse", Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Lapser:
    commands: Commands
    clock: Clock

    def lapse(self, dispute_id: str) -> bool:
        """False where nothing was due any more. Raises NotFound for a dispute that isn't there, TooBusy."""
        return self.commands.execute(dispute_id, Lapse(), Request(CLOCKWORK, self.clock())).changed

    def lapse_together(self, dispute_ids: Sequence[str]) -> int:
        """All, at a fraction of the cost; gives of how many something was due.

        Raises what is in the way of any of them: `lapse` then does what is left.
        """
        each_once = tuple(dict.fromkeys(dispute_ids))
        done = self.commands.execute_together(each_once, Lapse(), Request(CLOCKWORK, self.clock()))
        return sum(each.changed for each in done)
