"""A scale that shows the weight, with the parcel's waybill label in the same picture (A10)."""

from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from bench.documents.invented import a_parcel, chance
from bench.documents.model import Drawing, Fact
from bench.documents.paper import Colour, Type, sheet, write
from bench.documents.scene import Scene, empty_scene, put
from bench.documents.waybills import label_of

_LIT = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc",
    "8": "abcdefg", "9": "abfgcd",
}  # fmt: skip
_SEGMENTS = {
    "a": ((0, 0), (1, 0)), "b": ((1, 0), (1, 1)), "c": ((1, 1), (1, 2)), "d": ((0, 2), (1, 2)), "e": ((0, 1), (0, 2)),
    "f": ((0, 0), (0, 1)), "g": ((0, 1), (1, 1)),
}  # fmt: skip
"""From which corner to which, in a digit one wide and two high."""


@dataclass(frozen=True, slots=True)
class _Display:
    ground: Colour
    digits: Colour


_DISPLAYS = (
    _Display((150, 164, 138), (24, 30, 26)),
    _Display((168, 178, 170), (20, 24, 28)),
    _Display((96, 170, 214), (16, 28, 60)),
    _Display((24, 10, 10), (236, 40, 34)),
    _Display((10, 20, 14), (70, 236, 120)),
    _Display((186, 206, 90), (30, 36, 10)),
)
_CASES: tuple[Colour, ...] = ((182, 184, 190), (214, 212, 206), (96, 100, 108), (148, 160, 172))
_CARDBOARD: tuple[Colour, ...] = ((176, 136, 92), (190, 152, 108), (160, 122, 80))


def draw_scale(rng: Random) -> Drawing:
    parcel = a_parcel(rng)
    grams = rng.choice((rng.randint(20, 300) * 10, rng.randint(200, 3000) * 10, rng.randint(150, 9999)))
    label = label_of(parcel, rng)
    shown, unit = _shown(grams, rng)
    tall = label.picture.height > label.picture.width
    layouts = (_plate, _plate, _below, _beside) if tall else (_plate, _below)
    scene = rng.choice(layouts)(label.picture, _panel(shown, unit, rng), rng)
    weight = f"{int(shown) / 1000:.3f}".rstrip("0").rstrip(".") if unit == "g" else shown
    fields = {"waybill_no": parcel.number, "weight": weight}
    return Drawing(scene.picture, fields, label.shows | {Fact.SCALE}, scene.mask)


def _shown(grams: int, rng: Random) -> tuple[str, str]:
    if grams < 3000 and chance(rng, 0.6):
        return str(grams), "g"
    return (f"{grams / 1000:.2f}" if grams % 10 == 0 else f"{grams / 1000:.3f}"), "kg"


def _panel(shown: str, unit: str, rng: Random) -> Image.Image:
    """The dark panel with the display, the unit in it or on the panel, and what the maker printed."""
    look = rng.choice(_DISPLAYS)
    on = sheet(1500, 640, (40, 42, 48))
    draw = ImageDraw.Draw(on)
    draw.rounded_rectangle((110, 80, 1390, 460), 24, fill=look.ground)
    inside = chance(rng, 0.75)
    right = 1160 if inside else 1330
    _digits(on, (right, 130), shown, look.digits)
    if inside:
        write(on, (1365, 430), unit, Type(110, colour=look.digits), "rs")
    else:
        write(on, (1380, 70), f"重量({unit})", Type(58, colour=(220, 220, 220)), "rs")
    most = rng.choice(("最大称量 30kg", "Max 30kg  e=10g", "最大称量 50kg")) if unit == "kg" else "Max 3000g  d=1g"
    write(
        on,
        (750, 555),
        f"{rng.choice(('电子秤', '电子台秤', '快递秤'))}  {most}",
        Type(66, colour=(206, 206, 210)),
        "mm",
    )
    return _rounded(on, 40)


