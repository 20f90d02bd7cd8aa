"""Which readings count, and in which order they are told."""

from collections.abc import Iterable

from evidence.ocr.reader import Reading
from evidence.text import Line

_SAME_ROW = 0.5
"""Of the lower line's height: how far its middle may be from the middle of the row."""


def best_of(readings: Iterable[Reading]) -> list[Reading]:
    """Of readings that overlap, the one that says most."""
    kept: list[Reading] = []
    for reading in sorted(readings, key=lambda reading: reading.worth, reverse=True):
        if not any(reading.strip.overlaps(other.strip) for other in kept):
            kept.append(reading)
    return kept


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Top to bottom; what stands in one row, left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=_middle):
        if rows and _in_row(line, rows[-1][0]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda line: line.box.left))


def _in_row(line: Line, first: Line) -> bool:
    return _middle(line) - _middle(first) < _SAME_ROW * min(line.box.height, first.box.height)


def _middle(line: Line) -> float:
    return (line.box.top + line.box.bottom) / 2
