"""Whether a JPEG is nothing but a picture: what a clean copy must be, whatever it was made of."""

import io
import re

from PIL import Image

_JFIF = re.compile(rb"\xff\xe0\x00\x10JFIF\0\x01\x01.{5}\0\0", re.DOTALL)
"""The whole first segment: no thumbnail, and nothing after it."""
_NEEDED = frozenset({0xDB, 0xC0, 0xC4, 0xDD, 0xDA})
"""Quantisation, frame, Huffman tables, restarts, scan."""
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")


def foreign_in(jpeg: bytes) -> str | None:
    """The first thing in it that a picture doesn't need, by marker and place; None where there is none."""
    if not (jpeg.startswith(b"\xff\xd8") and _JFIF.match(jpeg, 2)):
        return "it doesn't begin as a bare JFIF does"
    at = 20
    while found := _MARKER.match(jpeg, at):
        marker = jpeg[at + 1]
        if marker == 0xD9:
            return None if len(jpeg) == at + 2 else f"{len(jpeg) - at - 2} bytes after its end"
        if marker not in _NEEDED:
            return f"marker {marker:02x} at {at}"
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        if marker == 0xDA:
            scanned = _MARKER.search(jpeg, at)
            at = scanned.start() if scanned else len(jpeg)
    return f"no marker at {at} in {found}"


def assert_bare(jpeg: bytes) -> None:
    """It is one RGB picture that decodes, with nothing before, between or after what makes it."""
    assert foreign_in(jpeg) is None
    with Image.open(io.BytesIO(jpeg)) as opened:
        opened.load()
        assert (opened.format, opened.mode, getattr(opened, "n_frames", 1)) == ("JPEG", "RGB", 1)
        assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
