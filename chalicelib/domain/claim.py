"""What a dispute is about: the order, the money, the wanted remedy, and what was written. Frozen values."""

from dataclasses import dataclass
from enum import StrEnum

from policies.model import RemedyKind


@dataclass(frozen=True, slots=True)
class Money:
    amount: int
    """Minor units, e.g. fen or cents."""
    currency: str


@dataclass(frozen=True, slots=True)
class Remedy:
    kind: RemedyKind
    money: Money


@dataclass(frozen=True, slots=True)
class Text:
    """A private text by reference: what people wrote lies in an item that can be erased, never in an event."""

    id: str
    digest: str
    """SHA-256 (hex) over salt and text."""


@dataclass(frozen=True, slots=True)
class Item:
    sku: str
    title: str
    quantity: int
    price: Money


class Direction(StrEnum):
    OUTBOUND = "outbound"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Shipment:
    direction: Direction
    carrier: str
    waybill_no: str


@dataclass(frozen=True, slots=True)
class Order:
    id: str
    shop_name: str
    items: tuple[Item, ...] = ()
    shipments: tuple[Shipment, ...] = ()
