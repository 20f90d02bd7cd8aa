"""A PNG's chunks, walked without decoding, and its data counted, since Pillow pads short data with black, silently."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.container import Container, exif_orientation
from evidence.errors import UnusableError
from evidence.messages import Code

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_HEADER_LENGTH = 13
_BITS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""Colour type to the bit depths that it may have."""
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PALETTE = 3
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Each pass of an interlaced picture: first column, first row, step of columns, step of rows."""
_PIECE = 1 << 20
"""Bytes inflated at a time."""
_MAX_PROFILE = 1 << 20


@dataclass(slots=True)
class _Chunks:
    header: bytes = b""
    kept: list[memoryview] = field(default_factory=list)
    data: list[memoryview] = field(default_factory=list)
    palette: bool = False
    exif: bytes = b""
    profile: bytes = b""
    frames: int = 1


@dataclass(frozen=True, slots=True)
class _Shape:
    width: int
    height: int
    bits: int
    """Of a pixel."""
    interlaced: bool

    def size(self) -> int:
        """Bytes of pixel data when inflated: each row has one byte more, its filter."""
        passes = _ADAM7 if self.interlaced else ((0, 0, 1, 1),)
        return sum(self._pass_size(*each) for each in passes)

    def _pass_size(self, left: int, top: int, across: int, down: int) -> int:
        columns = max(0, -(-(self.width - left) // across))
        rows = max(0, -(-(self.height - top) // down))
        return rows * (1 + -(-columns * self.bits // 8)) if columns else 0


def read(content: bytes) -> Container:
    """Takes the picture out of a PNG, without its text, profiles and private chunks.

    Raises UnusableError if it is cut off, a checksum of what makes the picture is wrong, or it is animated.
    """
    chunks = _walk(content)
    shape = _shape(chunks)
    return Container(
        shape.width,
        shape.height,
        stream=b"".join((_SIGNATURE, *chunks.kept)),
        orientation=exif_orientation(chunks.exif),
        icc_profile=_profile(chunks.profile),
    )


def check_data(content: bytes) -> None:
    """Inflates the pixel data, a piece at a time, and counts it. Costs about as much as decoding.

    To be called only once the size is known to be within the limits: the work is bounded by it.
    Raises UnusableError if there is less than the picture needs, or it doesn't inflate.
    """
    chunks = _walk(content)
    missing = _shape(chunks).size()
    try:
        for length in _inflated(chunks.data):
            missing -= length
            if missing <= 0:
                return
    except zlib.error as broken:
        raise UnusableError(Code.FILE_CORRUPT) from broken
    raise UnusableError(Code.FILE_TRUNCATED)


def _inflated(data: list[memoryview]) -> Iterator[int]:
    inflater = zlib.decompressobj()
    for each in data:
        rest: bytes | memoryview = each
        while rest and not inflater.eof:
            yield len(inflater.decompress(rest, _PIECE))
            rest = inflater.unconsumed_tail
    while not inflater.eof and (more := inflater.decompress(b"", _PIECE)):
        yield len(more)


def _walk(content: bytes) -> _Chunks:
    view, at, chunks = memoryview(content), len(_SIGNATURE), _Chunks()
    while True:
        length, name = int.from_bytes(view[at : at + 4]), bytes(view[at + 4 : at + 8])
        end = at + 12 + length
        if end > len(view):
            raise UnusableError(Code.FILE_TRUNCATED if _is_name(name) or len(view) < at + 8 else Code.FILE_CORRUPT)
        if not _is_name(name) or bool(chunks.header) == (name == b"IHDR"):
            raise UnusableError(Code.FILE_CORRUPT)
        if name in _NEEDED and zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end]):
            raise UnusableError(Code.FILE_CORRUPT)
        _take(chunks, name, view[at:end])
        if name == b"IEND":
            return chunks
        at = end


def _is_name(name: bytes) -> bool:
    return len(name) == 4 and name.isalpha()  # noqa: PLR2004 (a chunk's name has four letters)


def _take(chunks: _Chunks, name: bytes, chunk: memoryview) -> None:
    body = chunk[8:-4]
    if name in _NEEDED:
        chunks.kept.append(chunk)
    match name:
        case b"IHDR":
            chunks.header = bytes(body)
        case b"PLTE":
            chunks.palette = True
        case b"IDAT":
            chunks.data.append(body)
        case b"eXIf":
            chunks.exif = bytes(body)
        case b"iCCP":
            chunks.profile = bytes(body)
        case b"acTL":
            chunks.frames = int.from_bytes(body[:4])
        case _ if name[:1].isupper() and name not in _NEEDED:
            # A critical chunk that nobody knows: the picture can't be decoded without it.
            raise UnusableError(Code.FILE_CORRUPT)


def _shape(chunks: _Chunks) -> _Shape:
    header = chunks.header
    if len(header) != _HEADER_LENGTH or not chunks.data:
        raise UnusableError(Code.FILE_CORRUPT)
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    depth, colour, compression, filters, interlaced = header[8:]
    known = depth in _BITS.get(colour, ()) and not compression and not filters and interlaced in (0, 1)
    if not known or not width * height or (colour == _PALETTE and not chunks.palette):
        raise UnusableError(Code.FILE_CORRUPT)
    if chunks.frames > 1:
        raise UnusableError(Code.PICTURE_ANIMATED)
    return _Shape(width, height, depth * _SAMPLES[colour], bool(interlaced))


def _profile(chunk: bytes) -> bytes | None:
    """An iCCP chunk's profile; None where it is malformed or too large to be one, since the picture can do without."""
    _, _, rest = chunk.partition(b"\0")
    inflater = zlib.decompressobj()
    try:
        profile = inflater.decompress(rest[1:], _MAX_PROFILE)
    except zlib.error:
        return None
    return profile if inflater.eof else None
