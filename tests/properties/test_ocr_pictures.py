"""The recogniser on whole pictures: what it reads however they are held, and what that takes."""

import functools
import subprocess
import sys
from itertools import pairwise

import pytest
from PIL import Image, ImageOps

from evidence.ocr.onnx import OnnxRecogniser
from evidence.text import Box
from tests.unit.evidence.build import EXAMPLES, grain

pytestmark = pytest.mark.slow

WORDS = {
    "parcel_label.jpg": ("1Z 888 99K 23 2425 2627", "UPS 2nd Day Air", "TRACKING NUMBER"),
    "stamped_delivery_proof.jpg": ("JT2820833383902", "王勇艳", "罗涛华", "2024年1月13日", "业务专用章"),
    "test_report.jpg": ("出厂检测报告", "悦家日用旗舰店", "陶瓷餐具套装", "XT3722", "2026-12-05", "1423.99"),
    "chat_transfer.png": ("转账成功", "¥161.46", "2026年11月12日", "微信支付"),
}
MOST_BYTES = 450 << 20
MOST_SECONDS = 1.5
"""Of processor time, the networks loaded."""
PROGRAM = """
import re, sys, time
from pathlib import Path
from PIL import Image
from evidence.ocr.onnx import OnnxRecogniser
recogniser = OnnxRecogniser.load()
recogniser.read(Image.new("RGB", (64, 64)))
with Image.open(sys.argv[1]) as picture:
    picture.load()
began = time.process_time()
lines = recogniser.read(picture)
spent = time.process_time() - began
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(int(peak[1]) * 1024, spent, len(lines))
"""


@pytest.fixture(scope="module")
def recogniser():
    return OnnxRecogniser.load()


@functools.cache
def example(name, side=2000):
    with Image.open(EXAMPLES / name) as opened:
        opened.draft("RGB", (side, side))
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((side, side))
    return picture


def found(lines, word):
    return [line for line in lines if word.replace(" ", "") in line.text.replace(" ", "")]


def cost(picture, folder):
    """Peak in bytes, seconds of processor time, and lines read."""
    file = folder / "picture.png"
    picture.save(file, compress_level=1)
    answer = subprocess.run([sys.executable, "-c", PROGRAM, file], check=True, capture_output=True, text=True)
    peak, seconds, lines = answer.stdout.split()
    return int(peak), float(seconds), int(lines)


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("quarters", range(4))
def test_words_are_read_however_the_picture_is_held(recogniser, name, quarters):
    lines = recogniser.read(example(name).rotate(90 * quarters, expand=True))
    assert [word for word in WORDS[name] if not found(lines, word)] == []


@pytest.mark.parametrize("degrees", [-12, 4])
def test_words_are_read_from_a_picture_that_is_not_level(recogniser, degrees):
    skewed = example("test_report.jpg").rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 80, 70))
    lines = recogniser.read(skewed)
    assert [word for word in WORDS["test_report.jpg"] if not found(lines, word)] == []


def test_words_are_read_from_half_the_pixels(recogniser):
    lines = recogniser.read(example("stamped_delivery_proof.jpg", 1000))
    assert [word for word in WORDS["stamped_delivery_proof.jpg"] if not found(lines, word)] == []


def test_small_print_in_a_large_picture_is_read(recogniser):
    table = Image.new("RGB", (2000, 1500), (150, 140, 130))
    table.paste(example("test_report.jpg", 640), (900, 700))
    assert found(recogniser.read(table), "XT3722")


@pytest.mark.parametrize("quarters", range(4))
def test_a_box_is_where_the_word_stands_in_the_picture_as_it_was_handed_in(recogniser, quarters):
    """The words are cut out of their boxes, and read again alone."""
    picture = example("test_report.jpg").rotate(90 * quarters, expand=True)
    lines = recogniser.read(picture)
    for word in ("XT3722", "2026-12-05"):
        (line,) = found(lines, word)
        assert found(recogniser.read(cut_out(picture, line.box)), word)


def cut_out(picture, box: Box):
    width, height = picture.size
    return picture.crop(
        (int(box.left * width), int(box.top * height), int(box.right * width) + 1, int(box.bottom * height) + 1)
    )


def test_lines_are_told_from_the_top(recogniser):
    tops = [line.box.top for line in recogniser.read(example("chat_transfer.png"))]
    assert all(after > before - 0.01 for before, after in pairwise(tops))


@pytest.mark.parametrize(
    ("size", "colour"),
    [
        ((1, 1), "black"),
        ((30, 20), "red"),
        ((2048, 2048), "red"),
        ((2000, 1500), "white"),
        ((16_000, 260), "black"),
        ((8, 16_000), "white"),
    ],
)
def test_a_picture_of_nothing_has_no_lines(recogniser, size, colour):
    assert recogniser.read(Image.new("RGB", size, colour)) == ()


def test_noise_has_next_to_no_lines(recogniser):
    for side in (2048, 512, 128):
        noise = grain((side, side)).convert("RGB").resize((2048, 2048), Image.Resampling.NEAREST)
        assert len(recogniser.read(noise)) < 3


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of one process is read from /proc")
@pytest.mark.parametrize("name", WORDS)
def test_a_document_takes_no_more_than_a_second_and_a_half_and_450_mb(name, tmp_path):
    peak, seconds, lines = cost(example(name), tmp_path)
    assert lines > 5
    assert peak < MOST_BYTES
    assert seconds < MOST_SECONDS


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of one process is read from /proc")
@pytest.mark.parametrize("size", [(2048, 2048), (16_000, 262)])
def test_a_picture_that_is_looked_at_twice_stays_under_450_mb(size, tmp_path):
    peak, _, lines = cost(Image.new("RGB", size, "white"), tmp_path)
    assert lines == 0
    assert peak < MOST_BYTES
