"""Who takes part: parties of a dispute, and the people and systems that act. Frozen values."""

from dataclasses import dataclass
from enum import StrEnum

PLATFORM = "platform"

"""The party that runs the marketplace: it may bear a liability and withdraw a dispute."""


class Role(StrEnum):
    PLATFORM = "platform"
    MERCHANT = "merchant"
    REVIEWER = "reviewer"
    APPEAL_REVIEWER = "appeal_reviewer"
    BUYER = "buyer"
    OPERATOR = "operator"
    SYSTEM = "system"


class Side(StrEnum):
    RESPONDENT = "respondent"
    COMPLAINANT = "complainant"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and the parties that it belongs to (`shop:…`, `buyer:…`)."""

    id: str
    role: Role
    parties: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, as an event keeps it."""

    id: str
    role: Role
