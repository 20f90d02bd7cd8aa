"""Pictures: whether one can be used, and a clean copy of it to look at. All use of Pillow's decoders is here."""

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from PIL import Image, ImageChops, ImageCms

from evidence import jpeg, png, webp
from evidence.container import Container
from evidence.errors import UnusableError
from evidence.messages import Code
from evidence.sniff import Kind
from policies.model import FileLimits

CLEAN_SIDE = 2048
"""Pixels: the longer side of a clean copy, at most."""

_ENOUGH = 1800
"""Pixels: a longer side that is as good as CLEAN_SIDE, where a whole factor leads to it."""
_ELONGATED = 2.5
"""From this ratio of the sides on (a long screenshot), the area is bound and not the side: it would be illegible."""
_MAX_SIDE = 16_000
_CLEAN_QUALITY = 85
_BAND = 2_000_000
"""Pixels converted at a time: a second full-size copy of a large picture would be too much memory."""
_FULL_PIXELS = 16_000_000
"""The most that `decode_grey` yields."""
_16_TO_8_BIT = 1 / 257
_SHIFTED_BY = 5
"""Pixels, each way, that a profile shifts alike: a photo's own colours are coarser than its light, too."""
_NO_SHIFT = 128
_ROWS = 64
"""Shifted and turned at a time: what stays in the processor's cache takes three quarters of the time."""

