"""A13: no file, however malformed, makes the inspector fall over; it is taken or refused."""

import random
import zlib

import pytest

from evidence.messages import Code
from tests.unit.evidence.build import a_pdf, a_picture, chunk, encoded, grain, look, turned
from tests.unit.evidence.test_pdf import PACKED, packed

SMALL = grain((120, 104))
WHOLE = {
    "jpeg": encoded(SMALL.convert("RGB"), exif=turned(6)),
    "progressive": encoded(SMALL, progressive=True),
    "cmyk": encoded(a_picture().convert("CMYK")),
    "png": encoded(SMALL.convert("RGBA"), "PNG", exif=turned(8)),
    "palette": encoded(SMALL.convert("P"), "PNG"),
    "webp": encoded(SMALL.convert("RGB"), "WEBP"),
    "lossless": encoded(SMALL.convert("RGBA"), "WEBP", lossless=True, exif=turned(3)),
    "pdf": a_pdf(3),
    "locked": a_pdf(2, password="opens-it"),
    "packed": packed(PACKED),
}
INSERTS = (b"\xff\xd9", b"\xff\xc2", b"\xff" * 8, b"[" * 9, b"<<", b"(", b"-1", b"9" * 30, b" 0 R", b"IEND", b"VP8X")


def assert_answered(content):
    seen = look(content)
    defect = seen.inspection.defect
    assert defect is None or defect.code in list(Code)
    assert (seen.clean_copy is None) or defect is None


def mutated(content, chance):
    damaged = bytearray(content)
    if chance.random() < 0.2:
        return bytes(damaged[: chance.randrange(len(damaged))])
    reach = len(damaged) if chance.random() < 0.5 else 700  # headers are where it hurts
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(min(reach, len(damaged)))
        match chance.randrange(4):
            case 0:
                damaged[at] = chance.choice((0, 0xFF, chance.randrange(256)))
            case 1:
                damaged[at] ^= 1 << chance.randrange(8)
            case 2:
                del damaged[at : at + chance.randrange(1, 20)]
            case _:
                damaged[at:at] = chance.choice(INSERTS)
    return bytes(damaged)


def repaired(content):
    """A PNG's checksums made right again, so that the damage gets to the decoder."""
    out, at = content[:8], 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        out += chunk(content[at + 4 : at + 8], content[at + 8 : at + 8 + length])
        at += 12 + length
    return out


@pytest.mark.parametrize("kind", WHOLE)
def test_a_damaged_file_is_taken_or_refused(kind):
    chance = random.Random(f"{kind} 1")  # noqa: S311 (the same damage every time)
    for _ in range(8):
        assert_answered(mutated(WHOLE[kind], chance))


@pytest.mark.parametrize("kind", ["png", "palette"])
def test_a_damaged_png_with_right_checksums_is_taken_or_refused(kind):
    chance = random.Random(f"{kind} 2")  # noqa: S311 (likewise)
    for _ in range(8):
        assert_answered(repaired(mutated(WHOLE[kind], chance)))


def test_png_text_that_unpacks_beyond_measure_is_not_unpacked():
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(8_000_000)))
    content = WHOLE["png"]
    assert look(content[:33] + bomb + content[33:]).inspection.defect is None
