"""Which strips tell which way up a picture is."""

from collections.abc import Sequence

from evidence.ocr.strips import Strip

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
