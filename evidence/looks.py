"""The two looks at an uploaded file: at once, without its text; and with it, once a recogniser has read it (A13)."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from math import ceil, floor
from time import process_time

from PIL import Image

from evidence import imprint
from evidence.barcodes import read_barcodes
from evidence.facts import CaseFacts
from evidence.findings import Sight, findings, kind_of, wants_text, wants_waybill
from evidence.images import clean_copy, quarter_turned
from evidence.inspect import Inspected, inspect_file
from evidence.messages import Code
from evidence.model import Finding, Inspection, Verdict
from evidence.pages import render
from evidence.stamp import red_stamp
from evidence.text import Box, Recogniser, RecogniserError
from evidence.writing import writing
from policies.model import Medium, Policy, Requirement

BARCODE_SECONDS = 1.5
"""CPU time, at most, for the barcodes of a picture; a page of a PDF gets a third."""
PAGES_READ = 10
"""Of a PDF. What lies further back is the reviewer's."""
READ_SECONDS = 30
"""CPU time after which no further page is begun: one full of small print takes about ten."""
_MARGIN = 0.02
"""Of the picture's sides, around a place that is cut out."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a file yields."""

    inspection: Inspection
    clean_copy: bytes | None = None
    """A JPEG of a picture that can be used: upright, sRGB, on white, at most about 2048 pixels, without EXIF."""
    crops: Mapping[str, bytes] = field(default_factory=dict)
    """By point, a JPEG of the place that its finding is about."""
    wants_text: bool = False
    """Whether reading the text could tell more."""


def first_look(content: bytes, requirement: Requirement, policy: Policy, facts: CaseFacts) -> Look:
    """Quality, imprint, barcodes and colours. Doesn't raise for any bytes; takes about a second and under 400 MB."""
    seen = _inspected(content, requirement, policy)
    if seen.inspection.defect:
        return Look(seen.inspection)
    sights = [_sight(seen, facts)] if seen.picture else []
    inspection = replace(seen.inspection, findings=findings(requirement, sights), imprint=seen.imprint)
    pictures = [seen.picture] if seen.picture else []
    return Look(inspection, seen.clean_copy, _crops(inspection.findings, pictures), wants_text(requirement))


def second_look(
    content: bytes, requirement: Requirement, policy: Policy, facts: CaseFacts, recogniser: Recogniser
) -> Look:
    """The same with the text, page by page of a PDF. Raises RecogniserError where the text can't be read at all."""
    inspection, pages = read_pages(content, requirement, policy, facts, recogniser)
    if inspection.defect:
        return Look(inspection)
    sights = [each.sight for each in pages]
    found = findings(requirement, sights)
    if inspection.medium is Medium.PDF and len(pages) != inspection.pages:
        found = tuple(map(_undecided, found))
    as_shown = tuple(_turned_back(each, pages) for each in found)
    crops = _crops(found, [each.picture for each in pages])
    return Look(replace(inspection, findings=as_shown, kind=kind_of(sights)), crops=crops)


@dataclass(frozen=True, slots=True)
class Page:
    """A picture that was read, held as its text stands upright."""

    sight: Sight
    copy: bytes
    """A JPEG: a tenth of the memory until it is wanted for a crop."""
    quarters: int
    """Turned by so many, counter-clockwise, from how it is shown."""

    @property
    def picture(self) -> Image.Image:
        return _opened(self.copy)


def read_pages(
    content: bytes, requirement: Requirement, policy: Policy, facts: CaseFacts, recogniser: Recogniser
) -> tuple[Inspection, tuple[Page, ...]]:
    """What a file is, and what is seen and read in each of its pages; none where it can't be used."""
    seen = _inspected(content, requirement, policy)
    if seen.inspection.defect:
        return seen.inspection, ()
    if seen.picture:
        return seen.inspection, (_read(_sight(seen, facts), seen.picture, recogniser),)
    return seen.inspection, tuple(_read_all(render(content, policy.files), facts, recogniser))


def _read_all(rendered: Iterable[Image.Image], facts: CaseFacts, recogniser: Recogniser) -> Iterator[Page]:
    """Page by page, as far as pages, time and the recogniser reach. Raises RecogniserError where it fails at once."""
    begun = process_time()
    for number, page in enumerate(islice(rendered, PAGES_READ), 1):
        try:
            yield _read(_sight_of_page(page, facts), page, recogniser, number)
        except RecogniserError:
            if number == 1:
                raise
            return
        if process_time() - begun > READ_SECONDS:
            return


def _read(sight: Sight, picture: Image.Image, recogniser: Recogniser, number: int = 1) -> Page:
    lines = tuple(each for each in recogniser.read(picture) if each.box.bounded.width and each.box.bounded.height)
    quarters = lines[0].quarters % 4 if lines else 0

    def place(box: Box) -> Box:
        return replace(box.bounded.turned(quarters), page=number)

    upright = quarter_turned(picture, quarters)
    lines = tuple(replace(each, box=place(each.box)) for each in lines)
    sight = replace(
        sight,
        lines=lines,
        writing=writing(upright, [each.box for each in lines]),
        barcodes=tuple(replace(each, box=place(each.box)) for each in sight.barcodes),
        stamp=place(sight.stamp) if sight.stamp else None,
    )
    return Page(sight, clean_copy(upright), quarters)


def _undecided(finding: Finding) -> Finding:
    """Of a file that wasn't read to its end, nothing is certain not to be there."""
    return replace(finding, verdict=Verdict.OPEN) if finding.verdict is Verdict.NOT_MET else finding


def _turned_back(finding: Finding, pages: Sequence[Page]) -> Finding:
    """With its place in the picture as it is shown."""
    box = finding.box
    return replace(finding, box=box.turned(-pages[box.page - 1].quarters)) if box else finding


def same_picture(one: bytes, other: bytes) -> bool:
    """Whether two clean copies are of the same picture; of one template, filled in otherwise, they aren't."""
    return imprint.same_picture(_opened(one), _opened(other))


def _opened(copy: bytes) -> Image.Image:
    return Image.open(io.BytesIO(copy), formats=("JPEG",))


def _inspected(content: bytes, requirement: Requirement, policy: Policy) -> Inspected:
    seconds = BARCODE_SECONDS if wants_waybill(requirement) else 0.0
    return inspect_file(content, requirement, policy.files, policy.quality, barcode_seconds=seconds)


def _sight(seen: Inspected, facts: CaseFacts) -> Sight:
    screenshot = any(each.code == Code.SCREENSHOT for each in seen.inspection.warnings)
    return Sight(facts, seen.barcodes, looked_for_stamp=True, stamp=seen.stamp, screenshot=screenshot)


def _sight_of_page(page: Image.Image, facts: CaseFacts) -> Sight:
    barcodes = read_barcodes(page, lambda: page, seconds=BARCODE_SECONDS / 3)
    return Sight(facts, barcodes, looked_for_stamp=True, stamp=red_stamp(page))


def _crops(found: Sequence[Finding], pictures: Sequence[Image.Image]) -> dict[str, bytes]:
    return {each.point: _crop(pictures[each.box.page - 1], each.box) for each in found if each.box}


def _crop(picture: Image.Image, box: Box) -> bytes:
    width, height = picture.size
    left, top = max(0.0, box.left - _MARGIN) * width, max(0.0, box.top - _MARGIN) * height
    right, bottom = min(1.0, box.right + _MARGIN) * width, min(1.0, box.bottom + _MARGIN) * height
    return clean_copy(picture.crop((floor(left), floor(top), ceil(right), ceil(bottom))))
