"""What the generator yields."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image


class Kind(StrEnum):
    WAYBILL = "waybill"
    REDSTAMP = "redstamp"
    FREIGHT = "freight"
    REPORT_COVER = "report_cover"
    REPORT_BODY = "report_body"
    AUTHORISATION = "authorisation"
    INVOICE = "invoice"
    SCALE = "scale"
    JOINT = "joint"
    CHAT = "chat"
    OTHER = "other"


class Severity(StrEnum):
    """How badly it is photographed: by perspective, light, blur and noise, and by how small it is in the picture."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Fact(StrEnum):
    """What a document shows beside its fields."""

    WAYBILL = "waybill"
    """A whole waybill label."""
    BARCODE = "barcode"
    """The waybill number as Code 128."""
    QR = "qr"
    """The waybill number as a QR code."""
    RED_STAMP = "red_stamp"
    PRINTED = "printed"
    HANDWRITTEN = "handwritten"
    REPORT_BODY = "report_body"
    GOODS = "goods"
    SCALE = "scale"
    SCREENSHOT = "screenshot"


@dataclass(frozen=True, slots=True)
class Document:
    """One piece of evidence, with what can be read in it."""

    name: str
    kind: Kind
    severity: Severity
    content: bytes
    media_type: str
    fields: Mapping[str, str]
    """As in bench/samples/documents/truth.json; `time` is HH:MM or HH:MM:SS, `weight` in kilograms."""
    shows: frozenset[Fact]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A document before it is photographed."""

    picture: Image.Image
    """RGB."""
    fields: Mapping[str, str]
    shows: frozenset[Fact]
    mask: Image.Image | None = None
    """L, 255 where there is something; None: everywhere."""
