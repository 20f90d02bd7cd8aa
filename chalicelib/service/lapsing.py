"""Carries out what the clock has made true of one dispute, whatever the queue said of it (A5, promise G)."""

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
