"""The work of an outage that was agreed to: a batch at a time, by the one way in, going on from where it stopped."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.allowing import allowance, unmended
from chalicelib.domain.commands import AllowForOutage
from chalicelib.domain.errors import NotFound
from chalicelib.domain.outage import Outage, OutageState, Pass, Progress
from chalicelib.domain.outage_ports import Met, OutageRegister
from chalicelib.domain.ports import Clock, NewId, Page, Queues, VersionRaced
from chalicelib.service.commands import Commands, Request
from chalicelib.service.lapsing import CLOCKWORK
from chalicelib.service.outages import concerned

_LOG = logging.getLogger("recourse.service")

_INDEX_FOLLOWS = 30
"""Seconds until what lapsed before the first part ended shows among what lapsed, with a margin."""


@dataclass(frozen=True, slots=True)
class OutageWorker:
    """Twice, late, or in two places at once changes nothing."""

    commands: Commands
    register: OutageRegister
    queues: Queues
    clock: Clock
    new_id: NewId
    batch: int = 25
    """Deadlines looked at for one message."""

    def work(self, outage_id: str) -> None:
        """One batch, and a message for the next one. Raises NotFound."""
        outage = self._read(outage_id)
        if outage.state not in (OutageState.AGREED, OutageState.RUNNING):
            return
        now, part = self.clock(), outage.progress.part
        page = self.register.met(part, outage.scope, limit=self.batch, after=outage.progress.after)
        progress = _onward(self._allow_all(outage, page, now), page.next)
        done = page.next is None and part is Pass.LAPSED
        try:
            self.register.keep(outage.worked(progress, now, done=done), commit=self.new_id())
        except VersionRaced:
            return  # another worker has done this batch, and sent for the next
        if not done:
            self.queues.allow_for(outage_id, delay=0 if progress.part is part else _INDEX_FOLLOWS)

    def allow(self, outage_id: str, dispute_id: str) -> None:
        """What an outage gives back to one dispute. Raises NotFound, TooBusy."""
        self._allow(self._read(outage_id), dispute_id, self.clock())

    def _allow_all(self, outage: Outage, page: Page[Met], now: datetime) -> Progress:
        """One that fails gets a message of its own, so that it holds up no other."""
        progress = outage.progress
        for met in page.items:
            if not allowance(met.dispute, outage).nothing:
                try:
                    self._allow(outage, met.dispute.id, now)
                except Exception:  # noqa: BLE001  (whatever it is, it concerns this dispute: it is logged, tried again alone, and then a dead letter)
                    _LOG.exception("dispute %s was not allowed for", met.dispute.id)
                    self.queues.allow_for(outage.id, met.dispute.id)
            elif outage.progress.part is Pass.LAPSED and concerned(met, outage):
                why = unmended(met.dispute, outage)
                progress = progress.and_unmended(why) if why else progress
        return progress

    def _allow(self, outage: Outage, dispute_id: str, now: datetime) -> None:
        self.commands.execute(dispute_id, AllowForOutage(outage), Request(CLOCKWORK, now))

    def _read(self, outage_id: str) -> Outage:
        found = self.register.outage(outage_id)
        if found is None:
            raise NotFound
        return found[0]


def _onward(progress: Progress, after: str | None) -> Progress:
    """Where the work goes on: further in this part, or with what lapsed."""
    turns = after is None and progress.part is Pass.RUNNING
    return replace(progress, part=Pass.LAPSED if turns else progress.part, after=after)
