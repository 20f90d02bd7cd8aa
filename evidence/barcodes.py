"""Barcodes in a picture, as carriers print them. Slow work on hard pictures, so it is rationed by CPU time."""

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from math import cos, radians, sin

import zxingcpp
from PIL import Image, ImageFilter
from zxingcpp import BarcodeFormat, BarcodeFormats, Position, TextMode

from evidence.fields.articles import is_article, is_carton
from evidence.text import Barcode, Box

_LEAST = {
    BarcodeFormat.Code128: 6,
    BarcodeFormat.Code93: 8,
    BarcodeFormat.Code39: 10,
    BarcodeFormat.ITF: 12,
    BarcodeFormat.QRCode: 1,
    BarcodeFormat.DataMatrix: 1,
    BarcodeFormat.PDF417: 1,
    BarcodeFormat.Aztec: 1,
    BarcodeFormat.MaxiCode: 1,
}
"""What is looked for, and from how many characters on it is believed.

Code 39 and ITF have no check digit, and a fence or a row of letters may pass for a short one. Goods' own codes (EAN,
UPC) are left out, since no carrier uses them and they would be taken for another waybill's number.
"""
_FORMATS = BarcodeFormats(list(_LEAST))
_TURNS = (20, 40, 60)
"""Degrees. The decoder looks along the sides of the picture, and a little to either side of that."""
_GROUND = 128
_MOST_TURNED = 16_000_000
"""Pixels that a turned picture may cover; a very long one would cover a square of its length."""
# With eight digits at the least.
_NUMBER = re.compile(r"(?<![A-Z0-9])(?=(?:[A-Z]*\d){8})[A-Z0-9]{10,20}(?![A-Z0-9])")
_SHARPER = ImageFilter.UnsharpMask(radius=2, percent=150, threshold=3)

type _Look = tuple[Image.Image, float]
"""A grey picture, and by how many degrees it was turned (counter-clockwise, about its middle)."""


def read_barcodes(
    picture: Image.Image,
    full: Callable[[], Image.Image],
    *,
    seconds: float,
    clock: Callable[[], float] = time.process_time,
) -> tuple[Barcode, ...]:
    """The barcodes of an upright picture, top to bottom, of all looks up to the first that may show a waybill's number.

    The code of a carton may be read at once, where a waybill's beside it takes a closer look. `picture` has about 4
    megapixels at most; `full` makes the same one at its own scale (16 at most), if need be. The first look is always
    taken (0.05 to 0.2 s), and none after `seconds` of the clock's time, so it ends 0.8 s later at the latest. What has
    neither check digit nor error correction is believed only if it is long.
    """
    end = clock() + seconds
    found: list[Barcode] = []
    for grey, turn in _looks(picture.convert("L"), full):
        read = _read(grey, picture.width / picture.height, turn)
        known = {(each.symbology, each.text) for each in found}
        found += [each for each in read if (each.symbology, each.text) not in known]
        if any(map(_may_be_waybill, read)) or clock() >= end:
            break
    return tuple(sorted(found, key=lambda each: (each.box.top, each.box.left)))


def _may_be_waybill(barcode: Barcode) -> bool:
    """Whether it holds letters and digits of that length, and isn't the code of goods; also as a part of an address."""
    return any(
        not is_article(each) and not (barcode.symbology == BarcodeFormat.ITF.name and is_carton(each))
        for each in _NUMBER.findall(barcode.text.upper())
    )


def _looks(grey: Image.Image, full: Callable[[], Image.Image]) -> Iterator[_Look]:
    yield grey, 0
    yield full().convert("L"), 0
    yield grey.filter(_SHARPER), 0
    for turn in filter(partial(_is_turnable, grey.size), _TURNS):
        yield grey.rotate(turn, Image.Resampling.BILINEAR, expand=True, fillcolor=_GROUND), turn


def _is_turnable(size: tuple[int, int], turn: float) -> bool:
    (width, height), across, along = size, cos(radians(turn)), sin(radians(turn))
    return (width * across + height * along) * (width * along + height * across) <= _MOST_TURNED


def _read(grey: Image.Image, ratio: float, turn: float) -> list[Barcode]:
    """What a GS1 code holds is set apart: (01)06901234567892."""
    return [
        Barcode(each.text.strip(), each.symbology.name, _box(each.position, grey.size, ratio, turn))
        for each in zxingcpp.read_barcodes(grey, _FORMATS, text_mode=TextMode.HRI)
        if len(each.text.strip()) >= _LEAST[each.symbology]
    ]


def _box(position: Position, size: tuple[int, int], ratio: float, turn: float) -> Box:
    """In shares of the picture of that ratio of width to height, which was turned to be of that size."""
    across, along = cos(radians(turn)), sin(radians(turn))
    # A turned picture is as wide as the shadows of its two sides.
    height = size[0] / (ratio * across + along)
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    places = []
    for corner in corners:
        x, y = corner.x - size[0] / 2, corner.y - size[1] / 2
        places.append(((x * across - y * along) / (ratio * height) + 0.5, (x * along + y * across) / height + 0.5))
    xs, ys = zip(*places, strict=True)
    return Box(*(min(1.0, max(0.0, each)) for each in (min(xs), min(ys), max(xs), max(ys))))
