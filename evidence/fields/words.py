"""Text in one way of writing, so that patterns need to know one only."""

import re
import unicodedata

_ONE_KIND = str.maketrans(
    {**dict.fromkeys("︰﹕∶ː；;", ":"), **dict.fromkeys("–—－−‐‑", "-"), **dict.fromkeys("【】〔〕［］[]", " ")}
)
_ONE_CASE = str.maketrans("İıẞß", "IiSs")
"""Letters whose other case is a letter, or two, that no pattern knows, but that match one where case is ignored."""
_SHORTEST_ENGLISH, _SHORTEST_CHINESE = 3, 2
_SPACES = re.compile(r"\s+")

CJK = "\u3400-\u9fff"


def plain(text: str) -> str:
    """Full-width forms as what they stand for, one kind of colon and dash, no square brackets, single spaces.

    Letters that only some languages have (İ, ſ, the sign of Kelvin) are as in English, so that case can be ignored.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_ONE_KIND)).translate(_ONE_KIND).translate(_ONE_CASE)
    return _SPACES.sub(" ", folded).strip()


def squeezed(text: str) -> str:
    """Without spaces, and in capitals: to compare."""
    return _SPACES.sub("", plain(text)).upper()


def holds(text: str, name: str) -> bool:
    """Whether a text names something, however spaced and in any case; English as whole words: no cup in Occupation.

    What is too short to be told from anything else is never named: one letter, or two English ones.
    """
    letters = squeezed(name)
    if len(letters) < (_SHORTEST_ENGLISH if letters.isascii() else _SHORTEST_CHINESE):
        return False
    begin = r"(?<![A-Z0-9])" if letters[0].isascii() else ""
    end = r"(?![A-Z0-9])" if letters[-1].isascii() else ""
    return re.search(rf"{begin}{r'\s?'.join(map(re.escape, letters))}{end}", plain(text).upper()) is not None


def listed(words: str) -> tuple[str, ...]:
    """Words with bars between them, which is how long lists of them are written here."""
    return tuple(words.split("|"))


def distance(one: str, other: str, most: int = 3) -> int:
    """How many letters must be changed, added or left out to make one into the other; `most` + 1 if more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for to, against in enumerate(other, 1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (letter != against))
    return min(row[-1], most + 1)
