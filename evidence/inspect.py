"""A look at one uploaded file: can it be used, and is it good to look at."""

from dataclasses import dataclass, replace
from hashlib import sha256

from PIL import Image

from evidence import capture, images, pdf, quality
from evidence.barcodes import read_barcodes
from evidence.container import Container
from evidence.errors import UnusableError
from evidence.imprint import imprint
from evidence.messages import Code, accepted_media, warning
from evidence.model import Inspection, Warning_
from evidence.sniff import Kind, sniff
from evidence.stamp import red_stamp
from evidence.text import Barcode, Box
from policies.model import FileLimits, QualityThresholds, Requirement


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a look at a file yields."""

    inspection: Inspection
    clean_copy: bytes | None = None
    """A JPEG of a picture that can be used: upright, sRGB, on white, at most about 2048 pixels, without EXIF."""
    picture: Image.Image | None = None
    """What the clean copy was made of; None for a PDF, and for what can't be used."""
    barcodes: tuple[Barcode, ...] = ()
    stamp: Box | None = None
    imprint: str | None = None


def inspect_file(
    content: bytes,
    requirement: Requirement,
    limits: FileLimits,
    thresholds: QualityThresholds,
    *,
    barcode_seconds: float = 0,
) -> Inspected:
    """Looks at a file as evidence for one requirement (A13).

    A defect only where it is certain; what it shows of each point, `findings` tells. Doesn't raise for any bytes, and
    takes less than 400 MB for any, given limits of 40 megapixels (WebP: 16) and 10 MB. Barcodes are
    looked for if there are seconds of CPU time for it.
    """
    kind = sniff(content)
    known = Inspection(kind.medium, kind.media_type if kind.medium else None, sha256=sha256(content).hexdigest())
    try:
        _check_form(content, kind, requirement, limits)
        if kind is Kind.PDF:
            seen = Inspected(replace(known, pages=pdf.count_pages(content, limits)))
        else:
            seen = _picture(known, content, kind, limits, thresholds)
            seen = replace(seen, barcodes=_barcodes(seen.picture, content, kind, barcode_seconds))
    except UnusableError as unusable:
        return Inspected(replace(known, defect=unusable.defect))
    return seen


def _check_form(content: bytes, kind: Kind, requirement: Requirement, limits: FileLimits) -> None:
    if not content:
        raise UnusableError(Code.FILE_EMPTY)
    if kind.refusal is not None:
        raise UnusableError(kind.refusal)
    if kind.medium not in requirement.media:
        raise UnusableError(Code.MEDIUM_NOT_ACCEPTED, **accepted_media(requirement))
    if len(content) > limits.max_bytes:
        raise UnusableError(Code.FILE_TOO_LARGE, size=_megabytes(len(content)), limit=_megabytes(limits.max_bytes))


def _picture(
    known: Inspection, content: bytes, kind: Kind, limits: FileLimits, thresholds: QualityThresholds
) -> Inspected:
    container = images.read_header(content, kind)
    images.check_size(container, kind, limits)
    picture, part_missing = _decoded(content, container, kind)
    width, height = images.upright_size(container)
    reduced = quality.reduced(picture)
    found = _warnings(picture, reduced.convert("L"), thresholds)
    if part_missing:
        found = (*found, warning(Code.PART_MISSING))
    return Inspected(
        replace(known, warnings=found, width=width, height=height),
        images.clean_copy(picture),
        picture,
        stamp=red_stamp(reduced),
        imprint=imprint(reduced),
    )


def _decoded(content: bytes, container: Container, kind: Kind) -> tuple[Image.Image, bool]:
    """As it is shown, and whether a part seems to be lost; as it was stored, it isn't kept any longer than that."""
    stored = images.decode(content, container, kind)
    return images.as_shown(stored, container), kind is Kind.JPEG and images.ends_in_grey(stored)


def _warnings(picture: Image.Image, grey: Image.Image, thresholds: QualityThresholds) -> tuple[Warning_, ...]:
    return (*quality.warnings(quality.measure(picture, grey), thresholds), *capture.warnings(picture, grey))


def _barcodes(picture: Image.Image | None, content: bytes, kind: Kind, seconds: float) -> tuple[Barcode, ...]:
    if picture is None or not seconds:
        return ()
    return read_barcodes(picture, lambda: images.decode_grey(images.read_header(content, kind), kind), seconds=seconds)


def _megabytes(count: int) -> str:
    return f"{count / (1 << 20):.1f} MB"
