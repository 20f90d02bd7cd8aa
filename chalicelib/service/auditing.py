"""The operator's audit: the table and then the anchors, part by part, as long as one run may take."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

from chalicelib.domain.measures import Measure, Meter
from chalicelib.service.checking_anchors import AnchorVerifier, whose_turn
from chalicelib.service.verifying import Verified, Verifier

_LOG = logging.getLogger("recourse.service")

_SECONDS: Final = 200.0
"""After which a run goes on in another one: the function has 300."""

_ANCHORS: Final = "anchors:"
_GAPS: Final = 0
"""No anchor has this number: it stands for what is missing among them."""


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
        end, found, place = self.seconds() + _SECONDS, Verified(), None
        for part, following in self._parts(after):
            found, place = found + part, following
            if self.seconds() >= end:
                break
        for each in found.violations:
            _LOG.error("violation", extra={"subject": each.subject, "what": str(each.what), "detail": each.detail})
        self.meter(Measure.VIOLATIONS, len(found.violations))
        if place:
            self.audit.go_on(place)
        return found

    def _parts(self, after: str | None) -> Iterator[tuple[Verified, str | None]]:
        """The table page by page, then the anchors one by one; with each part, the place of the next."""
        place, given_up = after, self.audit.given_up()
        while place is None or not place.startswith(_ANCHORS):
            found, following = self.verifier.page(place, given_up)
            place = following or _place(self.verifier.clock().toordinal(), _GAPS)
            yield found, place
        yield from self._anchors(*map(int, place.removeprefix(_ANCHORS).split(":")))

    def _anchors(self, day: int, first: int) -> Iterator[tuple[Verified, str | None]]:
        """Those whose turn is on the day on which the audit came to them."""
        known = self.anchors.book.numbers()
        turns = [each for each in (_GAPS, *whose_turn(known, day)) if each >= first]
        for number, following in pairwise((*turns, None)):
            wrong = self.anchors.anchor(number, known) if number else self.anchors.gaps(known)
            yield Verified(violations=tuple(wrong)), _place(day, following) if following else None


def _place(day: int, number: int) -> str:
    return f"{_ANCHORS}{day}:{number}"
