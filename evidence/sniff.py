"""What a file is, by its content alone; its name and the sender's header say nothing."""

import re
from enum import Enum

from evidence.messages import Code
from policies.model import Medium


class Kind(Enum):
    """A kind of file that is told apart: its media type, its medium if it is accepted, else the code of the refusal."""

    JPEG = ("image/jpeg", Medium.IMAGE)
    PNG = ("image/png", Medium.IMAGE)
    WEBP = ("image/webp", Medium.IMAGE)
    PDF = ("application/pdf", Medium.PDF)
    HEIC = ("image/heic", Code.HEIC_NOT_ACCEPTED)
    AVIF = ("image/avif", Code.AVIF_NOT_ACCEPTED)
    GIF = ("image/gif", Code.GIF_NOT_ACCEPTED)
    TIFF = ("image/tiff", Code.BITMAP_NOT_ACCEPTED)
    BMP = ("image/bmp", Code.BITMAP_NOT_ACCEPTED)
    ARCHIVE = ("application/zip", Code.DOCUMENT_NOT_ACCEPTED)
    VIDEO = ("video/mp4", Code.VIDEO_NOT_ACCEPTED)
    MARKUP = ("text/html", Code.WEB_PAGE_NOT_ACCEPTED)
    UNKNOWN = ("application/octet-stream", Code.TYPE_NOT_ACCEPTED)

    def __init__(self, media_type: str, accepted_as: Medium | Code) -> None:
        self.media_type = media_type
        self.medium = accepted_as if isinstance(accepted_as, Medium) else None
        self.refusal = accepted_as if isinstance(accepted_as, Code) else None


_MAGIC = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"II+\x00", Kind.TIFF),
    (b"MM\x00+", Kind.TIFF),
    (b"PK\x03\x04", Kind.ARCHIVE),
    (b"PK\x05\x06", Kind.ARCHIVE),
    (b"Rar!\x1a\x07", Kind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (b"\x1f\x8b", Kind.ARCHIVE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.ARCHIVE),  # Word and Excel before 2007
    (b"{\\rtf", Kind.ARCHIVE),
    (b"\x1aE\xdf\xa3", Kind.VIDEO),  # Matroska, WebM
    (b"FLV\x01", Kind.VIDEO),
    (b"\x00\x00\x01\xba", Kind.VIDEO),
    (b"#!AMR", Kind.VIDEO),
    (b"OggS", Kind.VIDEO),
    (b"ID3", Kind.VIDEO),
)
_RIFF = {b"WEBP": Kind.WEBP, b"AVI ": Kind.VIDEO, b"WAVE": Kind.VIDEO}
_BASE_MEDIA = (b"ftyp", b"moov", b"mdat", b"wide")
_AVIF_BRANDS = (b"avif", b"avis")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|html|head|body|svg|script|title)", re.IGNORECASE)

_PDF_HEADER_WITHIN = 1024
"""Readers take a PDF whose header comes within the first 1024 bytes (ISO 32000-1, annex H.3.4.1)."""


def sniff(content: bytes) -> Kind:
    """What the content is; `Kind.UNKNOWN` if it is nothing known. Looks at the first kilobyte, and never raises."""
    magic = next((kind for start, kind in _MAGIC if content.startswith(start)), None)
    if magic is not None:
        return magic
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12], Kind.UNKNOWN)
    if content[4:8] in _BASE_MEDIA:
        return _base_media(content)
    return _by_text(content[:_PDF_HEADER_WITHIN])


def _by_text(start: bytes) -> Kind:
    if start.startswith(b"BM") and start[6:10] == b"\0\0\0\0":
        return Kind.BMP
    if _MARKUP.match(start):
        return Kind.MARKUP
    return Kind.PDF if b"%PDF-" in start else Kind.UNKNOWN


def _base_media(content: bytes) -> Kind:
    """ISO base media: the brands tell pictures from video. `mif1` alone is any picture, so AVIF is asked for first."""
    length = min(int.from_bytes(content[:4]), 256)
    brands = [content[at : at + 4] for at in (8, *range(16, length, 4))]
    if any(brand in _AVIF_BRANDS for brand in brands):
        return Kind.AVIF
    if any(brand in _HEIC_BRANDS for brand in brands):
        return Kind.HEIC
    return Kind.VIDEO
