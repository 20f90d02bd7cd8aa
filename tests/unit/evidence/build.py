"""Files and requirements to look at, made on the spot."""

import functools
import io
import struct
import zlib
from pathlib import Path

from PIL import Image
from pypdf import PdfWriter

from evidence.inspect import Inspected, inspect_file
from evidence.model import Defect
from policies.model import Bilingual, FileLimits, Medium, Point, QualityThresholds, Requirement

EXAMPLES = Path(__file__).parents[3] / "examples"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
LIMITS = FileLimits(
    max_bytes=10 << 20,
    max_pieces=20,
    min_side_px=100,  # small pictures are quick to look at
    max_pixels=40_000_000,
    max_webp_pixels=16_000_000,
    max_pdf_pages=5,
)
THRESHOLDS = QualityThresholds(blurred_below=0.8, dark_below=40, overexposed_above=0.5, blank_below=2)


def both(text):
    return Bilingual(text, f"{text}（中）")


def a_requirement(*, label="proof", points=("waybill_number", "date"), media=(Medium.IMAGE, Medium.PDF)):
    return Requirement(
        both(label), both("about"), {each: Point(both(each), both(f"Show the {each}.")) for each in points}, media
    )


def look(content, *, requirement=None, limits=LIMITS, thresholds=THRESHOLDS) -> Inspected:
    return inspect_file(content, requirement or a_requirement(), limits, thresholds)


def refusal_of(content, **given) -> Defect:
    found = look(content, **given).inspection.defect
    assert found is not None
    return found


def defect_of(content, **given):
    found = look(content, **given).inspection.defect
    return found.code if found else None


def copy_made_of(seen: Inspected):
    assert seen.clean_copy is not None
    with Image.open(io.BytesIO(seen.clean_copy)) as opened:
        opened.load()
        return opened


def clean_copy_of(content):
    return copy_made_of(look(content))


def a_picture(size=(160, 120), colour=(200, 180, 160)):
    """Left half of one colour, right half black: so that a turn shows."""
    picture = Image.new("RGB", size, colour)
    picture.paste((0, 0, 0), (size[0] // 2, 0, *size))
    return picture


@functools.cache
def grain(size=(150, 120)):
    return Image.effect_noise(size, 60)


def encoded(picture, file_format="JPEG", **options):
    out = io.BytesIO()
    picture.save(out, file_format, **options)
    return out.getvalue()


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x8825] = {1: "N", 2: (31.0, 14.0, 5.0)}  # where it was taken
    return exif


def a_pdf(pages=2, *, password=None, owner_password=None):
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password is not None:
        writer.encrypt(password, owner_password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def a_png(  # noqa: PLR0913 (all that can be odd about one)
    width=120, height=120, *, depth=8, colour=2, interlaced=0, rows=None, extra=b"", data=None
):
    """A PNG by hand, black, with as many rows of data as are wanted."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = b"\0" * (1 + -(-width * depth * samples // 8))
    pixels = zlib.compress(row * (height if rows is None else rows)) if data is None else data
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return SIGNATURE + chunk(b"IHDR", header) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
