"""What requests and answers are made of. What comes in is strict: no unknown fields, and nothing is coerced."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from chalicelib.domain.claim import Money, Remedy
from chalicelib.http.instants import rfc3339
from policies import model as policy
from policies.model import RemedyKind

ULID = r"^[0-9A-HJKMNP-TV-Z]{26}$"
PARTY = r"^[a-z_]{1,32}:[A-Za-z0-9._-]{1,64}$"
SLUG = r"^[a-z0-9_-]{1,64}$"
OUTSIDE_ID = r"^[A-Za-z0-9._:/-]{1,128}$"

_FIRST_YEAR, _LAST_YEAR = 2000, 2199
_MOST_MONEY = 10**12


class In(BaseModel):
    """Something that a caller sends."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True)


class Query(BaseModel):
    """The query of an address; all of it is text."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True)


class Out(BaseModel):
    """Something that a caller is shown."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        serialize_by_alias=True,
        validate_by_name=True,
        defer_build=True,
    )


def utc_milliseconds(instant: datetime) -> datetime:
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise PydanticCustomError("instant_out_of_range", "out of range")
    if instant.microsecond % 1000:
        raise PydanticCustomError("instant_too_fine", "finer than a millisecond")
    return instant.astimezone(UTC)


_INSTANT_SCHEMA = {"type": "string", "format": "date-time", "examples": ["2026-11-30T15:59:59.999Z"]}

InstantIn = Annotated[AwareDatetime, AfterValidator(utc_milliseconds), WithJsonSchema(_INSTANT_SCHEMA)]
Instant = Annotated[datetime, PlainSerializer(rfc3339, return_type=str), WithJsonSchema(_INSTANT_SCHEMA)]
LocalInstant = Annotated[str, WithJsonSchema(_INSTANT_SCHEMA | {"examples": ["2026-11-30T23:59:59.999+08:00"]})]

Id = Annotated[str, StringConstraints(pattern=ULID)]
Party = Annotated[str, StringConstraints(pattern=PARTY), Field(examples=["shop:S1"])]
Slug = Annotated[str, StringConstraints(pattern=SLUG)]
OutsideId = Annotated[str, StringConstraints(pattern=OUTSIDE_ID)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Writing = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(examples=["CNY"])]
Amount = Annotated[int, Field(ge=0, le=_MOST_MONEY)]
PieceIds = Annotated[tuple[Id, ...], Field(max_length=100), AfterValidator(lambda ids: tuple(dict.fromkeys(ids)))]
"""Named twice is named once."""


class MoneyIn(In):
    amount: Amount
    """Minor units, e.g. fen or cents."""
    currency: Currency

    def value(self) -> Money:
        return Money(self.amount, self.currency)


class RemedyIn(In):
    kind: RemedyKind
    amount: Amount
    """Minor units, e.g. fen or cents."""
    currency: Currency

    def value(self) -> Remedy:
        return Remedy(self.kind, Money(self.amount, self.currency))


class MoneyOut(Out):
    amount: int
    """Minor units, e.g. fen or cents."""
    currency: str

    @classmethod
    def of(cls, money: Money) -> Self:
        return cls(amount=money.amount, currency=money.currency)


class RemedyOut(Out):
    kind: RemedyKind
    amount: int
    """Minor units, e.g. fen or cents."""
    currency: str

    @classmethod
    def of(cls, remedy: Remedy) -> Self:
        return cls(kind=remedy.kind, amount=remedy.money.amount, currency=remedy.money.currency)

    @classmethod
    def of_any(cls, remedy: Remedy | None) -> Self | None:
        return cls.of(remedy) if remedy else None


class Bilingual(Out):
    """A sentence for people, in English and in simplified Chinese."""

    en: str
    zh: Annotated[str, Field(alias="zh-Hans")]

    @classmethod
    def of(cls, sentence: policy.Bilingual) -> Self:
        return cls(en=sentence.en, zh=sentence.zh)

    @classmethod
    def of_any(cls, sentence: policy.Bilingual | None) -> Self | None:
        return cls.of(sentence) if sentence else None


class TextRef(Out):
    """A text by reference, in the answer to a command; reading the dispute shows what it says."""

    id: str


class TextOut(Out):
    id: str
    text: str | None
    """What was written; null once it has been erased."""
