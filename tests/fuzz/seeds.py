"""Small files of every accepted form, sound, and rich in what may be malformed: the damage is done to these.

They are the same in every run: nothing in them is drawn by chance or tells the time.
"""

import io
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType

from PIL import Image, ImageCms

from tests.unit.evidence.build import a_pdf, a_picture, a_png, chunk, encoded, turned
from tests.unit.evidence.documents import PACKED, a_document, a_stream, packed

_SIZE = (112, 100)
_SMALL = Image.frombytes("L", _SIZE, Random(1).randbytes(_SIZE[0] * _SIZE[1]))  # noqa: S311 (the same grain every time)
_DATE = slice(24, 36)
"""When a colour profile was made, in its header."""
_PALETTE = chunk(b"PLTE", bytes(range(48))) + chunk(b"tRNS", bytes(range(0, 256, 16)))


def _profile():
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE] = bytes(12)
    return bytes(profile)


def _scan():
    out = io.BytesIO()
    _SMALL.save(out, "PDF", creationDate=time.gmtime(0), modDate=time.gmtime(0))
    return out.getvalue()


def _kept(name):
    """Encrypted files have something of chance in them, so they are made once and for all."""
    return Path(__file__).with_name(name).read_bytes()


def _form():
    words = b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]"
    page = b"/F Do 0 0 1 rg 10 10 90 40 re f BT /T 12 Tf (waybill) Tj ET"
    content = a_document(page, resources=b"/XObject<</F 5 0 R>>", objects=[a_stream(words, b"0 0 50 50 re f")])
    return content.replace(b"%%EOF", b"startxref\n0\n%%EOF")


def _pictures() -> Mapping[str, bytes]:
    rgb, rgba, icc = _SMALL.convert("RGB"), _SMALL.convert("RGBA"), _profile()
    rgba.putalpha(_SMALL)
    return {
        "jpeg": encoded(rgb, exif=turned(6), icc_profile=icc, comment=b"by the river", xmp=b"<x:xmpmeta/>"),
        "jpeg_progressive": encoded(rgb, progressive=True, subsampling=0, exif=turned(3)),
        "jpeg_grey_restarts": encoded(_SMALL, restart_marker_rows=1),
        "jpeg_cmyk": encoded(a_picture().convert("CMYK")),
        "jpeg_cmyk_progressive": encoded(a_picture().convert("CMYK"), progressive=True),
        "png": encoded(rgba, "PNG", exif=turned(8), icc_profile=icc),
        "png_palette": encoded(_SMALL.convert("P"), "PNG"),
        "png_interlaced": a_png(depth=4, colour=3, interlaced=1, rows=300, extra=_PALETTE),
        "png_16_bit": a_png(depth=16, colour=6, extra=chunk(b"tEXt", b"Comment\0hello")),
        "png_one_frame": a_png(extra=chunk(b"acTL", b"\0\0\0\1\0\0\0\0")),
        "webp": encoded(rgb, "WEBP", exif=turned(5), icc_profile=icc, xmp=b"<x:xmpmeta/>"),
        "webp_alpha": encoded(rgba, "WEBP", method=0, quality=30),
        "webp_lossless": encoded(rgba, "WEBP", lossless=True, exif=turned(3)),
        "webp_animated": encoded(a_picture(), "WEBP", save_all=True, append_images=[Image.new("RGB", (160, 120))]),
    }


def _documents() -> Mapping[str, bytes]:
    return {
        "pdf": a_pdf(3),
        "pdf_locked": _kept("locked.pdf"),
        "pdf_restricted": _kept("restricted.pdf"),
        "pdf_packed": packed(PACKED),
        "pdf_scan": _scan(),
        "pdf_form": _form(),
    }


def made() -> Mapping[str, bytes]:
    return MappingProxyType({**_pictures(), **_documents()})


SEEDS = made()
