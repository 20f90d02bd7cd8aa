"""Damaged files, looked at as uploads are, in a process of its own; and what came of each."""

import functools
import re
import signal
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from PIL import Image

from evidence.facts import CaseFacts
from evidence.looks import Look, first_look, second_look
from evidence.messages import Code
from evidence.pages import render
from evidence.text import Box, Line
from policies.book import PolicyBook
from policies.model import Medium, Policy
from tests.fuzz.damage import damaged
from tests.unit.evidence.bare import foreign_in
from tests.unit.evidence.build import LIMITS

MOST_SECONDS = 10
MOST_MEMORY = 400 << 20
_KILLED_AFTER = 60
"""Seconds, by the alarm clock: native code that hangs can't be interrupted otherwise."""
_RENDERED = 25
"""One PDF of so many is rendered, too: that starts a process each."""
_READ = 3
"""One picture of so many is looked at a second time, with text in it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of the files made of one seed file."""

    name: str
    outcomes: Counter[str] = field(default_factory=Counter)
    """How many were taken, and refused with each code."""
    slowest: float = 0
    """Seconds of CPU time: others may be at work on the same machine."""
    slowest_number: int = 0
    peak: int = 0
    """Bytes of memory that the process had at most, so far."""
    violations: tuple[str, ...] = ()

    @property
    def files(self) -> int:
        return self.outcomes.total()


class _Scribble:
    """Reads something somewhere, so that places are cut out."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def read(self, picture: Image.Image) -> tuple[Line, ...]:
        left, top = self._chance.random(), self._chance.random()
        box = Box(left, top, left + 0.2, top + 3 / picture.height)
        return (Line("运费金额：¥206.76元", box, 0.98, self._chance.randrange(4)),)


def try_files(name: str, numbers: Iterable[int], seed: int, folder: Path) -> Tried:
    """Each is written into `folder` before it is looked at: what kills the process is still there afterwards."""
    outcomes, slowest, violations = Counter[str](), (0.0, 0), list[str]()
    for number in numbers:
        content = damaged(name, number, seed)
        (folder / name).write_bytes(content)
        signal.alarm(_KILLED_AFTER)
        started = time.process_time()
        outcome, found = answered(content, number)
        took = time.process_time() - started
        signal.alarm(0)
        outcomes[outcome] += 1
        slowest = max(slowest, (took, number))
        late = (f"{took:.1f} s of CPU time",) if took > MOST_SECONDS else ()
        broken = [f"{name} {number}: {each}" for each in (*found, *late)]
        if broken:
            (folder / f"{name}-{seed}-{number}").write_bytes(content)
        violations += broken
    (folder / name).unlink(missing_ok=True)
    return Tried(name, outcomes, *slowest, _peak(), tuple(violations))


def answered(content: bytes, number: int) -> tuple[str, tuple[str, ...]]:
    """What was said of the file, and which promises were broken. By its number, how closely it is looked at."""
    try:
        looks = list(_looks(content, number))
    except Exception:  # noqa: BLE001 (whatever it is, it is what is looked for)
        return "raised", (traceback.format_exc(),)
    codes = {each.inspection.defect.code if each.inspection.defect else None for each in looks}
    found = tuple(broken for each in looks for broken in _broken(each))
    if len(codes) > 1:
        found = (*found, f"the looks disagree: {codes}")
    return str(next(iter(codes)) or "taken"), found


def _looks(content: bytes, number: int) -> Iterator[Look]:
    policy = marketplace()
    requirement = policy.requirements["freight_receipt" if number % _READ == 1 else "product_document"]
    first = first_look(content, requirement, policy, CaseFacts())
    yield first
    if first.inspection.medium is Medium.PDF:
        if number % _RENDERED == 0:
            for page in render(content, policy.files):
                page.load()
    elif number % _READ == 0:
        receipt = policy.requirements["freight_receipt"]
        yield second_look(content, receipt, policy, CaseFacts(), _Scribble(Random(number)))  # noqa: S311 (likewise)


def _broken(look: Look) -> Iterator[str]:
    defect = look.inspection.defect
    copies = [*([look.clean_copy] if look.clean_copy else []), *look.crops.values()]
    if defect and (defect.code not in list(Code) or copies):
        yield f"refused as {defect.code}, with {len(copies)} copies"
    yield from (f"in a copy: {foreign}" for foreign in map(foreign_in, copies) if foreign)


@functools.cache
def marketplace() -> Policy:
    in_force = PolicyBook.from_folder().in_force("marketplace", datetime(2026, 11, 20, tzinfo=UTC))
    return replace(in_force, files=LIMITS)


def _peak() -> int:
    """Of this process alone: getrusage would tell the peak of the one that started it as well."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) * 1024 if found else 0
