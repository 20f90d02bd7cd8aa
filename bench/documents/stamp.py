"""Red stamps: round or oval with the text along the rim and a star, or a plain box."""

from math import cos, pi, sin
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bench.documents.fonts import Face, font
from bench.documents.invented import chance
from bench.documents.paper import Colour, Point

_REDS: tuple[Colour, ...] = ((206, 34, 44), (190, 28, 40), (216, 48, 50), (178, 30, 52))
_PURPOSES = ("业务专用章", "签收专用章", "派件专用章", "收发专用章", "客服专用章", "")
_FINE = 2
"""Drawn that many times larger, then reduced."""


def press(on: Image.Image, middle: Point, size: int, text: str, rng: Random) -> None:
    """A stamp of that width, turned a little, with ink that didn't take evenly; what is below shines through."""
    shape = _oval(size, text, rng) if chance(rng, 0.2) else _round(size, text, rng)
    shape = shape.rotate(rng.uniform(-25, 25), Image.Resampling.BICUBIC, expand=True)
    shape = ImageChops.multiply(shape, _uneven(shape.size, rng))
    red = Image.composite(Image.new("RGB", shape.size, rng.choice(_REDS)), Image.new("RGB", shape.size, "white"), shape)
    corner = (middle[0] - shape.width // 2, middle[1] - shape.height // 2)
    below = on.crop((*corner, corner[0] + shape.width, corner[1] + shape.height))
    on.paste(ImageChops.multiply(below, red), corner)


def _round(size: int, text: str, rng: Random) -> Image.Image:
    side = size * _FINE
    shape = Image.new("L", (side, side))
    draw, thick = ImageDraw.Draw(shape), side // 40
    draw.ellipse((2, 2, side - 3, side - 3), outline=255, width=thick)
    if chance(rng, 0.25):
        draw.ellipse((2 * thick, 2 * thick, side - 2 * thick, side - 2 * thick), outline=255, width=thick // 3)
    _along_rim(shape, text, (side * 0.375, side * 0.375))
    draw.polygon(_star(side / 2, side / 2, side * 0.13), fill=255)
    _below(shape, rng.choice(_PURPOSES), 0.79)
    return shape.reduce(_FINE)


def _oval(size: int, text: str, rng: Random) -> Image.Image:
    width, height = size * _FINE * 5 // 4, size * _FINE * 9 // 10
    shape = Image.new("L", (width, height))
    draw, thick = ImageDraw.Draw(shape), width // 50
    draw.ellipse((2, 2, width - 3, height - 3), outline=255, width=thick)
    _along_rim(shape, text, (width * 0.39, height * 0.35))
    _below(shape, rng.choice(_PURPOSES) or "收讫", 0.72)
    if chance(rng, 0.5):
        digits = "".join(rng.choice("0123456789") for _ in range(13))
        draw.text((width / 2, height * 0.5), digits, 255, font(Face.SANS, width // 16), anchor="mm")
    return shape.reduce(_FINE)


def _along_rim(shape: Image.Image, text: str, radii: tuple[float, float]) -> None:
    """From lower left over the top to lower right, each letter's foot towards the middle."""
    step = min(0.5, 1.4 * pi / len(text))
    size = round(min(shape.size) * min(0.125, 0.36 * step))
    for at, letter in enumerate(text):
        angle = (at - (len(text) - 1) / 2) * step
        middle = (shape.width / 2 + radii[0] * sin(angle), shape.height / 2 - radii[1] * cos(angle))
        glyph = Image.new("L", (size * 2, size * 2))
        style = font(Face.SERIF, size)
        ImageDraw.Draw(glyph).text((size, size), letter, 255, style, anchor="mm", stroke_width=size / 40)
        turned = glyph.rotate(-angle * 180 / pi, Image.Resampling.BICUBIC)
        shape.paste(255, (round(middle[0] - size), round(middle[1] - size)), turned)


def _star(across: float, down: float, radius: float) -> list[tuple[float, float]]:
    return [
        (across + reach * sin(at * pi / 5), down - reach * cos(at * pi / 5))
        for at in range(10)
        for reach in (radius if at % 2 == 0 else radius * 0.38,)
    ]


def _below(shape: Image.Image, text: str, down: float) -> None:
    size = min(shape.size) // 12
    place = (shape.width / 2, shape.height * down)
    ImageDraw.Draw(shape).text(place, text, 255, font(Face.SANS, size), anchor="mm", stroke_width=size / 40)


def _uneven(size: tuple[int, int], rng: Random) -> Image.Image:
    """How much ink took, at each place: fine grain, and regions that were pressed less."""
    noise = np.random.default_rng(rng.getrandbits(64))
    coarse = Image.fromarray(noise.integers(150, 256, (6, 6), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    grain = Image.fromarray(noise.integers(90, 256, (size[1] // 2, size[0] // 2), dtype=np.uint8))
    fine = grain.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1))
    return ImageChops.multiply(coarse, fine.point([min(255, level + 75) for level in range(256)]))
