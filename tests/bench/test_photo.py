"""The first look at a photo stays cheap: against one full decode, and by the pictures that it holds at a time."""

import sys
from pathlib import Path

import pytest

from bench.photo import CAMERA, DRAWN, MOST_MEMORY, against_decode, peak_memory

HALVED = 4 * 2000 * 1500 / (1 << 20)
"""MB of a photo of 12 megapixels at half its scale, as Pillow holds it."""

from_proc = pytest.mark.skipif(sys.platform != "linux", reason="the peak of one process is read from /proc")


@pytest.mark.parametrize(("photo", "most"), [(DRAWN, 1.3), (CAMERA, 1.7)], ids=["plain", "turned, of a wide gamut"])
def test_a_first_look_takes_little_more_than_a_decode(photo: Path, most: float):
    assert against_decode(photo, rounds=7).least <= most


@from_proc
@pytest.mark.parametrize(("photo", "held"), [(DRAWN, 2), (CAMERA, 3.5)], ids=["plain", "turned, of a wide gamut"])
def test_a_first_look_holds_no_picture_that_it_does_not_need(photo: Path, held: float):
    """One copy, two where it is turned, and smaller ones beside them."""
    assert peak_memory("first", photo) - peak_memory("nothing", photo) <= held * HALVED


@from_proc
def test_with_barcodes_at_full_scale_it_stays_under_its_memory():
    assert peak_memory("decode") <= peak_memory("first with barcodes") <= MOST_MEMORY
