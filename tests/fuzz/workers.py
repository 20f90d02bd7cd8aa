"""Processes that look at damaged files: a file that kills one is found, and its memory can be told."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz.looking import Tried, try_files
from tests.fuzz.seeds import SEEDS


def try_all(files: int, seed: int, folder: Path, *, workers: int) -> Iterator[Tried]:
    """What became of as many files as asked for or a few more, by seed file.

    Raises BrokenProcessPool where a file killed the process; it lies in `folder` then, under its seed file's name.
    """
    each = range(-(-files // len(SEEDS)))
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(try_files, name, each, seed, folder) for name in SEEDS]
        yield from (done.result() for done in waiting)
