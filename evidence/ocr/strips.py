"""Places of text at any angle: the tightest rectangle around points, grown, scaled, and cut out of a picture."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evidence.text import Box

_OUTSIDE = (127, 127, 127)
"""What a cutting shows beyond the edge of the picture: what the networks take for nothing."""

type Vector = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Strip:
    """A parallelogram in pixels, from the top left: mostly a rectangle around a run of text."""

    centre: Vector
    along: Vector
    """From the centre to the middle of the side where the text ends, if it isn't upside down."""
    down: Vector
    """From the centre to the middle of the lower side."""

    @property
    def width(self) -> float:
        return 2 * math.hypot(*self.along)

    @property
    def height(self) -> float:
        return 2 * math.hypot(*self.down)

    @property
    def stretch(self) -> float:
        """The longer side to the shorter; 1 or more. It must not be flat."""
        return max(self.width, self.height) / min(self.width, self.height)

    def grown(self, by: float) -> "Strip":
        """Wider by so many pixels on each of its four sides; it must not be flat."""
        return Strip(
            self.centre, _times(self.along, 1 + 2 * by / self.width), _times(self.down, 1 + 2 * by / self.height)
        )

    def scaled(self, across: float, down: float) -> "Strip":
        """The same place in a picture that is wider by one factor and higher by the other."""
        return Strip(*((x * across, y * down) for x, y in (self.centre, self.along, self.down)))

    def turned(self, quarters: int) -> "Strip":
        """The same place, read along another of its sides: what was its right side then is on top, and so on."""
        along, down = self.along, self.down
        for _ in range(quarters % 4):
            along, down = down, _times(along, -1)
        return Strip(self.centre, along, down)

    def holds(self, place: Vector) -> bool:
        """Whether a place in pixels is within a strip that is a rectangle."""
        off = place[0] - self.centre[0], place[1] - self.centre[1]
        return all(abs(_dot(off, half)) <= _dot(half, half) for half in (self.along, self.down))

    def overlaps(self, other: "Strip") -> bool:
        """Whether both may be around the same text: one holds the middle of the other."""
        return self.holds(other.centre) or other.holds(self.centre)

    def box(self, width: int, height: int) -> Box:
        """Its bounds, as shares of a picture of this size; nothing of it is outside."""
        across, high = (abs(a) + abs(b) for a, b in zip(self.along, self.down, strict=True))
        x, y = self.centre
        return Box(
            left=_share(x - across, width),
            top=_share(y - high, height),
            right=_share(x + across, width),
            bottom=_share(y + high, height),
        )

    def cut(self, picture: Image.Image, height: int, widest: int) -> Image.Image:
        """What stands there, straight, of this height and its own proportions, but not wider than `widest`.

        It is enlarged as it is cut, but reduced only afterwards, so that no thin stroke falls between two pixels.
        """
        scale = max(1.0, height / self.height)
        size = max(1, round(self.width * scale)), max(height, round(self.height * scale))
        straight = picture.transform(
            size, Image.Transform.AFFINE, self._from(size), Image.Resampling.BICUBIC, fillcolor=_OUTSIDE
        )
        return straight.resize(
            (min(widest, max(1, round(size[0] * height / size[1]))), height), Image.Resampling.BILINEAR
        )

    def _from(self, size: tuple[int, int]) -> tuple[float, ...]:
        """Pillow's coefficients: from a pixel of a cutting of this size to the place in the picture."""
        across, high = size
        return tuple(
            coefficient
            for start, along, down in zip(self.centre, self.along, self.down, strict=True)
            for coefficient in (2 * along / across, 2 * down / high, start - along - down)
        )


def tightest(points: NDArray[np.float64]) -> Strip:
    """The rectangle of the least area around points (n x 2), its width within 45 degrees of the horizontal.

    One of its sides lies along a side of the hull: each is tried.
    """
    corners = hull(points)
    sides = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    if not lengths.any():
        return Strip((float(corners[0, 0]), float(corners[0, 1])), (0.0, 0.0), (0.0, 0.0))
    units = sides[lengths > 0] / lengths[lengths > 0, None]
    across, high = units @ corners.T, np.stack((-units[:, 1], units[:, 0]), axis=1) @ corners.T
    best = int(np.argmin(np.ptp(across, axis=1) * np.ptp(high, axis=1)))
    return _levelled(units[best], across[best], high[best])


def hull(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The corners (n x 2) of the smallest convex shape around points, in order (the monotone chain)."""
    ordered = np.unique(points, axis=0).tolist()
    if len(ordered) == 1:
        return np.array(ordered)
    lower, upper = _chain(ordered), _chain(ordered[::-1])
    return np.array(lower[:-1] + upper[:-1])


def _chain(points: list[list[float]]) -> list[list[float]]:
    chain: list[list[float]] = []
    for point in points:
        while len(chain) > 1 and not _bends_left(chain[-2], chain[-1], point):
            chain.pop()
        chain.append(point)
    return chain


def _bends_left(first: list[float], second: list[float], third: list[float]) -> bool:
    return (second[0] - first[0]) * (third[1] - first[1]) > (second[1] - first[1]) * (third[0] - first[0])


def _levelled(unit: NDArray[np.float64], across: NDArray[np.float64], high: NDArray[np.float64]) -> Strip:
    """From the extents along a unit vector and across it."""
    x, y = float(unit[0]), float(unit[1])
    half, half_high = float(np.ptp(across)) / 2, float(np.ptp(high)) / 2
    middle, middle_high = float(across.min()) + half, float(high.min()) + half_high
    strip = Strip(
        (x * middle - y * middle_high, y * middle + x * middle_high),
        (x * half, y * half),
        (-y * half_high, x * half_high),
    )
    return strip.turned(_quarters_to_level(x, y))


def _quarters_to_level(x: float, y: float) -> int:
    if abs(x) >= abs(y):
        return 0 if x > 0 else 2
    return 3 if y > 0 else 1


def _dot(first: Vector, second: Vector) -> float:
    return first[0] * second[0] + first[1] * second[1]


def _times(vector: Vector, factor: float) -> Vector:
    return vector[0] * factor, vector[1] * factor


def _share(length: float, of: int) -> float:
    return min(1.0, max(0.0, length / of))
