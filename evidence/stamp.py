"""A red seal, round or oval, as carriers and shops put under what they certify (A7): a hint, and no more."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, floor, pi, sqrt

from PIL import Image, ImageChops, ImageFilter

from evidence.text import Box

_SIDE = 480
"""Pixels: the longer side of the copy that is looked at. A seal's strokes are one to three wide there."""
_CELL = 4
"""Pixels: what lies in neighbouring cells belongs together."""
_RED = 20
"""Of 255: how much redder than white ink is, in good light."""
_TO_GROUND = (*[ImageFilter.MinFilter(3)] * 2, *[ImageFilter.MaxFilter(3)] * 3)
"""Leave what is five cells wide, and a cell around it. A filter of 5 and one of 7 do the same, for twice the time."""
_WHITE_SHARE = 0.02
"""Share of the picture that is at least as bright as paper."""
_SMALLEST, _LARGEST = 20, 200
"""Pixels: the sides of a seal."""
_MOST_OBLONG = 2.2
_RIM = 0.1
"""How far off the ellipse its outline may be, in radii. A frame's is 0.25 off in its corners."""
_CORE = 0.75
_SECTORS = 36
_MISSING_SECTORS = 5
"""Sectors in which the ring may be worn off, or hidden by writing."""
_INSCRIBED = (0.15, 0.85)
"""Share of the ink that lies within the ring: letters and a star, but no disc."""
_FILLED = 0.65
"""Share of the ellipse that ink covers at most."""

type _Point = tuple[int, int]


def red_stamp(picture: Image.Image) -> Box | None:
    """Where a red ring with something written in it is, the largest if there are several. About 10 ms.

    Red frames, discs and logos, and what lies on brown or red ground, are none. A square seal isn't looked for.
    """
    small = _reduced(picture)
    ink = _red_ink(small)
    seals = [box for points in _groups(ink) if (box := _seal(points))]
    if not seals:
        return None
    left, top, right, bottom = max(seals, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    return Box(left / small.width, top / small.height, right / small.width, bottom / small.height)


def _reduced(picture: Image.Image) -> Image.Image:
    scale = min(1.0, _SIDE / max(picture.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def _red_ink(small: Image.Image) -> Image.Image:
    """White where there are thin red strokes, whatever the light; larger red areas are ground."""
    red, green, blue = small.split()
    light = 255 / max(32, _brightest(green))
    redness = ImageChops.subtract(red, ImageChops.lighter(green, blue)).point([round(it * light) for it in range(256)])
    coarse = redness.reduce(_CELL)
    for step in _TO_GROUND:
        coarse = coarse.filter(step)
    ground = coarse.resize(small.size, Image.Resampling.BILINEAR)
    return ImageChops.subtract(redness, ground).point([0] * _RED + [255] * (256 - _RED))


def _brightest(channel: Image.Image) -> int:
    left = _WHITE_SHARE * channel.width * channel.height
    for level, count in reversed(list(enumerate(channel.histogram()))):
        left -= count
        if left <= 0:
            return level
    return 0


def _groups(ink: Image.Image) -> Iterator[list[_Point]]:
    """The inked pixels that belong together, of groups of a seal's size."""
    cells = ink.reduce(_CELL)
    marked = {(at % cells.width, at // cells.width) for at, level in enumerate(cells.tobytes()) if level}
    while marked:
        group = _connected(marked)
        width, height = (max(axis) - min(axis) + 1 for axis in zip(*group, strict=True))
        if all(_SMALLEST <= side * _CELL <= _LARGEST for side in (width, height)):
            yield _pixels(ink, group)


def _connected(marked: set[_Point]) -> list[_Point]:
    """Takes one connected group out of the cells."""
    waiting = [marked.pop()]
    group = []
    while waiting:
        x, y = cell = waiting.pop()
        group.append(cell)
        near = {(x + right, y + down) for right in (-1, 0, 1) for down in (-1, 0, 1)} & marked
        marked -= near
        waiting.extend(near)
    return group


def _pixels(ink: Image.Image, group: list[_Point]) -> list[_Point]:
    found = []
    for column, row in group:
        x, y = column * _CELL, row * _CELL
        cell = ink.crop((x, y, min(x + _CELL, ink.width), min(y + _CELL, ink.height)))
        found += [(x + at % cell.width, y + at // cell.width) for at, level in enumerate(cell.tobytes()) if level]
    return found


def _seal(points: list[_Point]) -> tuple[int, int, int, int] | None:
    """The box of the points, if they are a ring with something in it, seen from any side."""
    ellipse = _ellipse(points)
    if ellipse is None:
        return None
    rim = sum(abs(ellipse.radius(point) - 1) <= _RIM for point in _outline(points, ellipse.middle))
    within = sum(ellipse.radius(point) < _CORE for point in points) / len(points)
    if rim < _SECTORS - _MISSING_SECTORS or not _INSCRIBED[0] <= within <= _INSCRIBED[1]:
        return None
    if len(points) > _FILLED * ellipse.area:
        return None
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs) + 1, max(ys) + 1


@dataclass(frozen=True, slots=True)
class _Ellipse:
    """By its middle, and the means of the squares and of the product of what its outline is off it."""

    middle: tuple[float, float]
    xx: float
    yy: float
    xy: float

    @property
    def _spread(self) -> float:
        return self.xx * self.yy - self.xy**2

    @property
    def area(self) -> float:
        return 2 * pi * sqrt(self._spread)

    def radius(self, point: _Point) -> float:
        """1 on the ellipse, 0 in its middle."""
        x, y = point[0] - self.middle[0], point[1] - self.middle[1]
        return sqrt(max(0.0, x * x * self.yy - 2 * x * y * self.xy + y * y * self.xx) / self._spread / 2)

    def is_round_enough(self) -> bool:
        half, root = (self.xx + self.yy) / 2, sqrt(((self.xx - self.yy) / 2) ** 2 + self.xy**2)
        return half - root > 0 and (half + root) / (half - root) <= _MOST_OBLONG**2


def _ellipse(points: list[_Point]) -> _Ellipse | None:
    """Through the outline, whose middle isn't where most ink is; None if it would be all too flat."""
    outline = _outline(points, _mean(points))
    x, y = _mean(outline)
    off = [(point[0] - x, point[1] - y) for point in outline]
    products = ((a * a, b * b, a * b) for a, b in off)
    ellipse = _Ellipse((x, y), *(sum(each) / len(off) for each in zip(*products, strict=True)))
    return ellipse if ellipse.is_round_enough() else None


def _outline(points: list[_Point], middle: tuple[float, float]) -> list[_Point]:
    """The outermost point in each direction."""
    outermost: dict[int, tuple[float, _Point]] = {}
    for point in points:
        x, y = point[0] - middle[0], point[1] - middle[1]
        sector = floor((atan2(y, x) / (2 * pi) + 0.5) * _SECTORS) % _SECTORS
        outermost[sector] = max(outermost.get(sector, (-1.0, point)), (x * x + y * y, point))
    return [point for _, point in outermost.values()]


def _mean(points: list[_Point]) -> tuple[float, float]:
    xs, ys = zip(*points, strict=True)
    return sum(xs) / len(xs), sum(ys) / len(ys)
