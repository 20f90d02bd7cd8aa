"""What the looks cost: CPU against one full decode, in turns, so that a noisy machine is noisy for both; and memory."""

import io
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from PIL import Image

from bench.paths import SAMPLES
from evidence.facts import CaseFacts
from evidence.inspect import inspect_file
from evidence.looks import second_look
from policies.book import PolicyBook
from policies.model import Policy

PHOTOS = (SAMPLES / "documents" / "easy_freight_0.jpg", SAMPLES / "photos" / "IMG_8747.JPG")
"""Of 12 megapixels each: one that was drawn, and a real one, turned by EXIF and of a wide gamut."""
_ROUNDS = 7


def policy() -> Policy:
    return PolicyBook.from_folder().in_force("marketplace", datetime.now(UTC))


def first_look_against_decode(photo: Path) -> tuple[float, float, float]:
    """Seconds of CPU, at best: the first look without barcodes, one full decode; and the median of their ratios."""
    content, rules = photo.read_bytes(), policy()
    requirement = rules.requirements["freight_receipt"]

    def look() -> object:
        return inspect_file(content, requirement, rules.files, rules.quality)

    def decode() -> object:
        with Image.open(io.BytesIO(content)) as opened:
            return opened.load()

    pairs = [(_cpu(look), _cpu(decode)) for _ in range(_ROUNDS)]
    return min(a for a, _ in pairs), min(b for _, b in pairs), median(a / b for a, b in pairs)


def peak_memory(which: str) -> float:
    """MB at the most, of a process of its own that takes one look: `first`, `second`, or `nothing` but the imports."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.cost", which], capture_output=True, text=True, check=True, timeout=120
    )
    return float(done.stdout)


def _cpu(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def _peak() -> int:
    """KB. The resource module would count what the parent had, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def _look(which: str, photo: Path) -> None:
    rules = policy()
    requirement, content = rules.requirements["freight_receipt"], photo.read_bytes()
    if which == "first":
        inspect_file(content, requirement, rules.files, rules.quality, barcode_seconds=1.5)
    if which == "second":
        from evidence.ocr.onnx import OnnxRecogniser  # noqa: PLC0415  (its libraries are part of what is measured)

        second_look(content, requirement, rules, CaseFacts(), OnnxRecogniser.load())


if __name__ == "__main__":
    _look(sys.argv[1], PHOTOS[0])
    print(_peak() / 1024)
