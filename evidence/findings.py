"""What a piece shows of each point that its requirement asks for (A7 to A13).

`met` and `not_met` only where it is certain, and else `open`, with what was seen, where, and the fix. The same rules
serve the first look, which knows barcodes and colours, and the second, which has read the text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from evidence.facts import CaseFacts
from evidence.fields import Field, FieldName, read_fields
from evidence.finding_messages import FindingCode, finding_fix, finding_message
from evidence.kinds import Recognised, ReportPart, recognise
from evidence.model import Finding, Verdict
from evidence.text import Barcode, Box, Line
from evidence.writing import Writing
from policies.model import DocumentKind, Point, Requirement, Shows


@dataclass(frozen=True)
class Sight:
    """What was seen in one picture, or on one page."""

    facts: CaseFacts
    barcodes: tuple[Barcode, ...] = ()
    lines: tuple[Line, ...] | None = None
    """None where the text wasn't read: the first look, a PDF before it is rendered, or no recogniser."""
    looked_for_stamp: bool = False
    stamp: Box | None = None
    writing: Writing | None = None
    screenshot: bool = False

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return read_fields(self.lines or (), self.facts, self.barcodes)

    @cached_property
    def recognised(self) -> Recognised:
        return recognise(self.lines or (), self.barcodes, screenshot=self.screenshot)

    def named(self, *names: FieldName) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if each.name in names)


@dataclass(frozen=True, slots=True)
class _Found:
    """A finding in the making."""

    code: FindingCode
    verdict: Verdict = Verdict.OPEN
    confidence: float = 0.0
    seen: str | None = None
    box: Box | None = None
    kind: DocumentKind | None = None


_REVIEWER = _Found(FindingCode.FOR_THE_REVIEWER)
_NOT_SEEN = _Found(FindingCode.NOT_SEEN)


def findings(requirement: Requirement, sights: Sequence[Sight]) -> tuple[Finding, ...]:
    """One finding a point, over all the pages of a piece: what one page shows need not be on another."""
    return tuple(
        _worded(name, point, _best([_of_point(requirement, point, each) for each in sights]))
        for name, point in requirement.points.items()
    )


def kind_of(sights: Iterable[Sight]) -> DocumentKind | None:
    """What the piece is, by the first page that is certain of it."""
    return next((each.recognised.kind for each in sights if each.recognised.sure), None)


def wants_text(requirement: Requirement) -> bool:
    """Whether reading the text could answer any of the requirement's points."""
    return any(point.shows is not None for point in requirement.points.values())


def wants_waybill(requirement: Requirement) -> bool:
    """Whether a barcode could answer any of the requirement's points."""
    asked = {point.shows for point in requirement.points.values()}
    return bool(asked & {Shows.WAYBILL_NUMBER, Shows.ORDER_OR_WAYBILL_NUMBER, Shows.WAYBILL})


def _worded(name: str, point: Point, found: _Found) -> Finding:
    return Finding(
        point=name,
        verdict=found.verdict,
        code=found.code.value,
        message=finding_message(found.code, found.kind),
        confidence=round(found.confidence, 3),
        seen=found.seen,
        fix=finding_fix(found.code, point.fix),
        box=found.box,
    )


def _best(pages: Sequence[_Found]) -> _Found:
    """Met if a page shows it; not met only if no page can; else what tells most."""
    met = [each for each in pages if each.verdict is Verdict.MET]
    if met:
        return max(met, key=lambda each: each.confidence)
    undecided = [each for each in pages if each.verdict is Verdict.OPEN]
    return max(undecided or pages, key=_tells, default=_REVIEWER)


def _tells(found: _Found) -> tuple[bool, float]:
    """Another waybill number is said, whatever else is seen on other pages."""
    return found.code is FindingCode.OTHER_WAYBILL, found.confidence


def _of_point(requirement: Requirement, point: Point, sight: Sight) -> _Found:
    if point.shows is None:
        return _REVIEWER
    if point.shows is Shows.DOCUMENT_KIND:
        return _kind(requirement, sight.recognised)
    found = _LOOKS_FOR[point.shows](sight)
    for doubt in (_in_other_kind, _beside_other_waybill):
        found = doubt(found, requirement, sight) if found.verdict is Verdict.MET else found
    return found


