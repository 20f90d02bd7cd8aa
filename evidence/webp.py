"""A WebP's chunks, walked without decoding."""

from collections.abc import Iterator

from evidence.container import Container, exif_orientation
from evidence.errors import UnusableError
from evidence.messages import Code

_RIFF_HEADER = 12
_LOSSY_START = b"\x9d\x01\x2a"
_LOSSLESS_START = 0x2F


def read(content: bytes) -> Container:
    """What a WebP says of itself. Raises UnusableError if it is cut off, animated, or has no picture in it."""
    if 8 + int.from_bytes(content[4:8], "little") > len(content):
        raise UnusableError(Code.FILE_TRUNCATED)
    sizes, frames, exif, profile = [], 0, b"", None
    for name, body in _chunks(content):
        match name:
            case b"VP8X" | b"VP8 " | b"VP8L":
                sizes.append(_size(name, body))
            case b"ANMF":
                frames += 1
            case b"EXIF":
                exif = bytes(body)
            case b"ICCP":
                profile = bytes(body)
    if frames > 1:
        raise UnusableError(Code.PICTURE_ANIMATED)
    width, height = max((each[0] for each in sizes), default=0), max((each[1] for each in sizes), default=0)
    if not width * height:
        raise UnusableError(Code.FILE_CORRUPT)
    return Container(width, height, stream=content, orientation=exif_orientation(exif), icc_profile=profile)


def _chunks(content: bytes) -> Iterator[tuple[bytes, memoryview]]:
    view, at = memoryview(content), _RIFF_HEADER
    end = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    while at + 8 <= end:
        length = int.from_bytes(view[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise UnusableError(Code.FILE_CORRUPT)
        yield bytes(view[at : at + 4]), view[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _size(name: bytes, body: memoryview) -> tuple[int, int]:
    """Width and height in pixels of the canvas (VP8X) or of the picture; (0, 0) where it is malformed."""
    if name == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8 " and body[3:6] == _LOSSY_START:
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    if name == b"VP8L" and body[:1] == bytes([_LOSSLESS_START]):
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 0, 0
