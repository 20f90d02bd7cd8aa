"""How long what is personal is kept: holds, erasures, and what is apart so that it can be erased. Frozen values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.claim import Item, Shipment, Text
from chalicelib.domain.parties import By

PARTICULARS = "particulars"
"""The id of the private text that holds a dispute's particulars: known beforehand, so that one read brings both."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """Who complains and what was sent where: no event holds it, so that it can be erased."""

    complainant: str
    items: tuple[Item, ...]
    shipments: tuple[Shipment, ...]


class Erasable(StrEnum):
    IMAGES = "images"
    """Uploads in every version, their clean copies, the places cut out, their imprints, and what was read in them."""
    TEXTS = "texts"
    """What anybody wrote, and the particulars."""
    WITHDRAWN = "withdrawn"
    """The same as of images, of pieces that were taken back."""


class ErasureCause(StrEnum):
    RETENTION = "retention"
    """The policy's time is over."""
    PERSON_ASKED = "person_asked"
    AUTHORITY_ORDERED = "authority_ordered"
    UNLAWFUL_CONTENT = "unlawful_content"


class HoldCause(StrEnum):
    LAWSUIT = "lawsuit"
    AUTHORITY_ORDERED = "authority_ordered"
    INVESTIGATION = "investigation"


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing of the dispute is erased until somebody else than who placed it lifts it."""

    cause: HoldCause
    note: Text | None
    by: By
    at: datetime


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A piece that was withdrawn, as long as its file is there."""

    piece: str
    at: datetime