def _digits(on: Image.Image, at: tuple[int, int], shown: str, colour: Colour) -> None:
    """Seven segments a digit, leaning a little; `at` is the upper right end."""
    side, stroke, lean = 126, 27, 0.07
    draw, (left, top) = ImageDraw.Draw(on), at
    for letter in reversed(shown):
        if letter == ".":
            draw.ellipse((left - 36, top + 2 * side - 6, left - 4, top + 2 * side + 26), fill=colour)
            left -= 42
            continue
        left -= side + 44
        for name in _LIT[letter]:
            ends = [(left + x * side + (2 - y) * side * lean + 10, top + y * side + 8) for x, y in _SEGMENTS[name]]
            draw.polygon(_bar(ends[0], ends[1], stroke), fill=colour)


def _bar(begin: tuple[float, float], end: tuple[float, float], stroke: int) -> list[tuple[float, float]]:
    """A segment with pointed ends, a little shorter than the way between the corners."""
    along = (end[0] - begin[0], end[1] - begin[1])
    length = (along[0] ** 2 + along[1] ** 2) ** 0.5
    x, y, half = along[0] / length, along[1] / length, stroke / 2
    gap = 5
    first = (begin[0] + x * gap, begin[1] + y * gap)
    last = (end[0] - x * gap, end[1] - y * gap)
    return [
        first,
        (first[0] + (x - y) * half, first[1] + (y + x) * half),
        (last[0] + (-x - y) * half, last[1] + (-y + x) * half),
        last,
        (last[0] + (-x + y) * half, last[1] + (-y - x) * half),
        (first[0] + (x + y) * half, first[1] + (y - x) * half),
    ]


def _plate(label: Image.Image, panel: Image.Image, rng: Random) -> Scene:
    """The label lies flat on the scale, the panel is below it."""
    scene = empty_scene(2500, 3500)
    put(scene, _rounded(sheet(2500, 3500, rng.choice(_CASES)), 30), (0, 0, 2500, 3500), rng, 0)
    put(scene, label, (250, 120, 2250, 2380), rng, 2)
    put(scene, panel, (220, 2480, 2280, 3380), rng, 0)
    return scene


def _beside(label: Image.Image, panel: Image.Image, rng: Random) -> Scene:
    """A parcel on the scale, and the label beside it on the table."""
    scene = empty_scene(3800, 2800)
    put(scene, _rounded(sheet(1840, 2680, rng.choice(_CASES)), 90), (60, 60, 1900, 2740), rng, 0)
    put(scene, _box(1500, 1300, rng), (220, 140, 1720, 1640), rng)
    put(scene, panel, (200, 1780, 1740, 2640), rng, 0)
    put(scene, label, (2020, 100, 3740, 2700), rng)
    return scene


def _below(label: Image.Image, panel: Image.Image, rng: Random) -> Scene:
    """The label is stuck on the parcel, which stands on the scale."""
    scene = empty_scene(2700, 3700)
    put(scene, _box(2300, 2500, rng), (200, 0, 2500, 2560), rng, 1)
    put(scene, label, (480, 140, 2220, 2340), rng, 4)
    put(scene, _rounded(sheet(2700, 1120, rng.choice(_CASES)), 50), (0, 2560, 2700, 3680), rng, 0)
    put(scene, panel, (420, 2680, 2280, 3580), rng, 0)
    return scene


def _box(width: int, height: int, rng: Random) -> Image.Image:
    """A cardboard box from above, with its tape."""
    on = sheet(width, height, rng.choice(_CARDBOARD))
    tape = Image.new("RGB", (width, height // 7), (222, 206, 172))
    on.paste(tape, (0, height * 3 // 7))
    noise = np.random.default_rng(rng.getrandbits(64)).normal(128, 14, (height // 4, width // 4))
    grain = Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8)).resize((width, height))
    return ImageChops.add(on, Image.merge("RGB", (grain, grain, grain)), 1, -128)


def _rounded(on: Image.Image, radius: int) -> Image.Image:
    mask = Image.new("L", on.size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, on.width - 1, on.height - 1), radius, fill=255)
    on.putalpha(mask)
    return on
