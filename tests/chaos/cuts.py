"""A kill before and after every call of every handler; whoever had asked asks again (issue of one effect, whole).

The cut points are counted by letting the handler run once: a new call is a new cut point.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.chaos.cases import Stage, stage
from tests.chaos.report import Counted, Section
from tests.chaos.scenarios import all_of_them
from tests.chaos.wire import Call, Killed, Refused


@dataclass(slots=True)
class Cut:
    """Kills the process at its n-th call, once."""

    at: int
    sent: bool
    """After the call was carried out, or before it is sent."""
    seen: int = 0

    def before(self, call: Call) -> Refused | None:
        self.seen += 1
        if self.seen == self.at and not self.sent:
            raise Killed(call.name)
        return None

    def after(self, call: Call, answer: dict[str, Any]) -> Refused | None:
        del answer
        if self.seen == self.at and self.sent:
            raise Killed(call.name)
        return None


def points(on: Stage) -> Iterator[Cut]:
    for number, _ in enumerate(on.calls, 1):
        yield Cut(number, sent=False)
        yield Cut(number, sent=True)


def tried(on: Stage, cut: Cut) -> list[str]:
    when = "after" if cut.sent else "before"
    place = f"killed {when} call {cut.at}, {on.calls[cut.at - 1].name}"
    return [f"{place}: {each}" for each in on.play(cut)]


def _run() -> Iterator[Counted]:
    for name in all_of_them():
        with stage(name) as on:
            cuts = list(points(on))
            yield Counted(name, len(cuts), tuple(each for cut in cuts for each in tried(on, cut)))


SECTION = Section("A kill before and after each call", "cut points", _run)
