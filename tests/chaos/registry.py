"""Scenarios by name: each brings a world to where one attempt carries something out."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.domain import commands as c
from tests.chaos.attempts import Attempt
from tests.chaos.world import Cloud

type Arrange = Callable[[Cloud], Attempt]

COMMANDS: Final[dict[str, tuple[type[c.Command], Arrange]]] = {}
BESIDES: Final[dict[str, Arrange]] = {}
"""Jobs, and requests that are about no dispute."""
JOBS: Final[dict[str, str]] = {}
"""By the scenario's name, the module of chalicelib/jobs that it runs."""


def all_of_them() -> Mapping[str, Arrange]:
    return {**{name: arrange for name, (_, arrange) in COMMANDS.items()}, **BESIDES}


def command(which: type[c.Command], *, looked_at: bool = True, by: str | None = None) -> Callable[[Arrange], Arrange]:
    """`looked_at`: the jobs have done their work on what was submitted. `by`: the job, where nobody asks."""

    def register(arrange: Arrange) -> Arrange:
        def arranged(world: Cloud) -> Attempt:
            attempt = arrange(world)
            world.publish()
            while looked_at and (world.deliver("upload") or world.deliver("recognise")):
                pass
            world.publish()
            return attempt

        COMMANDS[_name(arrange)] = (which, arranged)
        if by:
            JOBS[_name(arrange)] = by
        return arrange

    return register


def besides[T: Attempt](arrange: Callable[[Cloud], T]) -> Callable[[Cloud], T]:
    BESIDES[_name(arrange)] = arrange
    return arrange


def job(module: str) -> Callable[[Arrange], Arrange]:
    def register(arrange: Arrange) -> Arrange:
        JOBS[_name(arrange)] = module
        return besides(arrange)

    return register


def _name(arrange: Any) -> str:
    return str(arrange.__name__).replace("_", " ")
