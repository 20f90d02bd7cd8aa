"""Where text stands: a network says of each pixel how likely it is within a run of text, and strips are laid around."""

import math
from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evidence.ocr.models import Network, Tensor, tensor_of
from evidence.ocr.regions import regions
from evidence.ocr.strips import Strip, tightest

MOST = 200
"""Strips of one picture: a page of small print has about 100; beyond it is texture."""

_MOST_REGIONS = 500
"""Of which strips are made: on a white page the network marks specks, tens of thousands of them."""
_SHAPE = 3 / 4
"""Of a photo: one whose longer side is `side` pixels is looked at in full, and any other shape on the same area."""
_ENLARGED = 2.0
_STEP = 32
"""Pixels: the network takes sides that are multiples of it."""
_LIKELY = 0.3
_SURE = 0.5
"""The least mean likelihood within a strip."""
_UNCLIP = 1.6
"""The network marks the core of a run; by this ratio of area to outline the strip grows to the whole."""
_SMALL_PRINT = 14.0
"""Pixels: how high strips are at least; from smaller characters on, some aren't found."""
_THINNEST = 3.0
"""Pixels: what is thinner is no text that could be read."""


def find(network: Network, picture: Image.Image, side: int) -> list[Strip]:
    """The strips of text of a picture, in its own pixels, the largest first, MOST at most.

    `side` is the longer side in pixels at which a photo is looked at. Raises RecogniserError.
    """
    width, height = _looked_at(*picture.size, side)
    likely = network(tensor_of(picture.resize((width, height), Image.Resampling.BILINEAR)))[0, 0]
    across, down = picture.width / width, picture.height / height
    found = sorted(strips(likely), key=lambda strip: strip.width * strip.height, reverse=True)
    return [strip.scaled(across, down) for strip in found[:MOST]]


def is_small_print(found: Sequence[Strip], size: tuple[int, int], side: int) -> bool:
    """Whether most strips found in a picture of this size, looked at with this `side`, are about as small as can be."""
    return median(strip.height for strip in found) * _scale(*size, side) < _SMALL_PRINT


def strips(likely: Tensor) -> Iterator[Strip]:
    """From how likely each pixel (rows x columns) is text."""
    for corners in regions(likely > _LIKELY, _MOST_REGIONS):
        core = tightest(corners)
        if min(core.width, core.height) >= _THINNEST and mean_within(likely, core) >= _SURE:
            yield unclipped(core)


def unclipped(core: Strip) -> Strip:
    return core.grown(core.width * core.height * _UNCLIP / (2 * (core.width + core.height)))


def mean_within(likely: Tensor, strip: Strip) -> float:
    """The mean over the pixels whose centres lie within the rectangle; 0 where there are none."""
    (x, y), (ax, ay), (dx, dy) = strip.centre, strip.along, strip.down
    across, high = abs(ax) + abs(dx), abs(ay) + abs(dy)
    rows = np.arange(max(0, int(y - high)), min(likely.shape[0], int(y + high) + 1))
    columns = np.arange(max(0, int(x - across)), min(likely.shape[1], int(x + across) + 1))
    off_x, off_y = columns[None, :] + 0.5 - x, rows[:, None] + 0.5 - y
    inside = _projects_within(off_x, off_y, ax, ay) & _projects_within(off_x, off_y, dx, dy)
    if not inside.any():
        return 0.0
    return float(likely[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1][inside].mean())


def _projects_within(off_x: NDArray[np.float64], off_y: NDArray[np.float64], x: float, y: float) -> NDArray[np.bool_]:
    return np.asarray(np.abs(off_x * x + off_y * y) <= x * x + y * y)


def _looked_at(width: int, height: int, side: int) -> tuple[int, int]:
    scale = _scale(width, height, side)
    across, down = (max(1, round(length * scale / _STEP)) * _STEP for length in (width, height))
    return across, down


def _scale(width: int, height: int, side: int) -> float:
    return min(_ENLARGED, side * math.sqrt(_SHAPE / (width * height)))
