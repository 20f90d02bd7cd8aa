"""What documents are laid on: stone, wood, cloth, cardboard. Nothing of it is sharp or can be read."""

from random import Random

import numpy as np
from PIL import Image, ImageOps

from bench.documents.paper import Colour

_TONES: tuple[tuple[Colour, Colour], ...] = (
    ((70, 70, 72), (215, 214, 210)),
    ((48, 30, 14), (190, 150, 104)),
    ((14, 16, 20), (84, 88, 96)),
    ((90, 96, 104), (196, 204, 210)),
    ((104, 78, 48), (206, 176, 132)),
    ((24, 40, 56), (110, 134, 150)),
    ((120, 110, 96), (232, 226, 214)),
)
_GRAINS = ((5, 4), (9, 7), (3, 40), (44, 2), (12, 12))
"""Patches across and down: blotches, and the lines of wood or cloth."""


def a_surface(size: tuple[int, int], rng: Random) -> Image.Image:
    """That many pixels, made at a quarter of the scale."""
    small = (size[0] // 4, size[1] // 4)
    across, down = rng.choice(_GRAINS)
    layers = [_noise(small, (across * times, down * times), rng) / times**0.7 for times in (1, 3, 9, 27)]
    whole = sum(layers[1:], layers[0])
    low, high = float(whole.min()), float(whole.max())
    grey = Image.fromarray(((whole - low) * 255 / (high - low)).astype(np.uint8))
    dark, bright = rng.choice(_TONES)
    return ImageOps.colorize(grey, dark, bright).resize(size, Image.Resampling.BICUBIC)


def _noise(size: tuple[int, int], patches: tuple[int, int], rng: Random) -> np.typing.NDArray[np.float32]:
    values = np.random.default_rng(rng.getrandbits(64)).random(patches[::-1], dtype=np.float32)
    return np.array(Image.fromarray(values).resize(size, Image.Resampling.BICUBIC))
