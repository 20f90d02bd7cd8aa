"""Private texts: what people write is kept in an item that can be erased, and referred to by a salted hash."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

import msgspec

from chalicelib.domain.claim import Text
from chalicelib.domain.keeping import PARTICULARS, Particulars
from chalicelib.domain.ports import NewId, PrivateText


def digest(salt: str, text: str) -> str:
    """SHA-256, in hex, over salt and text: what an event holds of it. Whoever verifies compares with this."""
    return sha256(f"{salt}{text}".encode()).hexdigest()


@dataclass(slots=True)
class TextKeeper:
    """Takes the texts of one request: each is referred to by what `keep` gives, and stored with the command."""

    new_id: NewId
    new_salt: Callable[[], str]
    """A fresh secret of at least 128 bits, as text: short texts could be guessed from an unsalted hash."""
    kept: list[PrivateText] = field(default_factory=list)

    def keep(self, text: str) -> Text:
        private = PrivateText(self.new_id(), self.new_salt(), text)
        self.kept.append(private)
        return Text(private.id, digest(private.salt, text))

    def keep_particulars(self, particulars: Particulars) -> Text:
        private = PrivateText(PARTICULARS, self.new_salt(), msgspec.json.encode(particulars).decode())
        self.kept.append(private)
        return Text(private.id, digest(private.salt, private.text))

    def keep_any(self, text: str | None) -> Text | None:
        return None if text is None else self.keep(text)
