"""The process in which `evidence.pages` has PDFium at work: a PDF in, the pages out, each as its size and its pixels.

Run as a module, with the most pages as its argument. It limits itself before it reads a byte.
"""

import resource
import sys
from contextlib import closing
from math import isfinite
from typing import BinaryIO

from pypdfium2 import PdfDocument, PdfiumError, PdfPage  # type: ignore[import-untyped]

SIDE = 2000
"""Pixels: the longer side of a page, whatever size it says that it has."""
CPU_SECONDS = 12
"""For all pages together; a scanned page takes 0.1 to 0.3."""
MEMORY = 450 << 20
"""Bytes of data, of which Python and PDFium take 30 MB to begin with, and a page 12 MB."""


def write_pages(content: bytes, most: int, out: BinaryIO) -> None:
    """Width and height in four bytes each, then RGB, row by row; nothing if the file can't be opened."""
    try:
        document = PdfDocument(content)
    except PdfiumError:  # encrypted, or broken
        return
    with closing(document):
        document.init_forms()
        for number in range(min(most, len(document))):
            out.writelines(_page(document, number))
            out.flush()


def _page(document: PdfDocument, number: int) -> tuple[bytes, ...]:
    try:
        page = document.get_page(number)
    except PdfiumError:
        return _BLANK
    with closing(page):
        longest = max(page.get_size())
        return _rendered(page, longest) if isfinite(longest) and longest > 0 else _BLANK


def _rendered(page: PdfPage, longest: float) -> tuple[bytes, ...]:
    # A little less, since each side is rounded up to a whole pixel.
    bitmap = page.render(scale=(SIDE - 1) / longest, rev_byteorder=True, limit_image_cache=True)
    with closing(bitmap):
        return _headed(bitmap.width, bitmap.height, bytes(bitmap.buffer))


def _headed(width: int, height: int, pixels: bytes) -> tuple[bytes, ...]:
    return width.to_bytes(4), height.to_bytes(4), pixels


_BLANK = _headed(100, 141, bytes([255]) * (3 * 100 * 141))
"""What stands for a page that can't be rendered, so that the next one keeps its number."""


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    write_pages(sys.stdin.buffer.read(), int(sys.argv[1]), sys.stdout.buffer)
