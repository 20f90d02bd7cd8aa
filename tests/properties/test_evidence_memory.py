"""No file takes more than 400 MB to look at: each is looked at in a process of its own, which tells its peak."""

import subprocess
import sys
import zlib

import pytest

from tests.unit.evidence.build import a_png, encoded, grain
from tests.unit.evidence.documents import PACKED, packed

MOST = 400 << 20
PROGRAM = """
import re, sys
from pathlib import Path
from evidence.inspect import inspect_file
from tests.unit.evidence.build import LIMITS, THRESHOLDS, a_requirement
content = Path(sys.argv[1]).read_bytes()
defect = inspect_file(content, a_requirement(), LIMITS, THRESHOLDS, barcode_seconds=1.5).inspection.defect
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(int(peak[1]) * 1024, defect.code if defect else "sound")
"""
pytestmark = [
    pytest.mark.slow,
    # getrusage would tell the peak of the test run as well, from which the process was forked.
    pytest.mark.skipif(sys.platform != "linux", reason="the peak of one process is read from /proc"),
]


def peak_and_code(content, folder):
    file = folder / "upload"
    file.write_bytes(content)
    answer = subprocess.run([sys.executable, "-c", PROGRAM, file], check=True, capture_output=True, text=True)
    peak, code = answer.stdout.split()
    return int(peak), code


def megapixels(side, mode="RGB"):
    return grain((1000, 1000)).convert(mode).resize(side)


def rows_of_nothing(width, height, samples, bits):
    packer = zlib.compressobj(1)
    rows = bytes((1 + width * samples * bits // 8) * 100)
    return b"".join([*(packer.compress(rows) for _ in range(height // 100)), packer.flush()])


def jpeg():
    return encoded(megapixels((8000, 5000)), quality=50)


def progressive_jpeg():
    return encoded(megapixels((8000, 5000)), quality=20, progressive=True, subsampling=0)


def progressive_cmyk_jpeg():
    return encoded(megapixels((6400, 5000), "CMYK"), quality=10, progressive=True)


def png():
    return a_png(8000, 5000, colour=6, data=rows_of_nothing(8000, 5000, 4, 8))


def deep_png():
    return a_png(8000, 5000, colour=6, depth=16, data=rows_of_nothing(8000, 5000, 4, 16))


def webp():
    picture = grain((400, 400)).convert("RGBA").resize((4000, 4000))
    picture.putalpha(200)
    return encoded(picture, "WEBP", quality=5, method=0)


def long_jpeg():
    return encoded(megapixels((60_000, 600)), quality=20)


@pytest.mark.parametrize("make", [jpeg, progressive_jpeg, progressive_cmyk_jpeg, png, deep_png, webp, long_jpeg])
def test_the_largest_pictures_that_are_taken_stay_under_400_mb(make, tmp_path):
    peak, code = peak_and_code(make(), tmp_path)
    assert code == "sound"
    assert peak < MOST


def picture_bomb():
    return a_png(60_000, 60_000, data=rows_of_nothing(60_000, 3000, 3, 8))


def array_of_strings():
    array = b"[" + (b"[" + b"()" * 80_000 + b"]") * 60 + b"]"
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/X " + array + b">>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]>>"
        b"endobj\n3 0 obj<</Type/Page>>endobj\ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF"
    )


def packed_strings():
    return packed(PACKED | {3: b"<</Type/Page/X[" + (b"[" + b"()" * 40_000 + b"]") * 11 + b"]>>"})


@pytest.mark.parametrize("make", [picture_bomb, array_of_strings, packed_strings])
def test_what_is_made_to_unfold_stays_under_400_mb(make, tmp_path):
    peak, _ = peak_and_code(make(), tmp_path)
    assert peak < MOST