def _in_other_kind(found: _Found, requirement: Requirement, sight: Sight) -> _Found:
    """What stands in a document that isn't wanted says nothing of the one that is: the date of a chat, say."""
    wanted, recognised = requirement.accepts or DocumentKind, sight.recognised
    if recognised.kind is None or not recognised.sure or recognised.kind in wanted:
        return found
    return replace(found, code=FindingCode.IN_OTHER_KIND, verdict=Verdict.OPEN, kind=recognised.kind)


def _beside_other_waybill(found: _Found, requirement: Requirement, sight: Sight) -> _Found:
    """What stands beside another waybill number may be of another parcel; this dispute's number itself may not."""
    foreign = any(each.matches is False for each in sight.named(FieldName.WAYBILL_NUMBER))
    if not foreign or not wants_waybill(requirement) or found.code is FindingCode.OF_THIS_DISPUTE:
        return found
    return replace(found, code=FindingCode.BESIDE_OTHER_WAYBILL, verdict=Verdict.OPEN)


def _shown(code: FindingCode, field_: Field, verdict: Verdict = Verdict.OPEN) -> _Found:
    return _Found(code, verdict, field_.confidence, field_.value, field_.box)


def _nothing(sight: Sight) -> _Found:
    """What to say where nothing was seen: it may only not have been looked for."""
    return _REVIEWER if sight.lines is None else _NOT_SEEN


def _read(sight: Sight, name: FieldName) -> _Found:
    """A field that is legible, whatever it says."""
    seen = sight.named(name)
    sure = next((each for each in seen if each.sure), None)
    if sure:
        return _shown(FindingCode.LEGIBLE, sure, Verdict.MET)
    return _shown(FindingCode.HARD_TO_READ, seen[0]) if seen else _nothing(sight)


def _number(sight: Sight, names: tuple[FieldName, ...]) -> _Found:
    """A number of the order: the same is met, another one is a strong hint, which a person judges."""
    seen = sight.named(*names)
    same = next((each for each in seen if each.sure and each.matches), None)
    if same:
        return _shown(FindingCode.OF_THIS_DISPUTE, same, Verdict.MET)
    other = next((each for each in seen if each.matches is False and each.name is FieldName.WAYBILL_NUMBER), None)
    if other:
        return _shown(FindingCode.OTHER_WAYBILL, other)
    sure = next((each for each in seen if each.sure and each.matches is None), None)
    if sure and not sight.facts.waybills:
        return _shown(FindingCode.LEGIBLE, sure, Verdict.MET)
    return _shown(FindingCode.HARD_TO_READ, seen[0]) if seen else _nothing(sight)


def _waybill(sight: Sight) -> _Found:
    """The contents of a waybill: this dispute's number, and whom it is for."""
    number = _number(sight, (FieldName.WAYBILL_NUMBER,))
    recipient = any(each.sure for each in sight.named(FieldName.RECIPIENT))
    if number.code is FindingCode.OTHER_WAYBILL:
        return number
    if (
        number.verdict is Verdict.MET
        and recipient
        and sight.recognised.kind
        in (
            DocumentKind.WAYBILL,
            DocumentKind.SCALE,
        )
    ):
        return _Found(FindingCode.WAYBILL_LEGIBLE, Verdict.MET, number.confidence, number.seen, number.box)
    if number.seen:
        return _Found(FindingCode.WAYBILL_SEEN, Verdict.OPEN, number.confidence, number.seen, number.box)
    return _nothing(sight)


def _time(sight: Sight) -> _Found:
    found = _read(sight, FieldName.TIME)
    dates = [each for each in sight.named(FieldName.DATE) if each.sure]
    return _shown(FindingCode.DATE_ONLY, dates[0]) if found.verdict is not Verdict.MET and dates else found


def _weight(sight: Sight) -> _Found:
    """A10: as a scale shows it, or a record of it; what a carrier billed by is neither."""
    found = _read(sight, FieldName.WEIGHT)
    if found.verdict is Verdict.MET and sight.recognised.kind is DocumentKind.WAYBILL:
        return replace(found, code=FindingCode.IN_OTHER_KIND, verdict=Verdict.OPEN, kind=DocumentKind.WAYBILL)
    return found


