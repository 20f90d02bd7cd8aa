"""Lines of text as a recogniser reads them, laid out on a page."""

from evidence.text import Box, Line

_HEIGHT = 0.03
_LETTER = 2 / 3
"""Width of a Chinese letter, in heights of the line: the page is higher than wide."""


def page(*texts, confidence=0.99):
    """One below the other, from the top left."""
    return tuple(line(text, 0.1, 0.05 + 0.06 * at, confidence) for at, text in enumerate(texts))


def at(*placed, confidence=0.99, lean=0.0):
    """Each at its left and top; `lean`: how far down the right side is, of the height."""
    return tuple(line(text, left, top + lean * left, confidence) for text, left, top in placed)


def line(text, left, top, confidence=0.99, height=_HEIGHT):
    width = height * sum(_LETTER if ord(letter) > 255 else _LETTER / 2 for letter in text)
    return Line(text, Box(left, top, min(1.0, left + width), top + height), confidence)
