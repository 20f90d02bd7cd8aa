"""What every refusal is."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chalicelib.domain.words import said
from policies.model import Bilingual


class Category(StrEnum):
    """What kind of refusal it is; `http/` gives each a status."""

    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    CONFLICT = "conflict"
    INVALID = "invalid"
    STALE = "stale"
    REUSED = "reused"
    BUSY = "busy"


@dataclass(eq=False)
class Refusal(Exception):
    """A command that the rules refuse. The fields of a refusal are its facts; its sentences may quote them."""

    code: ClassVar[str]
    category: ClassVar[Category]
    says: ClassVar[Bilingual]
    fix: ClassVar[Bilingual]

    def __str__(self) -> str:
        return f"{self.code}: {self.messages.en}"

    @property
    def facts(self) -> dict[str, object]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def messages(self) -> Bilingual:
        return self.filled(self.says)

    def filled(self, sentence: Bilingual) -> Bilingual:
        """A sentence with the facts that it quotes, in the words of its language."""
        plain = {name: fact for name, fact in self.facts.items() if isinstance(fact, datetime)}
        words = {name: said(fact) for name, fact in self.facts.items() if name not in plain}
        return Bilingual(
            sentence.en.format(**plain, **{name: each.en for name, each in words.items()}),
            sentence.zh.format(**plain, **{name: each.zh for name, each in words.items()}),
        )
