"""What is true of a document, and how what was read and found compares with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench.documents.model import Document
from evidence.facts import CaseFacts
from evidence.fields import Field, FieldName
from evidence.model import Finding, Verdict
from policies.model import DocumentKind, Requirement, Shows

FIELDS = {
    "waybill_no": FieldName.WAYBILL_NUMBER,
    "courier": FieldName.CARRIER,
    "recipient": FieldName.RECIPIENT,
    "courier_name": FieldName.DELIVERY_PERSON,
    "date": FieldName.DATE,
    "time": FieldName.TIME,
    "amount": FieldName.AMOUNT,
    "weight": FieldName.WEIGHT,
    "shop": FieldName.SHOP_NAME,
    "product": FieldName.PRODUCT_NAME,
    "model": FieldName.MODEL,
}
"""By the name that a document's truth has."""

REQUIREMENTS = {
    "redstamp": "proof_of_delivery",
    "freight": "freight_receipt",
    "scale": "weighing_record",
    "joint": "goods_with_waybill",
    "report_cover": "product_document",
    "report_body": "product_document",
    "authorisation": "product_document",
    "invoice": "product_document",
    "waybill": "freight_receipt",
    "chat": "freight_receipt",
    "other": "freight_receipt",
}
"""What a document of each kind is submitted for; the last three are what A8 doesn't accept."""

KINDS = {
    "redstamp": {DocumentKind.DELIVERY_PROOF},
    "freight": {DocumentKind.FREIGHT_RECEIPT},
    "waybill": {DocumentKind.WAYBILL},
    "joint": {DocumentKind.WAYBILL},
    "scale": {DocumentKind.SCALE, DocumentKind.WAYBILL},
    "report_cover": {DocumentKind.TEST_REPORT},
    "report_body": {DocumentKind.TEST_REPORT},
    "authorisation": {DocumentKind.AUTHORISATION},
    "invoice": {DocumentKind.INVOICE},
    "chat": {DocumentKind.CHAT_TRANSFER},
    "other": set[DocumentKind](),
}
"""What each may be recognised as; a parcel on a scale bears a waybill."""

TITLES = {
    "出厂检测报告": DocumentKind.TEST_REPORT,
    "品牌授权书": DocumentKind.AUTHORISATION,
    "进货发票": DocumentKind.INVOICE,
}
"""The samples call every product document an invoice, and say by its title what it is."""

_SHOWN_BY = {
    Shows.WAYBILL_NUMBER: "waybill_no",
    Shows.ORDER_OR_WAYBILL_NUMBER: "waybill_no",
    Shows.RECIPIENT: "recipient",
    Shows.DELIVERY_PERSON: "courier_name",
    Shows.DATE: "date",
    Shows.TIME: "time",
    Shows.AMOUNT: "amount",
    Shows.WEIGHT: "weight",
    Shows.SHOP_NAME: "shop",
    Shows.PRODUCT_NAME: "product",
    Shows.MODEL: "model",
    Shows.WAYBILL: "waybill_no",
}
_DATE = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of one document."""

    name: str
    truth: str
    read: str | None

    @property
    def right(self) -> bool:
        return self.read is not None and _plain(self.name, self.read) == _plain(self.name, self.truth)


def compared(document: Document, fields: Iterable[Field]) -> tuple[Compared, ...]:
    """The best reading of each field that the document has."""
    best: dict[FieldName, str] = {}
    for each in fields:
        best.setdefault(each.name, each.value)
    known = [(name, value) for name, value in document.fields.items() if name in FIELDS]
    return tuple(Compared(name, value, best.get(FIELDS[name])) for name, value in known)


def kinds(document: Document) -> set[DocumentKind]:
    title = TITLES.get(document.fields.get("doc_kind", ""))
    return {title} if title else KINDS[document.kind]


def facts(document: Document, waybill: str | None = None) -> CaseFacts:
    """The dispute that the document belongs to; `waybill` puts another number in the place of its own."""
    number = waybill or document.fields.get("waybill_no")
    return CaseFacts(
        order_id="2026110112345678901",
        shop_name=document.fields.get("shop", ""),
        waybills=(number,) if number else ("SF0000000000001",),
        products=tuple(each for each in [document.fields.get("product")] if each),
    )


def shown(document: Document, requirement: Requirement, point: str) -> bool | None:
    """Whether the document shows the point; None where only a person can say, so that no machine may."""
    asked = requirement.points[point].shows
    kind = kinds(document)
    wanted = bool(kind & set(requirement.accepts))
    if asked is Shows.DOCUMENT_KIND or (asked in _SHOWN_BY and not wanted):
        return wanted
    if asked is Shows.REPORT_BODY:
        bodies = {"report_body": True, "report_cover": False, "authorisation": True}
        return bodies.get(document.kind, None if DocumentKind.TEST_REPORT in kind else bool(kind))
    return _SHOWN_BY[asked] in document.fields if asked in _SHOWN_BY else None


def mistakes(document: Document, requirement: Requirement, found: Iterable[Finding]) -> Mapping[str, tuple[str, ...]]:
    """False `met` and false `not_met`: what was called certain and isn't so, by point."""
    true = {each.point: shown(document, requirement, each.point) for each in found}
    return {
        "met": tuple(each.point for each in found if each.verdict is Verdict.MET and not true[each.point]),
        "not_met": tuple(
            each.point for each in found if each.verdict is Verdict.NOT_MET and true[each.point] is not False
        ),
    }


def _plain(name: str, value: str) -> str:
    """Written one way: dates as ISO, numbers without unit and noughts at the end, text without spaces."""
    if name == "date" and (date := _DATE.search(value)):
        year, month, day = map(int, date.groups())
        return f"{year:04}-{month:02}-{day:02}"
    if name in ("amount", "weight") and (number := re.search(r"\d+(\.\d+)?", value.replace(",", ""))):
        grams = value.endswith(" g")
        return f"{float(number.group()) / (1000 if grams else 1):.2f}"
    if name == "time" and (clock := re.search(r"\d\d:\d\d", value)):
        return clock.group()
    return re.sub(r"\s+", "", value).upper()
