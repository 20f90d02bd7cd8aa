"""What a picture file says of itself before a single pixel is decoded."""

from dataclasses import dataclass

_ORIENTATION = 0x0112
_SHORT = 3
_MAX_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Container:
    """One picture taken out of its file: the size as stored, and a stream with nothing but the picture in it.

    The stream is what Pillow gets. Without EXIF, comments, second pictures and text chunks there is little left in it
    that could be malformed, and metadata that is can't make a good picture unreadable.
    """

    width: int
    height: int
    stream: bytes
    orientation: int = 1
    """1 to 8, as in EXIF."""
    icc_profile: bytes | None = None
    complete: bool = True
    """False where the end of the file is missing, though its header is whole."""

    @property
    def pixels(self) -> int:
        return self.width * self.height


def exif_orientation(exif: bytes) -> int:
    """The orientation in an EXIF block (a small TIFF, with or without the "Exif" prefix), 1 to 8.

    1, upright as stored, where there is none or the block is malformed: then nothing can be known.
    """
    tiff = exif.removeprefix(b"Exif\0\0")
    match tiff[:4]:
        case b"II*\0":
            order = "little"
        case b"MM\0*":
            order = "big"
        case _:
            return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if order == "little" else "big")

    directory = number(4, 4)
    for entry in range(min(number(directory, 2), _MAX_ENTRIES)):
        at = directory + 2 + 12 * entry
        if number(at, 2) == _ORIENTATION and number(at + 2, 2) == _SHORT:
            value = number(at + 8, 2)
            return value if 1 <= value <= 8 else 1  # noqa: PLR2004 (the eight orientations of EXIF)
    return 1
