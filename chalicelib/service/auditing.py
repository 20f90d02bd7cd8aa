"""The operator's audit: the table and then the anchors, part by part, as long as one run may take."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from chalicelib.domain.measures import Measure, Meter
from chalicelib.domain.records import Violation
from chalicelib.service.anchoring import AnchorVerifier
from chalicelib.service.verifying import Verified, Verifier

_LOG = logging.getLogger("recourse.service")

_SECONDS: Final = 200.0
"""After which a run goes on in another one: the function has 300."""

_ANCHORS: Final = "anchors:"


class Audit(Protocol):
    """What an audit needs beside the table and the anchors."""

    def go_on(self, after: str) -> None:
        """In another run, from this place."""
        ...

    def given_up(self) -> frozenset[str]:
        """Disputes whose deadlines are in the dead letters."""
        ...


@dataclass(frozen=True, slots=True)
class Auditor:
    verifier: Verifier
    anchors: AnchorVerifier
    audit: Audit
    seconds: Callable[[], float]
    meter: Meter

    def work(self, after: str | None = None) -> Verified:
        """What was found in one run. Each violation is logged, and all are counted: an alarm is on the count."""
        end, given_up = self.seconds() + _SECONDS, self.audit.given_up()
        found, place = self._part(after, given_up)
        while place and self.seconds() < end:
            more, place = self._part(place, given_up)
            found += more
        for each in found.violations:
            _LOG.error("violation", extra={"subject": each.subject, "what": str(each.what), "detail": each.detail})
        self.meter(Measure.VIOLATIONS, len(found.violations))
        if place:
            self.audit.go_on(place)
        return found

    def _part(self, place: str | None, given_up: frozenset[str]) -> tuple[Verified, str | None]:
        """The table page by page, then the anchors one by one."""
        if place and place.startswith(_ANCHORS):
            return self._anchor(int(place.removeprefix(_ANCHORS)))
        found, following = self.verifier.page(place, given_up)
        return found, following or f"{_ANCHORS}1"

    def _anchor(self, number: int) -> tuple[Verified, str | None]:
        last = self.anchors.last()
        wrong: tuple[Violation, ...] = tuple(self.anchors.anchor(number)) if number <= last else ()
        return Verified(violations=wrong), f"{_ANCHORS}{number + 1}" if number < last else None
