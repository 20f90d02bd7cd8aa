"""Disputes carried through with small pictures, and a reader that reads nothing: for counts, in seconds."""

from dataclasses import dataclass
from functools import cache
from typing import override

from bench import checking, story
from bench.bill import Bill, Billed, Used
from tests.api.build import picture
from tests.chaos.world import cloud_of
from tests.fakes import Reads


class Quick(Billed):
    def __init__(self) -> None:
        super().__init__()
        self.reads = Reads()

    @override
    def picture(self) -> bytes:
        return picture()


@dataclass(frozen=True, slots=True)
class Checks:
    """Of a table with one dispute."""

    nothing: Used
    """A run that has nothing to do."""
    changed: Used
    whole: Used


def contested() -> Bill:
    """Of a dispute that the shop contests with five pieces, and that is ruled."""
    return _lived()[0]


def checks() -> Checks:
    """Of what is there then."""
    return _lived()[1]


@cache
def _lived() -> tuple[Bill, Checks]:
    with cloud_of(Quick) as cloud:
        bill = story.lived(cloud, story.ruled)
        cloud.later(days=1)
        nothing = checking.run(cloud, day=1)
        changed = checking.run(cloud, changed=True, day=1)
        return bill, Checks(nothing, changed, checking.run(cloud))
