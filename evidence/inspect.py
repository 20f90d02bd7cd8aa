"""A look at one uploaded file: can it be used, and is it good to look at."""

from dataclasses import dataclass, replace
from hashlib import sha256

from evidence import images, pdf, quality
from evidence.errors import UnusableError
from evidence.messages import Code, accepted_media, warning
from evidence.model import Inspection
from evidence.sniff import Kind, sniff
from policies.model import FileLimits, QualityThresholds, Requirement


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a look at a file yields."""

    inspection: Inspection
    clean_copy: bytes | None = None
    """A JPEG of a picture that can be used: upright, sRGB, on white, at most about 2048 pixels, without EXIF."""


def inspect_file(
    content: bytes, requirement: Requirement, limits: FileLimits, thresholds: QualityThresholds
) -> Inspected:
    """Looks at a file as evidence for one requirement (A13).

    A defect only where it is certain; what it shows of each point, `findings` tells. Doesn't raise for any bytes, and
    takes less than 400 MB for any, given limits of 40 megapixels (WebP: 16) and 10 MB.
    """
    kind = sniff(content)
    known = Inspection(kind.medium, kind.media_type if kind.medium else None, sha256=sha256(content).hexdigest())
    try:
        _check_form(content, kind, requirement, limits)
        if kind is Kind.PDF:
            seen = Inspected(replace(known, pages=pdf.count_pages(content, limits)))
        else:
            seen = _picture(known, content, kind, limits, thresholds)
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
    stored = images.decode(content, container, kind)
    found = quality.warnings(quality.measure(stored), thresholds)
    if kind is Kind.JPEG and images.ends_in_grey(stored):
        found = (*found, warning(Code.PART_MISSING))
    width, height = images.upright_size(container)
    return Inspected(
        replace(known, warnings=found, width=width, height=height),
        images.clean_copy(images.turned_upright(stored, container)),
    )


def _megabytes(count: int) -> str:
    return f"{count / (1 << 20):.1f} MB"
