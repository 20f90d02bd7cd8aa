"""What can be read on a piece of evidence."""

from dataclasses import dataclass
from enum import StrEnum

from evidence.text import Box


class FieldName(StrEnum):
    WAYBILL_NUMBER = "waybill_number"
    ORDER_NUMBER = "order_number"
    AMOUNT = "amount"
    DATE = "date"
    TIME = "time"
    """A date with the time of day."""
    WEIGHT = "weight"
    SHOP_NAME = "shop_name"
    PRODUCT_NAME = "product_name"
    MODEL = "model"
    RECIPIENT = "recipient"
    DELIVERY_PERSON = "delivery_person"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that was read, and what is to be thought of it."""

    name: FieldName
    value: str
    """In one way of writing: numbers in capitals without spaces, amounts in major units with two decimals ("206.76"),
    dates and times in ISO 8601 ("2024-06-06T09:50"), weights in the unit that was read ("27.21 kg"), names as they
    are."""
    text: str
    """As it stands in the picture."""
    box: Box
    confidence: float
    """0 to 1: of the line, or the worse of the two where the label is on another one."""
    sure: bool
    """Certain enough to call a point met without a person."""
    matches: bool | None
    """What the facts of the dispute say of it: theirs, another one; None where they, or the reading, can't tell."""


WELL_READ = 0.9
"""Confidence from which a line says what it seems to say."""
READ = 0.8
"""Confidence from which a line is believed where the facts of the dispute say the same."""
