"""What can be measured of a picture's quality, as warnings. It never refuses a piece (A13, A14).

The measures look at a reduced grey copy, so that a photo and its compressed copy score alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import add

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from evidence.messages import Code, warning
from evidence.model import Warning_
from policies.model import QualityThresholds

_GREY_PIXELS = 1024 * 768
_TILE = 64
_THUMBNAIL = 128
"""Pixels: the longer side of a copy on which noise has averaged out."""
_BUSY_TILES = 16
_FLAT_TILES = 6
_FEWEST = 3
"""Tiles with edges below which nothing is said about sharpness."""
_FINE, _COARSE = 1.0, 3.0
"""Radius in pixels of the two blurs whose edges are compared."""
_MARGIN = 6
_STRONGEST = 0.02
"""Share of a tile's pixels that counts as its edges."""
_FAINT = 2.0
_MAX_NOISE = 8.0
"""Steepness that noise reaches at most, after the fine blur. More than that is texture."""
_SHARPEST = 10.0
_SHARP_EDGES = 0.75
"""Which tile speaks for the picture, from the softest: part of a sharp picture may be out of focus."""

_BURNT = 250
_LITTLE = 0.1
"""Share of burnt-out pixels that every photo may have: no look at where they come from is worth the time."""
_CLIPPED = 8
_INK = 64
_LIT = 128
_MOSTLY_INK = 0.45
_FEW_GREYS = 0.035
_MOSTLY_FLAT = 0.3

