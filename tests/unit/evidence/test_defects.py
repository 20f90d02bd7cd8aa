"""A3, A13: a file that can't be used is refused at once, with what is wrong and what to do; only what is certain."""

import struct
import zlib
from dataclasses import replace

import pytest

from policies.model import Medium
from tests.unit.evidence.build import (
    LIMITS,
    SIGNATURE,
    a_pdf,
    a_picture,
    a_png,
    a_requirement,
    chunk,
    defect_of,
    encoded,
    grain,
    look,
    refusal_of,
)

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"hello", "type_not_accepted"),
        (b"\0" * 5000, "type_not_accepted"),
        (HEIC, "heic_not_accepted"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "avif_not_accepted"),
        (b"\0\0\0\x14ftypisom\0\0\0\0mp42", "video_not_accepted"),
        (b"RIFF\0\0\0\0AVI LIST", "video_not_accepted"),
        (encoded(a_picture(), "GIF"), "gif_not_accepted"),
        (encoded(a_picture(), "TIFF"), "bitmap_not_accepted"),
        (encoded(a_picture(), "BMP"), "bitmap_not_accepted"),
        (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml", "document_not_accepted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "document_not_accepted"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "web_page_not_accepted"),
        (b"<!DOCTYPE html><script>'%PDF-1.7'</script>", "web_page_not_accepted"),
    ],
)
def test_what_is_no_jpeg_png_webp_or_pdf_is_refused_by_its_content(content, code):
    inspection = look(content).inspection
    assert inspection.defect
    assert inspection.defect.code == code
    assert inspection.media_type is None
    assert not inspection.findings


def test_a_heic_picture_is_refused_with_how_to_make_the_phone_take_jpegs():
    fix = refusal_of(HEIC).fix
    assert "Most Compatible" in fix.en
    assert "兼容性最佳" in fix.zh


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (encoded(a_picture()), "image/jpeg"),
        (encoded(a_picture(), "PNG"), "image/png"),
        (encoded(a_picture(), "WEBP"), "image/webp"),
        (a_pdf(), "application/pdf"),
        (b"\r\n" + a_pdf(), "application/pdf"),
    ],
)
def test_jpeg_png_webp_and_pdf_are_taken(content, media_type):
    inspection = look(content).inspection
    assert inspection.defect is None
    assert inspection.media_type == media_type


def test_a_form_that_the_requirement_does_not_take_is_refused_with_those_it_does():
    pictures_only = a_requirement(media=(Medium.IMAGE,))
    defect = refusal_of(a_pdf(), requirement=pictures_only)
    assert defect.code == "medium_not_accepted"
    assert "picture" in defect.fix.en
    assert "图片" in defect.fix.zh


def test_a_file_of_exactly_the_limit_is_taken_and_a_byte_more_is_not():
    content = encoded(a_picture())
    content += b"\0" * (LIMITS.max_bytes - len(content))
    assert defect_of(content) is None
    assert defect_of(content + b"\0") == "file_too_large"


@pytest.mark.parametrize(("size", "code"), [((480, 480), None), ((479, 900), "picture_too_small")])
def test_a_side_needs_480_pixels(size, code):
    assert defect_of(encoded(a_picture(size)), limits=replace(LIMITS, min_side_px=480)) == code


def test_a_picture_of_more_pixels_than_the_limit_is_refused_without_being_decoded():
    assert defect_of(a_png(60_000, 60_000, rows=1)) == "picture_too_large"


def test_a_webp_has_a_lower_limit_since_it_decodes_whole():
    header = struct.pack("<4sI4s4sI4B3s3s", b"RIFF", 22, b"WEBP", b"VP8X", 10, 0, 0, 0, 0, b"\x9f\x0f\0", b"\xa0\x0f\0")
    assert defect_of(header) == "picture_too_large"  # 4000 × 4001


def test_a_progressive_jpeg_that_would_need_too_much_memory_is_refused():
    content = bytearray(encoded(a_picture().convert("CMYK"), progressive=True, subsampling=0))
    at = content.index(b"\xff\xc2") + 5
    content[at : at + 4] = struct.pack(">HH", 6000, 6000)
    assert defect_of(bytes(content)) == "picture_too_large"


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.999])
def test_a_picture_whose_end_is_missing_is_truncated(file_format, share):
    content = encoded(grain(), file_format)
    assert defect_of(content[: int(len(content) * share)]) == "file_truncated"


