"""What the lines of a picture say: numbers, amounts, dates, weights and names, checked against the dispute."""

from collections.abc import Iterable, Sequence

from evidence.facts import CaseFacts
from evidence.fields.amounts import amounts_in
from evidence.fields.carriers import carriers_in
from evidence.fields.dates import dates_in
from evidence.fields.goods import models_in, products_in, shops_in
from evidence.fields.model import Field, FieldName
from evidence.fields.names import delivery_people_in, recipients_in
from evidence.fields.pairs import Page
from evidence.fields.waybills import orders_in, waybills_in
from evidence.fields.weights import weights_in
from evidence.text import Barcode, Line

__all__ = ["Field", "FieldName", "read_fields"]


def read_fields(lines: Sequence[Line], facts: CaseFacts, barcodes: Sequence[Barcode] = ()) -> tuple[Field, ...]:
    """The fields of one picture or page, the best candidate of each name first. A name may have several."""
    page = Page(lines)
    found = (
        *_surest_first(waybills_in(page, facts, barcodes)),
        *_surest_first(orders_in(page, facts, barcodes)),
        *amounts_in(page, facts),
        *dates_in(page),
        *weights_in(page),
        *shops_in(page, facts),
        *products_in(page, facts),
        *models_in(page, facts),
        *recipients_in(page),
        *delivery_people_in(page),
        *carriers_in(page),
    )
    once: dict[tuple[FieldName, str], Field] = {}
    for each in found:
        once.setdefault((each.name, each.value), each)
    return tuple(once.values())


def _surest_first(numbers: Iterable[Field]) -> list[Field]:
    return sorted(numbers, key=lambda each: (each.matches is True, each.sure, each.confidence), reverse=True)