_LEVEL = 128
"""What the kernels make of an even patch; what lies off it is steep, either way."""
_ACROSS = ImageFilter.Kernel((3, 3), (-1, 0, 1, -2, 0, 2, -1, 0, 1), scale=8, offset=_LEVEL)
_DOWN = ImageFilter.Kernel((3, 3), (-1, -2, -1, 0, 0, 0, 1, 2, 1), scale=8, offset=_LEVEL)


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured."""

    sharpness: float | None
    """About 1 / radius of the blur, in pixels of the grey copy; up to 10. None where there are no edges to tell by."""
    brightness: float
    """Mean, 0 to 255."""
    lit: bool
    """Whether at least a fiftieth of it is brighter than half."""
    burnt: float
    """Share of burnt-out pixels, 0 to 1; 0 for what was never photographed (a screenshot's white is no light)."""
    spread: float
    """Standard deviation of brightness, of a copy so small that noise is gone."""


def reduced(picture: Image.Image) -> Image.Image:
    """The copy of about 0.8 megapixels that is looked at, of an RGB picture of about 4 at most."""
    factor = max(1, round((picture.width * picture.height / _GREY_PIXELS) ** 0.5))
    return picture.reduce(factor) if factor > 1 else picture


def measure(picture: Image.Image, grey: Image.Image) -> Quality:
    """Measures an RGB picture by the grey of its reduced copy."""
    levels = grey.histogram()
    burnt = sum(levels[_BURNT:]) / sum(levels)
    small = grey.reduce(max(1, round(max(grey.size) / _THUMBNAIL)))
    return Quality(
        sharpness=sharpness(ImageOps.autocontrast(grey, cutoff=(0.2, 0.2))),
        brightness=ImageStat.Stat(grey).mean[0],
        lit=sum(levels[_LIT:]) * 50 >= sum(levels),
        burnt=0.0 if burnt > _LITTLE and (_is_ink_on_white(picture.convert("L")) or _is_flat(grey)) else burnt,
        spread=ImageStat.Stat(small).stddev[0],
    )


def warnings(quality: Quality, thresholds: QualityThresholds) -> tuple[Warning_, ...]:
    blank = quality.spread < thresholds.blank_below
    blurred = not blank and quality.sharpness is not None and quality.sharpness < thresholds.blurred_below
    # A dark-mode screenshot is black, but its writing is bright.
    dark = quality.brightness < thresholds.dark_below and not quality.lit
    found = {
        Code.BLURRED: blurred,
        Code.DARK: dark,
        Code.OVEREXPOSED: quality.burnt > thresholds.overexposed_above,
        Code.BLANK: blank,
    }
    return tuple(warning(code) for code, holds in found.items() if holds)


def sharpness(grey: Image.Image) -> float | None:
    """How sharp the edges are, whatever their contrast, and with noise taken off.

    An edge that is blurred already loses little steepness when it is blurred a bit more. So each tile with strong
    edges is blurred finely and coarsely, and the ratio of the steepest slopes gives the radius of the blur that was
    there before. Noise, which would pass for sharp, is gone after the fine blur, but for a floor that is measured
    where the picture is flat. Across and down apart, since a moved camera blurs in one direction only: the softer
    of the two counts. Where there is too little to go by, None.
    """
    if min(grey.size) < _TILE:
        return None
    tiles = _by_contrast(grey)
    quarter = max(1, len(tiles) // 4)
    busy, flat = tiles[: min(_BUSY_TILES, quarter)], tiles[-min(_FLAT_TILES, quarter) :]
    slopes = [_slopes(grey, tile) for tile in busy]
    floors = [_slopes(grey, tile) for tile in flat]
    scores = [_directed(slopes, floors, direction) for direction in (0, 1)]
    return min((each for each in scores if each is not None), default=None)


type _Slopes = tuple[tuple[float, float], tuple[float, float]]
"""Across and down, each after the fine and after the coarse blur."""


def _directed(slopes: list[_Slopes], floors: list[_Slopes], direction: int) -> float | None:
    fine_floor = min(_MAX_NOISE, _median([each[direction][0] for each in floors]))
    coarse_floor = min(_MAX_NOISE / _COARSE, _median([each[direction][1] for each in floors]))
    scores = []
    for tile in slopes:
        (fine, coarse), (_, other) = tile[direction], tile[1 - direction]
        if coarse < other / 2 or coarse**2 - coarse_floor**2 <= _FAINT**2:
            continue  # no edges to speak of in this direction
        scores.append(_score((fine**2 - fine_floor**2) / (coarse**2 - coarse_floor**2)))
    return sorted(scores)[int(len(scores) * _SHARP_EDGES)] if len(scores) >= _FEWEST else None


def _score(ratio: float) -> float:
    """1 / radius of the blur, from the squared ratio of slopes.

    For an edge of blur r, slope² is 1 / (r² + fine²) and 1 / (r² + coarse²): the ratio is their quotient.
    """
    most = (_COARSE / _FINE) ** 2
    squared = max(0.0, ratio - 1) / max(0.01, most - ratio) / _FINE**2
    return float(min(_SHARPEST, squared**0.5))


def _by_contrast(grey: Image.Image) -> list[tuple[int, int]]:
    """The corners of all whole tiles, the one with the strongest edges first."""
    coarse = grey.reduce(4).filter(ImageFilter.BoxBlur(1))
    across = ImageChops.difference(coarse, ImageChops.offset(coarse, 1, 0))
    down = ImageChops.difference(coarse, ImageChops.offset(coarse, 0, 1))
    columns, rows = grey.width // _TILE, grey.height // _TILE
    edges = ImageChops.add(across, down).crop((0, 0, columns * _TILE // 4, rows * _TILE // 4))
    strength = edges.point([min(255, level * 4) for level in range(256)]).reduce(_TILE // 4).tobytes()
    order = sorted(range(columns * rows), key=lambda tile: -strength[tile])
    return [(tile % columns * _TILE, tile // columns * _TILE) for tile in order]


def _slopes(grey: Image.Image, corner: tuple[int, int]) -> _Slopes:
    left, top = corner
    patch = grey.crop(
        (
            max(0, left - _MARGIN),
            max(0, top - _MARGIN),
            min(grey.width, left + _TILE + _MARGIN),
            min(grey.height, top + _TILE + _MARGIN),
        )
    )
    seen = (_MARGIN - 1, _MARGIN - 1, patch.width - _MARGIN + 1, patch.height - _MARGIN + 1)
    fine, coarse = (patch.filter(ImageFilter.GaussianBlur(radius)).crop(seen) for radius in (_FINE, _COARSE))
    return (
        (_steepest(fine, _ACROSS), _steepest(coarse, _ACROSS)),
        (_steepest(fine, _DOWN), _steepest(coarse, _DOWN)),
    )


def _steepest(patch: Image.Image, kernel: ImageFilter.Kernel) -> float:
    """Mean slope of the steepest pixels of a patch, but for its outermost, whose neighbours aren't seen."""
    counts = patch.filter(kernel).crop((1, 1, patch.width - 1, patch.height - 1)).histogram()
    wanted = _STRONGEST * sum(counts)
    left, total = wanted, 0.0
    for steepness, taken in zip(range(_LEVEL, -1, -1), _by_steepness(counts), strict=True):
        if taken >= left:
            return (total + left * steepness) / wanted
        left, total = left - taken, total + taken * steepness
    return 0.0


def _by_steepness(counts: list[int]) -> Iterator[int]:
    """How many pixels are as steep as can be, and so on down to even ones; whichever way it goes."""
    yield counts[0]
    yield from map(add, counts[1:_LEVEL], counts[:_LEVEL:-1])
    yield counts[_LEVEL]


def _is_ink_on_white(grey: Image.Image) -> bool:
    """Whether what isn't white is mostly black, and little else: a document, whose white is paper and not light."""
    levels = grey.histogram()
    rest = sum(levels[:_BURNT])
    return sum(levels[:_INK]) >= _MOSTLY_INK * rest and sum(levels[_INK:_BURNT]) < _FEW_GREYS * sum(levels)


def _is_flat(grey: Image.Image) -> bool:
    """Whether a good part of what is neither white nor black is perfectly even, as a machine draws and nothing is."""
    spans = ImageChops.subtract(grey.filter(ImageFilter.MaxFilter(3)), grey.filter(ImageFilter.MinFilter(3)))
    even = spans.point([255, *([0] * 255)])
    toned = grey.point([0] * _CLIPPED + [255] * (_BURNT - _CLIPPED) + [0] * (256 - _BURNT))
    return ImageChops.darker(even, toned).histogram()[255] > _MOSTLY_FLAT * toned.histogram()[255]


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
