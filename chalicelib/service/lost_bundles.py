"""Bundles that were asked for and aren't made: whose message got lost, or whose making has failed."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.bundles import BundleQueue, BundleRegister
from chalicelib.domain.ports import Clock

_NOW_AND_THEN = 30
"""Minutes between looks."""

_MADE_AFTER = timedelta(minutes=15)
"""A bundle that isn't made by then has lost its message, or comes back from a try that failed."""

_TRIED_FOR = timedelta(hours=2)
"""What isn't made by then can't be made, as dead letters and an alarm have said."""

_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class LostBundles:
    bundles: BundleRegister
    making: BundleQueue
    clock: Clock

    def queue(self) -> int:
        """The oldest first. One that is queued twice is made once."""
        now = self.clock()
        if now.minute % _NOW_AND_THEN:
            return 0
        wanted = self.bundles.wanted(now - _TRIED_FOR, now - _MADE_AFTER, limit=_AT_ONCE)
        for dispute, bundle in wanted:
            self.making.bundle(dispute, bundle)
        return len(wanted)
