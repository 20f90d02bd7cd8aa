"""Drawing on a sheet of paper: printed text, rules, tables and forms. Lengths are pixels of the sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bench.documents.fonts import Face, font

type Colour = tuple[int, int, int]
type Point = tuple[int, int]
type Area = tuple[int, int, int, int]

BLACK: Colour = (22, 22, 24)
GREY: Colour = (110, 110, 114)
PAPER: Colour = (250, 249, 246)
WHITE: Colour = (255, 255, 255)

_ENDING = "：，。；、！）”》"


@dataclass(frozen=True, slots=True)
class Type:
    """How text is set."""

    size: int
    face: Face = Face.SANS
    bold: bool = False
    colour: Colour = BLACK

    @property
    def stroke(self) -> float:
        """The fonts come in one weight, so bold is drawn with a thicker outline."""
        return self.size / 34 if self.bold else 0

    def width(self, text: str) -> int:
        return round(font(self.face, self.size).getlength(text) + 2 * self.stroke)

    def fitted(self, text: str, width: int) -> "Type":
        """The same, smaller where the text would be wider than that."""
        wanted = self.width(text)
        if wanted <= width:
            return self
        return Type(max(8, self.size * width // wanted), self.face, self.bold, self.colour)


def sheet(width: int, height: int, colour: Colour = PAPER) -> Image.Image:
    return Image.new("RGB", (width, height), colour)


def write(on: Image.Image, at: Point, text: str, style: Type, anchor: str = "la") -> None:
    """With Pillow's anchors: `la` is left and top, `mm` the middle, `ra` right and top."""
    draw = ImageDraw.Draw(on)
    place = (float(at[0]), float(at[1]))
    draw.text(place, text, style.colour, font(style.face, style.size), anchor=anchor, stroke_width=style.stroke)


def wrap(text: str, style: Type, width: int) -> list[str]:
    """Broken anywhere, as Chinese may be, but before a mark that ends something."""
    lines = [""]
    for letter in text:
        if letter == "\n" or (letter not in _ENDING and style.width(lines[-1] + letter) > width):
            lines.append("")
        lines[-1] += letter.strip("\n")
    return lines


def write_lines(on: Image.Image, at: Point, text: str, style: Type, width: int) -> int:
    """Wrapped, top down; returns where the next line would begin."""
    left, top = at
    for line in wrap(text, style, width):
        write(on, (left, top), line, style)
        top += style.size * 7 // 5
    return top


def rule(on: Image.Image, begin: Point, end: Point, width: int = 3, colour: Colour = BLACK) -> None:
    ImageDraw.Draw(on).line((begin, end), colour, width)


def frame(on: Image.Image, area: Area, width: int = 3, colour: Colour = BLACK) -> None:
    ImageDraw.Draw(on).rectangle(area, outline=colour, width=width)


def dashes(on: Image.Image, left: int, right: int, top: int, colour: Colour = BLACK) -> None:
    for begin in range(left, right, 26):
        rule(on, (begin, top), (min(right, begin + 15), top), 3, colour)


def table(on: Image.Image, area: Area, rows: Sequence[Sequence[str]], shares: Sequence[int], style: Type) -> None:
    """A grid of equally high rows over the area; columns are as wide as their shares say."""
    left, top, right, bottom = area
    height = (bottom - top) // len(rows)
    edges = [left + (right - left) * sum(shares[:at]) // sum(shares) for at in range(len(shares) + 1)]
    for at in range(len(rows) + 1):
        rule(on, (left, top + at * height), (right, top + at * height), 3, style.colour)
    for edge in edges:
        rule(on, (edge, top), (edge, top + len(rows) * height), 3, style.colour)
    for at, row in enumerate(rows):
        for begin, end, text in zip(edges, edges[1:], row, strict=False):
            middle = ((begin + end) // 2, top + at * height + height // 2)
            write(on, middle, text, style.fitted(text, end - begin - 24), "mm")
