"""Disputes carried through with small pictures, and a reader that reads nothing: for counts, in seconds."""

from functools import cache
from typing import override

from bench import story
from bench.bill import Bill, Billed
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


@cache
def contested() -> Bill:
    """Of a dispute that the shop contests with five pieces, and that is ruled."""
    with cloud_of(Quick) as cloud:
        return story.lived(cloud, story.ruled)
