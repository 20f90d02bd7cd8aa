"""Text in a picture: the lines that a recogniser reads, the barcodes that a decoder reads, and where each stands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

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


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text as it was read, in one piece."""

    text: str
    box: Box
    confidence: float
    """0 to 1: the mean over its characters."""


class Recogniser(Protocol):
    """Reads printed and written text, Chinese and Latin."""

    def read(self, picture: "Image") -> tuple[Line, ...]:
        """The lines of an upright RGB picture of about 4 megapixels at most, top to bottom, then left to right.

        Nothing where there is no text. Raises RecogniserError where it can't look at all.
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