def _name(sight: Sight, name: FieldName, otherwise: FindingCode) -> _Found:
    """A name that the order knows: the same is met; another one may be the same in other words."""
    seen = sight.named(name)
    same = next((each for each in seen if each.sure and each.matches), None)
    if same:
        return _shown(FindingCode.OF_THIS_DISPUTE, same, Verdict.MET)
    found = _read(sight, name)
    known = sight.facts.shop_name if name is FieldName.SHOP_NAME else sight.facts.products
    if found.verdict is Verdict.MET and known:
        return _Found(otherwise, Verdict.OPEN, found.confidence, found.seen, found.box)
    return found


def _hands(sight: Sight) -> _Found:
    """A7 wants print and handwriting together; that it is wholly printed is worth a hint."""
    if sight.writing is Writing.PRINTED:
        return _Found(FindingCode.LOOKS_PRINTED, confidence=0.5)
    return _REVIEWER


def _stamp(sight: Sight) -> _Found:
    if not sight.looked_for_stamp:
        return _REVIEWER
    if sight.stamp is None:
        return _Found(FindingCode.NO_STAMP_SEEN)
    return _Found(FindingCode.STAMP_SEEN, confidence=0.5, box=sight.stamp)


def _kind(requirement: Requirement, recognised: Recognised) -> _Found:
    """A8, A11: what the requirement accepts, and what it excludes."""
    kind = recognised.kind
    if kind is None:
        return _REVIEWER
    mark = recognised.marks[0] if recognised.marks else None
    box = mark.box if mark else None
    confidence = mark.confidence if mark else 0.5
    if recognised.sure and kind in requirement.refuses:
        return _Found(FindingCode.KIND_REFUSED, Verdict.NOT_MET, 1.0, box=box, kind=kind)
    if recognised.sure and kind in requirement.accepts:
        return _Found(FindingCode.KIND_ACCEPTED, Verdict.MET, confidence, box=box, kind=kind)
    return _Found(FindingCode.KIND_LIKELY, Verdict.OPEN, confidence / 2, box=box, kind=kind)


def _report_body(sight: Sight) -> _Found:
    """A11: of a test report, the body as well as the cover."""
    recognised = sight.recognised
    mark = recognised.marks[0].box if recognised.marks else None
    if ReportPart.BODY in recognised.parts:
        return _Found(FindingCode.REPORT_BODY_SEEN, Verdict.MET, 1.0, box=mark)
    if recognised.sure and ReportPart.COVER in recognised.parts:
        return _Found(FindingCode.REPORT_COVER_ONLY, Verdict.NOT_MET, 1.0, box=mark)
    if recognised.sure and recognised.kind in (DocumentKind.INVOICE, DocumentKind.AUTHORISATION):
        return _Found(FindingCode.NO_REPORT, confidence=1.0)  # open: a report may lie beside it
    return _REVIEWER


_LOOKS_FOR: Mapping[Shows, Callable[[Sight], _Found]] = {
    Shows.WAYBILL_NUMBER: partial(_number, names=(FieldName.WAYBILL_NUMBER,)),
    Shows.ORDER_OR_WAYBILL_NUMBER: partial(_number, names=(FieldName.WAYBILL_NUMBER, FieldName.ORDER_NUMBER)),
    Shows.WAYBILL: _waybill,
    Shows.RECIPIENT: partial(_read, name=FieldName.RECIPIENT),
    Shows.DELIVERY_PERSON: partial(_read, name=FieldName.DELIVERY_PERSON),
    Shows.DATE: partial(_read, name=FieldName.DATE),
    Shows.TIME: _time,
    Shows.AMOUNT: partial(_read, name=FieldName.AMOUNT),
    Shows.WEIGHT: _weight,
    Shows.SHOP_NAME: partial(_name, name=FieldName.SHOP_NAME, otherwise=FindingCode.OTHER_SHOP),
    Shows.PRODUCT_NAME: partial(_name, name=FieldName.PRODUCT_NAME, otherwise=FindingCode.OTHER_PRODUCT),
    Shows.MODEL: partial(_read, name=FieldName.MODEL),
    Shows.RED_STAMP: _stamp,
    Shows.HANDWRITING: _hands,
    Shows.REPORT_BODY: _report_body,
}
