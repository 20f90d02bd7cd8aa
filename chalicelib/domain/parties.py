"""Who takes part: parties of a dispute, and the people and systems that act. Frozen values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

PLATFORM = "platform"

"""The party that runs the marketplace: it may bear a liability and withdraw a dispute."""

COMPLAINANT = "complainant"

"""What events call the complainant: who that is lies in the dispute's particulars, which can be erased."""


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
    """Who did it, as an event keeps it: a buyer by its part alone, anybody else by the subject of the token."""

    id: str
    role: Role

    @classmethod
    def of(cls, actor: Actor) -> Self:
        return cls(COMPLAINANT if actor.role is Role.BUYER else actor.id, actor.role)
