"""Handwriting: glyphs of the fonts, thinned to the line of a pen or left as they are, and unsteady in every way."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from bench.documents.fonts import Face, font
from bench.documents.paper import Colour, Point

type _Bits = NDArray[np.bool_]

_EM = 96
_CELL = 136
"""Room around the glyph, so that nothing is cut off when it leans."""
_GRID = 4
_DOTS = ".,:：。"
"""Nothing would be left of them if they were thinned."""
_BLUE: tuple[Colour, ...] = ((28, 42, 110), (38, 40, 96), (20, 60, 140))
_BLACK: tuple[Colour, ...] = ((30, 30, 34), (48, 46, 52))


@dataclass(frozen=True, slots=True)
class Hand:
    """How one person writes, with one pen."""

    face: Face
    pen: bool
    """Drawn as the line of a pen; otherwise with the strokes of the font, as a soft tip leaves them."""
    weight: float
    slope: float
    """Degrees by which lines rise to the right."""
    lean: float
    unsteady: float
    """0 to 1."""
    narrow: float
    """How wide the letters are, of what the font has."""
    colour: Colour


def a_hand(rng: Random) -> Hand:
    pen = rng.random() < 0.6
    return Hand(
        face=rng.choice((Face.SANS, Face.SERIF)) if not pen else Face.SANS,
        pen=pen,
        weight=rng.uniform(2.7, 4.2),
        slope=rng.uniform(-1.5, 3),
        lean=rng.uniform(-0.05, 0.22),
        unsteady=rng.uniform(0.45, 0.95),
        narrow=rng.uniform(0.76, 1),
        colour=rng.choice(rng.choice((_BLUE, _BLACK))),
    )


def handwrite(on: Image.Image, at: Point, text: str, size: int, way: tuple[Hand, Random]) -> int:
    """From the left, `at` being where the baseline begins; returns where it ends."""
    hand, rng = way
    left, base = float(at[0]), float(at[1])
    for letter in text:
        scale = size * rng.uniform(1 - 0.16 * hand.unsteady, 1 + 0.16 * hand.unsteady) / _EM
        advance = font(hand.face, _EM).getlength(letter) * scale * hand.narrow
        if letter != " ":
            glyph = _glyph(letter, hand, rng)
            side = round(_CELL * scale)
            width = round(side * hand.narrow)
            inked = glyph.resize((width, side), Image.Resampling.BICUBIC)
            drop = rng.uniform(-0.1, 0.1) * hand.unsteady * size
            corner = (round(left - (width - advance) / 2), round(base + drop - side * 0.8))
            on.paste(hand.colour, corner, inked)
        left += advance * rng.uniform(0.93, 1.1)
        base -= advance * sin(radians(hand.slope))
    return round(left)


def _glyph(letter: str, hand: Hand, rng: Random) -> Image.Image:
    """An L picture, its sides twice the cell, 255 where there is ink."""
    if hand.pen and letter not in _DOTS:
        line = _thinned(letter, hand.face).resize((2 * _CELL, 2 * _CELL), Image.Resampling.BILINEAR)
        return _penned(_bent(line, hand, rng), hand.weight)
    solid = _solid(letter, hand.face).resize((2 * _CELL, 2 * _CELL), Image.Resampling.BICUBIC)
    return _bent(solid, hand, rng)


def _penned(line: Image.Image, weight: float) -> Image.Image:
    """A thin line, widened evenly: blurred, and cut where it is faint."""
    soft = line.filter(ImageFilter.GaussianBlur(weight))
    most = 255 / weight
    return soft.point([min(255, max(0, round((level - most * 0.16) * 255 / (most * 0.2)))) for level in range(256)])


def _bent(glyph: Image.Image, hand: Hand, rng: Random) -> Image.Image:
    """Turned, leant, its right side raised, and every point of a grid pulled a little off its place."""
    side, cell = glyph.width, glyph.width / _GRID
    turn = radians(rng.gauss(0, 4) * hand.unsteady)
    place = _placer(turn, hand.lean + rng.gauss(0, 0.05) * hand.unsteady, side / 2)
    pull = side * 0.026 * hand.unsteady
    points = {
        (column, row): tuple(each + rng.gauss(0, pull) for each in place(column * cell, row * cell))
        for column in range(_GRID + 1)
        for row in range(_GRID + 1)
    }
    mesh = []
    for column in range(_GRID):
        for row in range(_GRID):
            box = tuple(round(each * cell) for each in (column, row, column + 1, row + 1))
            corners = ((column, row), (column, row + 1), (column + 1, row + 1), (column + 1, row))
            mesh.append((box, tuple(each for corner in corners for each in points[corner])))
    return glyph.transform(glyph.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _placer(turn: float, lean: float, middle: float) -> Callable[[float, float], tuple[float, float]]:
    def place(across: float, down: float) -> tuple[float, float]:
        x, y = across - middle, down - middle
        x += lean * y
        y += 0.07 * x  # strokes from left to right rise a little
        return middle + x * cos(turn) - y * sin(turn), middle + x * sin(turn) + y * cos(turn)

    return place


@lru_cache(maxsize=512)
def _solid(letter: str, face: Face) -> Image.Image:
    glyph = Image.new("L", (_CELL, _CELL))
    ImageDraw.Draw(glyph).text((_CELL / 2, _CELL * 0.8), letter, 255, font(face, _EM), anchor="ms")
    return glyph


@lru_cache(maxsize=512)
def _thinned(letter: str, face: Face) -> Image.Image:
    """The skeleton of a glyph, one pixel wide (Zhang and Suen, 1984)."""
    bits = np.array(_solid(letter, face)) > 127
    while True:
        before = bits.sum()
        for first in (True, False):
            bits &= ~_removable(bits, first=first)
        if bits.sum() == before:
            return Image.fromarray(np.where(bits, 255, 0).astype(np.uint8))


def _removable(bits: _Bits, *, first: bool) -> _Bits:
    """Pixels on the edge whose loss neither shortens nor breaks a line."""
    padded = np.pad(bits, 1)
    height, width = bits.shape
    steps = ((0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))
    ring = [padded[down : down + height, across : across + width] for down, across in steps]
    north, _, east, _, south, _, west, _ = ring
    neighbours = sum(each.astype(np.int8) for each in ring)
    entries = sum((~one & other).astype(np.int8) for one, other in zip(ring, ring[1:] + ring[:1], strict=True))
    open_side = ~(north & east & south) & ~(east & south & west)
    other_side = ~(north & east & west) & ~(north & south & west)
    edge: _Bits = bits & (neighbours >= 2) & (neighbours <= 6) & (entries == 1)
    return edge & (open_side if first else other_side)
