"""A13: what a file holds beside its picture never gets into a copy of it; nor does what else the file may be."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image, ImageCms

from evidence.facts import CaseFacts
from evidence.looks import first_look, second_look
from evidence.text import Box, Line
from tests.fuzz.looking import marketplace
from tests.unit.evidence.bare import assert_bare, foreign_in
from tests.unit.evidence.build import a_pdf, a_picture, chunk, defect_of, encoded, grain, look
from tests.unit.evidence.documents import a_document

CANARY = b"CANARY-31.2304N-121.4737E"
SCRIPT = b"<html><script>alert('" + CANARY + b"')</script></html>"
PHP = b"<?php system('" + CANARY + b"'); ?>"
JS = b"/*" + CANARY + b"*/=1;alert(1);//"


def copies_of(content):
    """The clean copy, and every crop of both looks; each is nothing but a picture."""

    class Reads:
        def read(self, _picture):
            return (Line("运费金额：¥206.76元", Box(0.1, 0.1, 0.9, 0.6), 0.98),)

    requirement = marketplace().requirements["freight_receipt"]
    first = first_look(content, requirement, marketplace(), CaseFacts())
    second = second_look(content, requirement, marketplace(), CaseFacts(), Reads())
    assert second.crops
    copies = [*([first.clean_copy] if first.clean_copy else []), *first.crops.values(), *second.crops.values()]
    for each in copies:
        assert_bare(each)
    return copies


def assert_left_behind(content, *, at_least=1):
    assert content.count(CANARY) + content.count(CANARY[::-1]) >= at_least
    for copy in copies_of(content):
        assert CANARY not in copy
        assert CANARY[:9] not in copy


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def in_jpeg(*segments, before_scan=False, picture=None):
    """A JPEG with these segments as its first ones, or as its last before the picture's data."""
    content = picture or encoded(grain().convert("RGB"))
    at = content.index(b"\xff\xda") if before_scan else 2
    return content[:at] + b"".join(segments) + content[at:]


def in_png(*chunks, at=33):
    content = encoded(grain().convert("RGB"), "PNG")
    return content[:at] + b"".join(chunks) + content[at:]


def in_webp(*chunks):
    """An extended WebP with these chunks at its end."""
    still = encoded(grain().convert("RGBA"), "WEBP", exif=b"Exif\0\0" + an_exif())
    body = still[12:] + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def riff(name, body):
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def an_exif():
    """A whole one: place, camera, the maker's own note, and words."""
    exif = Image.Exif()
    exif[0x010F] = exif[0x0132] = exif[0x9286] = exif[0x927C] = CANARY.decode()
    exif[0x8825] = {1: "N", 2: (31.0, 14.0, 5.0), 0x1B: CANARY}
    return exif.tobytes().removeprefix(b"Exif\0\0")


