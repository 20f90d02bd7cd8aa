"""What is known of the dispute that a piece of evidence is compared with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """From the order that the dispute is about; nothing where the platform said nothing."""

    order_id: str = ""
    shop_name: str = ""
    waybills: tuple[str, ...] = ()
    """The waybill numbers of its shipments."""
    products: tuple[str, ...] = ()
    """Titles of its items."""
    amounts: tuple[int, ...] = ()
    """Minor units: the prices of its items, and what is claimed."""
