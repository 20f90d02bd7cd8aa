"""Damage to sound files, where it hurts: at the boundaries of their pieces, in their lengths and in their sizes.

What is drawn depends on nothing but its name, its number and the seed, so that any file of a run can be made again.
"""

import re
import struct
from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz.seeds import SEEDS
from tests.fuzz.structure import mended, pieces

_BYTES = (0, 1, 0x7F, 0x80, 0xFF)
_NUMBERS = (0, 1, 2, 3, 7, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF)
_INSERTS = (
    b"\xff\xd9",
    b"\xff\xd8\xff\xe0",
    b"\xff\xc2",
    b"\xff" * 8,
    b"Exif\0\0II*\0",
    b"IEND",
    b"\0\0\0\0IDAT",
    b"VP8X",
    b"ANMF",
    b"[" * 99,
    b"<<" * 20,
    b"(",
    b"-1",
    b"9" * 30,
    b" 0 R",
    b"endstream",
    b"<script>",
    b"PK\x03\x04",
)
_DIMENSIONS = {
    b"\xff\xc0": (5, ">H"),
    b"\xff\xc2": (5, ">H"),
    b"VP8X": (12, "<H"),
    b"VP8 ": (14, "<H"),
    b"VP8L": (9, "<H"),
}
"""Where in a piece width and height stand, by how it begins, and how; a PNG's are dealt with apart."""
_PDF_NUMBER = re.compile(rb"\b\d+\b")

type Damage = Callable[[list[bytes], Random], list[bytes]]


def damaged(name: str, number: int, seed: int) -> bytes:
    """The file of that number, made of the seed file of that name."""
    chance = Random(f"{name} {number} {seed}")  # noqa: S311 (to be drawn again)
    parts = pieces(SEEDS[name])
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        parts = chance.choice(_KINDS)(parts, chance)
    content = b"".join(parts)
    return mended(content) if chance.random() < 0.6 else content


def _flipped(parts: list[bytes], chance: Random) -> list[bytes]:
    at = _some_piece(parts, chance)
    changed = bytearray(parts[at])
    for _ in range(chance.choice((1, 1, 2, 8)) if changed else 0):
        where = _near_the_start(changed, chance)
        if chance.random() < 0.5:
            changed[where] ^= 1 << chance.randrange(8)
        else:
            changed[where] = chance.choice((*_BYTES, chance.randrange(256)))
    return [*parts[:at], bytes(changed), *parts[at + 1 :]]


def _inserted(parts: list[bytes], chance: Random) -> list[bytes]:
    at = _some_piece(parts, chance)
    where = _near_the_start(parts[at], chance)
    return [*parts[:at], parts[at][:where] + chance.choice(_INSERTS) + parts[at][where:], *parts[at + 1 :]]


def _cut_out(parts: list[bytes], chance: Random) -> list[bytes]:
    at = _some_piece(parts, chance)
    where = _near_the_start(parts[at], chance)
    return [*parts[:at], parts[at][:where] + parts[at][where + chance.randrange(1, 40) :], *parts[at + 1 :]]


def _cut_off(parts: list[bytes], chance: Random) -> list[bytes]:
    content = b"".join(parts)
    return pieces(content[: chance.randrange(len(content) + 1)])


def _dropped(parts: list[bytes], chance: Random) -> list[bytes]:
    at = chance.randrange(len(parts))
    return [*parts[:at], *parts[at + 1 :]] or parts


def _repeated(parts: list[bytes], chance: Random) -> list[bytes]:
    at = chance.randrange(len(parts))
    return [*parts[:at], *([parts[at]] * chance.choice((2, 2, 3, 40))), *parts[at + 1 :]]


def _swapped(parts: list[bytes], chance: Random) -> list[bytes]:
    one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    changed = list(parts)
    changed[one], changed[other] = changed[other], changed[one]
    return changed


def _spliced(parts: list[bytes], chance: Random) -> list[bytes]:
    """With a run of another file's pieces, or as its beginning."""
    other = pieces(SEEDS[chance.choice(sorted(SEEDS))])
    start = chance.randrange(len(other))
    at = chance.randrange(1, len(parts) + 1)
    if chance.random() < 0.5:
        return [*parts[:at], *other[start:]]
    return [*parts[:at], *other[start : start + chance.randrange(1, 4)], *parts[at:]]


def _length_lied(parts: list[bytes], chance: Random) -> list[bytes]:
    at = _some_piece(parts, chance)
    piece, lie = parts[at], chance.choice(_NUMBERS)
    match piece[:1], piece[4:8].isalpha():
        case b"\xff", _:
            piece = _overwritten(piece, 2, struct.pack(">H", lie & 0xFFFF))
        case _, True:
            piece = struct.pack(">I", lie) + piece[4:]
        case _ if piece[:4].isalpha() and b"obj" not in piece[:12]:
            piece = _overwritten(piece, 4, struct.pack("<I", lie))
        case _:
            piece = _number_lied(piece, lie, chance)
    return [*parts[:at], piece, *parts[at + 1 :]]


def _size_lied(parts: list[bytes], chance: Random) -> list[bytes]:
    """Of the picture; of a PDF's page, or whatever else is a number in one."""
    sizes = [at for at, each in enumerate(parts) if each[:2] in _DIMENSIONS or each[:4] in _DIMENSIONS]
    headers = [at for at, each in enumerate(parts) if each[4:8] == b"IHDR"]
    at = chance.choice(sizes or headers or range(len(parts)))
    piece, lie = parts[at], chance.choice(_NUMBERS)
    if headers and not sizes:
        piece = _overwritten(piece, chance.choice((8, 12)), struct.pack(">I", lie))
    elif sizes:
        where, packed_as = _DIMENSIONS.get(piece[:2]) or _DIMENSIONS[piece[:4]]
        piece = _overwritten(piece, where + chance.choice((0, 2)), struct.pack(packed_as, lie & 0xFFFF))
    else:
        piece = _number_lied(piece, lie, chance)
    return [*parts[:at], piece, *parts[at + 1 :]]


def _number_lied(piece: bytes, lie: int, chance: Random) -> bytes:
    numbers = list(_PDF_NUMBER.finditer(piece))
    if not numbers:
        return piece
    found = chance.choice(numbers)
    return piece[: found.start()] + b"%d" % (lie * chance.choice((1, 1, -1))) + piece[found.end() :]


def _overwritten(piece: bytes, at: int, by: bytes) -> bytes:
    return piece[:at] + by + piece[at + len(by) :]


def _some_piece(parts: Sequence[bytes], chance: Random) -> int:
    """One that has something in it, unless none has."""
    return chance.choice([at for at, each in enumerate(parts) if each] or [0])


def _near_the_start(piece: bytes | bytearray, chance: Random) -> int:
    """Headers are where it hurts."""
    return chance.randrange(max(1, min(len(piece), 40 if chance.random() < 0.6 else len(piece))))


_KINDS: tuple[Damage, ...] = (
    _flipped,
    _flipped,
    _inserted,
    _cut_out,
    _cut_off,
    _dropped,
    _repeated,
    _swapped,
    _spliced,
    _length_lied,
    _size_lied,
)