def a_profile():
    """A sound profile that says something in its description."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    at = profile.index("sRGB".encode("utf-16-be"))
    return profile[:at] + CANARY[:9] + profile[at + 9 :] + CANARY


def a_thumbnail():
    return segment(0xFE, CANARY).join((b"\xff\xd8", encoded(a_picture((16, 16)))[2:]))


IN_JPEG = {
    **{f"APP{each}": in_jpeg(segment(0xE0 + each, CANARY)) for each in range(16) if each not in (0, 14)},
    "APP0 without a name": in_jpeg(segment(0xE0, CANARY), before_scan=True),
    "APP14 without a name": in_jpeg(segment(0xEE, CANARY), before_scan=True),
    "Adobe, with more after it": in_jpeg(segment(0xEE, b"Adobe\0\x64\0\0\0\0\1" + CANARY)),
    "comment": in_jpeg(segment(0xFE, CANARY), segment(0xFE, SCRIPT), before_scan=True),
    "JFIF thumbnail": in_jpeg(segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\3\3" + CANARY + b"\0\0")),
    "JFXX thumbnail": in_jpeg(segment(0xE0, b"JFXX\0\x10" + a_thumbnail())),
    "EXIF": in_jpeg(segment(0xE1, b"Exif\0\0" + an_exif() + a_thumbnail())),
    "XMP": in_jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + CANARY + b"</x:xmpmeta>")),
    "extended XMP": in_jpeg(segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 40 + CANARY)),
    "ICC": in_jpeg(segment(0xE2, b"ICC_PROFILE\0\1\1" + a_profile())),
    "MPF": in_jpeg(segment(0xE2, b"MPF\0II*\0\x08\0\0\0" + CANARY)),
    "Photoshop": in_jpeg(segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x19" + CANARY)),
    "between scans": in_jpeg(
        segment(0xFE, CANARY), before_scan=True, picture=encoded(grain().convert("RGB"), progressive=True)
    ),
    "after the end": in_jpeg() + CANARY,
    "a second picture": in_jpeg() + in_jpeg(segment(0xFE, CANARY)),
}
IN_PNG = {
    "tEXt": in_png(chunk(b"tEXt", b"Comment\0" + CANARY)),
    "zTXt": in_png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(CANARY, 0))),
    "iTXt": in_png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + CANARY)),
    "eXIf": in_png(chunk(b"eXIf", an_exif())),
    "iCCP": in_png(chunk(b"iCCP", CANARY + b"\0\0" + zlib.compress(a_profile(), 0))),
    "sPLT": in_png(chunk(b"sPLT", CANARY + b"\0\x08")),
    "a private chunk": in_png(chunk(b"prVt", CANARY)),
    "after the data": in_png(chunk(b"tEXt", b"Comment\0" + CANARY), at=-12),
    "in the data, after its end": in_png(chunk(b"IDAT", CANARY), at=-12),
    "after the end": in_png() + CANARY,
}
IN_WEBP = {
    "EXIF": in_webp(),
    "XMP": in_webp(riff(b"XMP ", b"<x:xmpmeta>" + CANARY)),
    "a second EXIF": in_webp(riff(b"EXIF", CANARY)),
    "ICCP": encoded(grain().convert("RGB"), "WEBP", icc_profile=a_profile()),
    "an unknown chunk": in_webp(riff(b"junk", CANARY)),
    "after the end": in_webp() + CANARY,
}


@pytest.mark.parametrize("content", IN_JPEG.values(), ids=IN_JPEG)
def test_what_a_jpeg_says_beside_its_picture_is_left_behind(content):
    assert_left_behind(content)


@pytest.mark.parametrize("content", IN_PNG.values(), ids=IN_PNG)
def test_what_a_png_says_beside_its_picture_is_left_behind(content):
    assert_left_behind(content)


@pytest.mark.parametrize("content", IN_WEBP.values(), ids=IN_WEBP)
def test_what_a_webp_says_beside_its_picture_is_left_behind(content):
    assert_left_behind(content)


def a_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", CANARY)
    return out.getvalue()


def a_multi_picture():
    """What Pillow takes for MPO: two pictures, the second with something of its own."""
    return encoded(grain().convert("RGB"), "MPO", save_all=True, append_images=[grain().convert("RGB")], exif=an_exif())


POLYGLOTS = {
    "JPEG and HTML, in a comment": in_jpeg(segment(0xFE, SCRIPT)),
    "JPEG and HTML, after the end": in_jpeg() + SCRIPT,
    "JPEG and JavaScript": in_jpeg(segment(0xFE, JS)),
    "JPEG and ZIP": in_jpeg() + a_zip(),
    "JPEG and PDF, in a comment": in_jpeg(segment(0xFE, b"%PDF-1.4\n" + CANARY)),
    "JPEG and PDF, after the end": in_jpeg() + a_document(b"(" + CANARY + b") Tj"),
    "JPEG of several pictures": a_multi_picture() + CANARY,
    "PNG and PHP": in_png(chunk(b"tEXt", b"Comment\0" + PHP)),
    "PNG and JavaScript": in_png() + JS,
    "PNG and ZIP": in_png() + a_zip(),
    "PNG and HTML": in_png(chunk(b"tEXt", b"Comment\0" + SCRIPT), at=-12),
    "PNG of one frame": in_png(chunk(b"acTL", b"\0\0\0\1\0\0\0\0"), chunk(b"fdAT", b"\0\0\0\1" + CANARY)),
    "WebP and HTML": in_webp(riff(b"html", SCRIPT)),
    "WebP and ZIP": in_webp() + a_zip(),
}


@pytest.mark.parametrize("content", POLYGLOTS.values(), ids=POLYGLOTS)
def test_what_is_something_else_as_well_is_copied_as_a_picture_and_nothing_else(content):
    assert_left_behind(content)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (encoded(a_picture(), "GIF") + a_zip(), "gif_not_accepted"),
        (b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "gif_not_accepted"),
        (SVG, "web_page_not_accepted"),
        (b"\xef\xbb\xbf \n" + SVG, "web_page_not_accepted"),
        (b'<?xml version="1.0"?>' + SVG, "web_page_not_accepted"),
        (b"<!-- \xff\xd8\xff -->" + SCRIPT, "web_page_not_accepted"),
        (SCRIPT + in_jpeg(), "web_page_not_accepted"),
        (b"<!--" + in_jpeg(), "web_page_not_accepted"),
        (a_zip() + in_jpeg(), "document_not_accepted"),
        (b"#!/bin/sh\n" + in_jpeg(), "type_not_accepted"),
        (b"BM" + JS, "type_not_accepted"),
        (encoded(a_picture(), "TIFF", compression="jpeg"), "bitmap_not_accepted"),
        (PHP + in_png(), "type_not_accepted"),
    ],
    ids=lambda each: each if isinstance(each, str) else None,
)
def test_what_begins_as_something_else_is_refused_whatever_follows(content, code):
    seen = look(content)
    assert seen.inspection.defect.code == code
    assert seen.clean_copy is None


def test_a_pdf_that_is_a_picture_or_a_page_as_well_has_no_copy_and_is_told_as_a_pdf():
    for also in (in_jpeg(), SCRIPT, a_zip()):
        seen = look(a_pdf() + also)
        assert (seen.inspection.media_type, seen.clean_copy) == ("application/pdf", None)


def test_what_a_pdf_holds_is_left_behind_where_a_place_of_its_page_is_cut_out():
    page = b"0 0 1 rg 10 10 90 40 re f % " + CANARY
    content = a_document(page).replace(b"%%EOF", b"startxref\n0\n%%EOF")
    assert_left_behind(content)


def test_png_text_that_unpacks_beyond_measure_is_not_unpacked():
    assert defect_of(in_png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(8_000_000))))) is None


@pytest.mark.parametrize("level", [0, 9])
def test_a_profile_that_unpacks_beyond_measure_is_done_without(level):
    profile = zlib.compress(a_profile() + bytes(9_000_000), level)
    assert defect_of(in_png(chunk(b"iCCP", b"x\0\0" + profile))) in {None, "file_too_large"}


@pytest.mark.parametrize(
    "content",
    [*IN_JPEG.values(), a_multi_picture(), in_jpeg() + b"\0", in_jpeg()[:-2], b"", b"\xff\xd8", in_png(), in_webp()],
)
def test_the_check_itself_finds_each_of_them(content):
    assert foreign_in(content)


def test_the_check_finds_nothing_in_a_bare_picture():
    assert foreign_in(encoded(grain())) is None
