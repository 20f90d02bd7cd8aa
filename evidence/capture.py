"""How a picture was taken, as warnings: no camera took it, a light shines on the writing, or its edge cuts it off.

A warning on an honest good photo is worse than none, so each asks for several signs at once.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from PIL import Image, ImageChops, ImageFilter

from evidence.messages import Code, warning
from evidence.model import Warning_

_TILE = 24
"""Pixels: the side of the squares, so large that no camera's noise and no compression leaves one of one colour."""
_GRID = 24
_EVEN = 0.25
"""Share of such squares of one colour, and neither white nor black, from which a picture was drawn."""
_WHITE_TOO = 0.6
"""Likewise with white and black, which light and dark also make; for the shape of a telephone's screen only."""
_SCREEN = 1.85
"""Ratio of a screen's sides at least. No camera's picture is as long, but for panoramas."""
_ONE_COLOUR = 0.5
"""Share of the even squares that have the commonest colour: a screen has a ground."""

_GLARE_SIDE = 240
"""Pixels: the longer side of the copy on which light is looked for."""
_BURNT = 250
_SPOT = (0.0015, 0.1)
"""Share of the picture that a spot of light covers."""
_PAPER = (110, 236)
"""Brightness of the paper around it. If it is brighter, the whole is overexposed."""
_FALL = 8
"""By how much the light falls off from ring to ring. The edge of something white falls at once."""

_DEEP = 3
"""Pixels along a side in which what runs off it is looked for."""
_OVER_STROKES = (*[ImageFilter.MaxFilter(3)] * 4, *[ImageFilter.MinFilter(3)] * 4)
"""Fill what is thinner than 9 pixels, as strokes are. Two filters of 9 do the same, for twice the time."""
_INK = 50
"""By how much ink is darker than its paper."""
_INKED = re.compile(b"[%c-\xff]+" % _INK)
_CUT_LINES = 4
"""Strokes that run off one side of the picture, from which writing is cut off."""
_BRIGHT = 0.75
"""How bright paper is at least, beside the brightest of the picture."""
_MOSTLY = 0.8
"""Share of a side's strokes that are on paper. If there are more elsewhere, it is something else that is striped."""
_EVEN_PAPER = 16
"""How far paper's brightness is off its median along a side, for most of it."""
_FROM_END_TO_END = 0.92
"""Share of a side from which on what runs off it is a pattern: paper has margins."""

type _Box = tuple[int, int, int, int]


def warnings(picture: Image.Image, grey: Image.Image) -> tuple[Warning_, ...]:
    """Of an RGB picture of about 4 megapixels at most, and its reduced grey copy (`quality.reduced`)."""
    if is_drawn(picture):
        return (warning(Code.SCREENSHOT),)  # its white is no light, and its lines run from side to side
    found = {Code.GLARE: has_glare(grey), Code.CUT_OFF: is_cut_off(grey)}
    return tuple(warning(code) for code, holds in found.items() if holds)


def is_drawn(picture: Image.Image) -> bool:
    """Whether it looks like a screenshot or a render: a good part is perfectly even, as nothing is for a camera."""
    colours = [colour for box in _tiles(*picture.size) if (colour := _only_colour(picture, box)) is not None]
    if not colours:
        return False
    toned = [colour for colour in colours if max(colour) > 8 and min(colour) < _BURNT]  # noqa: PLR2004 (near black)
    commonest = max(colours.count(each) for each in set(colours))
    if commonest < _ONE_COLOUR * len(colours):
        return False
    long = max(picture.size) >= _SCREEN * min(picture.size)
    return len(toned) >= _EVEN * _GRID**2 or (long and len(colours) >= _WHITE_TOO * _GRID**2)


def _tiles(width: int, height: int) -> Iterator[_Box]:
    if min(width, height) < _TILE:
        return
    for row in range(_GRID):
        for column in range(_GRID):
            left, top = (width - _TILE) * column // (_GRID - 1), (height - _TILE) * row // (_GRID - 1)
            yield left, top, left + _TILE, top + _TILE


def _only_colour(picture: Image.Image, box: _Box) -> tuple[int, ...] | None:
    left, top, right, bottom = box
    if picture.getpixel((left, top)) != picture.getpixel((right - 1, bottom - 1)):
        return None  # nearly every square of a photo, at a tenth of the cost
    lows, highs = zip(*picture.crop(box).getextrema(), strict=True)
    return lows if lows == highs else None


