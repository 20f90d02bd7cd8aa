"""Barcodes as pictures, black on white with their quiet zones."""

import numpy as np
import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat


def code128(text: str, width: int, height: int) -> Image.Image:
    """At most that wide, where it can be: its modules are whole pixels."""
    bars = _modules(text, BarcodeFormat.Code128)
    line = bars.crop((0, bars.height // 2, bars.width, bars.height // 2 + 1))
    return line.resize((bars.width * max(1, width // bars.width), height), Image.Resampling.NEAREST)


def qr(text: str, size: int) -> Image.Image:
    squares = _modules(text, BarcodeFormat.QRCode)
    side = squares.width * max(1, size // squares.width)
    return squares.resize((side, side), Image.Resampling.NEAREST)


def _modules(text: str, form: BarcodeFormat) -> Image.Image:
    """One pixel a module."""
    return Image.fromarray(np.array(zxingcpp.create_barcode(text, form).to_image(scale=1)))
