"""What other processes take: CPU and memory, by Linux."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def cpu_of(group: int) -> float:
    """Seconds of CPU that the living processes of a group have taken so far, those of ended threads among them."""
    return sum(map(cpu_of_process, processes(group)))


def cpu_of_process(process: int) -> float:
    """Of all its threads, as clock_getcpuclockid(3) numbers the clocks of others; /proc would tell steps of 10 ms."""
    return time.clock_gettime((~process << 3) | 2)


def peak_memory(process: int | str = "self") -> float:
    """MB at the most, so far. The resource module would count what the parent had, too."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def processes(group: int) -> Iterator[int]:
    """The living ones."""
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):  # it has ended
            if os.getpgid(int(each.name)) == group:
                yield int(each.name)