def test_a_progressive_jpeg_whose_end_is_missing_is_truncated():
    content = encoded(grain(), progressive=True)
    assert defect_of(content[: len(content) // 2]) == "file_truncated"


def test_a_jpeg_without_a_picture_in_it_is_corrupt():
    assert defect_of(b"\xff\xd8\xff\xd9" + b"\0" * 50) == "file_corrupt"
    assert defect_of(b"\xff\xd8\xff\xe0\x00\x01" + b"\0" * 50) == "file_corrupt"


def test_a_jpeg_of_two_sizes_is_corrupt():
    content = encoded(a_picture())
    at = content.index(b"\xff\xc0")
    frame = content[at : at + 2 + int.from_bytes(content[at + 2 : at + 4])]
    assert defect_of(content[:at] + frame + content[at:]) == "file_corrupt"


def test_a_jpeg_of_very_many_scans_is_corrupt():
    content = encoded(a_picture(), progressive=True)
    at = content.rindex(b"\xff\xda")
    assert defect_of(content[:at] + content[at:-2] * 40 + b"\xff\xd9") == "file_corrupt"


def test_a_flipped_byte_in_png_data_is_corrupt():
    content = bytearray(encoded(grain(), "PNG"))
    content[len(content) // 2] ^= 0x10
    assert defect_of(bytes(content)) == "file_corrupt"


@pytest.mark.parametrize("interlaced", [0, 1])
@pytest.mark.parametrize(
    ("colour", "depth"), [(0, 1), (0, 16), (2, 8), (2, 16), (3, 2), (4, 8), (4, 16), (6, 8), (6, 16)]
)
def test_png_data_that_ends_early_is_noticed_though_it_decodes_to_black_rows(colour, depth, interlaced):
    palette = chunk(b"PLTE", b"\0\0\0\xff\xff\xff") if colour == 3 else b""
    whole = a_png(depth=depth, colour=colour, interlaced=interlaced, rows=300, extra=palette)
    assert defect_of(whole) is None
    short = a_png(depth=depth, colour=colour, interlaced=interlaced, rows=119, extra=palette)
    assert defect_of(short) == "file_truncated"


def test_a_png_short_by_one_byte_is_noticed():
    row = b"\0" * 361
    whole = zlib.compress(row * 120)
    assert defect_of(a_png(data=whole)) is None
    assert defect_of(a_png(data=zlib.compress((row * 120)[:-1]))) == "file_truncated"


def test_png_data_that_goes_on_after_the_picture_does_no_harm_and_is_not_unpacked():
    assert defect_of(a_png(rows=5_000)) is None


@pytest.mark.parametrize(
    "content",
    [
        SIGNATURE + chunk(b"IEND", b""),
        SIGNATURE + chunk(b"IHDR", b"\0" * 13) + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
        a_png(extra=chunk(b"CgBI", b"\0\0\0\0")),  # what Xcode makes of a PNG
        a_png(colour=3),  # no palette
        a_png(extra=chunk(b"IHDR", b"\0" * 13)),
        a_png(data=b"not deflated at all"),
        SIGNATURE + b"\0\0\0\x05\1\2\3\4hello\0\0\0\0" + b"\0" * 50,
    ],
)
def test_a_png_that_no_decoder_could_make_sense_of_is_corrupt(content):
    assert defect_of(content) == "file_corrupt"


@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_an_animated_picture_is_refused(file_format):
    frames = [a_picture(colour=(shade, 0, 0)) for shade in (50, 150, 250)]
    content = encoded(frames[0], file_format, save_all=True, append_images=frames[1:])
    assert defect_of(content) == "picture_animated"


def test_a_webp_without_a_picture_is_corrupt():
    assert defect_of(b"RIFF\x0c\0\0\0WEBPEXIF\0\0\0\0") == "file_corrupt"
    assert defect_of(b"RIFF\x0c\0\0\0WEBPEXIF\x50\0\0\0") == "file_corrupt"
