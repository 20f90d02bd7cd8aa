"""Every interleaving of racing handlers: one call at a time, depth first, until there is no schedule left.

Handlers run in threads. Each stops before each of its calls, and one is chosen to go on. What was chosen is a schedule;
the next run repeats it up to the last place where another choice is left. Schedules that differ only in the order of
calls that commute (two reads, writes to different items) end alike: of those, one is run (sleep sets, Godefroid 1996).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Semaphore, Thread, current_thread
from typing import Any

from tests.chaos.wire import Call, Idle, Killed, Refused

_STUCK = 60.0
"""Seconds after which a handler that neither calls nor ends is given up."""


class Abandoned(Killed):
    """The schedule is one that was run before in another order."""


class Racer:
    """A handler in a thread of its own, that goes from call to call when it is told to."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.next: Call | None = None
        """What it is about to do; None once it has ended."""
        self.outcome: object = None
        self._act = act
        self._abandoned = False
        self._go, self._stopped = Semaphore(0), Semaphore(0)
        self.thread = Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self.thread.start()
        self._until_it_stops()

    def step(self) -> None:
        """Lets it make its next call, and go on to the one after."""
        self.next = None
        self._go.release()
        self._until_it_stops()

    def abandon(self) -> None:
        while self.next:
            self._abandoned = True
            self.step()
        self.thread.join(_STUCK)

    def wait(self, call: Call) -> None:
        """In the handler's thread: stops before the call."""
        self.next = call
        self._stopped.release()
        self._go.acquire()
        if self._abandoned:
            raise Abandoned

    def _until_it_stops(self) -> None:
        if not self._stopped.acquire(timeout=_STUCK):
            raise TimeoutError("a handler neither calls nor ends")

    def _run(self) -> None:
        try:
            self.outcome = self._act()
        except Abandoned:
            self.outcome = Abandoned
        except Exception as error:  # noqa: BLE001  (whatever it ends with is its outcome, for the race to judge)
            self.outcome = error
        self.next = None
        self._stopped.release()


class Gate(Idle):
    """Stops each racer before its calls; lets all others pass."""

    def __init__(self, racers: Sequence[Racer]) -> None:
        self._by_thread = {each.thread: each for each in racers}

    def before(self, call: Call) -> Refused | None:
        racer = self._by_thread.get(current_thread())
        if racer:
            racer.wait(call)
        return None


@dataclass(slots=True)
class Fork:
    """A place in a schedule: who could go on, and who was let."""

    enabled: dict[int, Call]
    asleep: set[int]
    """Whoever goes first here has been tried, in another order that ends alike."""
    chosen: int = -1
    tried: set[int] = field(default_factory=set)

    @property
    def left(self) -> list[int]:
        return sorted(self.enabled.keys() - self.asleep - self.tried)

    def choose(self) -> bool:
        """Whether there was a choice left."""
        if not self.left:
            return False
        self.chosen = self.left[0]
        self.tried.add(self.chosen)
        return True

    def asleep_after(self) -> set[int]:
        done = self.enabled[self.chosen]
        earlier = (self.asleep | self.tried) - {self.chosen}
        return {each for each in earlier if each in self.enabled and self.enabled[each].commutes_with(done)}


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who went, call by call, and how each ended."""

    steps: tuple[tuple[int, str], ...]
    outcomes: tuple[Any, ...]

    def __str__(self) -> str:
        return " ".join(f"{who}:{what.partition('.')[2]}" for who, what in self.steps)


class Explorer:
    """Runs all schedules of a race. `begin` brings the world back and gives the racers; `watch` puts up their gate."""

    def __init__(
        self, begin: Callable[[], Sequence[Racer]], watch: Callable[[Gate], Any], *, prune: bool = True
    ) -> None:
        self._begin, self._watch, self._prune = begin, watch, prune
        self._forks: list[Fork] = []
        self.abandoned = 0

    def schedules(self) -> Iterator[Schedule]:
        while True:
            ran = self._run()
            if ran:
                yield ran
            while self._forks and not self._forks[-1].choose():
                self._forks.pop()
            if not self._forks:
                return

    def _run(self) -> Schedule | None:
        """One schedule: what was chosen before, and the first choice from there on. None if it is one in disguise."""
        racers = self._begin()
        steps: list[tuple[int, str]] = []
        with self._watch(Gate(racers)):
            for each in racers:
                each.start()
            while enabled := {number: each.next for number, each in enumerate(racers) if each.next}:
                fork = self._fork(len(steps), enabled)
                if fork is None:
                    self.abandoned += 1
                    for each in racers:
                        each.abandon()
                    return None
                steps.append((fork.chosen, enabled[fork.chosen].name))
                racers[fork.chosen].step()
        for each in racers:
            each.thread.join(_STUCK)
        return Schedule(tuple(steps), tuple(each.outcome for each in racers))

    def _fork(self, depth: int, enabled: dict[int, Call]) -> Fork | None:
        if depth < len(self._forks):
            fork = self._forks[depth]
            assert {n: each.name for n, each in fork.enabled.items()} == {n: each.name for n, each in enabled.items()}
            return fork
        fork = Fork(enabled, self._forks[-1].asleep_after() if self._prune and self._forks else set())
        if not fork.choose():
            return None
        self._forks.append(fork)
        return fork
