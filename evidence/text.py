"""Text in a picture: the lines that a recogniser reads, the barcodes that a decoder reads, and where each stands."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Box:
    """A place in an upright picture: shares of its width and height, 0 to 1, from the top left."""

    left: float
    top: float
    right: float
    bottom: float
    page: int = 1
    """Of a PDF; from 1."""

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def bounded(self) -> Self:
        """What of it lies in the picture, its sides in order."""
        left, right = sorted(min(1.0, max(0.0, each)) for each in (self.left, self.right))
        top, bottom = sorted(min(1.0, max(0.0, each)) for each in (self.top, self.bottom))
        return replace(self, left=left, top=top, right=right, bottom=bottom)

    def turned(self, quarters: int) -> Self:
        """Where the place is once the picture has been turned by so many quarters, counter-clockwise."""
        box = self
        for _ in range(quarters % 4):
            box = replace(box, left=box.top, top=1 - box.right, right=box.bottom, bottom=1 - box.left)
        return box


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text as it was read, in one piece."""

    text: str
    box: Box
    confidence: float
    """0 to 1: the mean over its characters."""
    quarters: int = 0
    """Quarter turns, counter-clockwise, by which the picture would have to be turned for its text to stand upright."""


class Recogniser(Protocol):
    """Reads printed and written text, Chinese and Latin."""

    def read(self, picture: "Image") -> tuple[Line, ...]:
        """The lines of an RGB picture of about 4 megapixels at most, as its text is held: downwards, then to the right.

        Boxes are those of the picture as it was handed in, which need not be upright. Nothing where there is no text.
        Raises RecogniserError where it can't look at all.
        """
        ...


class RecogniserError(Exception):
    """The recogniser is out of order or out of reach; the message says why. The points stay open."""


@dataclass(frozen=True, slots=True)
class Barcode:
    """A barcode that was decoded; its own check digits hold."""

    text: str
    symbology: str
    """As zxing-cpp names it, e.g. Code128, QRCode."""
    box: Box
