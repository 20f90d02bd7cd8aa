"""The recogniser that runs here: finds the strips of text, finds out which way up they are, reads them."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from PIL import Image

from evidence.images import quarter_turned
from evidence.ocr.detector import find, is_small_print
from evidence.ocr.models import Models, installed
from evidence.ocr.order import best_of, in_order
from evidence.ocr.reader import Reading, affordable, read, read_softened
from evidence.ocr.strips import Strip
from evidence.ocr.turns import is_tall, probes
from evidence.text import Line

_COARSE = 960
_FINE = 1280
"""Pixels: the longer side at which a photo is searched for text; the second where the first may be too coarse."""
_SURE, _HOPELESS = 0.9, 0.3
"""Confidence from which a line isn't tried in another way, and up to which it isn't worth trying."""
_COARSER = (640, 320)
"""Pixels: the longer side at which the display of a scale is one shape."""
_OF_A_SCALE = re.compile(r"^(?:kg|KG|g|千克|公斤)$|秤|称量|重量\(|^Max")
_DISPLAYED = re.compile(r"\d{1,3}[.,:]?\d{1,4}")
_FEW = 3
_SMALLEST = 8
"""Pixels: a picture with a shorter side holds no text."""


class OnnxRecogniser:
    """A `evidence.text.Recogniser`. Its networks are loaded when they are first needed, and kept.

    A photo of a document takes about a second on one core, a page full of small print about ten, and what is made to
    look like text and be none, about thirty.
    """

    def __init__(self, folder: Path) -> None:
        """From the folder that holds the models."""
        self._models = Models(folder)

    @classmethod
    def load(cls) -> "OnnxRecogniser":
        """With the models that are installed. Raises RecogniserError if there are none."""
        return cls(installed())

    def read(self, picture: Image.Image) -> tuple[Line, ...]:
        """The lines of an RGB picture; if it isn't upright, they are read, and sorted, as it should be held.

        The boxes are those of the picture as it was handed in. Raises RecogniserError if a model is missing or fails.
        """
        if min(picture.size) < _SMALLEST:
            return ()
        strips = find(self._models.detector, picture, _COARSE)
        quarters = self._quarters_off(picture, strips)
        upright = quarter_turned(picture, quarters)
        if quarters:
            strips = find(self._models.detector, upright, _COARSE)
        lines = in_order(reading.line(*upright.size) for reading in self._readings(upright, strips))
        return tuple(Line(line.text, line.box.turned(-quarters), line.confidence, quarters) for line in lines)

    def _quarters_off(self, picture: Image.Image, strips: Sequence[Strip]) -> int:
        """The turn that the picture needs, told by a few strips that are read along their longer sides."""
        worth = [0.0] * 4
        for strip in probes(strips):
            turns = (1, 3) if is_tall(strip) else (0, 2)
            for turn, reading in zip(turns, self._tries(picture, strip, turns), strict=False):
                worth[turn] += reading.worth
        return max(range(4), key=worth.__getitem__)

    def _readings(self, picture: Image.Image, strips: Sequence[Strip]) -> list[Reading]:
        """Of an upright picture; where there may be more, too small or too large to be found, another look adds it."""
        found = self._closer(picture, self._legible(picture, strips))
        return self._displays(picture, found) if any(_OF_A_SCALE.search(each.text) for each in found) else found

    def _displays(self, picture: Image.Image, found: list[Reading]) -> list[Reading]:
        """The large digits of a scale, whose segments a fine look takes for so many shapes."""
        known = [each.strip for each in found if each.confidence >= _SURE]
        for side in _COARSER:
            strips = find(self._models.detector, picture, side)
            unknown = [strip for strip in strips if not any(strip.overlaps(other) for other in known)]
            found = [*found, *(each for each in self._legible(picture, unknown) if _DISPLAYED.fullmatch(each.text))]
        return best_of(found)

    def _closer(self, picture: Image.Image, first: list[Reading]) -> list[Reading]:
        """With small print, unless much was read badly: that is a wall of texture, and would take twice as long."""
        unsure = sum(each.confidence for each in first) < _SURE * len(first)
        small = first and is_small_print([each.strip for each in first], picture.size, _COARSE)
        if len(first) > _FEW and (unsure or not small):
            return first
        known = [each.strip for each in first if each.confidence >= _SURE]
        closer = find(self._models.detector, picture, _FINE)
        unknown = [strip for strip in closer if not any(strip.overlaps(other) for other in known)]
        return best_of([*first, *self._legible(picture, unknown)])

    def _legible(self, picture: Image.Image, strips: Iterable[Strip]) -> list[Reading]:
        readings = (self._reading(picture, strip) for strip in affordable(strips))
        return [reading for reading in readings if reading.legible]

    def _reading(self, picture: Image.Image, strip: Strip) -> Reading:
        """A tall strip is read downwards, upwards, or, as a lone narrow character, as it stands."""
        turns = (1, 3, 0) if is_tall(strip) else (0,)
        best = max(self._tries(picture, strip, turns), key=_worth)
        if not _HOPELESS < best.confidence < _SURE:
            return best
        return max(best, read_softened(self._models, picture, best.strip), key=_worth)

    def _tries(self, picture: Image.Image, strip: Strip, turns: Iterable[int]) -> list[Reading]:
        """Read after each turn, up to the first that is sure."""
        tries: list[Reading] = []
        for turn in turns:
            tries.append(read(self._models, picture, strip.turned(turn)))
            if tries[-1].confidence >= _SURE:
                break
        return tries


def _worth(reading: Reading) -> float:
    return reading.worth
