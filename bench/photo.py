"""`make bench ONLY=photo`: the first look at a 12-megapixel photo against one full decode of it by Pillow.

The look opens, decodes, measures, imprints, looks for a stamp and makes the clean copy; barcodes are left out of its
time and counted in its memory. Each of the two has a process of its own, in turns. The function is told to keep the
memory that it frees; the figures are without that, for both, and with it for both they stand beside them: asking the
system for memory is a third or more of a full decode, and an eighth at most of the look.
"""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from unittest.mock import patch

from PIL import Image

from bench import processes
from bench.figures import Figure, Part, Ratio, Row, Table, ratio_of
from bench.paths import SAMPLES
from evidence.facts import CaseFacts
from evidence.inspect import inspect_file
from evidence.looks import BARCODE_SECONDS, second_look
from policies.book import PolicyBook
from policies.model import Policy

DRAWN, CAMERA = SAMPLES / "documents" / "easy_freight_0.jpg", SAMPLES / "photos" / "IMG_8747.JPG"
"""Of 12 megapixels each: one that was drawn, and a telephone's, turned by EXIF and of a wide gamut."""
MOST_DECODES, MOST_MEMORY = 1.5, 200
_CONFIG = Path(__file__).parents[1] / ".chalice" / "config.json"
_WARM, _ROUNDS = 3, 21
_SPAWNED = get_context("spawn")


def policy() -> Policy:
    return PolicyBook.from_folder().in_force("marketplace", datetime.now(UTC))


def measure() -> Part:
    found = {photo: against_decode(photo) for photo in (DRAWN, CAMERA)}
    peak = max(peak_memory("first with barcodes", photo) for photo in (DRAWN, CAMERA))
    figures = [
        _decodes("photo_look", "a photo", "一张照片", found[DRAWN].ratio),
        _decodes("photo_look_wide_gamut", "one turned, of a wide gamut", "一张旋转、广色域的照片", found[CAMERA].ratio),
        Figure(
            "photo_memory",
            "First look at 12 megapixels, barcodes too: peak memory of its process",
            "对 1200 万像素照片的首次检查（含条码）：进程内存峰值",
            peak,
            "MB",
            at_most=MOST_MEMORY,
        ),
    ]
    return Part(figures, [_times(found), _memory()])


def _decodes(id_: str, en: str, zh: str, ratio: Ratio) -> Figure:
    return Figure(
        id_,
        f"First look at 12 megapixels, barcodes apart: CPU, of one full decode ({en})",
        f"对 1200 万像素照片的首次检查（不含条码）：CPU 时间与一次完整解码之比（{zh}）",
        ratio.value,
        at_most=MOST_DECODES,
        spread=ratio.spread,
    )


@dataclass(frozen=True, slots=True)
class Turns:
    """Seconds of CPU of looks and of decodes, in turns."""

    looks: Sequence[float]
    decodes: Sequence[float]

    @property
    def ratio(self) -> Ratio:
        return ratio_of([look / decode for look, decode in zip(self.looks, self.decodes, strict=True)])

    @property
    def least(self) -> float:
        """Of the least of each: what else runs only adds."""
        return min(self.looks) / min(self.decodes)

    @property
    def milliseconds(self) -> tuple[float, float]:
        return 1000 * median(self.looks), 1000 * median(self.decodes)


def against_decode(photo: Path, environment: Mapping[str, str] | None = None, rounds: int = _ROUNDS) -> Turns:
    """Each of the two in a process of its own, with these variables, too."""
    with _process(environment or {}) as looking, _process(environment or {}) as decoding:
        turns = [
            (looking.submit(_seconds, "first", photo).result(), decoding.submit(_seconds, "decode", photo).result())
            for _ in range(_WARM + rounds)
        ][_WARM:]
    return Turns(*zip(*turns, strict=True))


@contextmanager
def _process(environment: Mapping[str, str]) -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, mp_context=_SPAWNED) as process:
        with patch.dict(os.environ, environment):
            process.submit(_nothing, b"", policy()).result()  # it begins with the first task
        yield process


def inspectors() -> Mapping[str, str]:
    """The environment that the function has to itself."""
    stage = json.loads(_CONFIG.read_text(encoding="utf-8"))["stages"]["prod"]
    found: dict[str, str] = stage["lambda_functions"]["inspect"]["environment_variables"]
    return found


def _times(found: Mapping[Path, Turns]) -> Table:
    rows: list[Row] = []
    for photo, turns in found.items():
        keeping = against_decode(photo, inspectors())
        both = ((*each.milliseconds, each.ratio.value) for each in (turns, keeping))
        rows.append((photo.name, *chain.from_iterable(both)))
    head = ("photo", "look, ms", "decode, ms", "look / decode")
    as_deployed = ("look as deployed, ms", "decode likewise, ms", "look / decode")
    return Table("First look at a photo: CPU", (*head, *as_deployed), rows)


def _memory() -> Table:
    acts = ("nothing", "decode", "first", "first with barcodes")
    rows: list[Row] = [(photo.name, *(peak_memory(act, photo) for act in acts)) for photo in (DRAWN, CAMERA)]
    return Table("First look at a photo: peak memory, MB", ("photo", *acts), rows)


def peak_memory(act: str, photo: Path = DRAWN) -> float:
    """MB at the most, of a process of its own that does one of _ACTS."""
    command = [sys.executable, "-m", "bench.photo", act, str(photo)]
    environment = {**os.environ, **inspectors()}
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, env=environment)
    return float(done.stdout)


def _seconds(act: str, photo: Path) -> float:
    """Of CPU time."""
    content, rules = photo.read_bytes(), policy()
    begun = time.process_time()
    _ACTS[act](content, rules)
    return time.process_time() - begun


def _first(content: bytes, rules: Policy, barcode_seconds: float = 0) -> None:
    requirement = rules.requirements["freight_receipt"]
    inspect_file(content, requirement, rules.files, rules.quality, barcode_seconds=barcode_seconds)


def _first_with_barcodes(content: bytes, rules: Policy) -> None:
    _first(content, rules, BARCODE_SECONDS)


def _second(content: bytes, rules: Policy) -> None:
    from evidence.ocr.onnx import OnnxRecogniser  # noqa: PLC0415  (its libraries are part of what is measured)

    second_look(content, rules.requirements["freight_receipt"], rules, CaseFacts(), OnnxRecogniser.load())


def _decode(content: bytes, _: Policy) -> None:
    with Image.open(io.BytesIO(content)) as opened:
        opened.load()


def _nothing(_: bytes, __: Policy) -> None:
    """But the imports."""


_ACTS: Mapping[str, Callable[[bytes, Policy], None]] = {
    "first": _first,
    "first with barcodes": _first_with_barcodes,
    "second": _second,
    "decode": _decode,
    "nothing": _nothing,
}


if __name__ == "__main__":
    _, asked, where = sys.argv
    _ACTS[asked](Path(where).read_bytes(), policy())
    print(processes.peak_memory())
