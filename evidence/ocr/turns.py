"""Quarter turns, counted counter-clockwise: by so many must a picture be turned for its text to be upright."""

from collections.abc import Sequence

from PIL import Image

from evidence.ocr.strips import Strip
from evidence.text import Box

_TURNS = (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
_TALL = 1.5
"""Height to width from which a strip is text on its side, and not a short word."""
_LONG, _TOO_LONG = 2.5, 12.0
"""Of the longer side to the shorter: a few characters at least, but quickly read."""
_PROBES = 4


def probes(strips: Sequence[Strip]) -> list[Strip]:
    """Of strips, the largest first, the few that best tell which way up the picture is."""
    return [strip for strip in strips if _LONG <= strip.stretch <= _TOO_LONG][:_PROBES]


def is_tall(strip: Strip) -> bool:
    return strip.height >= _TALL * strip.width


def turned_picture(picture: Image.Image, quarters: int) -> Image.Image:
    turn = _TURNS[quarters]
    return picture.transpose(turn) if turn is not None else picture


def turned_back(box: Box, quarters: int) -> Box:
    """Where a box of a turned picture stands in the one that was turned."""
    for _ in range(quarters):
        box = Box(left=1 - box.bottom, top=box.left, right=1 - box.top, bottom=box.right, page=box.page)
    return box