def has_glare(grey: Image.Image) -> bool:
    """Whether a burnt-out spot with a halo lies on something bright, as a lamp's or a flash's reflection on paper."""
    small = _fitted(grey, _GLARE_SIDE)
    burnt = small.point([0] * _BURNT + [255] * (256 - _BURNT))
    pixels = burnt.histogram()[255]
    lowest, highest = (share * small.width * small.height for share in _SPOT)
    if not lowest <= pixels <= highest or _touches_side(burnt):
        return False
    return _has_halo(small, burnt)


def _has_halo(small: Image.Image, burnt: Image.Image) -> bool:
    """Whether it gets darker evenly all around, out to paper."""
    grown = [burnt]
    for _ in range(4):
        grown.append(grown[-1].filter(ImageFilter.MaxFilter(5)))
    rings = [_levels(small, ImageChops.subtract(outer, inner)) for inner, outer in pairwise(grown)]
    ground = _levels(*_surroundings(small, grown[-1]))
    if not all((*rings, ground)):
        return False
    near, between, _, far = (_median(each) for each in rings)
    falls = min(near - between, between - far) >= _FALL / 2 and near - far >= 2 * _FALL
    return falls and rings[0][len(rings[0]) // 10] > far and _PAPER[0] <= _median(ground) <= min(far, _PAPER[1])


def _surroundings(small: Image.Image, spot: Image.Image) -> tuple[Image.Image, Image.Image]:
    """What lies around a spot, as far again as it reaches; and a mask that leaves the spot out."""
    left, top, right, bottom = spot.getbbox() or (0, 0, 0, 0)
    box = (
        max(0, left - (right - left) // 2),
        max(0, top - (bottom - top) // 2),
        min(small.width, right + (right - left) // 2),
        min(small.height, bottom + (bottom - top) // 2),
    )
    return small.crop(box), ImageChops.invert(spot.crop(box))


def _median(levels: list[int]) -> int:
    return levels[len(levels) // 2]


def _levels(grey: Image.Image, mask: Image.Image) -> list[int]:
    counts = grey.histogram(mask)
    return [level for level, count in enumerate(counts) for _ in range(count)]


def _touches_side(mask: Image.Image) -> bool:
    box = mask.getbbox()
    return box is not None and (min(box[:2]) == 0 or box[2] == mask.width or box[3] == mask.height)


def is_cut_off(grey: Image.Image) -> bool:
    """Whether lines of writing run off a side: several thin dark strokes on even bright paper end at it."""
    white = _brightest(grey)
    return min(grey.size) >= _TILE and any(_runs_off(side, white) for side in _sides(grey))


def _sides(grey: Image.Image) -> Iterator[Image.Image]:
    """The brightness along each side, as a picture of one row."""
    width, height = grey.size
    for box in ((0, 0, width, _DEEP), (0, height - _DEEP, width, height)):
        yield grey.crop(box).reduce((1, _DEEP))
    for box in ((0, 0, _DEEP, height), (width - _DEEP, 0, width, height)):
        yield grey.crop(box).reduce((_DEEP, 1)).transpose(Image.Transpose.ROTATE_90)


def _runs_off(side: Image.Image, white: int) -> bool:
    paper = side
    for step in _OVER_STROKES:
        paper = paper.filter(step)
    ink, ground = ImageChops.subtract(paper, side).tobytes(), paper.tobytes()
    strokes = [stroke.span() for stroke in _INKED.finditer(ink)]
    written = [(first, end) for first, end in strokes if ground[first] >= _BRIGHT * white]
    if len(written) < max(_CUT_LINES, _MOSTLY * len(strokes)):
        return False
    first, end = written[0][0], written[-1][1]
    between = sorted(ground[first:end])
    middle = between[len(between) // 2]
    even = sum(abs(level - middle) <= _EVEN_PAPER for level in between)
    return even >= _MOSTLY * len(between) and end - first <= _FROM_END_TO_END * side.width


def _brightest(grey: Image.Image) -> int:
    left = 0.02 * grey.width * grey.height
    for level, count in reversed(list(enumerate(grey.histogram()))):
        left -= count
        if left <= 0:
            return level
    return 0


def _fitted(grey: Image.Image, side: int) -> Image.Image:
    scale = min(1.0, side / max(grey.size))
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    return grey.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
