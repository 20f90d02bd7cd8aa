"""One case: a world at the point where an attempt carries something out, a disturbance, and what must hold then."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from tests.chaos.attempts import Ask, Attempt
from tests.chaos.oracle import Found, effects, violations
from tests.chaos.scenarios import all_of_them
from tests.chaos.wire import Call, Idle, Killed, Refused, Watch
from tests.chaos.world import Cloud, Saved, cloud

_ATTEMPTS = 5


class Recorder(Idle):
    """Notes the calls."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def before(self, call: Call) -> Refused | None:
        self.calls.append(call)
        return None


@dataclass(frozen=True, slots=True)
class Stage:
    """A scenario, ready to be played again and again."""

    name: str
    world: Cloud
    attempt: Attempt
    saved: Saved
    calls: tuple[Call, ...]
    """Those of an attempt that nothing disturbs."""
    effects: Counter[str]
    """What it leaves then."""

    def play(self, watch: Watch) -> list[str]:
        """Tries under the disturbance until the caller is content; gives what doesn't hold then."""
        self.world.restore(self.saved)
        if isinstance(self.attempt, Ask):
            self.attempt.answers.clear()
        content = self._until_content(watch)
        answers = _refused_or_changed(self.attempt) if content and isinstance(self.attempt, Ask) else []
        self.world.settle()
        found = Found.of(self.world)
        left = effects(found)
        return [
            *([] if content else ["never carried out, however often it was tried"]),
            *answers,
            *violations(self.world, found),
            *([] if left == self.effects else [f"more: {left - self.effects}, less: {self.effects - left}"]),
        ]

    def _until_content(self, watch: Watch) -> bool:
        with self.world.wire.watched(watch):
            for _ in range(_ATTEMPTS):
                try:
                    if self.attempt():
                        return True
                except Killed:
                    pass
                self.world.later(seconds=1)
        return False


def _refused_or_changed(ask: Ask) -> list[str]:
    (answer,) = ask.answers
    refused = [] if answer.status < HTTPStatus.MULTIPLE_CHOICES else [f"F: refused: {answer.text}"]
    return (
        refused
        if refused or not ask.keyed or ask.answers_again(answer)
        else [f"F: answered {answer.text}, then something else"]
    )


@contextmanager
def stage(name: str) -> Iterator[Stage]:
    """The scenario of this name, in a world of its own."""
    with cloud() as world:
        attempt = all_of_them()[name](world)
        saved, recorder = world.save(), Recorder()
        with world.wire.watched(recorder):
            content = attempt()
        assert content, f"{name} isn't carried out even undisturbed"
        assert not isinstance(attempt, Ask) or attempt.answers[0].status < HTTPStatus.MULTIPLE_CHOICES, attempt.answers
        world.settle()
        yield Stage(name, world, attempt, saved, tuple(recorder.calls), effects(Found.of(world)))
