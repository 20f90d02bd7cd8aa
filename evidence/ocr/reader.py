"""What a strip says: a network gives each column a chance for each character, and the likeliest are strung together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from evidence.ocr.models import Models, Tensor, tensor_of
from evidence.ocr.strips import Strip
from evidence.text import Line

_LEGIBLE = 0.5
"""Confidence below which a reading is noise: a texture, a stamp's edge, a barcode."""

_HEIGHT = 48
"""Pixels: what the network takes."""
_WIDEST = 3200
_MOST_COLUMNS = 120_000
"""Pixels; about 9 seconds, if each strip is read once."""
_SOFTENER = ImageFilter.GaussianBlur(0.8)
_NARROWEST = 160
"""Pixels: the network reads a single character badly without an empty margin behind it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read along a strip."""

    strip: Strip
    text: str
    confidence: float
    """0 to 1: the mean over its characters; 0 where there are none."""

    @property
    def worth(self) -> float:
        """How much was read, in characters that are certain; 0 for noise."""
        return max(0.0, self.confidence - _LEGIBLE) / (1 - _LEGIBLE) * len(self.text)

    @property
    def legible(self) -> bool:
        """Whether it says anything: squares and stars alone are patches of colour, and stamps."""
        return self.confidence >= _LEGIBLE and any(character.isalnum() for character in self.text)

    def line(self, width: int, height: int) -> Line:
        """As it stands in a picture of this size."""
        return Line(self.text, self.strip.box(width, height), self.confidence)


def read(models: Models, picture: Image.Image, strip: Strip) -> Reading:
    """Reads a strip of the picture along its width. Raises RecogniserError."""
    return _read(models, strip, strip.cut(picture, _HEIGHT, _WIDEST))


def read_softened(models: Models, picture: Image.Image, strip: Strip) -> Reading:
    """Likewise, with the grain of a noisy photo smoothed away: it looks like strokes of Chinese characters."""
    return _read(models, strip, strip.cut(picture, _HEIGHT, _WIDEST).filter(_SOFTENER))


def affordable(strips: Iterable[Strip]) -> Iterator[Strip]:
    """The first strips, up to a bound on what they take to read: a page of small print, but no wall of texture."""
    columns = 0.0
    for strip in strips:
        columns += min(_WIDEST, max(_NARROWEST, _HEIGHT * strip.stretch))
        if columns > _MOST_COLUMNS:
            return
        yield strip


def _read(models: Models, strip: Strip, cutting: Image.Image) -> Reading:
    tensor = tensor_of(cutting)
    margin = max(0, _NARROWEST - tensor.shape[3])
    chances = models.reader(np.pad(tensor, ((0, 0), (0, 0), (0, 0), (0, margin))))[0]
    return Reading(strip, *decoded(chances, models.characters))


def decoded(chances: Tensor, characters: Sequence[str]) -> tuple[str, float]:
    """Text and mean confidence, from the chance (columns x classes) of each class; class 0 is the blank.

    A class that goes on over several columns is one character, unless a blank comes between.
    """
    best = chances.argmax(axis=1)
    columns = np.flatnonzero((np.diff(best, prepend=0) != 0) & (best != 0))
    if not len(columns):
        return "", 0.0
    text = "".join(characters[each] for each in best[columns])
    return text.strip(), float(chances[columns, best[columns]].mean())