_WHITE = (255, 255, 255)
_LOST = ((128, 128),) * 3
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_QUARTERS = (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
_QUARTER_TURNED = frozenset({5, 6, 7, 8})
_LAST_ROW_FIRST = frozenset({3, 4, 6, 7})
"""Orientations whose last row, as stored, becomes the first row or column."""

_UNDECODABLE = (
    OSError,  # UnidentifiedImageError, "image file is truncated", "broken data stream", and libwebp's refusal
    EOFError,  # WebP: "failed to decode next frame"
    SyntaxError,  # Pillow's word for a malformed header
    ValueError,  # a size, tile or chunk that can't be
    LookupError,  # a header that ends where Pillow indexes into it
    TypeError,  # likewise, where it expects a number
    struct.error,
    zlib.error,
    Image.DecompressionBombError,  # where a policy's limit is above Pillow's own
    Image.DecompressionBombWarning,  # likewise, where warnings are errors
)
"""What Pillow raises for a malformed file. Anything else is a fault of ours, and isn't hidden."""


def read_header(content: bytes, kind: Kind) -> Container:
    """What the picture says of itself. Raises UnusableError if that is already wrong; decodes nothing."""
    match kind:
        case Kind.JPEG:
            return jpeg.read(content)
        case Kind.PNG:
            return png.read(content)
        case Kind.WEBP:
            return webp.read(content)
        case _:
            raise UnusableError(Code.TYPE_NOT_ACCEPTED)


def upright_size(container: Container) -> tuple[int, int]:
    """Width and height in pixels as a viewer shows it."""
    return _turned_size((container.width, container.height), container)


def _turned_size(size: tuple[int, int], container: Container) -> tuple[int, int]:
    return size[::-1] if container.orientation in _QUARTER_TURNED else size


def check_size(container: Container, kind: Kind, limits: FileLimits) -> None:
    """Raises UnusableError if there are too many pixels, or a side is too short to read anything on."""
    most = limits.max_webp_pixels if kind is Kind.WEBP else limits.max_pixels
    if container.pixels > most:
        raise UnusableError(
            Code.PICTURE_TOO_LARGE, megapixels=f"{container.pixels / 1_000_000:.1f}", limit=f"{most / 1_000_000:g}"
        )
    width, height = upright_size(container)
    if min(width, height) < limits.min_side_px:
        raise UnusableError(Code.PICTURE_TOO_SMALL, width=width, height=height, minimum=limits.min_side_px)


def decode(content: bytes, container: Container, kind: Kind) -> Image.Image:
    """The picture as it is stored: its own orientation and colours, on white, at most about CLEAN_SIDE.

    Raises UnusableError if the pixel data is damaged or incomplete. The size must have been checked.
    """
    if kind is Kind.PNG:
        png.check_data(content)
    with _translated(container), Image.open(io.BytesIO(container.stream), formats=(kind.name,)) as opened:
        _check_agreement(opened, container)
        if kind is Kind.JPEG:
            scale = _jpeg_scale(container)
            opened.draft(opened.mode, (container.width // scale, container.height // scale))
        opened.load()
        flat = _flattened(opened, container.icc_profile, _shrink(*opened.size))
    return _fitted(flat)


def as_shown(stored: Image.Image, container: Container) -> Image.Image:
    """A decoded picture as a viewer shows it: upright, in sRGB."""
    shift = _shift(stored, container.icc_profile)
    if shift is None:
        return turned_upright(stored, container)
    shown = Image.new("RGB", _turned_size(stored.size, container), None)  # each pixel is set below
    for top in range(0, stored.height, _ROWS):
        bottom = min(top + _ROWS, stored.height)
        band = _shifted(stored.crop((0, top, stored.width, bottom)), shift, top)
        at = stored.height - bottom if container.orientation in _LAST_ROW_FIRST else top
        corner = (at, 0) if container.orientation in _QUARTER_TURNED else (0, at)
        shown.paste(turned_upright(band, container), corner)
    return shown


def decode_grey(container: Container, kind: Kind) -> Image.Image:
    """The picture in grey, upright, at its own scale (but halved while it has more than 16 megapixels): for barcodes.

    Raises UnusableError as `decode` does, which must have found it sound.
    """
    factor = next(factor for factor in (1, 2, 4, 8) if container.pixels <= factor**2 * _FULL_PIXELS)
    with _translated(container), Image.open(io.BytesIO(container.stream), formats=(kind.name,)) as opened:
        if kind is Kind.JPEG:
            opened.draft("L", (container.width // factor, container.height // factor))
        opened.load()
        left = 1 if kind is Kind.JPEG else factor
        return turned_upright(_flattened(opened, None, left, "L"), container)


def turned_upright(picture: Image.Image, container: Container) -> Image.Image:
    turn = _UPRIGHT.get(container.orientation)
    return picture.transpose(turn) if turn is not None else picture


def quarter_turned(picture: Image.Image, quarters: int) -> Image.Image:
    """Turned by so many quarters, counter-clockwise."""
    turn = _QUARTERS[quarters]
    return picture.transpose(turn) if turn is not None else picture


def clean_copy(picture: Image.Image) -> bytes:
    """The picture as a JPEG, without metadata of any kind."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_CLEAN_QUALITY, comment=b"")  # or Pillow would write on what the file's was
    return out.getvalue()


def ends_in_grey(picture: Image.Image) -> bool:
    """Whether the lowest rows, as stored, are the middle grey with which libjpeg fills up lost data."""
    rows = max(8, picture.height // 50)
    return bool(picture.crop((0, picture.height - rows, picture.width, picture.height)).getextrema() == _LOST)


@contextmanager
def _translated(container: Container) -> Iterator[None]:
    try:
        yield
    except _UNDECODABLE as failure:
        code = Code.FILE_CORRUPT if container.complete else Code.FILE_TRUNCATED
        raise UnusableError(code) from failure


def _check_agreement(opened: Image.Image, container: Container) -> None:
    """The limits were checked on our reading of the header; Pillow must not read another size."""
    if opened.size != (container.width, container.height):
        raise UnusableError(Code.FILE_CORRUPT)


def _jpeg_scale(container: Container) -> int:
    """By how much the decoder shrinks: it does so in the frequency domain, for less than nothing."""
    shrink = _shrink(container.width, container.height)
    return next(scale for scale in (8, 4, 2, 1) if scale <= shrink)


def _shrink(width: int, height: int) -> int:
    """The whole factor by which a picture is reduced before it is fitted; 1 or more."""
    longest = max(width, height)
    if longest > _ELONGATED * min(width, height):
        target_width, target_height = _fit(width, height)
        return max(1, longest // max(target_width, target_height))
    return max(1, longest // _ENOUGH)


def _fit(width: int, height: int) -> tuple[int, int]:
    longest, shortest = max(width, height), min(width, height)
    by_side = CLEAN_SIDE / longest
    by_area = min(CLEAN_SIDE / (width * height) ** 0.5, _MAX_SIDE / longest)
    scale = min(1.0, by_area if longest > _ELONGATED * shortest else by_side)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _fitted(picture: Image.Image) -> Image.Image:
    target = _fit(*picture.size)
    return picture if target == picture.size else picture.resize(target, Image.Resampling.LANCZOS)


def _flattened(opened: Image.Image, icc_profile: bytes | None, factor: int, mode: str = "RGB") -> Image.Image:
    """Reduced by a whole factor, what is transparent on white; band by band, so that memory stays low."""
    if opened.mode == mode and factor == 1 and not opened.has_transparency_data:
        return opened
    width, height = opened.size
    flat = Image.new(mode, (-(-width // factor), -(-height // factor)))
    rows = max(1, _BAND // (width * factor)) * factor
    for top in range(0, height, rows):
        band = _rgb(opened.crop((0, top, width, min(top + rows, height))), icc_profile).convert(mode)
        flat.paste(band.reduce(factor) if factor > 1 else band, (0, top // factor))
    return flat


def _rgb(band: Image.Image, icc_profile: bytes | None) -> Image.Image:
    if band.mode == "I;16":
        # Pillow's own conversion cuts off at 255 instead of scaling.
        return band.point(lambda level: level * _16_TO_8_BIT + 0).convert("L").convert("RGB")
    if band.mode == "CMYK":
        return _converted(band, icc_profile) or band.convert("RGB")
    if band.has_transparency_data:
        layered = band.convert("RGBA")
        flat = Image.new("RGB", band.size, _WHITE)
        flat.paste(layered, mask=layered.getchannel("A"))
        return flat
    return band.convert("RGB")


def _shift(picture: Image.Image, icc_profile: bytes | None) -> Image.Image | None:
    """By how much the profile shifts the colours, on a copy that is smaller by _SHIFTED_BY; None if it doesn't.

    A phone's wide gamut, shown as sRGB, would make a red stamp pale. Worked out in small and added to the picture, the
    colours come in less than half the time, and on the mean of a photo a tenth of a level off.
    """
    if not icc_profile:
        return None
    small = picture.reduce(_SHIFTED_BY)
    meant = _converted(small, icc_profile)
    if meant is None:
        return None
    shift = ImageChops.subtract(meant, small, 1, _NO_SHIFT)
    lows, highs = zip(*shift.getextrema(), strict=True)
    return shift if min(lows) < _NO_SHIFT - 1 or max(highs) > _NO_SHIFT + 1 else None


def _shifted(band: Image.Image, shift: Image.Image, top: int) -> Image.Image:
    """Rows of the picture, from `top` on, in the colours that are meant."""
    covered = (0, top / _SHIFTED_BY, band.width / _SHIFTED_BY, (top + band.height) / _SHIFTED_BY)
    return ImageChops.add(band, shift.resize(band.size, Image.Resampling.NEAREST, covered), 1, -_NO_SHIFT)


def _converted(picture: Image.Image, icc_profile: bytes | None) -> Image.Image | None:
    """By the profile; None where there is none, or it is malformed or for another colour space."""
    if not icc_profile:
        return None
    try:
        transform = _to_srgb(icc_profile, picture.mode)
        return ImageCms.applyTransform(picture, transform) if transform else None
    except (ImageCms.PyCMSError, OSError):
        return None


@lru_cache(maxsize=2)
def _to_srgb(icc_profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """None if the profile is for another colour space. Kept, since all telephones of a kind have the same."""
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc_profile))
    if profile.profile.xcolor_space.strip() != mode:
        return None
    return ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")
