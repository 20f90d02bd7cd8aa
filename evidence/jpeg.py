"""A JPEG's segments, walked without decoding."""

import re
from dataclasses import dataclass, field

from evidence.container import Container, exif_orientation
from evidence.errors import UnusableError
from evidence.messages import Code

_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _APP15, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_NEXT_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_ICC = b"ICC_PROFILE\0"
_ICC_HEADER = len(_ICC) + 2
_FRAME_HEADER = 6

_MAX_SCANS = 32
"""Encoders make about a dozen at most; each costs a pass over the whole picture, in a few bytes of file."""
_MAX_COEFFICIENTS = 256_000_000
"""Bytes. A picture of several scans is held whole as coefficients, at full size, whatever `draft` asks for."""


@dataclass(slots=True)
class _Head:
    """What the segments before the first scan say."""

    kept: list[bytes] = field(default_factory=lambda: [b"\xff\xd8"])
    exif: bytes = b""
    icc: dict[int, bytes] = field(default_factory=dict)
    frame: bytes = b""
    progressive: bool = False

    def take(self, marker: int, segment: bytes) -> None:
        """`segment` is the body, without marker and length."""
        if marker in _FRAMES:
            if self.frame:
                # Two sizes: which one a decoder believes can't be known.
                raise UnusableError(Code.FILE_CORRUPT)
            self.frame, self.progressive = segment, marker in _PROGRESSIVE
        elif marker == _APP1 and segment.startswith(b"Exif\0\0") and not self.exif:
            self.exif = segment
        elif marker == _APP2 and segment.startswith(_ICC) and len(segment) > _ICC_HEADER:
            self.icc[segment[len(_ICC)]] = segment[_ICC_HEADER:]
        # APP0 and APP14 say which colour space it is; the other APPs and comments say nothing about the picture.
        if marker in (_APP0, _APP14) or not (_APP0 <= marker <= _APP15 or marker == _COM):
            self.kept.append(b"\xff" + bytes([marker]) + (len(segment) + 2).to_bytes(2) + segment)

    def profile(self) -> bytes | None:
        return b"".join(self.icc[number] for number in sorted(self.icc)) or None


def read(content: bytes) -> Container:
    """Takes the first picture out of a JPEG (a phone's may hold several: depth, gain map, motion).

    Raises UnusableError if it is cut off before the picture starts, is no JPEG beyond its first bytes, or would
    need more memory than is allowed.
    """
    head, start = _head(content)
    if len(head.frame) < _FRAME_HEADER:
        raise UnusableError(Code.FILE_CORRUPT)
    height, width = int.from_bytes(head.frame[1:3]), int.from_bytes(head.frame[3:5])
    scans, complete = _scans(content, start)
    if scans > _MAX_SCANS or not width * height:
        raise UnusableError(Code.FILE_CORRUPT)
    if head.progressive or scans > 1:
        _check_coefficients(head.frame, width * height)
    return Container(
        width,
        height,
        stream=b"".join((*head.kept, memoryview(content)[start:])),
        orientation=exif_orientation(head.exif),
        icc_profile=head.profile(),
        complete=complete,
    )


def _head(content: bytes) -> tuple[_Head, int]:
    """Everything before the first scan, and where that starts."""
    head, at = _Head(), 2
    while found := _MARKER.search(content, at):
        at = found.end()
        marker = content[at - 1]
        if marker == _SOS:
            return head, at - 2
        if marker == _EOI:
            break
        if marker not in _STANDALONE:
            end = _segment_end(content, at)
            head.take(marker, content[at + 2 : end])
            at = end
    raise UnusableError(Code.FILE_CORRUPT if found else Code.FILE_TRUNCATED)


def _segment_end(content: bytes, at: int) -> int:
    """Where the segment ends whose length stands at `at`."""
    length = int.from_bytes(content[at : at + 2])
    if at + max(length, 2) > len(content):
        raise UnusableError(Code.FILE_TRUNCATED)
    if length < 2:  # noqa: PLR2004 (the length counts its own two bytes)
        raise UnusableError(Code.FILE_CORRUPT)
    return at + length


def _scans(content: bytes, start: int) -> tuple[int, bool]:
    """How many scans there are, counted up to one too many, and whether the picture's end is there."""
    scans, at = 0, start
    while found := _NEXT_MARKER.search(content, at):
        marker = content[found.start() + 1]
        if marker == _EOI:
            return scans, True
        scans += marker == _SOS
        if scans > _MAX_SCANS:
            return scans, True
        at = found.end() + int.from_bytes(content[found.end() : found.end() + 2])
    return scans, False


def _check_coefficients(frame: bytes, pixels: int) -> None:
    """Two bytes for each coefficient, as many as there are samples."""
    sampling = [(each >> 4) * (each & 15) for each in frame[7::3]]
    samples = pixels * sum(sampling) / max(*sampling, 1) if sampling else pixels
    if 2 * samples > _MAX_COEFFICIENTS:
        limit = int(_MAX_COEFFICIENTS / 2 / (samples / pixels))
        raise UnusableError(
            Code.PICTURE_TOO_LARGE, megapixels=f"{pixels / 1_000_000:.1f}", limit=f"{limit / 1_000_000:.0f}"
        )
