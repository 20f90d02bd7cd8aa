"""A file in its pieces: segments of a JPEG, chunks of a PNG or WebP, objects of a PDF; joined, the file again."""

import re
import struct
import zlib
from collections.abc import Callable, Iterator

_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_PDF_PIECE = re.compile(
    rb"(?=\b\d+ 0 obj\b)|(?=\bstream\b)|(?=\bendstream\b)|(?=\bxref\b)|(?=\btrailer\b)|(?=startxref)"
)


def pieces(content: bytes) -> list[bytes]:
    """In their order; at least one, though it may be empty."""
    match content[:4]:
        case b"\xff\xd8\xff\xe0" | b"\xff\xd8\xff\xe1" | b"\xff\xd8\xff\xee" | b"\xff\xd8\xff\xdb":
            return list(_segments(content))
        case b"\x89PNG":
            return list(_chunks(content, 8, ">I", 4))
        case b"RIFF":
            return list(_chunks(content, 12, "<I", 0))
        case _:
            return _PDF_PIECE.split(content)


def _segments(content: bytes) -> Iterator[bytes]:
    """A scan's data goes with its header."""
    starts = [0, 2]
    while found := _MARKER.search(content, starts[-1]):
        length = int.from_bytes(content[found.end() : found.end() + 2])
        after = _MARKER.search(content, found.end() + length)
        if after is None:
            break
        starts.append(after.start())
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        yield content[start:end]


def _chunks(content: bytes, header: int, length_as: str, checksum: int) -> Iterator[bytes]:
    """A PNG's have the length before the name and a checksum behind; a RIFF's after it, and are padded to even."""
    yield content[:header]
    at = header
    while at + 8 <= len(content):
        (length,) = struct.unpack_from(length_as, content, at if checksum else at + 4)
        end = at + 8 + checksum + length + (0 if checksum else length % 2)
        yield content[at:end]
        at = end
    yield content[at:]


def mended(content: bytes) -> bytes:
    """A PNG's checksums and a WebP's length made right again, so that the damage gets to the decoder."""
    repair: dict[bytes, Callable[[bytes], bytes]] = {b"\x89PNG": _with_checksums, b"RIFF": _with_length}
    return repair.get(content[:4], bytes)(content)


def _with_checksums(content: bytes) -> bytes:
    signature, *chunks = pieces(content)
    checked = (each[:-4] + struct.pack(">I", zlib.crc32(each[4:-4])) for each in chunks if len(each) >= 12)
    return b"".join((signature, *checked))


def _with_length(content: bytes) -> bytes:
    return content[:4] + struct.pack("<I", max(0, len(content) - 8)) + content[8:]
