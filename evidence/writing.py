"""Whether a form is printed, filled in by hand, or both (A7): a hint, from the ink alone.

A pen shows where its ink is blue among black print; a black pen can't be told from print, nor a blue pen from a form
printed in blue. So mostly nothing is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor

from PIL import Image, ImageStat

from evidence.text import Box


class Writing(StrEnum):
    """How what is written got there."""

    PRINTED = "printed"
    BOTH = "both"


_PIECE = 2.0
"""Heights of a line: the width of the pieces it is looked at in, since a label and what is filled in share a line."""
_CONTRAST = 25
"""Levels between ink and paper, below which its colour can't be told."""
_SMALLEST = 8
"""Pixels: the height of a line whose ink has a colour of its own."""
_BLUE = 0.07
"""By how much less of the blue light than of the red ink takes away, as a share of what it takes of the red."""
_NEUTRAL = 0.03
_LINES = 2
"""Lines that must have a kind of ink before it counts."""
_EVEN_PAPER, _EVEN_INK = 0.35, 0.2
"""Share of a piece's pixels, and of its ink's, of exactly one level: a machine drew it, no camera saw it."""


@dataclass(frozen=True, slots=True)
class _Ink:
    blueness: float
    drawn: bool

    @property
    def blue(self) -> bool:
        return self.blueness >= _BLUE

    @property
    def neutral(self) -> bool:
        return abs(self.blueness) <= _NEUTRAL


def writing(picture: Image.Image, boxes: Sequence[Box]) -> Writing | None:
    """How the lines in the boxes of an upright RGB picture were written; None when unsure. About 1 ms a line.

    BOTH where some ink is blue and some black; PRINTED where all was drawn by a machine, as in a PDF or a screenshot.
    """
    lines = [inks for box in boxes if (inks := list(_inks(picture, box)))]
    blue = sum(any(ink.blue for ink in inks) for inks in lines)
    neutral = sum(any(ink.neutral for ink in inks) for inks in lines)
    if min(blue, neutral) >= _LINES:
        return Writing.BOTH
    if not blue and len(lines) >= _LINES and all(ink.drawn for inks in lines for ink in inks):
        return Writing.PRINTED
    return None


def _inks(picture: Image.Image, box: Box) -> Iterator[_Ink]:
    width, height = picture.size
    top, bottom = floor(box.top * height), min(height, ceil(box.bottom * height))
    left, right = floor(box.left * width), min(width, ceil(box.right * width))
    if bottom - top < _SMALLEST or right - left < _SMALLEST:
        return
    count = max(1, round((right - left) / (bottom - top) / _PIECE))
    for piece in range(count):
        begin, end = (left + (right - left) * at // count for at in (piece, piece + 1))
        ink = _ink(picture.crop((begin, top, end, bottom)))
        if ink:
            yield ink


def _ink(piece: Image.Image) -> _Ink | None:
    """None where there is no ink to speak of."""
    grey = piece.convert("L")
    levels = grey.histogram()
    dark, bright = _level(levels, 0.03), _level(levels, 0.8)
    if bright - dark < _CONTRAST:
        return None
    inked, light = (dark + bright) // 2, bright - (bright - dark) // 5
    ink = ImageStat.Stat(piece, grey.point([255] * inked + [0] * (256 - inked))).mean
    paper = ImageStat.Stat(piece, grey.point([0] * light + [255] * (256 - light))).mean
    red, _, blue = (min(1.0, one / max(1.0, other)) for one, other in zip(ink, paper, strict=True))
    drawn = max(levels) >= _EVEN_PAPER * sum(levels) and max(levels[:inked]) >= _EVEN_INK * sum(levels[:inked])
    return _Ink((blue - red) / max(0.1, 1 - red), drawn)


def _level(levels: Sequence[int], share: float) -> int:
    left = share * sum(levels)
    for level, count in enumerate(levels):
        left -= count
        if left <= 0:
            return level
    return len(levels) - 1
